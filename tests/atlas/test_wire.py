"""No exchange outlives its time, wherever the other side drips; and no reply outgrows its limit."""

import time

import pytest

from atlas import AtlasClient, Key
from atlas.errors import InvalidKey, OutcomeUnknown, RateLimited, Unreachable
from atlas.http import REPLY_LIMIT, Door
from tests.atlas.answering import answering, ok, told
from tests.conftest import CANARY

OPENINGS = {
    "header": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "status line": b"HTTP/1.1 ",
    "body of known length": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    "body of unknown length": b"HTTP/1.1 200 OK\r\n\r\n",
    "length of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0",
}


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_drip_is_ended_at_the_time_limit_and_counts_as_unclear(opening: bytes) -> None:
    with answering(opening, *[b"0"] * 100, pause_s=0.05) as (home, received):
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            Door(Key(CANARY), home).send("/x", {}, limit_s=0.4)

        assert time.monotonic() - began < 2
        assert len(received) == 1


def test_a_reply_without_length_that_the_watch_cut_is_not_taken_for_whole() -> None:
    whole = b'HTTP/1.1 200 OK\r\n\r\n{"code": 200, "data": {"id": "x"}}'
    with answering(whole, *[b" "] * 100, pause_s=0.05) as (home, _), pytest.raises(OutcomeUnknown):
        Door(Key(CANARY), home).send("/x", {}, limit_s=0.4)


def test_a_kept_connection_is_watched_too() -> None:
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with answering(first, b"HTTP/1.1 200 OK\r\nX-Slow: ", *[b"x"] * 100, pause_s=0.3) as (home, received):
        door = Door(Key(CANARY), home)
        assert door.ask("/first").body == {}
        began = time.monotonic()
        with pytest.raises(Unreachable):
            door.ask("/second", limit_s=1.0)

        assert time.monotonic() - began < 2
        assert len(received) == 1  # one connection, used twice


@pytest.mark.parametrize(
    "body", [b'{"a": "' + b"x" * REPLY_LIMIT + b'"}', b"[" * 100_000, b"\xff\xfe", b"[1, 2]", b"", b'{"code": 200']
)
def test_what_is_no_sane_json_object_is_no_answer(body: bytes) -> None:
    with answering(ok(body)) as (home, _), pytest.raises(Unreachable):
        AtlasClient(Key(CANARY), home).catalogue()


def test_a_pause_that_is_named_is_told_and_one_without_sense_is_not() -> None:
    for named, told_s in (("7", 7), ("99999999", 3600), ("-3", None), ("soon", None)):
        reply = b"HTTP/1.1 429 X\r\nContent-Length: 2\r\nRetry-After: " + named.encode() + b"\r\n\r\n{}"
        with answering(reply) as (home, _), pytest.raises(RateLimited) as slower:
            AtlasClient(Key(CANARY), home).balance()
        assert slower.value.retry_after_s == told_s


def test_the_request_id_comes_from_the_header_or_the_body() -> None:
    envelope = {"code": 401, "msg": "unauthorized", "request_id": "in-the-body"}
    for headers, named in ((["X-Request-ID: in-the-header"], "in-the-header"), ([], "in-the-body")):
        with answering(told(envelope, *headers)) as (home, _), pytest.raises(InvalidKey) as refused:
            AtlasClient(Key(CANARY), home).balance()
        assert refused.value.request_id == named
