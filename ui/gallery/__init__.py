"""A page of images to look through, pick from, star and rate: a component of our own, because Streamlit has none.

What the person does is drawn in the browser at once and told here through an outbox (ui/outbox.py).
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from ui import outbox, session
from ui.gallery.words import words
from ui.handing import handed

_HERE = Path(__file__).parent
_HTML, _CSS = ((_HERE / f"gallery.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
_JS = outbox.script(_HERE / "gallery.js", _HERE / "tiles.js", _HERE / "acting.js")
_mount = st.components.v2.component("atlas_gallery", html=_HTML, css=_CSS, js=_JS)

_VALUES: Mapping[str, range] = {"open": range(1), "star": range(2), "rate": range(6), "select": range(2)}


class Density(StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Kind(StrEnum):
    OPEN = "open"
    STAR = "star"
    RATE = "rate"
    SELECT = "select"


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
    """What the person asked of these images; ``value`` is 1 or 0 for a star or a selection, 0 to 5 for a rating."""

    kind: Kind
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
) -> Iterator[Wish]:
    """Mounts the component and answers what is wished, in order; a wish is done with when the next is asked for.

    Fulfil each inside the loop: one that a rerun interrupts comes again, and none is lost. ``selected`` may name ids
    that are not among the tiles. ``focus`` names the tile that
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
        "fixed": words(),
    }
    said = _mount(key=key, data=handed(gallery=page))
    return (wish for wish in _wishes(ear, said) if curating or wish.kind is Kind.OPEN)


def told(key: str) -> Iterator[Wish]:
    """What is wished since the gallery was shown last: for a callback, which comes before it is shown again."""
    return _wishes(session.ears().setdefault(key, _Ear()), session.told(key))


def _wishes(ear: _Ear, said: Mapping[str, Any]) -> Iterator[Wish]:
    known = frozenset[str]().union(*ear.listings)
    return (wish for entry in ear.hear(said.get("said")) if (wish := _read(entry, known)))


def _read(entry: Mapping[str, Any], known: Collection[str]) -> Wish | None:
    """What an entry asks for, as far as it is what our own script sends."""
    match entry:
        case {"kind": str(kind), "ids": [*names], "value": int(value)} if value in _VALUES.get(kind, ()):
            ids = tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name in known))
            return Wish(kind=Kind(kind), ids=ids, value=int(value)) if ids else None
    return None
