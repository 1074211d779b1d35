"""The manifest of an archive: one line of JSON per generation, with everything that brings it back as it was.

Lines that are read come from anywhere. A value that no archive of ours could hold is refused before it reaches
the database, and texts are cleaned as they are when people type them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from atlas.models import Parameters
from atlas.text import clean, excerpt
from studio.embedding.described import are_parameters
from studio.generations import Event, Generation, Picture, Slot, State
from studio.library import Item
from studio.references import hashes
from studio.search import MOST_STARS, fold

NAME = "manifest.jsonl"
LINE_LIMIT = 8_000_000  # bytes; a generation has a prompt of at most 32,000 characters and some dozen events

_VERSION = 1
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_MS = 253_402_300_799_999  # the last millisecond of the year 9999
_MOST_EVENTS = 10_000
_MOST_PICTURES = 100


class Contents(StrEnum):
    """What the images in an archive say about themselves."""

    ORIGINALS = "originals"  # as they came, byte for byte
    DESCRIBED = "described"  # with prompt and settings inside
    STRIPPED = "stripped"  # with nothing but pixels and colours


@dataclass(frozen=True, kw_only=True)
class Packed:
    """Where image ``number`` of a generation, or of those it started from, is; ``name`` is empty when left out."""

    number: int
    original: str  # SHA-256
    name: str = ""
    written: str = ""  # SHA-256 of the file in the archive
    contents: Contents = Contents.ORIGINALS
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line; the item has all of its pictures, also those that were left out.

    ``references`` are the pictures it started from, which lines may share; older archives have none.
    """

    item: Item
    events: tuple[Event, ...]
    packed: tuple[Packed, ...]
    references: tuple[Packed, ...] = ()


def started_from(parameters: Parameters) -> list[str]:
    """The SHA-256 of each stored picture that a request names; what somebody wrote there by hand may be none."""
    return [name for name in hashes(parameters) if _SHA256.fullmatch(name)]


