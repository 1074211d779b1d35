"""One image with the remarks that people pinned to its places, to talk about: a component of our own.

Its large view and its pins (large.js, pins.js) serve the ballot as well.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from ui import outbox, session
from ui.handing import handed
from ui.pinboard.words import WORDS
from ui.spelling import told

LONGEST_REMARK = 500  # characters

_HERE = Path(__file__).parent
PARTS = (_HERE / "large.js", _HERE / "zooming.js", _HERE / "pins.js")
STYLE = (_HERE / "large.css").read_text(encoding="utf-8")
LARGE = (_HERE / "large.html").read_text(encoding="utf-8")

_HTML = (_HERE / "pinboard.html").read_text(encoding="utf-8") + LARGE
_CSS = STYLE + (_HERE / "pinboard.css").read_text(encoding="utf-8")
_JS = outbox.script(_HERE / "pinboard.js", *PARTS)
_mount = st.components.v2.component("atlas_pinboard", html=_HTML, css=_CSS, js=_JS)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An image: its address and its pixel size, so that its place has its shape before it loads."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A remark at a place; ``x`` and ``y`` from 0 to 1, from the left and upper edge. ``when`` is shown as it is."""

    id: str
    x: float
    y: float
    author: str
    words: str
    when: str
    resolved: bool = False


@dataclass(frozen=True, kw_only=True)
class Added:
    x: float
    y: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Resolved:
    id: str


@dataclass(frozen=True, kw_only=True)
class Reopened:
    id: str


Said = Added | Resolved | Reopened


@dataclass(kw_only=True)
class _Ear(outbox.Ear):
    # A pin that another person deletes may be resolved here before this tab hears of it.
    known: deque[frozenset[str]] = field(default_factory=lambda: deque(maxlen=4))


def show(image: Sheet, pins: Sequence[Pin], *, alt: str, can_add: bool, key: str) -> Iterator[Said]:
    """Mounts the image with its pins, in the order passed, and answers what the person did, in order.

    A thing said is done with when the next is asked for: deal with each inside the loop.
    Without ``can_add`` the pins can be read only. Use another ``key`` for another image.
    """
    ear = session.ears().setdefault(key, _Ear())
    names = frozenset(pin.id for pin in pins)
    if names not in ear.known:
        ear.known.append(names)
    page = {
        "ear": ear.name,
        "heard": ear.heard,
        "image": asdict(image),
        "alt": alt,
        "pins": [asdict(pin) for pin in pins],
        "canAdd": can_add,
        "fixed": told(WORDS),
        "longest": {"remark": LONGEST_REMARK},
    }
    said = _mount(key=key, data=handed(pinboard=page))
    known = frozenset[str]().union(*ear.known)
    return (one for entry in ear.hear(said.get("said")) if (one := _read(entry, known)) and can_add)


def _read(entry: Mapping[str, Any], known: frozenset[str]) -> Said | None:
    """What an entry asks for, as far as it is what our own script sends."""
    match entry:
        case {"kind": "add", "x": float() | int() as x, "y": float() | int() as y, "words": str(words)}:
            remark = words.strip()[:LONGEST_REMARK]
            return Added(x=float(x), y=float(y), words=remark) if remark and 0 <= x <= 1 and 0 <= y <= 1 else None
        case {"kind": "resolve", "id": str(name)} if name in known:
            return Resolved(id=name)
        case {"kind": "reopen", "id": str(name)} if name in known:
            return Reopened(id=name)
    return None
