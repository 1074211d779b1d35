"""Values out of JSON that nobody vouches for: each is what it should be, or nothing."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from atlas.text import excerpt

Json: TypeAlias = Any  # what json.loads returns

_RICHEST = 1_000_000_000
_DEEPEST = 100


def parsed(text: str | bytes) -> Json:
    """The value in a JSON text. Raises ValueError, also where it is nested deeper than any reply is."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError("nested too deep")


def mapping(value: Json) -> Mapping[str, Json]:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """The JSON list, or an empty one."""
    return value if isinstance(value, list) else []


def line(value: Json, limit: int = 200) -> str:
    """Text on one line of at most ``limit`` characters; empty where it is no text."""
    return excerpt(value, limit) if isinstance(value, str) else ""


def whole(value: Json) -> int | None:
    """A whole number, also one written as text."""
    if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def number(value: Json) -> float | None:
    """A finite number, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def money(value: Json) -> Decimal | None:
    """An amount that can be charged: decimal text or a number, zero included, never below."""
    amount = balance(value)
    return amount if amount is not None and 0 <= amount < 1_000_000 else None


def balance(value: Json) -> Decimal | None:
    """An amount that may lie below zero."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _RICHEST else None


def moment(value: Json) -> datetime | None:
    """A point in time, from seconds since 1970 or ISO 8601 text, in UTC."""
    try:
        if isinstance(value, str) and not value.isdecimal():
            read = datetime.fromisoformat(value)
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        seconds = number(value)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
