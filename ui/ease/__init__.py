"""What every page needs for whoever comes by keyboard, by ear or by thumb: its style, its voice, its way into popovers.

Streamlit draws most of a page, so most of this is style laid over its markup (ease.css); what its script does that
style cannot is in ease.js. The voice is one polite live region: what ``session.say`` was told is read aloud once.
"""

from pathlib import Path

import streamlit as st

from ui import session
from ui.handing import handed

_HERE = Path(__file__).parent
_CSS, _JS = ((_HERE / f"ease.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
_mount = st.components.v2.component("atlas_ease", css=_CSS, js=_JS, isolate_styles=False)


@st.fragment(key=session.VOICE)
def everywhere(*, quiet: bool = False) -> None:
    """Once on every page, before anything else is drawn; ``quiet`` where nobody may hear what goes on elsewhere."""
    number, words = (0, "") if quiet else session.said()
    with st.container(key="ease"):
        _mount(key="ease_all", data=handed(said={"number": number, "words": words}))
