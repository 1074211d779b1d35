"""The ways from images that are there to a comparison of them: two that were picked, or a run and the one before it."""

from collections.abc import Sequence

import streamlit as st

from atlas.language import tr
from studio.generations import Generation, latest_attempts
from ui import services, session


def tray() -> None:
    """What was picked for a comparison so far, at the foot of every page."""
    chosen = session.chosen()
    if chosen:
        with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(tr("**{count} of 2** picked to compare").format(count=len(chosen)), width="content")
            if len(chosen) == 2 and st.button(tr("Compare the two"), type="primary", icon=":material/compare:"):
                _open([[services.store().get(generation_id)] for generation_id in chosen])
            st.button(tr("Clear"), on_click=session.choose_none)


def with_the_one_before(run: str) -> None:
    """The images of a run beside those of the run before it, in one press."""
    before = services.store().run_before(run)
    columns = [_completed(before), _completed(run)] if before else []
    pairs = min(map(len, columns), default=0)
    if pairs and st.button(tr("Compare with the one before"), icon=":material/compare:", key=f"before_{run}"):
        _open([column[:pairs] for column in columns])


def _completed(run: str) -> list[Generation]:
    return [it for it in latest_attempts(services.store().run(run)) if it.pictures]


def _open(columns: Sequence[Sequence[Generation]]) -> None:
    st.switch_page("../pages/compare.py", query_params={"experiment": session.compare_images(columns)})
