"""Every fault of the table does what its row says, and creates a job only where the row says so."""

import json
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from PIL import UnidentifiedImageError

from atlas.simulator import Simulator
from atlas.simulator.faults import TABLE, Where
from tests.simulator.calling import SMALL, Caller, Clock, opened, picture

READS = [Where.POLL, Where.FILE, Where.MODELS, Where.SCHEMA]
ENVELOPE = {
    "401": "unauthorized",
    "402": "insufficient balance",
    "403": "forbidden",
    "404": "not found",
    "413": "request body too large",
    "422": "unprocessable parameters",
    "429": "too many requests",
    "451": "not available in your region",
    "500": "internal error",
    "503": "service unavailable",
    "504": "gateway timeout",
}
PAGES = {
    "403-cloudflare": (403, "1010"),
    "502-html": (502, "Bad Gateway"),
    "503-html": (503, "Unavailable"),
    "520-html": (520, "unknown error"),
    "html-200": (200, "Sign in"),
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A simulator whose journal tells which jobs exist."""

    simulator: Simulator
    journal: Path

    @property
    def caller(self) -> Caller:
        return Caller(url=self.simulator.url)

    def jobs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.journal.read_text().splitlines()] if self.journal.exists() else []


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    journal = tmp_path_factory.mktemp("simulator") / "journal.jsonl"
    with Simulator(latency=0, control=True, journal=journal) as simulator:
        yield Bench(simulator=simulator, journal=journal)


@pytest.fixture
def bench(running: Bench, caplog: pytest.LogCaptureFixture) -> Iterator[Bench]:
    """The bench with an empty script; a fault that looks like a crash of the simulator fails its test."""
    running.simulator.forget_faults()
    yield running
    assert caplog.get_records("call") == []


def pairs(places: list[Where], kinds: Iterable[str]) -> list[tuple[Where, str]]:
    """Each place with those of the kinds that it has."""
    return [(where, kind) for where in places for kind in kinds if kind in TABLE[where]]


@pytest.mark.parametrize("kind", TABLE[Where.SUBMIT])
def test_a_job_exists_after_a_submit_fault_only_where_the_table_says_so(bench: Bench, kind: str) -> None:
    known = len(bench.jobs())
    bench.simulator.fault("submit", kind, seconds=0.05)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(bench.caller.post, SMALL).exception(timeout=5)

    assert len(bench.jobs()) - known == TABLE[Where.SUBMIT][kind].creates_job


@pytest.mark.parametrize(("where", "kind"), pairs([Where.SUBMIT], ENVELOPE))
def test_a_submit_is_refused_in_the_providers_envelope(bench: Bench, where: Where, kind: str) -> None:
    bench.simulator.fault(where, kind)

    reply = bench.caller.post(SMALL)

    assert (reply.status_code, reply.json()["code"], reply.json()["msg"]) == (int(kind), int(kind), ENVELOPE[kind])
    assert reply.json()["data"] is None
    assert "Retry-After" not in reply.headers


@pytest.mark.parametrize("kind", PAGES)
def test_a_submit_is_answered_by_a_page_of_html(bench: Bench, kind: str) -> None:
    bench.simulator.fault("submit", kind)

    reply = bench.caller.post(SMALL)

    status, words = PAGES[kind]
    assert reply.status_code == status
    assert reply.headers["Content-Type"].startswith("text/html")
    assert words in reply.text


@pytest.mark.parametrize("kind", ["reset-before-accept", "reset-after-accept"])
def test_a_reset_submit_is_a_real_reset_of_the_connection(bench: Bench, kind: str) -> None:
    bench.simulator.fault("submit", kind, times=2)
    body = json.dumps(SMALL).encode()
    head = (
        "POST /api/v1/model/generateImage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    with socket.create_connection(_address(bench), timeout=5) as connection:
        connection.sendall(head.encode() + body)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        bench.caller.post(SMALL)


def test_a_submit_that_hangs_before_its_headers_is_logged_and_ends_in_a_reset(bench: Bench) -> None:
    bench.simulator.fault("submit", "hang-before-headers", seconds=0.2)
    began = time.monotonic()

    with pytest.raises(requests.ConnectionError):
        bench.caller.post(SMALL)

    assert time.monotonic() - began >= 0.2
    assert bench.simulator.requests()[-1]["status"] is None


def test_a_submit_that_hangs_for_ever_is_let_go_when_the_client_leaves(bench: Bench) -> None:
    bench.simulator.fault("submit", "hang-before-headers")

    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{bench.simulator.url}/api/v1/model/generateImage", json=SMALL, headers=bench.caller.headers, timeout=0.2
        )

    assert bench.caller.post(SMALL).ok


@pytest.mark.parametrize(("kind", "least"), [("hang-in-body", 0.2), ("cut-body", 0.0)])
def test_a_submit_whose_body_ends_early_declares_more_than_it_sends(bench: Bench, kind: str, least: float) -> None:
    bench.simulator.fault("submit", kind, seconds=least)
    began = time.monotonic()

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        bench.caller.post(SMALL)

    assert time.monotonic() - began >= least


def test_malformed_json_is_half_of_the_reply(bench: Bench) -> None:
    bench.simulator.fault("submit", "malformed-json")

    reply = bench.caller.post(SMALL)

    assert reply.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.JSONDecodeError):
        reply.json()


def test_a_reply_may_lack_the_id(bench: Bench) -> None:
    bench.simulator.fault("submit", "no-id")

    reply = bench.caller.post(SMALL)

    assert reply.json()["data"]["status"] == "created"
    assert bench.jobs()[-1]["id"] not in reply.text


def test_a_redirect_asks_for_the_same_post_again(bench: Bench) -> None:
    bench.simulator.fault("submit", "redirect-307")

    reply = bench.caller.post(SMALL)

    assert (reply.status_code, reply.headers["Location"]) == (307, "/api/v1/model/generateImage")


def test_json_may_come_as_text(bench: Bench) -> None:
    bench.simulator.fault("submit", "text-plain-json")

    reply = bench.caller.post(SMALL)

    assert reply.headers["Content-Type"].startswith("text/plain")
    assert reply.json()["id"] == bench.jobs()[-1]["id"]


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("minimal", {"code", "message", "data"}),
        ("flat", {"id", "status", "model", "created_at"}),
        ("prediction-id-only", {"predictionId"}),
    ],
)
def test_a_submit_is_answered_in_every_shape_met_in_the_wild(bench: Bench, kind: str, keys: set[str]) -> None:
    bench.simulator.fault("submit", kind)

    reply = bench.caller.post(SMALL)

    assert set(reply.json()) == keys
    assert bench.jobs()[-1]["id"] in reply.text


def test_an_envelope_may_refuse_while_http_agrees(bench: Bench) -> None:
    bench.simulator.fault("submit", "code-401")

    reply = bench.caller.post(SMALL)

    assert (reply.status_code, reply.json()["code"], reply.json()["msg"]) == (200, 401, "Token invalid")


def test_a_submit_may_fail_with_the_body_of_a_failed_task(bench: Bench) -> None:
    bench.simulator.fault("submit", "500-terminal")

    reply = bench.caller.post(SMALL)

    assert (reply.status_code, reply.json()["data"]["status"]) == (500, "failed")


@pytest.mark.parametrize("where", [Where.SUBMIT, *READS])
def test_a_slow_reply_is_the_usual_one_late(bench: Bench, where: Where) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault(where, "slow", seconds=0.2)
    began = time.monotonic()

    assert _request(bench, where, file).status_code == 200

    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(("where", "kind"), pairs(READS, [*ENVELOPE, *PAGES]))
def test_a_read_is_refused(bench: Bench, where: Where, kind: str) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault(where, kind)

    first, second = _request(bench, where, file), _request(bench, where, file)

    if kind in PAGES:
        assert (first.status_code, PAGES[kind][1] in first.text) == (PAGES[kind][0], True)
    else:
        assert (first.status_code, first.json()["msg"]) == (int(kind), ENVELOPE[kind])
    assert second.status_code == 200


@pytest.mark.parametrize("where", READS)
@pytest.mark.parametrize("kind", ["reset", "hang", "cut-body"])
def test_a_read_loses_its_connection(bench: Bench, where: Where, kind: str) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault(where, kind, seconds=0.1)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _request(bench, where, file)


@pytest.mark.parametrize("where", [Where.POLL, Where.MODELS, Where.SCHEMA])
def test_a_read_gets_half_of_its_json(bench: Bench, where: Where) -> None:
    bench.simulator.fault(where, "malformed-json")

    with pytest.raises(requests.JSONDecodeError):
        _request(bench, where, "").json()


def test_a_poll_may_be_an_envelope_without_data(bench: Bench) -> None:
    bench.simulator.fault("poll", "402-envelope")

    reply = bench.caller.poll(bench.caller.submit())

    assert (reply.status_code, reply.json()["code"], "data" in reply.json()) == (200, 402, False)


def test_a_poll_may_carry_a_failed_task_under_http_500(bench: Bench) -> None:
    bench.simulator.fault("task", "moderation")
    bench.simulator.fault("poll", "500-terminal", times=2)

    refused, plain = bench.caller.poll(bench.caller.submit()), bench.caller.poll(bench.caller.submit())

    assert (refused.status_code, refused.json()["code"]) == (500, 500)
    assert refused.json()["data"]["error_code"] == 1039
    assert (plain.json()["data"]["status"], plain.json()["data"]["error"]) == ("failed", "generation failed")


def test_a_poll_may_say_a_word_nobody_knows(bench: Bench) -> None:
    bench.simulator.fault("poll", "unknown-status")

    assert bench.caller.data(bench.caller.submit())["status"] == "warming"


def test_a_poll_may_speak_of_another_job(bench: Bench) -> None:
    job = bench.caller.submit()
    bench.simulator.fault("poll", "id-differs")

    assert bench.caller.data(job)["id"] != job
    assert bench.caller.data(job)["id"] == job


ENDINGS: dict[str, dict[str, Any]] = {
    "moderation": {"status": "failed", "error": "input rejected by moderation", "error_code": 1039, "outputs": None},
    "failed": {"status": "failed", "error": "generation failed", "outputs": None, "price": "0"},
    "failed-object": {"status": "failed", "error": {"message": "the worker ran out of memory", "type": "worker_error"}},
    "failed-null": {"status": "failed", "error": None, "outputs": None, "price": "0"},
    "failed-silent": {"status": "failed", "error": "", "outputs": None, "price": "0"},
    "rejected": {"status": "rejected", "error": "rejected by the provider", "outputs": None},
    "timeout": {"status": "timeout", "error": "generation timed out"},
    "canceled": {"status": "canceled"},
    "cancelled": {"status": "cancelled"},
    "error": {"status": "error", "error": "internal error"},
    "unknown-forever": {"status": "warming", "outputs": None},
    "stuck": {"status": "processing", "outputs": None},
    "empty-outputs": {"status": "completed", "outputs": []},
    "null-outputs": {"status": "completed", "outputs": None},
    "succeeded": {"status": "succeeded"},
    "success": {"status": "success"},
    "upper-case": {"status": "COMPLETED"},
}


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_task_ends_as_it_was_scripted_when_it_was_submitted(bench: Bench, kind: str) -> None:
    bench.simulator.fault("task", kind)

    scripted, usual = bench.caller.submit(), bench.caller.submit()

    assert ENDINGS[kind].items() <= bench.caller.data(scripted).items()
    assert bench.caller.data(usual)["status"] == "completed"


@pytest.mark.parametrize(
    ("kind", "key"), [("object-outputs-download", "download_url"), ("object-outputs-image", "image")]
)
def test_outputs_may_be_objects_with_other_keys(bench: Bench, kind: str, key: str) -> None:
    bench.simulator.fault("task", kind)

    outputs = bench.caller.data(bench.caller.submit())["outputs"]

    assert [list(output) for output in outputs] == [[key]]
    assert picture(outputs[0][key]).size == (256, 256)


def test_outputs_may_come_after_the_end() -> None:
    clock = Clock()
    with Simulator(latency=0, control=True, clock=clock) as simulator:
        simulator.fault("task", "late-outputs")
        caller = Caller(url=simulator.url)
        job = caller.submit()
        early = caller.data(job)
        clock.now += 2
        late = caller.data(job)

    assert (early["status"], early["outputs"]) == ("completed", None)
    assert (late["status"], len(late["outputs"])) == ("completed", 1)


@pytest.mark.parametrize("where", ["submit", "poll"])
def test_the_address_to_poll_at_may_lie_elsewhere(bench: Bench, where: str) -> None:
    bench.simulator.fault(where, "foreign-get-url")

    reply = bench.caller.post(SMALL).json()
    if where == "poll":
        reply = bench.caller.poll(reply["id"]).json()

    assert reply["data"]["urls"]["get"].startswith("https://api.atlascloud.ai.evil.test/")


def test_a_poll_may_refuse_while_http_agrees_or_be_called_text(bench: Bench) -> None:
    job = bench.caller.submit()
    bench.simulator.fault("poll", "code-401")
    bench.simulator.fault("poll", "text-plain-json")

    refused, text = bench.caller.poll(job), bench.caller.poll(job)

    assert (refused.status_code, refused.json()["code"]) == (200, 401)
    assert text.headers["Content-Type"].startswith("text/plain")
    assert text.json()["data"]["id"] == job


def test_outputs_may_be_objects_or_one_text(bench: Bench) -> None:
    bench.simulator.fault("task", "object-outputs")
    bench.simulator.fault("task", "string-output")

    objects, text = (bench.caller.data(bench.caller.submit()) for _ in range(2))

    assert picture(objects["outputs"][0]["url"]).size == (256, 256)
    assert text["outputs"] is None
    assert picture(text["output"]).size == (256, 256)


def test_flags_mark_some_of_the_pictures(bench: Bench) -> None:
    bench.simulator.fault("task", "nsfw")

    assert bench.caller.data(bench.caller.submit(num_images=3))["has_nsfw_contents"] == [True, False, True]


def test_base64_outputs_may_be_data_uris(bench: Bench) -> None:
    bench.simulator.fault("task", "base64-data-uri")

    assert bench.caller.outputs(enable_base64_output=True)[0].startswith("data:image/png;base64,iVBOR")


def test_a_slow_task_takes_its_seconds(bench: Bench) -> None:
    bench.simulator.fault("task", "slow-task", seconds=2)
    bench.simulator.fault("task", "slow-task")

    soon, late = bench.caller.submit(), bench.caller.submit()

    assert bench.caller.data(soon)["status"] == "created"
    assert bench.caller.ended(soon)["status"] == "completed"
    assert bench.jobs()[-1]["latency"] == 60
    assert bench.caller.data(late)["status"] == "created"


def test_a_file_may_be_a_page(bench: Bench) -> None:
    reply = _fetch(bench, "html")

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_file_may_be_half_a_picture(bench: Bench) -> None:
    reply = _fetch(bench, "truncated")

    assert int(reply.headers["Content-Length"]) == len(reply.content)
    with pytest.raises(OSError, match="truncated"):
        opened(reply.content)


@pytest.mark.parametrize(("asked", "got"), [("png", "JPEG"), ("jpeg", "PNG")])
def test_a_file_may_have_the_wrong_extension(bench: Bench, asked: str, got: str) -> None:
    reply = _fetch(bench, "wrong-extension", model="black-forest-labs/flux-2-pro/text-to-image", output_format=asked)

    assert reply.url.endswith(f".{asked}")
    assert reply.headers["Content-Type"] == f"image/{asked}"
    assert opened(reply.content).format == got


def test_a_file_may_be_a_gif_or_an_svg(bench: Bench) -> None:
    assert opened(_fetch(bench, "gif").content).format == "GIF"
    drawing = _fetch(bench, "svg").content
    assert b"<script>" in drawing
    with pytest.raises(UnidentifiedImageError):
        opened(drawing)


def test_a_file_may_come_drop_by_drop(bench: Bench) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault("file", "drip", seconds=0.05)
    began = time.monotonic()

    with requests.get(file, stream=True, timeout=5) as reply:
        assert reply.raw.read(4) == b"\x89PNG"

    assert time.monotonic() - began >= 0.15


def test_a_file_may_never_end_while_others_are_served(bench: Bench) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault("file", "too-large")

    with requests.get(file, stream=True, timeout=5) as reply:
        assert "Content-Length" not in reply.headers
        assert len(reply.raw.read(8_000_000)) == 8_000_000
        assert bench.caller.submit()


@pytest.mark.parametrize("kind", ["redirect-private", "redirect-loop"])
def test_a_file_may_lead_elsewhere(bench: Bench, kind: str) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault("file", kind)

    reply = requests.get(file, timeout=5, allow_redirects=False)

    assert reply.status_code == 302
    assert reply.headers["Location"] in ("http://169.254.169.254/latest/meta-data/", urlsplit(file).path)


def test_a_redirect_loop_lasts_until_it_is_forgotten(bench: Bench) -> None:
    file = bench.caller.outputs()[0]
    bench.simulator.fault("file", "redirect-loop")

    with pytest.raises(requests.TooManyRedirects):
        requests.get(file, timeout=5)
    bench.simulator.forget_faults()
    assert requests.get(file, timeout=5).status_code == 200


def test_a_fault_skips_strikes_and_is_used_up(bench: Bench) -> None:
    bench.simulator.fault("submit", "503", times=2, after=1)

    assert [bench.caller.post(SMALL).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_strikes_only_where_the_prompt_matches(bench: Bench) -> None:
    bench.simulator.fault("submit", "503", matching="blue")
    bench.simulator.fault("task", "failed", matching="green")
    bench.simulator.fault("schema", "503", matching="flux-dev")

    assert bench.caller.post(SMALL).status_code == 200
    assert bench.caller.post({**SMALL, "prompt": "a blue bicycle"}).status_code == 503
    assert bench.caller.data(bench.caller.submit(prompt="a green bicycle"))["status"] == "failed"
    assert _request(bench, Where.SCHEMA, "").status_code == 200


def test_a_prompt_alone_never_causes_a_fault() -> None:
    with Simulator(latency=0) as simulator:
        caller = Caller(url=simulator.url)

        assert caller.data(caller.submit(prompt="[moderation] reset-after-accept 503"))["status"] == "completed"


def test_faults_are_scripted_over_http_too(bench: Bench) -> None:
    desk = f"{bench.simulator.url}/_sim/faults"

    assert requests.post(desk, json={"where": "submit", "kind": "451", "times": 2}, timeout=5).ok
    assert bench.caller.post(SMALL).status_code == 451
    assert requests.delete(desk, timeout=5).ok
    assert bench.caller.post(SMALL).status_code == 200


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"where": "moon", "kind": "500"}, "where must be one of: submit, task, poll"),
        ({"where": "poll", "kind": "moderation"}, "poll has no moderation; it has: 401"),
        ({"kind": "500"}, "where"),
        ([], "list"),
        ({"where": "poll", "kind": "500", "times": "many"}, "many"),
    ],
)
def test_a_fault_that_does_not_exist_is_refused_in_words(bench: Bench, line: Any, said: str) -> None:
    reply = requests.post(f"{bench.simulator.url}/_sim/faults", json=line, timeout=5)

    assert reply.status_code == 400
    assert said in reply.json()["msg"]


def test_every_row_of_the_table_says_what_it_does() -> None:
    rows = [row for place in TABLE.values() for row in place.values()]

    assert all(row.about for row in rows)
    elsewhere = {"string-output", "nsfw", "base64-data-uri", "slow-task", "late-outputs"}
    objects = {"object-outputs", "object-outputs-download", "object-outputs-image"}
    assert set(ENDINGS) | elsewhere | objects == set(TABLE[Where.TASK])


def _address(bench: Bench) -> tuple[str, int]:
    parts = urlsplit(bench.simulator.url)
    return str(parts.hostname), int(parts.port or 0)


def _request(bench: Bench, where: Where, file: str) -> requests.Response:
    match where:
        case Where.SUBMIT:
            return bench.caller.post(SMALL)
        case Where.POLL:
            return bench.caller.poll(bench.caller.submit())
        case Where.FILE:
            return requests.get(file, timeout=5)
        case Where.MODELS:
            return bench.caller.get("/api/v1/models")
    return bench.caller.get("/model/schema/black-forest-labs-flux-schnell.json")


def _fetch(bench: Bench, kind: str, **parameters: Any) -> requests.Response:
    """The file of a fresh job, fetched while ``kind`` is scripted."""
    file = bench.caller.outputs(**parameters)[0]
    bench.simulator.fault("file", kind)
    return requests.get(file, timeout=5)
