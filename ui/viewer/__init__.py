"""Looking closely at images of several arms, draw by draw: a component of our own, because Streamlit has none.

What the person looks at (mode and draw) is known here; how closely (zoom, divider, pair) stays in the browser.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from ui import spelling
from ui.handing import handed
from ui.viewer.words import WORDS

_HERE = Path(__file__).parent
_HTML, _CSS = ((_HERE / f"viewer.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
_JS = spelling.script(_HERE / "viewer.js", _HERE / "zoom.js", _HERE / "drawing.js")
_mount = st.components.v2.component("atlas_viewer", html=_HTML, css=_CSS, js=_JS)


class Mode(StrEnum):
    SIDE = "side"
    WIPE = "wipe"
    ONION = "onion"
    DIFFERENCE = "difference"
    BLINK = "blink"
    SINGLE = "single"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One image: ``url`` a preview of at most 1280 px, ``original`` the full file, its pixel size, its alt text."""

    url: str
    original: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One row of a comparison: draw ``number``, and per arm its image, or a short sentence why there is none."""

    number: int
    images: tuple[Shown | str, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    mode: Mode
    draw: int


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What the browser said last; ``turn`` is another number each time the person chooses something."""

    view: View
    turn: int


def show(labels: Sequence[str], draws: Sequence[Draw], *, view: View, key: str) -> View:
    """Mounts the component and answers with what the person looks at now.

    What the person chose since the last run wins; otherwise ``view`` does, and the browser follows it. So pass what
    was answered last time (kept in the address, say), or something else to lead the person there.
    """
    view, heard = _within(view, draws), _heard()
    said = _mount(key=key, data=handed(comparison=_comparison(labels, draws, view=view, heard=heard.get(key, 0))))
    report = _report(said.get("seen"))
    if report is None or report.turn == heard.get(key):
        return view
    heard[key] = report.turn
    return _within(report.view, draws)


def _comparison(labels: Sequence[str], draws: Sequence[Draw], *, view: View, heard: int) -> dict[str, Any]:
    return {
        "labels": list(labels),
        "draws": [asdict(draw) for draw in draws],
        "view": asdict(view),
        "heard": heard,
        "fixed": spelling.told(WORDS),
    }


def _within(view: View, draws: Sequence[Draw]) -> View:
    """The same mode, at a draw there is."""
    numbers = [draw.number for draw in draws]
    return view if not numbers or view.draw in numbers else replace(view, draw=numbers[0])


def _report(seen: object) -> _Report | None:
    """What came from the browser, if it is what our own script sends."""
    match seen:
        case {"mode": str(mode), "draw": int(draw), "turn": int(turn)} if mode in set(Mode):
            return _Report(view=View(mode=Mode(mode), draw=draw), turn=turn)
    return None


@st.cache_resource(scope="session", show_spinner=False)
def _heard() -> dict[str, int]:
    """Per viewer, the turn of the report that was answered last; when forgotten, that report only counts again."""
    return {}
