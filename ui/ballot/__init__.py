"""One blind ballot: two images, one question, four answers. A component of our own, because it must leak nothing.

The browser gets what the ballot holds, fixed words, and nothing else. Both images appear together or not at all; the
clock of an answer starts when both are painted. What the reviewer does comes back through the outbox, once.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from atlas.language import tr
from ui import outbox, session
from ui.ballot.words import WORDS
from ui.handing import handed
from ui.pinboard import LARGE, LONGEST_REMARK, PARTS, STYLE, Sheet
from ui.spelling import told

CHOICES = ("left", "right", "tie", "bad")
SIDES = ("left", "right")
LONGEST_WORDS = 2000  # characters of "Why?"
MOST_PINS = 50  # of one ballot
_LONGEST_S = 1e9

_HERE = Path(__file__).parent
_HTML = (_HERE / "ballot.html").read_text(encoding="utf-8") + LARGE
_CSS = STYLE + (_HERE / "ballot.css").read_text(encoding="utf-8")
_JS = outbox.script(_HERE / "ballot.js", _HERE / "showing.js", _HERE / "answering.js", *PARTS)
_mount = st.components.v2.component("atlas_ballot", html=_HTML, css=_CSS, js=_JS)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """``choice`` is one of CHOICES, ``label`` what its button says."""

    choice: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A remark at a place of the image of one side; ``x`` and ``y`` from 0 to 1, from its left and upper edge."""

    side: str
    x: float
    y: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One step of one reviewer; everything in it can be read in the browser.

    ``id`` is opaque. ``answers`` are the four CHOICES in that order. ``chosen``, ``picked``, ``words`` and ``pins``
    are what was answered before, when the reviewer went back. ``ahead``: urls of the next pair, loaded after this one.
    """

    id: str
    number: int
    of: int
    question: str
    answers: tuple[Answer, ...]
    left: Sheet
    right: Sheet
    brief: str = ""
    chosen: str = ""
    chips: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    words: str = ""
    pins: tuple[Pin, ...] = ()
    can_go_back: bool = False
    ahead: tuple[str, ...] = ()
    locked: bool = False

    def __post_init__(self) -> None:
        if tuple(answer.choice for answer in self.answers) != CHOICES:
            raise ValueError(tr("a ballot has the answers {join}, in this order").format(join=", ".join(CHOICES)))


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The whole answer to a ballot; it replaces one given before, with its chips, words and pins.

    ``seconds`` from the moment both images were painted.
    """

    ballot_id: str
    choice: str
    chips: tuple[str, ...]
    words: str
    pins: tuple[Pin, ...]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Back:
    """The reviewer wants to see the ballot before this one again."""

    ballot_id: str


Said = Cast | Back


@dataclass(kw_only=True)
class _Ear(outbox.Ear):
    # More than one, because another tab may have moved this reviewer on while an answer was on its way.
    shown: deque[Ballot] = field(default_factory=lambda: deque(maxlen=8))

    def show(self, ballot: Ballot) -> None:
        self.shown = deque((known for known in self.shown if known.id != ballot.id), maxlen=self.shown.maxlen)
        self.shown.append(ballot)

    def ballot(self, name: object) -> Ballot | None:
        return next((known for known in self.shown if known.id == name), None)


def show(ballot: Ballot, *, key: str) -> Iterator[Said]:
    """Mounts the ballot and answers what the reviewer did, in order.

    A thing said is done with when the next is asked for: keep each inside the loop, then rerun with the ballot that
    follows. The same ballot again makes its answers live again: the reviewer may repeat one that was not kept.
    """
    ear = session.ears().setdefault(key, _Ear())
    ear.show(ballot)
    page = {
        "ear": ear.name,
        "heard": ear.heard,
        "ballot": asdict(ballot),
        "fixed": told(WORDS),
        "longest": {"why": LONGEST_WORDS, "remark": LONGEST_REMARK, "pins": MOST_PINS},
    }
    said = _mount(key=key, data=handed(ballot=page))
    heard = ear.hear(said.get("said"))
    return (one for entry in heard if (one := _read(entry, ear.ballot(entry.get("ballot")))))


def _read(entry: Mapping[str, Any], ballot: Ballot | None) -> Said | None:
    """What an entry says about this ballot, as far as it is what our own script sends."""
    match entry:
        case {"kind": "back"} if ballot and ballot.can_go_back:
            return Back(ballot_id=ballot.id)
        case {
            "kind": "cast", "choice": str(choice), "chips": [*chips], "words": str(words), "pins": [*pins],
            "seconds": float() | int() as seconds,
        } if ballot and not ballot.locked and choice in CHOICES and 0 <= seconds < _LONGEST_S:  # fmt: skip
            return Cast(
                ballot_id=ballot.id,
                choice=choice,
                chips=tuple(chip for chip in ballot.chips if chip in chips),
                words=words.strip()[:LONGEST_WORDS],
                pins=tuple(pin for pin in map(_pin, pins) if pin)[:MOST_PINS],
                seconds=float(seconds),
            )
    return None


def _pin(told: object) -> Pin | None:
    match told:
        case {"side": str(side), "x": float() | int() as x, "y": float() | int() as y, "words": str(words)}:
            remark = words.strip()[:LONGEST_REMARK]
            if remark and side in SIDES and 0 <= x <= 1 and 0 <= y <= 1:
                return Pin(side=side, x=float(x), y=float(y), words=remark)
    return None
