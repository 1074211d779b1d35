"""What a key has submitted, newest first: the way back to a job whose id was lost (atlas-api.md section 9)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from atlas.simulator import replies
from atlas.simulator.faults import Faults, Where
from atlas.simulator.jobs import Job
from atlas.simulator.keys import public_id
from atlas.simulator.ledger import Ledger
from atlas.simulator.replies import Refusal

_STATUSES = frozenset({"created", "processing", "completed", "failed", "timeout"})
_MOST = 50
_USUAL = 10
_LONGEST = 9  # digits


@dataclass(frozen=True, kw_only=True)
class History:
    """The endpoint for the list of jobs."""

    ledger: Ledger
    faults: Faults
    clock: Callable[[], float]

    async def page(self, request: Request) -> Response:
        """GET history."""

        async def usual() -> Response:
            number, size = _whole(request, "no", 1, None), _whole(request, "size", _USUAL, _MOST)
            found = self._matching(request)
            here = found[(number - 1) * size : number * size]
            items = [self._item(job, request) for job in here]
            return replies.success({"items": items, "pageNo": number, "pageSize": size, "total": len(found)})

        return await self.faults.through(Where.HISTORY, request, "", usual)

    def _matching(self, request: Request) -> list[Job]:
        """This key's jobs that pass the filters; an empty filter is none."""
        session, model, status = (request.query_params.get(name) for name in ("sessionID", "model", "status"))
        if status and status not in _STATUSES:
            raise Refusal(400, f"status must be one of: {', '.join(sorted(_STATUSES))}")
        owner, now = public_id(request), self.clock()
        mine = [job for job in reversed(self.ledger.remembered()) if job.owner == owner]
        return [
            job
            for job in mine
            if session in (None, "", job.id)
            and model in (None, "", job.model)
            and status in (None, "", job.status(now))
        ]

    def _item(self, job: Job, request: Request) -> dict[str, Any]:
        """One row. Pictures are named by their addresses, also where the job answers in base64."""
        result = job.told(self.clock(), str(request.base_url))
        return {
            "ID": job.id,
            "createdAt": int(job.accepted_at),
            "model": job.model,
            "requestBody": json.dumps(job.body),
            "result": result,
            "status": result["status"],
        }


def _whole(request: Request, name: str, usual: int, most: int | None) -> int:
    """A whole number from 1 in the query."""
    text = request.query_params.get(name) or str(usual)
    if not text.isdecimal() or len(text) > _LONGEST or int(text) < 1 or (most and int(text) > most):
        raise Refusal(400, f"{name} must be an integer from 1" + (f" to {most}" if most else ""))
    return int(text)
