"""The simulator keeps the provider's contract: submit, poll, keys, and being a server."""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from atlas.simulator import KeyMode, PortTaken, Simulator
from tests.simulator.calling import GPT_IMAGE, SMALL, Caller, Clock, refusal, until
from tests.sockets import accepted


@pytest.fixture(scope="module")
def slow_simulator() -> Iterator[Simulator]:
    with Simulator(latency=0.3) as simulator:
        yield simulator


@pytest.fixture
def slow(slow_simulator: Simulator) -> Caller:
    return Caller(url=slow_simulator.url)


def test_the_flat_sample_of_the_provider_runs(slow: Caller) -> None:
    flat = {
        "model": GPT_IMAGE,
        "prompt": "a red bicycle",
        "width": 512,
        "height": 512,
        "steps": 20,
        "guidance_scale": 7.5,
    }

    submitted = slow.post(flat).json()

    assert submitted["code"] == 200
    assert submitted["data"]["status"] == "created"
    data = slow.ended(submitted["data"]["id"])
    assert data["status"] == "completed"
    assert data["outputs"][0].startswith(f"{slow.url}/files/{data['id']}-1.")


def test_the_nested_sample_of_the_provider_runs(slow: Caller) -> None:
    submitted = slow.post({"model": GPT_IMAGE, "input": {"prompt": "a red bicycle"}}).json()

    assert submitted["status"] == "processing"
    assert submitted["model"] == GPT_IMAGE
    assert "error" not in submitted
    data = slow.ended(submitted["id"])
    assert data["error"] == ""
    assert data["metrics"]["predict_time"] == 0.255
    assert data["price"] == "0.032"
    assert data["has_nsfw_contents"] == [False]


def test_a_job_is_created_then_processing_then_completed_by_its_clock() -> None:
    clock = Clock()
    with Simulator(latency=10, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        job = caller.submit()
        words = []
        for age in (0, 2, 9, 10, 1000):
            clock.now = 1_790_000_000.0 + age
            words.append(caller.data(job)["status"])
        ended = caller.data(job)

    assert words == ["created", "processing", "processing", "completed", "completed"]
    assert ended["created_at"] == "2026-09-21T14:13:20.000Z"
    assert ended["completed_at"] == "2026-09-21T14:13:30.000Z"
    assert ended["latency_ms"] == 10_000
    assert ended["executionTime"] == 8500


def test_a_running_job_has_the_keys_that_samples_index_but_no_outputs(slow: Caller) -> None:
    data = slow.data(slow.submit())

    assert data["outputs"] is None
    assert data["error"] == ""
    assert data["metrics"] == {}


def test_demo_jobs_take_three_to_seven_seconds_and_more_for_quality() -> None:
    clock = Clock()

    def seconds(caller: Caller, **parameters: str) -> float:
        job = caller.submit(model=GPT_IMAGE, size="1024x1024", **parameters)
        clock.now += 100
        return float(caller.data(job)["latency_ms"]) / 1000

    with Simulator(clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        low = [seconds(caller, quality="low") for _ in range(8)]
        high = [seconds(caller, quality="high", prompt="b") for _ in range(8)]

    assert all(2.8 <= one <= 7 for one in low + high)
    assert sum(low) < sum(high)
    assert len(set(low)) > 4


@pytest.mark.parametrize(
    "path", ["prediction/{}", "prediction/{}/", "result/{}", "result/{}/", "prediction/{}?utm_x=1"]
)
def test_a_job_is_polled_under_every_path_that_clients_use(caller: Caller, path: str) -> None:
    job = caller.submit()

    reply = caller.get("/api/v1/model/" + path.format(job), allow_redirects=False)

    assert reply.json()["data"]["id"] == job


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({"prompt": "x"}, 400, "model is required"),
        ({"model": GPT_IMAGE}, 400, "prompt is required"),
        ({"model": "openai/gpt-image-1.5/edit", "prompt": "x"}, 400, "images is required"),
        ({"model": "no/such", "prompt": "x"}, 404, "no/such"),
        ({"model": "baidu/ERNIE-Image-Turbo/text-to-image", "prompt": "x"}, 404, "ERNIE"),
        ({"model": "deepseek-ai/deepseek-v3.2", "prompt": "x"}, 404, "deepseek"),
        ({**SMALL, "webhook_url": "http://example.org/"}, 400, "webhook_url"),
    ],
)
def test_a_submit_that_cannot_be_taken_is_refused_in_words(
    caller: Caller, body: dict[str, Any], code: int, named: str
) -> None:
    assert named in refusal(caller.post(body), code)


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'"text"', b'{"prompt":"\\ud800"}', b"[" * 99_999])
def test_a_body_that_is_no_json_object_is_refused(caller: Caller, raw: bytes) -> None:
    headers = {**caller.headers, "Content-Type": "application/json"}

    reply = requests.post(f"{caller.url}/api/v1/model/generateImage", data=raw, headers=headers, timeout=5)

    assert "JSON" in refusal(reply, 400)


