"""Whatever bytes come back over a real socket, each call of the client answers or raises one of our errors.

A submit leaves once, and the key is in nothing that anybody could read.
"""

import io
import json
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas import AtlasClient, Key
from atlas.chatting import Message, Role
from atlas.errors import AtlasError
from tests.conftest import CANARY, REQUEST
from tests.properties import replies
from tests.properties.parrot import Parrot, parrot
from tests.properties.trying import tries
from tests.properties.values import shaken

_DAY, _NEXT = date(2026, 9, 1), date(2026, 9, 2)
_PICTURE = b"\x89PNG\r\n\x1a\n0000"

CALLS: Final[dict[str, Callable[[AtlasClient], Any]]] = {
    "submit": lambda client: client.submit(REQUEST),
    "prediction": lambda client: client.prediction("abc-1"),
    "download": lambda client: client.download(f"{client.base_url}/1.png"),
    "models": lambda client: client.models(),
    "document": lambda client: client.document(f"{client.base_url}/schema.json"),
    "calculate": lambda client: client.calculate(REQUEST),
    "history": lambda client: client.history(),
    "upload": lambda client: client.upload(io.BytesIO(_PICTURE)),
    "balance": lambda client: client.balance(),
    "costs": lambda client: client.costs(_DAY, _NEXT),
    "complete": lambda client: client.complete([Message(role=Role.USER, text="a fox")]),
}
ONCE: Final = {"submit", "calculate", "upload", "complete"}
_SAMPLES: Final = (
    replies.PREDICTION,
    replies.FAILED,
    replies.HISTORY,
    replies.CATALOGUE,
    replies.ESTIMATE,
    replies.BALANCE,
    {**replies.REPORT, "has_more": False},
    replies.UPLOAD,
    replies.COMPLETION,
    replies.ENVELOPE,
    {"code": 400, "msg": f"your key {CANARY} is not welcome", "request_id": CANARY},
)

_LOCATIONS: Final = (
    "http://[",
    "//",
    "é",
    "?",
    "https://host:port/",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    "/1.png",
)
_HEADERS: Final = (
    "Content-Type: text/html; charset=nonsense",
    "Content-Encoding: gzip",
    "Content-Encoding: nonsense",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: many",
    "Content-Length: 99999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Retry-After: 99999999999999999999999",
    "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT",
    f"X-Request-ID: {CANARY}",
    "X-Request-ID: " + "x" * 3000,
    "Set-Cookie: a=b; Domain=elsewhere.example",
    "Connection: keep-alive",
    "no colon",
    ": no name",
    " folded",
    "X: \x01\x7f",
)
_BODIES: Final = (b"", b"<html>", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", b"[" * 5000, b"\xff\xfe{\0}\0")
_ESCAPED: Final = "".join(f"\\u{ord(character):04x}" for character in CANARY).encode()

codes = st.integers(100, 599).map(str) | st.sampled_from(["200"] * 6 + ["999", "0", "-1", "20", "abc", "2000"])
bodies = st.one_of(
    shaken(*_SAMPLES).map(lambda reply: json.dumps(reply).encode()),
    shaken(*_SAMPLES).map(lambda reply: json.dumps(reply).encode().replace(CANARY.encode(), _ESCAPED)),
    shaken(*_SAMPLES).map(lambda reply: json.dumps(reply, ensure_ascii=False).encode(errors="replace")[:300]),
    st.sampled_from(_BODIES) | st.binary(max_size=100),
)


def http(code: str, headers: list[str], body: bytes, *, is_told: bool) -> bytes:
    length = [f"Content-Length: {len(body)}"] if is_told else []
    return "\r\n".join([f"HTTP/1.1 {code} OK", *headers, *length]).encode("latin-1") + b"\r\n\r\n" + body


answers = st.one_of(
    st.builds(http, st.just("200"), st.just([]), bodies, is_told=st.booleans()),
    st.builds(http, codes, st.just([]), bodies, is_told=st.booleans()),
    st.builds(http, codes, st.lists(st.sampled_from(_HEADERS), max_size=3), bodies, is_told=st.booleans()),
    st.builds(
        http,
        st.sampled_from(["301", "302", "303", "307", "308"]),
        st.sampled_from(_LOCATIONS).map(lambda location: [f"Location: {location}"]),
        bodies,
        is_told=st.booleans(),
    ),
    st.binary(max_size=200),
)


@pytest.fixture(scope="module")
def bird() -> Iterator[Parrot]:
    with parrot() as started:
        yield started


@pytest.fixture(scope="module")
def parroted(bird: Parrot) -> AtlasClient:
    return AtlasClient(Key(CANARY), bird.url)


@tries(300)
@given(name=st.sampled_from(sorted(CALLS)), answer=answers)
def test_any_bytes_from_the_network_are_an_answer_or_one_of_our_errors(
    bird: Parrot, parroted: AtlasClient, name: str, answer: bytes
) -> None:
    bird.says, bird.heard = answer, 0

    try:
        said = repr(CALLS[name](parroted))
    except AtlasError as trouble:
        said = f"{''.join(traceback.format_exception(trouble))} {trouble.explanation} {trouble.request_id}"

    assert CANARY not in said or name in {"download", "document"}, "the key was shown"  # never sent there
    assert bird.heard == 1 or name not in ONCE
