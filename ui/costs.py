"""What a run will cost, before it starts: as Atlas Cloud reckons, else as the last one cost, else “from”."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from atlas.models import ImageRequest
from atlas.prices import dollars
from studio.store import encoded
from ui import models, services
from ui.forms import Order


class Basis(IntEnum):
    """How much a price can be relied on, the least first."""

    UNKNOWN = 0
    FLOOR = 1
    LAST = 2
    ESTIMATE = 3


@dataclass(frozen=True, kw_only=True)
class Cost:
    """USD of one image, or of a run; None where nobody knows."""

    amount: Decimal | None
    basis: Basis


def of_one(request: ImageRequest) -> Cost:
    """The best that is known about one image of this request."""
    estimate = services.start().pricing.estimate(request)
    if estimate is not None:
        return Cost(amount=estimate.price, basis=Basis.ESTIMATE)
    last = services.store().last_price(request, provider=services.engine().provider)
    if last is not None and not services.is_simulated():
        return Cost(amount=last, basis=Basis.LAST)
    model = models.find(request.model)
    floor = model.floor if model else None
    return Cost(amount=floor, basis=Basis.UNKNOWN if floor is None else Basis.FLOOR)


def estimate(request: ImageRequest) -> Decimal | None:
    """USD of one image, as Atlas Cloud reckons; None where it told nothing."""
    told = services.start().pricing.estimate(request, patience_s=0)  # asked when the total was shown
    return told.price if told else None


def in_words(order: Order) -> str:
    """The price of the whole order, and how sure it is; never $0 for what is not known."""
    if order.problems:
        return "price known when the settings are right"
    kinds = Counter((request.model, encoded(request.parameters)) for request in order.requests)
    one_of = {(request.model, encoded(request.parameters)): request for request in order.requests}
    each = [(of_one(one_of[kind]), many) for kind, many in kinds.items()]
    known = [cost for cost, _ in each if cost.amount is not None]
    if not known:
        words = "price not known"
    else:
        total = sum(((cost.amount or Decimal(0)) * many for cost, many in each), Decimal(0)) * order.count
        words = _said(total, min(cost.basis for cost, _ in each))
    return f"simulated: nothing to pay (at Atlas Cloud {words})" if services.is_simulated() else words


def left_of_budget() -> str:
    """What today may still cost, as a sentence; empty where there is no limit."""
    budget = services.engine().budget()
    if budget is None or budget.cap is None or budget.left is None:
        return ""
    return f" Left of today's budget: {dollars(budget.left)} of {dollars(budget.cap)}."


def _said(total: Decimal, basis: Basis) -> str:
    if total == 0 and basis is Basis.ESTIMATE:
        return "free"
    money = dollars(total)
    words = {
        Basis.ESTIMATE: f"about {money}",
        Basis.LAST: f"about {money}, as the last ones cost",
        Basis.FLOOR: f"from {money}",
        Basis.UNKNOWN: f"from {money}, and some prices are not known",
    }
    return words[basis]
