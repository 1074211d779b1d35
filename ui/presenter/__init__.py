"""Pairs of images on a stage: big, without anything around them, nameless until the presenter says which is which."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from atlas.language import later
from ui import spelling
from ui.handing import handed

_HERE = Path(__file__).parent
_HTML, _CSS = ((_HERE / f"presenter.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
_JS = spelling.script(_HERE / "presenter.js")
_mount = st.components.v2.component("atlas_presenter", html=_HTML, css=_CSS, js=_JS)
_WORDS = {
    "present": later("Present"),
    "stage": later("Presentation"),
    "place": later("Pair {number} of {of}"),
    "back": later("Previous pair"),
    "on": later("Next pair"),
    "reveal": later("Reveal (R)"),
    "leave": later("Leave (Esc)"),
    "left": later("Left"),
    "right": later("Right"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One image: ``url`` of at most 1280 px, and what is said of it once it is revealed."""

    url: str
    label: str
    words: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Slide:
    """The images of one draw, in the order of the arms; which stands where is drawn by lot."""

    number: int
    images: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What is said after the last pair."""

    title: str
    words: str


def button(slides: Sequence[Slide], *, seed: str, note: str = "", ending: Ending | None = None, key: str) -> None:
    """The way onto the stage; ``seed`` decides the sides, the same each time, and ``note`` stays in a corner."""
    shown = [{"number": slide.number, "images": _by_lot(slide, seed)} for slide in slides]
    told = spelling.told(_WORDS)
    data = {"slides": shown, "note": note, "ending": asdict(ending) if ending else None, "fixed": told}
    _mount(key=key, data=handed(show=data))


def _by_lot(slide: Slide, seed: str) -> list[dict[str, str]]:
    def lot(image: Shown) -> str:
        return hashlib.sha256(f"{seed}|{slide.number}|{image.label}".encode()).hexdigest()

    return [asdict(image) for image in sorted(slide.images, key=lot)]
