"""What is under way, drawn by the shell below every page, and the notice of the simulator above it."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import streamlit as st

from atlas.language import retold, tr, trn
from studio.generations import Generation, State, latest_attempts
from ui import notices, services, session
from ui.audience import Audience
from ui.text import one_line

_TICK_S = 0.5
_DUE_TICK_S = 0.1  # while an image may come at any moment
# What a look costs the server is the same for every tab, so many tabs share these looks in a second.
_LOOKS, _DUE_LOOKS = 8, 50
_audience = Audience()


def notice() -> None:
    """Honest about the simulator, on every page."""
    if services.is_simulated():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(tr("Simulated"), icon=":material/science:", color="orange")
            st.caption(
                tr("No API key is set: images are drawn on this machine, nothing leaves it, nothing costs money.")
            )


def show() -> None:
    """One line per run that is unfinished; gone, and silent, when nothing is."""
    runs = _runs(session.predictions().poll_all())
    if runs:
        totals = {run: len(latest_attempts(services.store().family(run))) for run in runs}
        usual = {run: services.engine().usual_seconds(first.request) for run, first in runs.items()}
        tick = max(_TICK_S, _audience.count(session.tab()) / _LOOKS)
        with st.bottom:
            st.fragment(_ticking, run_every=tick, key="progress")(totals, usual, tick)


def _ticking(totals: dict[str, int], usual: dict[str, float | None], tick: float) -> None:
    notices.answered(lambda: _lines(totals, usual, tick))


def _lines(totals: dict[str, int], usual: dict[str, float | None], tick: float) -> None:
    seen = _unfinished()
    watching = _audience.count(session.tab())
    if watching / _LOOKS > 2 * tick:
        st.rerun()  # only a whole page can give its ticks another pace
    left = Counter(generation.slot.family for generation in seen)
    for run, first in _runs(seen).items():
        done = totals[run] - left[run]
        parts = (_count(done, totals[run]), _times(first, usual[run]), one_line(first.prompt, 60))
        st.progress(done / totals[run], text=" · ".join(parts))
    if any(map(services.engine().is_due, seen)):
        st.fragment(_listening, run_every=max(_DUE_TICK_S, watching / _DUE_LOOKS), key="listening")()


def _listening() -> None:
    notices.answered(_unfinished)


def _unfinished() -> list[Generation]:
    """What this tab watches; where some of it has ended, the page is drawn anew instead."""
    watched = session.predictions()
    seen = watched.poll_all()
    runs = list(dict.fromkeys(generation.slot.family for generation in seen if generation.is_terminal))
    if runs:
        now = {run: latest_attempts(services.store().family(run)) for run in runs}
        # Also what has ended since it was seen: it is told of here, and would be again.
        watched.forget(it.id for it in [*seen, *chain(*now.values())] if it.is_terminal)
        session.say(" ".join(map(_outcome, now.values())))
        st.rerun()
    return seen


def _runs(generations: Iterable[Generation]) -> dict[str, Generation]:
    """The first unfinished generation of each run."""
    firsts: dict[str, Generation] = {}
    for generation in generations:
        firsts.setdefault(generation.slot.family, generation)
    return firsts


def _outcome(run: Sequence[Generation]) -> str:
    """How far a run is, for whoever hears it."""
    states = [generation.state for generation in run]
    made = states.count(State.COMPLETED)
    left = sum(not state.is_terminal for state in states)
    amiss = len(states) - made - left
    told = [
        trn("{count:,} image is ready.", "{count:,} images are ready.", made) if made else "",
        trn("{count:,} is under way.", "{count:,} are under way.", left) if left else "",
        trn("{count:,} needs another look.", "{count:,} need another look.", amiss) if amiss else "",
    ]
    return " ".join(filter(None, told))


def _count(done: int, total: int) -> str:
    return tr("**{done} of {total}**").format(done=done, total=total)


def _times(first: Generation, usual: float | None) -> str:
    elapsed = max(0.0, time.time() - first.created / 1000)
    expected = tr(", usually about {usual:.0f} s an image").format(usual=usual) if usual else ""
    waiting = f" · {one_line(retold(first.problem), 160)}" if first.problem else ""
    return f"{elapsed:.0f} s{expected}{waiting}"
