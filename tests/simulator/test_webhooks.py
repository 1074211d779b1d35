"""A caller who left an address is told once when the job has ended, and only on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from atlas.simulator import Simulator
from tests.simulator.calling import SMALL, Caller, Clock, refusal, until


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A server that writes down what is posted to it."""

    url: str
    deliveries: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.deliveries.append((dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told = Receiver(url=f"http://127.0.0.1:{server.server_port}/hooks/atlas?from=test")
        threading.Thread(target=server.serve_forever).start()
        yield told
        server.shutdown()


def test_the_end_of_a_job_is_told_once_with_what_a_poll_says(caller: Caller, receiver: Receiver) -> None:
    job = caller.submit(webhook_url=receiver.url)
    until(lambda: bool(receiver.deliveries))

    headers, body = receiver.deliveries[0]

    assert set(body) == {"session_id", "event_type", "status", "payload", "error"}
    assert (body["session_id"], body["event_type"], body["status"]) == (job, "image.task.terminal", "OK")
    assert body["payload"] == caller.data(job)
    assert headers["X-AtlasCloud-Webhook-Event"] == "image.task.terminal"
    assert headers["X-AtlasCloud-Webhook-Timestamp"].isdecimal()
    assert headers["X-AtlasCloud-Webhook-Id"]
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert len(receiver.deliveries) == 1


def test_nothing_is_told_before_the_end_nor_of_a_job_that_is_stuck(receiver: Receiver) -> None:
    clock = Clock()
    with Simulator(latency=10, clock=clock, control=True) as simulator:
        caller = Caller(url=simulator.url)
        simulator.fault("task", "stuck")
        caller.submit(webhook_url=receiver.url)
        job = caller.submit(webhook_url=receiver.url)
        clock.now += 9
        assert caller.data(job)["status"] == "processing"
        assert receiver.deliveries == []
        clock.now += 1
        until(lambda: bool(receiver.deliveries))

    assert [body["session_id"] for _, body in receiver.deliveries] == [job]


def test_a_failure_is_told_under_ok_as_well(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    simulator.fault("task", "timeout")

    caller.submit(webhook_url=receiver.url)
    until(lambda: bool(receiver.deliveries))

    body = receiver.deliveries[0][1]
    assert (body["status"], body["payload"]["status"]) == ("OK", "timeout")


def test_a_delivery_may_come_twice(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    simulator.fault("webhook", "twice")

    caller.submit(webhook_url=receiver.url)
    until(lambda: len(receiver.deliveries) == 2)

    (first, body), (second, again) = receiver.deliveries
    assert body == again
    assert first["X-AtlasCloud-Webhook-Id"] == second["X-AtlasCloud-Webhook-Id"]


def test_a_receiver_that_is_not_there_disturbs_nobody(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    job = caller.submit(webhook_url="http://127.0.0.1:9/")

    until(lambda: "was not delivered" in caplog.text)
    assert caller.data(job)["status"] == "completed"


def test_an_address_elsewhere_is_taken_and_never_called(
    caller: Caller, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = caller.submit(webhook_url="https://192.0.2.1/hook")  # a try would fail at once, and be logged
    caller.submit(webhook_url=receiver.url)
    until(lambda: bool(receiver.deliveries))

    assert caller.data(elsewhere)["status"] == "completed"
    assert caplog.text == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "ftp://127.0.0.1/",
        "https://",
        "https://a.test:x/",
        "no address",
        "",
        5,
        "https://a.test/ b",
    ],
)
def test_an_address_that_is_not_https_is_refused(caller: Caller, address: object) -> None:
    assert "webhook_url" in refusal(caller.post({**SMALL, "webhook_url": address}), 400)


def test_an_address_that_is_null_is_none(caller: Caller) -> None:
    assert caller.data(caller.submit(webhook_url=None))["status"] == "completed"


def test_deliveries_are_not_signed_so_there_are_no_keys(simulator: Simulator) -> None:
    assert requests.get(f"{simulator.url}/api/v1/webhooks/jwks.json", timeout=5).json() == {"keys": []}
