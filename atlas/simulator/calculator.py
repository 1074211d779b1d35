"""What a request would cost, without making it (atlas-api.md section 8). Needs no key."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from atlas.simulator import estimates, orders, replies, schemas, sizes
from atlas.simulator.faults import Faults, Where
from atlas.simulator.references import References
from atlas.simulator.replies import Refusal


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """The endpoint for estimates."""

    references: References
    faults: Faults
    strict: bool

    async def estimate(self, request: Request) -> Response:
        """POST calculate; a prompt that is still missing does not matter, a value that makes no sense does."""
        body = orders.flat_body(request, await request.body())

        async def usual() -> Response:
            model, known = orders.asked(body, strict=self.strict, complete=False)
            problem = schemas.problem(model, known, exact=self.strict)
            if problem:
                raise Refusal(400, problem)
            found = (await self.references.of(known, request)).sources
            size = sizes.pixels(model, known, source=found[0].size if found else None)
            images = orders.count(model, known)
            actual, origin = (
                estimates.price(model, known, images=images, size=size, side=side) for side in ("actual", "origin")
            )
            if actual is None:
                raise Refusal(404, f"model {model.id} has no price")
            discount = model.price.get("discount", "100")
            told = {"price": actual, "origin_price": origin, "discount": discount}
            return replies.success({**told, "estimated": False, "estimated_tokens": 0})

        return await self.faults.through(Where.CALCULATE, request, str(body.get("prompt", "")), usual)