def test_a_body_of_another_content_type_is_refused(caller: Caller) -> None:
    reply = requests.post(f"{caller.url}/api/v1/model/generateImage", data=SMALL, headers=caller.headers, timeout=5)

    assert "content type" in refusal(reply, 400)


def test_a_body_over_50_mb_is_refused_and_the_server_lives_on(caller: Caller) -> None:
    reply = caller.post({**SMALL, "image": "x" * (50 * 1024 * 1024)})

    assert refusal(reply, 413)
    assert caller.post(SMALL).status_code == 200


def test_a_chunked_body_is_read(caller: Caller) -> None:
    parts = iter([b'{"model":"black-forest-labs/flux-schnell",', b'"prompt":"x"}'])
    headers = {**caller.headers, "Content-Type": "application/json"}

    reply = requests.post(f"{caller.url}/api/v1/model/generateImage", data=parts, headers=headers, timeout=5)

    assert reply.json()["data"]["id"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the sockets of a process")
def test_no_part_of_an_answer_waits_until_the_one_before_is_acknowledged(caller: Caller) -> None:
    port = urlsplit(caller.url).port or 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(1000)
        with accepted(os.getpid(), port) as sockets:
            assert sockets
            assert all(each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for each in sockets)


def test_an_unknown_id_is_not_found(caller: Caller) -> None:
    assert refusal(caller.poll("0" * 32), 404)


def test_unknown_fields_are_dropped_and_wrong_values_fail_the_task(caller: Caller) -> None:
    fine = caller.ended(caller.submit(steps=20))
    size = caller.ended(caller.submit(model=GPT_IMAGE, size="512x512"))
    quality = caller.ended(caller.submit(model=GPT_IMAGE, size="1024x1024", quality="ultra"))

    assert fine["status"] == "completed"
    assert (size["status"], size["error"], size["outputs"]) == ("failed", "invalid value for size: 512x512", None)
    assert "quality" in quality["error"]
    assert quality["price"] == "0"


def test_strict_mode_refuses_unknown_fields_and_wrong_values() -> None:
    with Simulator(latency=0, strict=True) as simulator:
        caller = Caller(url=simulator.url)

        assert "steps" in refusal(caller.post({**SMALL, "steps": 20}), 400)
        assert "size" in refusal(caller.post({**SMALL, "size": "64*64"}), 400)
        assert "quality" in refusal(caller.post({"model": GPT_IMAGE, "prompt": "x", "quality": "ultra"}), 400)
        assert "size" in refusal(caller.post({"model": GPT_IMAGE, "prompt": "x", "size": "1024*1024"}), 400)
        assert caller.post(SMALL).status_code == 200


@pytest.mark.parametrize("key", ["", " "])
@pytest.mark.parametrize("path", ["/api/v1/model/prediction/x", "/api/v1/model/generateImage", "/api/v1/typo", "/"])
def test_without_a_key_every_path_is_unauthorized(simulator: Simulator, path: str, key: str) -> None:
    reply = requests.get(simulator.url + path, headers={"Authorization": f"Bearer{key}"}, timeout=5)

    assert refusal(reply, 401) == "unauthorized"


@pytest.mark.parametrize("path", ["/api/v1/typo", "/", "/api/v1/model/predictions/x", "/api/v1/models/", "/metrics"])
def test_a_misspelt_path_is_unauthorized_even_with_a_key(caller: Caller, path: str) -> None:
    assert refusal(caller.get(path), 401) == "unauthorized"


def test_another_method_is_refused_in_the_envelope(caller: Caller) -> None:
    assert refusal(caller.get("/api/v1/model/generateImage"), 405)


@pytest.mark.parametrize(
    ("mode", "key", "status"),
    [
        (KeyMode.PERMISSIVE, "$ATLASCLOUD_API_KEY", 200),
        (KeyMode.PERMISSIVE, "apikey-bad", 401),
        (KeyMode.STRICT, "apikey-good", 200),
        (KeyMode.STRICT, "ak_public", 401),
        (KeyMode.STRICT, "apikey-bad", 401),
    ],
)
def test_a_key_is_judged_by_the_mode_and_the_reject_list(mode: KeyMode, key: str, status: int) -> None:
    with Simulator(latency=0, keys=mode, rejected=frozenset({"apikey-bad"})) as simulator:
        assert Caller(url=simulator.url, key=key).post(SMALL).status_code == status


def test_every_reply_has_a_request_id_of_its_own(caller: Caller) -> None:
    replies = [caller.get("/api/v1/models"), caller.get("/typo"), caller.post(SMALL), caller.get("/files/none.png")]

    assert len({reply.headers["X-Request-ID"] for reply in replies}) == 4


def test_connections_are_kept_alive(caller: Caller) -> None:
    with requests.Session() as session:
        ports = set()
        for _ in range(3):
            with session.get(f"{caller.url}/api/v1/models", stream=True, timeout=5) as reply:
                ports.add(reply.raw.connection.sock.getsockname()[1])
                assert reply.content

    assert len(ports) == 1


def test_sync_mode_answers_with_the_finished_prediction(slow: Caller) -> None:
    reply = slow.post({**SMALL, "enable_sync_mode": True}).json()

    assert reply["status"] == reply["data"]["status"] == "completed"
    assert reply["id"] == reply["data"]["id"]
    assert len(reply["data"]["outputs"]) == 1


def test_sync_mode_gives_up_at_its_limit_while_the_job_goes_on(tmp_path: Path) -> None:
    with Simulator(latency=0.4, sync_limit=0.1, journal=tmp_path / "jobs") as simulator:
        caller = Caller(url=simulator.url)

        assert refusal(caller.post({**SMALL, "enable_sync_mode": True}), 504)

        job = json.loads((tmp_path / "jobs").read_text())["id"]
        assert caller.ended(job)["status"] == "completed"


def test_two_identical_submits_are_two_jobs(caller: Caller) -> None:
    assert caller.submit() != caller.submit()


@pytest.mark.parametrize("hours", ["0", "337", "-1", "1.5", "many", "²"])
def test_a_bad_expiration_header_is_refused(caller: Caller, hours: str) -> None:
    reply = caller.post(SMALL, headers={"X-AtlasCloud-Object-Expiration-Hours": hours.encode("latin-1")})

    assert "Expiration" in refusal(reply, 400)


def test_a_bad_retention_header_is_refused(caller: Caller) -> None:
    assert "Retention" in refusal(caller.post(SMALL, headers={"X-AtlasCloud-Request-Retention-Hours": "400"}), 400)


def test_retention_of_zero_forgets_the_prediction_the_moment_it_ends() -> None:
    clock = Clock()
    with Simulator(latency=10, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        job = caller.post(SMALL, headers={"X-AtlasCloud-Request-Retention-Hours": "0"}).json()["id"]
        clock.now += 9
        assert caller.data(job)["status"] == "processing"
        clock.now += 1
        assert refusal(caller.poll(job), 404)


def test_records_and_files_go_after_fourteen_days_or_as_asked() -> None:
    clock = Clock()
    with Simulator(latency=0, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        usual = caller.submit()
        short = caller.post(SMALL, headers={"X-AtlasCloud-Object-Expiration-Hours": "1"}).json()["id"]
        clock.now += 3601
        assert requests.get(caller.data(short)["outputs"][0], timeout=5).status_code == 404
        file = caller.data(usual)["outputs"][0]
        assert requests.get(file, timeout=5).status_code == 200
        clock.now += 14 * 24 * 3600
        assert requests.get(file, timeout=5).status_code == 404
        assert refusal(caller.poll(usual), 404)


def test_the_log_notes_each_request_and_never_a_key(simulator: Simulator) -> None:
    caller = Caller(url=simulator.url, key="apikey-secret")
    caller.post({**SMALL, "note": "my key is apikey-secret"})
    caller.get("/typo/apikey-secret")

    log = simulator.requests()

    assert [(one["method"], one["status"]) for one in log] == [("POST", 200), ("GET", 401)]
    assert log[0]["path"] == "/api/v1/model/generateImage"
    assert log[0]["body"] == {**SMALL, "note": "my key is ***"}
    assert log[0]["at"] == pytest.approx(time.time(), abs=5)
    assert log[0]["headers"]["authorization"] == "***"
    assert "apikey-secret" not in str(log)


def test_the_log_is_read_cleared_and_counted(simulator: Simulator, caller: Caller) -> None:
    caller.post(SMALL)
    caller.get("/api/v1/models")

    assert requests.get(f"{simulator.url}/_sim/requests", timeout=5).json() == simulator.requests()
    assert simulator.count("POST", "/api/v1/model/generateImage") == 1
    assert simulator.count("GET", "/api/v1/model") == 1
    requests.delete(f"{simulator.url}/_sim/requests", timeout=5)
    assert simulator.requests() == []


def test_the_log_keeps_64_kb_of_a_body(simulator: Simulator, caller: Caller) -> None:
    caller.post({**SMALL, "prompt": "x" * 200_000})

    assert len(simulator.requests()[0]["body"]) == 64 * 1024


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("path", ["/_sim/requests", "/_sim/faults"])
def test_without_control_there_is_no_desk(slow: Caller, method: str, path: str) -> None:
    assert refusal(requests.request(method, slow.url + path, headers=slow.headers, timeout=5), 401)


def test_without_control_there_is_no_script_in_the_same_process_either() -> None:
    with pytest.raises(RuntimeError, match="control=True"):
        Simulator().requests()


def test_sixty_four_pollers_are_answered_at_once(slow: Caller) -> None:
    job = slow.submit()
    barrier = threading.Barrier(64)

    def poll(_: int) -> str:
        barrier.wait()
        return str(slow.ended(job)["status"])

    with ThreadPoolExecutor(64) as pool:
        assert list(pool.map(poll, range(64))) == ["completed"] * 64


def test_a_taken_port_is_said_in_one_sentence(simulator: Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])

    with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is taken"):
        Simulator(port=port).start()


def test_after_stop_nothing_listens_and_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    simulator = Simulator(latency=0)
    simulator.start()
    port = int(simulator.url.rpartition(":")[2])

    simulator.stop()
    simulator.stop()

    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_it_starts_again_after_a_stop_and_refuses_a_second_start() -> None:
    simulator = Simulator(latency=0)
    for _ in range(2):
        with simulator:
            assert Caller(url=simulator.url).submit()
            with pytest.raises(RuntimeError, match="already answers"):
                simulator.start()


def test_stop_does_not_wait_for_a_request_that_hangs() -> None:
    with Simulator(latency=0, control=True) as simulator, ThreadPoolExecutor(1) as pool:
        simulator.fault("poll", "hang")
        hanging = pool.submit(Caller(url=simulator.url).poll, "x")
        until(lambda: simulator.count("GET", "/api/v1/model/prediction") == 1)
        began = time.monotonic()
        simulator.stop()

        assert time.monotonic() - began < 2
        assert isinstance(hanging.exception(timeout=5), requests.ConnectionError)
