"""Three sentences for somebody's first visit: in the flow of the page, so that they cover nothing, and never again.

The browser remembers in a cookie that they were shown; a later visit is not even sent them.
"""

from pathlib import Path

import streamlit as st

from atlas.language import later, together, tr
from ui import services, spelling
from ui.handing import handed

_COOKIE = "studio_tour"  # also in tour.js
_HERE = Path(__file__).parent
_HTML, _CSS = ((_HERE / f"tour.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
_JS = spelling.script(_HERE / "tour.js")
_mount = st.components.v2.component("atlas_tour", html=_HTML, css=_CSS, js=_JS)
_STEPS = (
    (
        later("Generate"),
        later("Describe an image, choose a model, and press Generate. Everything you make stays in History."),
    ),
    (
        later("Compare"),
        later("Put two prompts side by side, several images of each, and look closely: wipe, difference, zoom."),
    ),
    (
        later("Ask colleagues"),
        later("They vote blind, by a link or by phone. Results says what the votes show, and how sure it is."),
    ),
)
_WORDS = {
    "tour": later("A short tour"),
    "count": later("{number} of {of}"),
    "next": later("Next tip"),
    "done": later("Done"),
    "close": later("Close the tour"),
}
_DEMO = later("Nothing here costs money: the images are simulated, and Status has a demo set to look around in.")


def show() -> None:
    if _COOKIE in st.context.cookies:
        return
    steps = [{"title": tr(title), "words": tr(words)} for title, words in _STEPS]
    if services.is_simulated():
        steps[0]["words"] = together(steps[0]["words"], tr(_DEMO))
    _mount(key="tour", data=handed(tour={"steps": steps, "fixed": spelling.told(_WORDS)}))
