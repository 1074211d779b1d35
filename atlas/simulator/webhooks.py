"""Telling a caller that a job has ended, without being asked (atlas-api.md section 12).

One POST for each job with a ``webhook_url``, to receivers on this machine alone: the simulator never leaves it, so an
address elsewhere is accepted and not called. Every delivery is signed, see ``signing``. A delivery that a restart
interrupts is lost; polling tells the same.
"""

import asyncio
import json
import logging
import ssl
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from atlas.simulator.addresses import is_here
from atlas.simulator.faults import Faults, Where
from atlas.simulator.jobs import Job
from atlas.simulator.signing import Signing

_EVENT = "image.task.terminal"
_LOOK = 0.05  # seconds between looks at the clock of the jobs
_PATIENCE = 5.0  # seconds for one delivery

Report = Callable[[], dict[str, Any]]

_log = logging.getLogger(__name__)


class Webhooks:
    """Deliveries under way. Used from the event loop only."""

    def __init__(self, *, clock: Callable[[], float], faults: Faults, signing: Signing) -> None:
        self._clock = clock
        self._faults = faults
        self._signing = signing
        self._under_way: set[asyncio.Task[None]] = set()

    def promise(self, job: Job, report: Report) -> None:
        """Delivers ``report`` of the job when it has ended, where it asked for that; never for one that is stuck."""
        address = job.body.get("webhook_url")
        if not address or not is_here(address) or job.done_at == float("inf"):
            return
        task = asyncio.create_task(self._keep_promise(job, address, report))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _keep_promise(self, job: Job, address: str, report: Report) -> None:
        while not job.is_done(self._clock()):
            await asyncio.sleep(_LOOK)
        fault = self._faults.next(Where.WEBHOOK, job.prompt)
        body, identity = json.dumps(_event(job, report())).encode(), str(uuid.uuid4())
        for _ in range(2 if fault else 1):
            try:
                await asyncio.wait_for(_post(address, body, self._headers(identity, body)), _PATIENCE)
            except (OSError, TimeoutError) as trouble:
                _log.warning("The webhook of %s was not delivered: %s", job.id, trouble or "no answer in time")

    def _headers(self, identity: str, body: bytes) -> dict[str, str]:
        """What a receiver checks before it reads; ``body`` is signed as it is sent."""
        timestamp = int(self._clock())
        return {
            "X-AtlasCloud-Webhook-Event": _EVENT,
            "X-AtlasCloud-Webhook-Id": identity,
            "X-AtlasCloud-Webhook-Timestamp": str(timestamp),
            "X-AtlasCloud-Webhook-Key-Id": self._signing.kid,
            "X-AtlasCloud-Webhook-Signature-Ed25519": self._signing.signature(timestamp, body),
        }


def _event(job: Job, data: dict[str, Any]) -> dict[str, Any]:
    """The body of a delivery: ``OK`` says that the job ended, ``payload.status`` how."""
    return {"session_id": job.id, "event_type": _EVENT, "status": "OK", "payload": data, "error": ""}


async def _post(address: str, body: bytes, headers: dict[str, str]) -> None:
    place = urlsplit(address)
    secure = place.scheme == "https"
    context = ssl.create_default_context() if secure else None
    reader, writer = await asyncio.open_connection(place.hostname, place.port or (443 if secure else 80), ssl=context)
    try:
        writer.write(_head(place, len(body), headers) + body)
        await writer.drain()
        await reader.readline()
    finally:
        writer.close()


def _head(place: SplitResult, length: int, headers: dict[str, str]) -> bytes:
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    lines = {
        "Host": place.netloc.rpartition("@")[2],
        "User-Agent": "atlas-simulator",
        "Content-Type": "application/json",
        "Content-Length": length,
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode()
