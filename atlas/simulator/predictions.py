"""Submitting a job and asking for it (atlas-api.md sections 3 and 4)."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from atlas.simulator import orders, replies
from atlas.simulator.account import Account
from atlas.simulator.faults import Faults, Where, seconds_of
from atlas.simulator.gallery import Gallery
from atlas.simulator.jobs import Job
from atlas.simulator.keys import public_id
from atlas.simulator.ledger import Ledger
from atlas.simulator.orders import Order
from atlas.simulator.outcomes import NORMAL
from atlas.simulator.references import References
from atlas.simulator.replies import Refusal
from atlas.simulator.webhooks import Webhooks
from atlas.simulator.wire import pause


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """The endpoints for jobs; for the first ``warm_up`` seconds of a job a poll does not find it."""

    ledger: Ledger
    account: Account
    references: References
    gallery: Gallery
    webhooks: Webhooks
    faults: Faults
    clock: Callable[[], float]
    strict: bool
    sync_limit: float
    warm_up: float

    async def submit(self, request: Request) -> Response:
        """POST generateImage."""
        body = orders.flat_body(request, await request.body())

        async def usual() -> Response:
            job = self._accept(await self._order(body, request), public_id(request))
            self.webhooks.promise(job, lambda: job.told(self.clock(), str(request.base_url)))
            return await self._finished(request, job) if job.sync else self._accepted(request, job)

        return await self.faults.through(Where.SUBMIT, request, str(body.get("prompt", "")), usual)

    async def poll(self, request: Request) -> Response:
        """GET prediction and result."""

        async def found(data: dict[str, Any]) -> Response:
            return replies.success(data)

        return await self._polled(request, request.path_params["prediction_id"], found)

    async def poll_as_before(self, request: Request) -> Response:
        """GET getResult, the oldest way to ask: all of it at the top level, the pictures as ``output``."""

        async def found(data: dict[str, Any]) -> Response:
            return JSONResponse({"code": 200, "message": "success", **data, "output": data["outputs"]})

        return await self._polled(request, request.query_params.get("predictionId", ""), found)

    async def _polled(
        self, request: Request, identity: str, told: Callable[[dict[str, Any]], Awaitable[Response]]
    ) -> Response:
        job = self.ledger.find(identity)

        async def usual() -> Response:
            if job is None or self.clock() < job.accepted_at + self.warm_up:
                raise Refusal(404, "not found")
            return await told(await self._report(request, job))

        return await self.faults.through(Where.POLL, request, job.prompt if job else "", usual)

    async def _order(self, body: dict[str, Any], request: Request) -> Order:
        model, known = orders.asked(body, strict=self.strict)
        found = await self.references.of(known, request)
        return orders.understood(model, known, request.headers, found, strict=self.strict)

    def _accept(self, order: Order, owner: str) -> Job:
        self.account.demand(order)
        fault = self.faults.next(Where.TASK, order.prompt)
        outcome, latency = (fault.kind, seconds_of(fault) or None) if fault else (NORMAL, None)
        job = self.ledger.accept(order, owner=owner, outcome=outcome, latency=latency)
        self.account.reserve(job)
        self.gallery.begin(job)
        return job

    def _accepted(self, request: Request, job: Job) -> Response:
        """The superset of every reply that clients are known to read (section 18, point 7)."""
        data = job.submitted(job.poll_url(str(request.base_url)))
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
        origin = str(request.base_url)
        if not (job.base64 and job.has_pictures(now)):
            return job.told(now, origin)
        lead = f"data:image/{job.format};base64," if job.ending.data_uri else ""
        pictures = [await self.gallery.picture(job, number) for number in range(1, job.images + 1)]
        texts = [lead + base64.b64encode(picture).decode() for picture in pictures]
        return job.report(now, job.poll_url(origin), texts)


def _beside(data: dict[str, Any], status: str) -> dict[str, Any]:
    """What the oldest samples read beside ``data``."""
    return {"id": data["id"], "status": status, "model": data["model"], "created_at": data["created_at"]}
