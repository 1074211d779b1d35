"""A submit whose answer was lost, and that the provider's list could not settle: a person decides what became of it."""

import streamlit as st

from atlas.errors import AtlasError
from atlas.language import later, tr
from atlas.past import PastRun
from studio.generations import Generation
from ui import clock, services, session
from ui.text import plain

_MEANING = later(
    "**It was not charged**: your console shows no such request; what is held for it is free again. "
    "**Link it**: your console shows it; its image is fetched, and nothing is paid again. "
    "**Send again**: a new request, which may be paid a second time."
)


def choices(generation: Generation) -> None:
    """The three things it can be, and what each means."""
    key = f"{generation.id}_{generation.ended}"
    st.button(
        tr("It was not charged"),
        icon=":material/money_off:",
        key=f"not_charged_{key}",
        on_click=_not_charged,
        args=(generation,),
    )
    st.button(
        tr("Link it"),
        icon=":material/link:",
        key=f"link_{key}",
        on_click=session.begin_linking,
        args=(generation.id,),
    )
    st.button(tr("Send again"), icon=":material/refresh:", key=f"again_{key}", on_click=_send_again, args=(generation,))
    st.caption(tr(_MEANING))
    if session.linking() == generation.id:
        _link(generation)


def _link(generation: Generation) -> None:
    with st.form(f"linking_{generation.id}"):
        runs, trouble = _listed(generation)
        if trouble:
            st.warning(trouble, icon=":material/help:")
        picked = st.radio(tr("Request"), [_told(run) for run in runs], index=None) if runs else None
        typed = st.text_input(
            tr("Its number, from your Atlas Cloud console"),
            placeholder=tr("Prediction ID"),
            max_chars=200,
            key=f"link_typed_{generation.id}",
        )
        if st.form_submit_button(tr("Link this one"), type="primary"):
            _linked(generation, typed.strip() or _number(picked, runs))


def _listed(generation: Generation) -> tuple[tuple[PastRun, ...], str]:
    """What could be it, and why there is nothing to choose from."""
    try:
        with st.spinner(tr("Asking Atlas Cloud for its list…")):
            runs = session.sighting(lambda: services.engine().sighting(generation)).runs
    except AtlasError as trouble:
        return (), tr("The list cannot be had at the moment. {explanation}").format(
            explanation=plain(trouble.explanation)
        )
    return runs, "" if runs else tr("The list of Atlas Cloud shows nothing like it. Its number may still be known.")


def _number(picked: str | None, runs: tuple[PastRun, ...]) -> str:
    return next((run.id for run in runs if _told(run) == picked), "")


def _linked(generation: Generation, number: str) -> None:
    try:
        session.predictions().watch(services.engine().link(generation, number))
    except AtlasError as trouble:
        st.error(
            plain(tr("It was not linked. {explanation}").format(explanation=trouble.explanation)),
            icon=":material/error:",
        )
    except ValueError as trouble:
        st.error(plain(str(trouble)), icon=":material/error:")
    else:
        st.rerun()


def _not_charged(generation: Generation) -> None:
    services.engine().not_charged(generation)


def _send_again(generation: Generation) -> None:
    session.predictions().watch(services.engine().retry(generation))
    st.rerun()


def _told(run: PastRun) -> str:
    made = clock.when(int(run.created.timestamp() * 1000), seconds=True) if run.created else tr("time unknown")
    return plain(f"{made} · {run.prediction.word or run.prediction.status} · {run.id}")
