"""What an image costs, in USD: the catalogue's base price, and an estimate for one request (atlas-api.md §6, §8).

A price that nobody named is None. It is never zero: zero is free, and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from atlas.errors import UnexpectedReply
from atlas.language import ENGLISH, current, later, tr
from atlas.reading import Json, line, mapping, money, whole

_UNITS = {"generation": later("run"), "1k_chars": later("1,000 characters"), "image": later("image")}


@dataclass(frozen=True, kw_only=True)
class Price:
    """The base price of a model: ``actual`` is charged now, ``origin`` is the list price.

    It is the least that an image costs. Size, quality, further images and references can raise it.
    """

    actual: Decimal | None = None
    origin: Decimal | None = None
    percent_off: int = 0
    unit: str = "image"

    @property
    def is_free(self) -> bool:
        return self.actual == 0

    @property
    def label(self) -> str:
        """As people read it: “from $0.008 per image (list price $0.009, 10 % off)”, “free”, “price not known”."""
        if self.actual is None:
            return tr("price not known")
        if self.is_free:
            return tr("free")
        told = {"money": dollars(self.actual), "unit": tr(_UNITS.get(self.unit, self.unit))}
        if self.origin is None or self.origin <= self.actual:
            return tr("from {money} per {unit}").format(**told)
        whole = dollars(self.origin)
        if not self.percent_off:
            return tr("from {money} per {unit} (list price {whole})").format(**told, whole=whole)
        words = tr("from {money} per {unit} (list price {whole}, {percent} % off)")
        return words.format(**told, whole=whole, percent=self.percent_off)

    def runs_for(self, budget: Decimal) -> int | None:
        """How many of the cheapest images a budget in USD buys, rounded down; None where free or not known."""
        return int((budget / self.actual).to_integral_value(ROUND_FLOOR)) if self.actual else None


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one request will cost, as Atlas Cloud reckons before it is made."""

    price: Decimal
    list_price: Decimal | None = None
    percent_off: int = 0
    is_estimated: bool = False  # the final price depends on what is made, such as tokens used

    @property
    def label(self) -> str:
        if self.price == 0:
            return tr("free")
        return tr("about {money}").format(money=dollars(self.price)) if self.is_estimated else dollars(self.price)


def price_of(row: Mapping[str, Json]) -> Price:
    """The price in a row of the catalogue; a row without a unit is priced per image."""
    told = mapping(row.get("price"))
    actual, origin = mapping(told.get("actual")), mapping(told.get("origin"))
    unit = line(actual.get("unit"), 20) or line(origin.get("unit"), 20) or "image"
    return Price(
        actual=money(actual.get("base_price")),
        origin=money(origin.get("base_price")),
        percent_off=_percent_off(told.get("discount")),
        unit=unit.lower(),
    )


def estimate_of(reply: Mapping[str, Json]) -> Estimate:
    """The estimate in a reply. Raises UnexpectedReply where it names no price."""
    told = mapping(reply.get("data"))
    price = money(told.get("price"))
    if price is None:
        raise UnexpectedReply("the estimate names no price")
    return Estimate(
        price=price,
        list_price=money(told.get("origin_price")),
        percent_off=_percent_off(told.get("discount")),
        is_estimated=told.get("estimated") is True,
    )


def dollars(amount: Decimal) -> str:
    """$0.008, $0.02, $12.50: at least cents, and no digit of a small price is lost."""
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    sign = "$" if current() == ENGLISH else "US$"
    return f"{sign}{amount:,.{min(places, 6)}f}"


def _percent_off(paid: Json) -> int:
    """``discount`` names the percent that is paid: 80 is 20 % off."""
    percent = whole(paid)
    return 100 - percent if percent is not None and 0 <= percent <= 100 else 0
