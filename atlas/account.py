"""The account: what is left on it, what was used and what that cost by the day, in USD (atlas-api.md §10)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from atlas.errors import UnexpectedReply
from atlas.reading import Json, balance, items, line, mapping

MOST_DAYS = 180
MOST_ROWS = 1000  # on one page

_COUNTED_APART = {"object", "amount", "cost"}
_CURSOR = re.compile(r"[\x21-\x7e]{1,500}")


class Grouping(StrEnum):
    """How the rows of a day are told apart."""

    ALL = ""
    MODEL_TYPE = "model_type"
    MODEL = "model"
    KEY = "api_key"
    MODEL_AND_KEY = "model api_key"


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What the account holds; an amount that was not told is None. ``overdrawn`` is owed to the provider."""

    available: Decimal
    cash: Decimal | None = None
    bonus: Decimal | None = None
    subscription_bonus: Decimal | None = None
    frozen: Decimal | None = None  # set aside for jobs that have not ended
    overdrawn: Decimal | None = None
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a day: whose it is, its counts by name (requests, images …), and what was paid where that is told."""

    model: str = ""
    key: str = ""  # the public name of an API key, never the key
    model_type: str = ""
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Day:
    """One UTC day; ``is_partial`` while more may come."""

    day: date
    rows: tuple[Row, ...]
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """Days in their order; ``is_whole`` is false where there was more than was asked for."""

    days: tuple[Day, ...]
    is_whole: bool = True

    @property
    def amount(self) -> Decimal:
        """The sum of all amounts told."""
        return sum((row.amount for day in self.days for row in day.rows if row.amount is not None), Decimal(0))

    def count(self, name: str) -> int:
        """The sum of one count, such as ``images``."""
        return sum(row.counts.get(name, 0) for day in self.days for row in day.rows)


def balance_of(reply: Mapping[str, Json]) -> Balance:
    """The balance in a reply. Raises UnexpectedReply where it does not say in USD what can be spent."""
    available = _usd(reply.get("available"))
    if available is None:
        raise UnexpectedReply("the balance does not say what is available")
    return Balance(
        available=available,
        cash=_usd(reply.get("cash")),
        bonus=_usd(reply.get("bonus")),
        subscription_bonus=_usd(reply.get("subscription_bonus")),
        frozen=_usd(reply.get("frozen")),
        overdrawn=_usd(mapping(reply.get("credit_grant")).get("overdrawn")),
        account=line(mapping(reply.get("account")).get("name")),
    )


def period(start: date, end: date, grouping: Grouping, *, whole_account: bool) -> list[tuple[str, str]]:
    """The query for the days from ``start`` up to and without ``end``. Raises ValueError where that is no period."""
    if not 0 < (end - start).days <= MOST_DAYS:
        raise ValueError(f"Choose a period of 1 to {MOST_DAYS} days.")
    groups = [("group_by[]", name) for name in grouping.split()]  # the name is repeated; a comma list is refused
    scope = "account" if whole_account else "self"
    return [
        ("start_date", start.isoformat()),
        ("end_date", end.isoformat()),
        ("scope", scope),
        *groups,
        ("limit", str(MOST_ROWS)),
    ]


def report_of(replies: Sequence[Mapping[str, Json]]) -> Report:
    """The days in the pages of one report; a day may continue on the next page. Raises UnexpectedReply."""
    days: dict[date, Day] = {}
    for reply in replies:
        if not isinstance(reply.get("data"), list):
            raise UnexpectedReply("the report holds no list of days")
        for bucket in map(mapping, items(reply["data"])):
            day = _day(bucket.get("date"))
            earlier = days[day].rows if day in days else ()
            rows = tuple(_row_of(mapping(row)) for row in items(bucket.get("results")))
            days[day] = Day(day=day, rows=earlier + rows, is_partial=bucket.get("partial") is True)
    return Report(days=tuple(days[day] for day in sorted(days)), is_whole=replies[-1].get("has_more") is not True)


def next_page(reply: Mapping[str, Json]) -> str:
    """Where the report goes on; empty where it ends, or goes on where nobody could ask."""
    cursor = reply.get("next_page")
    return cursor if reply.get("has_more") is True and isinstance(cursor, str) and _CURSOR.fullmatch(cursor) else ""


def _row_of(told: Mapping[str, Json]) -> Row:
    counts = {
        line(name, 60): value
        for name, value in told.items()
        if isinstance(value, int) and not isinstance(value, bool) and name not in _COUNTED_APART
    }
    return Row(
        model=line(told.get("model_id")) or line(told.get("model")),
        key=line(told.get("api_key_id")) or line(told.get("api_key")),
        model_type=line(told.get("model_type")),
        counts=MappingProxyType(counts),
        amount=next((sum_ for sum_ in map(_usd, (told.get("amount"), told.get("cost"))) if sum_ is not None), None),
    )


def _usd(told: Json) -> Decimal | None:
    """Money is written ``{value: "1.50", currency: "usd"}``; another currency is not ours to add up."""
    if not isinstance(told, dict):
        return balance(told)
    return balance(told.get("value")) if str(told.get("currency", "usd")).lower() == "usd" else None


def _day(told: Json) -> date:
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        raise UnexpectedReply("a day of the report has no date") from None
