"""A page of images to look through, pick from, star and rate: a component of our own, because Streamlit has none.

What the person does is drawn in the browser at once and told here through an outbox (ui/outbox.py).
"""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from ui import outbox, session

_HERE = Path(__file__).parent
_HTML, _CSS = ((_HERE / f"gallery.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
_JS = outbox.script(_HERE / "gallery.js", _HERE / "tiles.js", _HERE / "acting.js")
_mount = st.components.v2.component("atlas_gallery", html=_HTML, css=_CSS, js=_JS)

_SELECT = "select"  # told like a wish, answered as a selection
_VALUES = {"open": range(1), "star": range(2), "rate": range(6), _SELECT: range(2)}


class Density(StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Kind(StrEnum):
    OPEN = "open"
    STAR = "star"
    RATE = "rate"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One image: the ``url`` of its preview ("" when there is none), its prompt and one line of facts.

    ``width`` and ``height`` are pixels of the image, so that its place has its shape before it loads. ``note`` says
    in words why there is no image, or is a badge such as "× 12". ``rating`` is 1 to 5, or 0 for none.
    """

    id: str
    url: str
    alt: str
    caption: str
    width: int
    height: int
    note: str = ""
    starred: bool = False
    rating: int = 0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the person asked of these images; ``value`` is 1 or 0 for a star, 0 to 5 for a rating."""

    kind: Kind
    ids: tuple[str, ...]
    value: int


@dataclass(frozen=True, kw_only=True)
class Heard:
    selected: frozenset[str]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, kw_only=True)
class _Entry:
    kind: str
    ids: tuple[str, ...]
    value: int


@dataclass(kw_only=True)
class _Ear(outbox.Ear):
    # More than one, because a key may be pressed on a page of images while the next one is on its way.
    listings: deque[frozenset[str]] = field(default_factory=lambda: deque(maxlen=4))


def show(
    tiles: Sequence[Tile],
    *,
    selected: frozenset[str],
    density: Density,
    curating: bool = True,
    focus: str = "",
    arrival: int = 0,
    key: str,
) -> Heard:
    """Mounts the component and answers with the selection as it is now, and each wish exactly once, in order.

    Pass the selection that was answered last time, or another to change it; ids that are not among the tiles are
    kept. Fulfil the wishes before anything else is drawn: a rerun can interrupt there. ``focus`` names the tile that
    gets the keyboard when the gallery is mounted first, and whenever ``arrival`` is another number; without
    ``curating`` images can only be opened.
    """
    ear = session.ears().setdefault(key, _Ear())
    shown = frozenset(tile.id for tile in tiles)
    if shown not in ear.listings:
        ear.listings.append(shown)
    page = {
        "ear": ear.name,
        "heard": ear.heard,
        "tiles": [asdict(tile) for tile in tiles],
        "selected": sorted(selected & shown),
        "elsewhere": len(selected - shown),
        "density": density,
        "curating": curating,
        "focus": focus,
        "arrival": arrival,
    }
    # One string, because Streamlit imports pandas to look for tables in lists of dicts.
    said = _mount(key=key, data={"gallery": json.dumps(page)})
    return _hear(ear, said.get("said"), selected=selected, curating=curating)


def _hear(ear: _Ear, said: object, *, selected: frozenset[str], curating: bool) -> Heard:
    wishes = []
    known = {name for listing in ear.listings for name in listing}
    for entry in filter(None, map(_entry, ear.hear(said))):
        ids = tuple(name for name in dict.fromkeys(entry.ids) if name in known)
        if not ids or not (curating or entry.kind == Kind.OPEN):
            continue
        if entry.kind == _SELECT:
            selected = selected.union(ids) if entry.value else selected.difference(ids)
        else:
            wishes.append(Wish(kind=Kind(entry.kind), ids=ids, value=entry.value))
    return Heard(selected=selected, wishes=tuple(wishes))


def _entry(told: Mapping[str, Any]) -> _Entry | None:
    """What came from the browser, as far as it is what our own script sends."""
    match told:
        case {"kind": str(kind), "ids": [*ids], "value": int(value)}:
            if kind in _VALUES and value in _VALUES[kind] and all(isinstance(name, str) for name in ids):
                return _Entry(kind=kind, ids=tuple(ids), value=int(value))
    return None
