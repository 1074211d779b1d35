"""Submitting a job and asking for it (atlas-api.md sections 3 and 4)."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from atlas.simulator import orders, replies
from atlas.simulator.faults import Faults, Where, seconds_of
from atlas.simulator.gallery import Gallery
from atlas.simulator.jobs import Job
from atlas.simulator.ledger import Ledger
from atlas.simulator.orders import Order
from atlas.simulator.replies import Refusal
from atlas.simulator.wire import pause


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """The endpoints for jobs."""

    ledger: Ledger
    gallery: Gallery
    faults: Faults
    clock: Callable[[], float]
    strict: bool
    sync_limit: float

    async def submit(self, request: Request) -> Response:
        """POST generateImage."""
        body = orders.flat_body(request, await request.body())

        async def usual() -> Response:
            order = orders.understood(body, request.headers, strict=self.strict)
            job = self._accept(order)
            return await self._finished(request, job) if order.sync else self._accepted(request, job)

        return await self.faults.through(Where.SUBMIT, request, str(body.get("prompt", "")), usual)

    async def poll(self, request: Request) -> Response:
        """GET prediction and result."""
        job = self.ledger.find(request.path_params["prediction_id"])

        async def usual() -> Response:
            if job is None:
                raise Refusal(404, "not found")
            return replies.success(await self._report(request, job))

        return await self.faults.through(Where.POLL, request, job.prompt if job else "", usual)

    def _accept(self, order: Order) -> Job:
        fault = self.faults.next(Where.TASK, order.prompt)
        if fault is None:
            return self.ledger.accept(order)
        return self.ledger.accept(order, outcome=fault.kind, latency=seconds_of(fault) or None)

    def _accepted(self, request: Request, job: Job) -> Response:
        """The superset of every reply that clients are known to read (section 18, point 7)."""
        data = job.submitted(_poll_url(request, job))
        return replies.success(data, **_beside(data, "processing"))

    async def _finished(self, request: Request, job: Job) -> Response:
        """Sync mode: the ended prediction, or 504 while the job goes on."""
        await pause(request, min(max(job.done_at - self.clock(), 0.0), self.sync_limit))
        if not job.is_done(self.clock()):
            raise Refusal(504, "the prediction takes too long for sync mode")
        data = await self._report(request, job)
        return replies.success(data, **_beside(data, data["status"]))

    async def _report(self, request: Request, job: Job) -> dict[str, Any]:
        now = self.clock()
        return job.report(now, _poll_url(request, job), await self._pictures(request, job, now))

    async def _pictures(self, request: Request, job: Job, now: float) -> list[str]:
        if not (job.draws_pictures and job.is_done(now)):
            return []
        if not job.base64:
            return [f"{request.base_url}files/{name}" for name in job.file_names()]
        lead = f"data:image/{job.format};base64," if job.ending.data_uri else ""
        pictures = [await self.gallery.picture(job, number) for number in range(1, job.images + 1)]
        return [lead + base64.b64encode(picture).decode() for picture in pictures]


def _poll_url(request: Request, job: Job) -> str:
    return f"{request.base_url}api/v1/model/prediction/{job.id}"


def _beside(data: dict[str, Any], status: str) -> dict[str, Any]:
    """What the oldest samples read beside ``data``."""
    return {"id": data["id"], "status": status, "model": data["model"], "created_at": data["created_at"]}