def line(entry: Entry) -> bytes:
    """The entry as ``parse`` reads it back equal."""
    item = entry.item
    generation = item.generation
    fields = {
        **{name: getattr(generation, name) for name in (*_TEXTS, *_TIMES, "predict_seconds")},
        "slot": asdict(generation.slot),
        "parameters": dict(generation.parameters),
        "price": None if generation.price is None else str(generation.price),
        "estimate": None if generation.estimate is None else str(generation.estimate),
        "rewritten": generation.rewritten,
        "alt": generation.alt,
        "pictures": [asdict(picture) for picture in generation.pictures],
    }
    curation = {name: getattr(item, name) for name in ("starred", "rating", "note", "folder", "tags", "deleted")}
    whole = {
        "atlas_studio": _VERSION,
        "generation": fields,
        "curation": curation,
        "events": [asdict(event) for event in entry.events],
        "files": [asdict(packed) for packed in entry.packed],
        "references": [asdict(packed) for packed in entry.references],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace") + b"\n"


def parse(raw: bytes) -> Entry:
    """Raises ValueError, in words, for a line that is not whole and sane."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(found, dict) or found.get("atlas_studio") != _VERSION:
        raise ValueError("it was not written by this version of Atlas Studio")
    generation = _generation(_object(found, "generation"))
    packed = tuple(_packed(part) for part in _list(found, "files", _MOST_PICTURES))
    numbers = [(part.number, part.original) for part in packed]
    if numbers != [(number, picture.sha256) for number, picture in enumerate(generation.pictures, 1)]:
        raise ValueError("its list of files does not fit its images")
    return Entry(
        item=_item(_object(found, "curation"), generation),
        events=tuple(_event(part) for part in _list(found, "events", _MOST_EVENTS)),
        packed=packed,
        references=_references(found, generation) if "references" in found else (),
    )


_TEXTS = ("id", "provider", "model", "prompt", "state", "prediction_id", "request_id", "problem")
_TIMES = ("created", "submitted", "ended")


def _generation(found: Mapping[str, Any]) -> Generation:
    slot = _object(found, "slot")
    parameters = found.get("parameters")
    if not are_parameters(parameters) or not all(map(_is_storable, _words(parameters))):
        raise ValueError("its parameters make no sense")
    state = State(_chosen(found, "state", [state.value for state in State]))
    if not state.is_terminal:
        raise ValueError(f"it was still {state} when it was exported")
    return Generation(
        id=_matching(found, "id", _ID),
        slot=Slot(
            run=_text(slot, "run", 200),
            number=_whole(slot, "number", least=1),
            attempt=_whole(slot, "attempt", least=1),
        ),
        provider=_text(found, "provider", 500),
        model=_text(found, "model", 500),
        prompt=_text(found, "prompt", 1_000_000),
        parameters=parameters,
        state=state,
        created=_whole(found, "created", most=_MOST_MS),
        submitted=_maybe_time(found, "submitted"),
        ended=_maybe_time(found, "ended"),
        prediction_id=_maybe_text(found, "prediction_id"),
        request_id=_maybe_text(found, "request_id"),
        problem=_text(found, "problem", 100_000),
        price=_price(found.get("price")),
        predict_seconds=_seconds(found.get("predict_seconds")),
        estimate=_price(found.get("estimate")),
        rewritten=_text(found, "rewritten", 1_000_000) if "rewritten" in found else "",
        alt=_text(found, "alt", 10_000) if "alt" in found else "",
        pictures=tuple(_picture(part) for part in _list(found, "pictures", _MOST_PICTURES)),
    )


def _item(found: Mapping[str, Any], generation: Generation) -> Item:
    folder = found.get("folder")
    named = [clean(str(tag)).strip()[:200] for tag in _list(found, "tags", 1000)]
    return Item(
        generation=generation,
        starred=found.get("starred") is True,
        rating=_whole(found, "rating", most=MOST_STARS),
        note=_text(found, "note", 100_000),
        folder=None if folder is None else _text(found, "folder", 200),
        tags=tuple({fold(tag): tag for tag in named if fold(tag)}.values()),
        deleted=_maybe_time(found, "deleted"),
    )


def _picture(found: Mapping[str, Any]) -> Picture:
    return Picture(
        sha256=_matching(found, "sha256", _SHA256),
        format=_chosen(found, "format", ["png", "jpeg", "webp"]),
        width=_whole(found, "width"),
        height=_whole(found, "height"),
        bytes=_whole(found, "bytes"),
        sensitive=found.get("sensitive") is True,
    )


def _event(found: Mapping[str, Any]) -> Event:
    return Event(at=_whole(found, "at", most=_MOST_MS), what=_text(found, "what", 10_000))


def _references(found: Mapping[str, Any], generation: Generation) -> tuple[Packed, ...]:
    """Not all that it started from need be there: another version may have counted other fields."""
    packed = tuple(_packed(part) for part in _list(found, "references", _MOST_PICTURES))
    if not {part.original for part in packed} <= set(started_from(generation.parameters)):
        raise ValueError("its list of references does not fit its parameters")
    return packed


def _packed(found: Mapping[str, Any]) -> Packed:
    name = _text(found, "name", 1000)
    return Packed(
        number=_whole(found, "number", least=1),
        original=_matching(found, "original", _SHA256),
        name=name,
        written=_matching(found, "written", _SHA256) if name else "",
        contents=Contents(_chosen(found, "contents", [kind.value for kind in Contents])),
        problem=excerpt(_text(found, "problem", 10_000), 300),
    )


def _words(parameters: Parameters) -> Iterator[str]:
    yield from parameters
    for value in parameters.values():
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, Mapping):
                yield from _words(part)
            elif isinstance(part, str):
                yield part


def _is_storable(text: str) -> bool:
    """PostgreSQL takes neither NUL nor half a character."""
    return not re.search("[\0\ud800-\udfff]", text)


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    if not isinstance(value, dict):
        raise ValueError(f"its {name} is missing")  # noqa: TRY004 - a wrong value in a file, not in a call
    return value


def _list(found: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    value = found.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(f"its list of {name} is missing or too long")
    if name != "tags" and not all(isinstance(part, dict) for part in value):
        raise ValueError(f"its list of {name} makes no sense")
    return value


def _text(found: Mapping[str, Any], name: str, limit: int) -> str:
    value = found.get(name)
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(f"its {name} is missing or too long")
    return clean(value)


def _maybe_text(found: Mapping[str, Any], name: str) -> str | None:
    return None if found.get(name) is None else _text(found, name, 500)


def _matching(found: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(f"its {name} makes no sense")
    return value


def _chosen(found: Mapping[str, Any], name: str, values: Sequence[str]) -> str:
    value = found.get(name)
    if not isinstance(value, str) or value not in values:
        raise ValueError(f"its {name} makes no sense")
    return value


def _whole(found: Mapping[str, Any], name: str, *, least: int = 0, most: int = 2**31 - 1) -> int:
    value = found.get(name)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"its {name} makes no sense")
    return value


def _maybe_time(found: Mapping[str, Any], name: str) -> int | None:
    return None if found.get(name) is None else _whole(found, name, most=_MOST_MS)


def _price(value: Any) -> Decimal | None:
    try:
        price = None if value is None else Decimal(value if isinstance(value, str) else "none")
    except InvalidOperation:
        raise ValueError("its price makes no sense") from None
    if price is not None and not (price.is_finite() and 0 <= price < 1_000_000):
        raise ValueError("its price makes no sense")
    return price


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 <= value < 1e9:
        raise ValueError("its predict_seconds makes no sense")
    return float(value)
