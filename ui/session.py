"""Everything one browser tab remembers; the only file that names session keys.

The truth is in the store and in the address of the page: a reload is a new session.
"""

from typing import cast

import streamlit as st

from atlas.models import ImageRequest
from atlas.session import Pace, Predictions
from studio.generations import Generation, Slot, new_run
from ui import services

_EVERY_TICK = Pace(first=0, ceiling=0)  # the engine answers from memory


def predictions() -> Predictions[Generation]:
    """What this tab watches."""
    state = st.session_state.setdefault("predictions", {})
    return Predictions(state, services.engine(), pace=_EVERY_TICK)


def intent() -> str:
    """The name of the run that the next press of Generate starts.

    Buttons carry it in their key, so that the second half of a double click finds no button any more.
    """
    return cast(str, st.session_state.setdefault("intent", new_run()))


def start_run(request: ImageRequest, count: int) -> None:
    """Queue ``count`` images of one request, and show them on this page, also after a reload."""
    run = intent()
    for number in range(1, count + 1):
        predictions().submit(request, key=Slot(run=run, number=number).key)
    st.session_state["intent"] = new_run()
    show_run(run)


def show_run(run: str) -> None:
    st.query_params["run"] = run
    st.session_state["run"] = run


def shown_run() -> str | None:
    """The run in the address, else the one this tab showed last, else the newest there is."""
    return st.query_params.get("run") or st.session_state.get("run") or services.store().latest_run()


def watch_unfinished() -> None:
    """Follow everything that is unfinished, whichever tab began it.

    Before the page is drawn: what ends while it is drawn must not be missed.
    """
    watched = predictions()
    for generation in services.engine().in_flight():
        watched.watch(generation)
