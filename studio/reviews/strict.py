"""JSON from anywhere, taken only in the shape that is expected. Everything here raises ValueError."""

import json
import math
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """One JSON object."""
    try:
        told = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(told, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - what is wrong is the text
    return told


def whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1 << 53:
        raise ValueError(f"{value!r:.40} is no whole number")
    return value


def number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r:.40} is no number")
    return value


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")  # noqa: TRY004 - what is wrong is the text around it
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is neither true nor false")  # noqa: TRY004
    return value


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is no list")  # noqa: TRY004
    return tuple(map(text, value))


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
