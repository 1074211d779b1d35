"""Dates, numbers and money as the language of whoever is told writes them."""

from datetime import UTC, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError, dates, numbers

from atlas.language import current, region
from atlas.prices import dollars
from studio.search import known_zone


def number(value: float | Decimal, digits: int = 0) -> str:
    """With separators, and as many digits after the point, always."""
    places = "." + "0" * digits if digits else ""
    return numbers.format_decimal(value, format=f"#,##0{places}", locale=_locale())


def money(amount: Decimal) -> str:
    """US dollars, to the cent."""
    return dollars(amount.quantize(Decimal("0.01")))


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    places = "." + "0" * digits if digits else ""
    return numbers.format_percent(share, format=f"#,##0{places}%", locale=_locale())


def day(milliseconds: int, zone: str) -> str:
    """Epoch milliseconds as a date in this time zone."""
    return dates.format_date(_moment(milliseconds, zone), format="medium", locale=_locale())


def moment(milliseconds: int, zone: str, *, seconds: bool = False) -> str:
    """Epoch milliseconds as date and time in this time zone; with ``seconds``, the time alone."""
    when = _moment(milliseconds, zone)
    if seconds:
        return when.strftime("%H:%M:%S")
    return f"{dates.format_date(when, format='medium', locale=_locale())} {when:%H:%M}"


def _locale() -> Locale:
    try:
        return Locale.parse(region())
    except (UnknownLocaleError, ValueError):
        return Locale.parse(current())


def _moment(milliseconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(known_zone(zone))
