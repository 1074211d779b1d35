"""The desk a test steers the simulator from: its log of requests, its script of faults, its money."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from atlas.simulator.account import Account
from atlas.simulator.bodies import parsed
from atlas.simulator.faults import Faults
from atlas.simulator.replies import Refusal
from atlas.simulator.requests_log import RequestLog


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What outlives a restart of the server inside one simulator."""

    log: RequestLog
    faults: Faults


@dataclass(frozen=True, kw_only=True)
class Control:
    """The endpoints below ``/_sim``."""

    desk: Desk
    account: Account

    async def requests(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint is given the request
        """GET the list of what was received."""
        return JSONResponse(self.desk.log.entries())

    async def clear_requests(self, request: Request) -> Response:  # noqa: ARG002
        """DELETE it."""
        self.desk.log.clear()
        return JSONResponse({})

    async def add_fault(self, request: Request) -> Response:
        """POST one line of the script."""
        try:
            self._add(parsed(await request.body()))
        except (ValueError, TypeError, KeyError) as trouble:
            raise Refusal(400, str(trouble)) from trouble
        return JSONResponse({})

    async def forget_faults(self, request: Request) -> Response:  # noqa: ARG002
        """DELETE the script."""
        self.desk.faults.forget()
        return JSONResponse({})

    async def set_credit(self, request: Request) -> Response:
        """PUT the USD that the account was given in all."""
        try:
            credit = Decimal(str(parsed(await request.body())["credit"]))
        except (ValueError, TypeError, KeyError, InvalidOperation) as trouble:
            raise Refusal(400, "credit must be an amount in USD") from trouble
        if not credit.is_finite():
            raise Refusal(400, "credit must be an amount in USD")
        self.account.credit = credit
        return JSONResponse({})

    def _add(self, line: dict[str, Any]) -> None:
        self.desk.faults.add(
            line["where"],
            line["kind"],
            times=int(line.get("times", 1)),
            matching=str(line.get("matching", "")),
            after=int(line.get("after", 0)),
            seconds=float(line.get("seconds", 0.0)),
        )
