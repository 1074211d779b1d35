"""What a run will cost, before it starts: as Atlas Cloud reckons, else as the last one cost, else “from”."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

import streamlit as st

from atlas.language import tr
from atlas.models import ImageRequest
from atlas.prices import dollars
from studio.store import encoded
from ui import models, services
from ui.forms import Order

_PATIENCE_S = 0.4  # a page waits no longer for its prices
_AWAITED_S = 9.0  # as long as a price that came late is still shown by itself
_LOOK_MS = 400
# A component, because the timer of a fragment only ends when the whole page runs again.
_LATER_JS = """
export default function ({ data, setTriggerValue }) {
  const timer = setTimeout(() => setTriggerValue("passed", data.turn), data.after_ms);
  return () => clearTimeout(timer);
}
"""
_later = st.components.v2.component("atlas_later", js=_LATER_JS)


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


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Images of an order that cost the same, and what one of them costs."""

    request: ImageRequest
    images: int
    cost: Cost


def of_one(request: ImageRequest, *, patience_s: float = _PATIENCE_S) -> Cost:
    """The best that is known about one image of this request."""
    told = services.start().pricing.estimate(request, patience_s=patience_s)
    if told is not None:
        return Cost(amount=told.price, basis=Basis.ESTIMATE)
    last = services.store().last_price(request, provider=services.engine().provider)
    if last is not None and not services.is_simulated():
        return Cost(amount=last, basis=Basis.LAST)
    model = models.find(request.model)
    floor = model.floor if model else None
    return Cost(amount=floor, basis=Basis.UNKNOWN if floor is None else Basis.FLOOR)


def estimate(request: ImageRequest) -> Decimal | None:
    """USD of one image, as Atlas Cloud reckons; None where it told nothing yet. Never waits."""
    told = services.start().pricing.estimate(request, patience_s=0)
    return told.price if told else None


def in_words(order: Order, *, patience_s: float = _PATIENCE_S) -> str:
    """The price of the whole order, and how sure it is; never $0 for what is not known."""
    return _worded(order, _parts(order, patience_s=patience_s))


def line(order: Order, said: Callable[[str], str], *, key: str) -> None:
    """A line with the price of the order as ``said`` puts it, in Markdown; it follows when the answer comes late."""
    parts = _parts(order, patience_s=_PATIENCE_S)
    st.fragment(_line, key=f"price_{key}")(order, parts, said, time.monotonic() + _AWAITED_S, key)


def _line(order: Order, parts: Sequence[_Part], said: Callable[[str], str], until: float, key: str) -> None:
    """Looks again by itself while a price is awaited, and only then; reads what is in memory."""
    now = [_as_told(part) for part in parts]
    with st.container(horizontal=True, gap=None):
        st.caption(said(_worded(order, now)))
        is_awaited = any(part.cost.basis is not Basis.ESTIMATE for part in now)
        if is_awaited and time.monotonic() < until:
            turn = time.monotonic_ns() // 1_000_000
            _later(key=f"later_{key}", data={"turn": turn, "after_ms": _LOOK_MS}, width=1)


def _as_told(part: _Part) -> _Part:
    price = estimate(part.request)
    return part if price is None else replace(part, cost=Cost(amount=price, basis=Basis.ESTIMATE))


def _parts(order: Order, *, patience_s: float) -> list[_Part]:
    """What is known of each kind of image in the order; all kinds are asked for before any is waited for."""
    if order.problems:
        return []
    kinds = Counter((request.model, encoded(request.parameters)) for request in order.requests)
    one_of = {(request.model, encoded(request.parameters)): request for request in order.requests}
    for request in one_of.values():
        estimate(request)
    until = time.monotonic() + patience_s
    return [
        _Part(
            request=one_of[kind],
            images=many * order.count,
            cost=of_one(one_of[kind], patience_s=max(0.0, until - time.monotonic())),
        )
        for kind, many in kinds.items()
    ]


def _worded(order: Order, parts: Sequence[_Part]) -> str:
    if order.problems:
        return tr("price known when the settings are right")
    if all(part.cost.amount is None for part in parts):
        words = tr("price not known")
    else:
        total = sum(((part.cost.amount or Decimal(0)) * part.images for part in parts), Decimal(0))
        words = _said(total, min(part.cost.basis for part in parts))
    return (
        tr("simulated: nothing to pay (at Atlas Cloud {words})").format(words=words)
        if services.is_simulated()
        else words
    )


def told(images: str, price: str) -> str:
    """How many images, what they cost, and what today may still cost where there is a limit."""
    return tr("{images}, {price}. {left}").format(images=images, price=price, left=_left_of_budget()).strip()


def _left_of_budget() -> str:
    budget = services.engine().budget()
    if budget is None or budget.cap is None or budget.left is None:
        return ""
    return tr("Left of today's budget: {left} of {cap}.").format(left=dollars(budget.left), cap=dollars(budget.cap))


def _said(total: Decimal, basis: Basis) -> str:
    if total == 0 and basis is Basis.ESTIMATE:
        return tr("free")
    money = dollars(total)
    words = {
        Basis.ESTIMATE: tr("about {money}").format(money=money),
        Basis.LAST: tr("about {money}, as the last ones cost").format(money=money),
        Basis.FLOOR: tr("from {money}").format(money=money),
        Basis.UNKNOWN: tr("from {money}, and some prices are not known").format(money=money),
    }
    return words[basis]
