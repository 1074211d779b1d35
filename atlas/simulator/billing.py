"""Balance, usage and costs, in the manner of their own part of the API (atlas-api.md section 10)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from atlas.simulator import replies, usage
from atlas.simulator.account import Account
from atlas.simulator.faults import Faults, Where
from atlas.simulator.keys import public_id
from atlas.simulator.ledger import Ledger
from atlas.simulator.usage import money

_OWNER = {"id": "acc_simulated", "name": "Simulated account", "type": "personal"}


@dataclass(frozen=True, kw_only=True)
class Billing:
    """The endpoints below ``/public/v1``. What text models say is not billed here."""

    account: Account
    ledger: Ledger
    faults: Faults
    clock: Callable[[], float]

    async def balance(self, request: Request) -> Response:
        """GET balance."""

        async def usual() -> Response:
            available, frozen, none = self.account.available(), self.account.frozen(), Decimal(0)
            sums = {
                "available": available,
                "cash": available + frozen,
                "bonus": none,
                "subscription_bonus": none,
                "frozen": frozen,
            }
            return JSONResponse(
                {
                    "object": "balance",
                    "scope": "account",
                    "account": _OWNER,
                    **{name: money(amount) for name, amount in sums.items()},
                    "credit_grant": {
                        "status": "none",
                        **_nothing("granted", "used", "remaining_overdraft", "overdrawn"),
                    },
                    "request_id": replies.billing_id(request),
                }
            )

        return await self.faults.through(Where.BILLING, request, "", usual)

    async def usage(self, request: Request) -> Response:
        """GET model-usage."""
        return await self._list(request, "usage.bucket")

    async def costs(self, request: Request) -> Response:
        """GET model-costs."""
        return await self._list(request, "model_cost.bucket")

    async def _list(self, request: Request, kind: str) -> Response:
        async def usual() -> Response:
            query, now = usage.understood(request.query_params), self.clock()
            jobs = [job for job in self.ledger.accepted() if query.wants(job, public_id(request))]
            entries = usage.counted(jobs, query) if kind == "usage.bucket" else usage.priced(jobs, query, now)
            head: dict[str, Any] = {"object": "list", "scope": query.scope}
            told = usage.page(entries, query, kind=kind, now=now)
            return JSONResponse({**head, **told, "request_id": replies.billing_id(request)})

        return await self.faults.through(Where.BILLING, request, "", usual)


def _nothing(*names: str) -> dict[str, dict[str, str]]:
    return {name: money(Decimal(0)) for name in names}
