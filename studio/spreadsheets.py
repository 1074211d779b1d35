"""Images as the rows of a CSV file that a spreadsheet opens as it is, and runs nothing out of.

A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP ASVS 5.0, 1.2.10).
The file is for people; what has to come back equal is in the manifest of an archive.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias

from studio.generations import SIMULATOR, Picture
from studio.library import Item
from studio.naming import Names

COLUMNS = [
    "id",
    "created",
    "model",
    "prompt",
    "size",
    "quality",
    "parameters",
    "state",
    "seconds",
    "price_usd",
    "rating",
    "starred",
    "tags",
    "folder",
    "note",
    "alt",
    "file",
    "sha256",
    "width",
    "height",
    "format",
    "provider",
    "request_id",
]

_Cell: TypeAlias = str | int | float | None
_FORMULA = frozenset(
    "=+-@|%\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    "\N{FULLWIDTH COMMERCIAL AT}\N{FULLWIDTH VERTICAL LINE}\N{FULLWIDTH PERCENT SIGN}"
)
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})  # what programs skip before they look for a formula


def sheet(items: Iterable[Item], *, rule: str = "", campaign: str = "") -> Iterator[bytes]:
    """The file in pieces, one row per image and one for a generation without any; names as an archive gives them.

    Raises ValueError for a bad rule.
    """
    return _sheet(items, Names(rule, campaign=campaign))


def header() -> bytes:
    """The first line, after the mark by which Excel knows UTF-8."""
    return "\ufeff".encode() + _line(list(COLUMNS))


def row(item: Item, picture: Picture | None, file: str) -> bytes:
    """One line."""
    generation = item.generation
    others = {name: value for name, value in generation.parameters.items() if name not in {"size", "quality"}}
    cells: list[_Cell] = [
        generation.id,
        datetime.fromtimestamp(generation.created / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        generation.model,
        generation.prompt,
        str(generation.parameters.get("size", "")),
        str(generation.parameters.get("quality", "")),
        json.dumps(others, ensure_ascii=False, sort_keys=True) if others else "",
        generation.state.value,
        generation.seconds,
        None if generation.price is None else float(generation.price),
        item.rating or None,
        "yes" if item.starred else "no",
        ", ".join(item.tags),
        item.folder,
        item.note,
        generation.alt,
        file,
        *((picture.sha256, picture.width, picture.height, picture.format) if picture else ("", None, None, "")),
        "simulator (simulated)" if generation.provider == SIMULATOR else generation.provider,
        generation.request_id,
    ]
    return _line(cells)


def guarded(text: str) -> str:
    """The text, with an apostrophe where a spreadsheet would see the beginning of a formula."""
    begins = next((character for character in text if unicodedata.category(character) not in _UNSEEN), "")
    return f"'{text}" if begins in _FORMULA or text[:1] in {"\t", "\r", "\n"} else text


def _sheet(items: Iterable[Item], names: Names) -> Iterator[bytes]:
    yield header()
    for item in items:
        for picture in item.generation.pictures or (None,):
            yield row(item, picture, names.name(item.generation, picture) if picture else "")


def _line(cells: list[_Cell]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_written(cell) for cell in cells])
    return line.getvalue().encode("utf-8", "replace")


def _written(cell: _Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    return "" if cell is None else f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
