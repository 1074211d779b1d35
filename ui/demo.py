"""The demo set, offered where there is nothing to look at yet, and put back as it was at a press."""

import streamlit as st

from atlas.language import later, tr
from studio.database import DatabaseProblem, answering
from ui import services

_ABOUT = later(
    "32 simulated images, two comparisons and a finished review, the same each time. Resetting puts them back as "
    "they were; what people made is not touched, but stars, tags and pins on pieces of the set go with it."
)


def offer(place: str) -> None:
    """A way out of an empty page, while images are simulated."""
    if _is_offered() and not services.demo().is_loaded and _load(tr("Load the demo set"), f"demo_{place}"):
        st.rerun()


def section() -> None:
    """Where it is put back, or taken out, on the page of the status."""
    if not _is_offered():
        return
    st.header(tr("Demo"), anchor=False)
    try:
        with answering():
            is_loaded = services.demo().is_loaded
    except DatabaseProblem:
        st.caption(tr("Not readable while the database does not answer."))
        return
    st.caption(tr(_ABOUT))
    with st.container(horizontal=True):
        changed = _load(tr("Reset the demo set") if is_loaded else tr("Load the demo set"), "demo_status")
        if is_loaded and st.button(tr("Remove the demo set"), icon=":material/delete:", key="demo_remove"):
            services.demo().remove()
            changed = True
    if changed:
        st.rerun()


def _is_offered() -> bool:
    """While images are simulated, to whom everything belongs."""
    return services.is_simulated() and services.person().sees_all


def _load(label: str, key: str) -> bool:
    """The button; true when the set has just been loaded."""
    if not st.button(label, icon=":material/auto_awesome:", key=key):
        return False
    with st.spinner(tr("Loading the demo set"), show_time=True):
        services.demo().load()
    st.toast(tr("The demo set is ready."), icon=":material/auto_awesome:")
    return True
