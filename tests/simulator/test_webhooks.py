"""A caller who left an address is told once when the job has ended, and only on this machine."""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from atlas.simulator import Simulator
from tests.simulator.calling import SMALL, Caller, Clock, refusal, until


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A server that writes down what is posted to it."""

    url: str
    deliveries: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.bodies.append(body)
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


def keys_of(simulator: Simulator) -> list[dict[str, str]]:
    reply = requests.get(f"{simulator.url}/api/v1/webhooks/jwks.json", timeout=5)
    keys: list[dict[str, str]] = reply.json()["keys"]
    return keys


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(headers: dict[str, str], body: bytes, keys: list[dict[str, str]]) -> None:
    """As a receiver does it; raises InvalidSignature."""
    named = headers["X-AtlasCloud-Webhook-Key-Id"]
    key = next(key for key in keys if key["kid"] == named)
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    signed = headers["X-AtlasCloud-Webhook-Timestamp"].encode() + b"." + body
    signature = decoded(headers["X-AtlasCloud-Webhook-Signature-Ed25519"])
    Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(signature, signed)


def test_a_receiver_can_check_who_told_it(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    caller.submit(webhook_url=receiver.url)
    until(lambda: bool(receiver.deliveries))
    (headers, _), body = receiver.deliveries[0], receiver.bodies[0]

    verify(headers, body, keys_of(simulator))
    changed = bytes([body[0] ^ 1]) + body[1:]
    later = str(int(headers["X-AtlasCloud-Webhook-Timestamp"]) + 1)
    for what, wrong in ((headers, changed), ({**headers, "X-AtlasCloud-Webhook-Timestamp": later}, body)):
        with pytest.raises(InvalidSignature):
            verify(what, wrong, keys_of(simulator))


def test_a_delivery_that_comes_twice_is_signed_twice(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    simulator.fault("webhook", "twice")
    caller.submit(webhook_url=receiver.url)
    until(lambda: len(receiver.deliveries) == 2)

    for (headers, _), body in zip(receiver.deliveries, receiver.bodies, strict=True):
        verify(headers, body, keys_of(simulator))


def test_the_key_is_public_alone_and_another_after_every_start(simulator: Simulator) -> None:
    with Simulator() as other:
        (here,), (there,) = keys_of(simulator), keys_of(other)
    assert keys_of(simulator) == [here], "it stays while the simulator runs"

    assert set(here) == {"kty", "crv", "x", "kid", "use", "alg"}, "d would be the secret"
    assert (here["x"], here["kid"]) != (there["x"], there["kid"])
    assert len(decoded(here["x"])) == 32


def test_nobody_waits_for_cryptography_without_a_webhook() -> None:
    starting = (
        "import sys; from atlas.simulator import Simulator\nwith Simulator(): print('cryptography' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", starting], capture_output=True, text=True, timeout=60, check=True)

    assert told.stdout.strip() == "False"
