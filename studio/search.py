"""What somebody looks for in the library: words, filters and an order, as a value and as part of an address."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from atlas.models import Parameters
from atlas.text import clean
from studio.generations import State

_EARLIEST, _LATEST = 1970, 2200  # years
NO_FOLDER = "-"  # the folder of what is in none
MOST_STARS = 5
_ACCENTS = re.compile(r"[\u0300-\u036f]")  # not U+3099: が without its mark is another syllable
_PART = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    COSTLY = "costly"
    CHEAP = "cheap"
    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True, kw_only=True)
class Search:
    """Every condition must hold; of several models, sizes, qualities or states one suffices, of tags all are needed.

    ``since`` and ``until`` are days in the time zone ``zone``, both included; costs are USD; ``prompt`` is the key
    of identical prompts; ``folder`` is a folder's id.
    """

    words: str = ""
    model: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    state: tuple[State, ...] = ()
    starred: bool = False
    rating: int = 0  # at least
    tag: tuple[str, ...] = ()
    folder: str = ""
    experiment: str = ""
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    prompt: str = ""
    bin: bool = False
    sort: Sort = Sort.NEWEST
    zone: str = "UTC"

    @cached_property
    def wanted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Folded pieces that the prompt has to contain, and those it must not: ``red "two words" -blue``."""
        wanted: list[str] = []
        unwanted: list[str] = []
        for minus_phrase, phrase, minus_word, word in _PART.findall(clean(self.words)):
            piece = fold(phrase or word)
            if piece:
                (unwanted if minus_phrase or minus_word else wanted).append(piece)
        return tuple(wanted), tuple(unwanted)

    @property
    def period(self) -> tuple[int | None, int | None]:
        """Epoch milliseconds from which, and before which."""
        after = self.until + timedelta(days=1) if self.until else None
        return self._midnight(self.since), self._midnight(after)

    @property
    def filters(self) -> int:
        """How many filters are set; words, order and bin are none."""
        conditions = [field.name for field in fields(self) if field.name not in {"words", "bin", "sort", "zone"}]
        return sum(bool(getattr(self, name)) or isinstance(getattr(self, name), Decimal) for name in conditions)

    def _midnight(self, day: date | None) -> int | None:
        if day is None:
            return None
        return int(datetime.combine(day, time(), tzinfo=known_zone(self.zone)).timestamp() * 1000)

    def query(self) -> dict[str, str | list[str]]:
        """As parameters of an address; what is not set is left out, and the bin is a place of its own."""
        nothing, found = Search(), {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in SEARCH_NAMES and value != getattr(nothing, field.name):
                found[field.name] = [str(part) for part in value] if isinstance(value, tuple) else _text(value)
        return found

    @classmethod
    def parse(cls, query: Mapping[str, list[str]], *, zone: str = "UTC") -> "Search":
        """From the parameters of an address; what makes no sense there is left out."""
        values = {
            name: _READERS.get(name, _first)([clean(part) for part in given])
            for name, given in query.items()
            if name in SEARCH_NAMES and given
        }
        return cls(**{name: value for name, value in values.items() if value is not None}, zone=zone)

    def without(self, name: str) -> "Search":
        """The same search with this condition dropped."""
        return replace(self, **{name: getattr(Search(), name)})


def fold(text: str) -> str:
    """For comparing as people do: without case, width, accents on letters and repeated spaces.

    Chinese and Japanese stay as they are but for their width; ß is ss, and ﬁ is fi.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def size_of(parameters: Parameters) -> str:
    """The size or shape that was asked for, in one spelling: 1024x1536, 16:9, 2K; empty when none was."""
    for name in ("size", "image_size", "aspect_ratio", "resolution"):
        if asked := parameters.get(name):
            return re.sub(r"\s*[*×]\s*", "x", str(asked))
    width, height = parameters.get("width"), parameters.get("height")
    return f"{width}x{height}" if width and height else ""


def quality_of(parameters: Parameters) -> str:
    return str(parameters.get("quality") or "")


def known_zone(name: str) -> ZoneInfo:
    """The time zone of this name, as browsers report it; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _text(value: Any) -> str:
    return "1" if value is True else str(value)


def _first(given: list[str]) -> str:
    return given[0][:500]


def _several(given: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part[:200] for part in given[:50]))


def _day(given: list[str]) -> date | None:
    try:
        day = date.fromisoformat(given[0])
    except ValueError:
        return None
    return day if _EARLIEST <= day.year <= _LATEST else None


def _usd(given: list[str]) -> Decimal | None:
    try:
        amount = Decimal(given[0])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 1_000_000 else None


def _stars(given: list[str]) -> int | None:
    return int(given[0]) if given[0] in {"1", "2", "3", "4", "5"} else None


def _states(given: list[str]) -> tuple[State, ...]:
    return tuple(State(part) for part in _several(given) if part in set(State))


def _sort(given: list[str]) -> Sort | None:
    return Sort(given[0]) if given[0] in set(Sort) else None


def _flag(given: list[str]) -> bool:
    return given[0] == "1"


SEARCH_NAMES = tuple(field.name for field in fields(Search) if field.name not in {"bin", "zone"})
_READERS: dict[str, Any] = {
    **dict.fromkeys(("model", "size", "quality", "tag"), _several),
    **dict.fromkeys(("since", "until"), _day),
    **dict.fromkeys(("least", "most"), _usd),
    **dict.fromkeys(("starred", "bin"), _flag),
    "state": _states,
    "rating": _stars,
    "sort": _sort,
}
