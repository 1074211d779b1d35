"""What is under way, drawn by the shell below every page, and the notice of the simulator above it."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import streamlit as st

from atlas.language import retold, tr, trn
from studio.generations import Generation, State, latest_attempts
from ui import bell, notices, services, session
from ui.audience import Audience
from ui.text import one_line

_TICK_S = 1.0
_LOOKS = 5  # in a second, shared by all tabs: what a look costs the server is the same for each
_audience = Audience()


def notice() -> None:
    """Honest about the simulator, on every page."""
    if services.is_simulated():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(tr("Simulated"), icon=":material/science:", color="orange")
            st.caption(
                tr("No API key is set: images are drawn on this machine, nothing leaves it, nothing costs money.")
            )


def show(*, with_run: bool) -> None:
    """One line per run that is unfinished; gone, and silent, when nothing is.

    ``with_run``: the page shows a run, which is drawn anew by itself when an image ends.
    """
    runs = _runs(session.predictions().poll_all())
    if runs:
        totals = {run: len(latest_attempts(services.store().family(run))) for run in runs}
        usual = {run: services.engine().usual_seconds(first.request) for run, first in runs.items()}
        tick = max(_TICK_S, _audience.count(session.tab()) / _LOOKS)
        with st.bottom:
            st.fragment(_ticking, run_every=tick, key=session.PROGRESS)(totals, usual, tick, with_run)


def _ticking(totals: dict[str, int], usual: dict[str, float | None], tick: float, with_run: bool) -> None:
    notices.answered(lambda: _lines(totals, usual, tick, with_run))


def _lines(totals: dict[str, int], usual: dict[str, float | None], tick: float, with_run: bool) -> None:
    has_news, seen = _looked()
    # Only a whole page can end its ticks, or give them another pace.
    if has_news or not seen or _audience.count(session.tab()) / _LOOKS > 2 * tick:
        st.rerun()
    left = Counter(generation.slot.family for generation in seen)
    for run, first in _runs(seen).items():
        done = totals[run] - left[run]
        parts = (_count(done, totals[run]), _times(first, usual[run]), one_line(first.prompt, 60))
        st.progress(done / totals[run], text=" · ".join(parts))
    bell.listen(_rung_on_run if with_run else _rung)


def _rung() -> None:
    """The callback of the bell: the lines are drawn anew, and the page where something of this tab has ended."""


def _rung_on_run() -> None:
    """The callback of the bell where a run is shown: what has ended is drawn and told at once, the page afterwards."""
    news: list[bool] = []
    notices.answered(lambda: news.append(_looked()[0]))
    st.rerun([session.RUN, session.VOICE, session.PROGRESS] if any(news) else session.PROGRESS)


def _looked() -> tuple[bool, list[Generation]]:
    """Whether something that this tab watches has ended, which is told of once, and what is left."""
    watched = session.predictions()
    seen = watched.poll_all()
    runs = list(dict.fromkeys(generation.slot.family for generation in seen if generation.is_terminal))
    if runs:
        now = {run: latest_attempts(services.store().family(run)) for run in runs}
        # Also what has ended since it was seen: it is told of here, and would be again.
        watched.forget(it.id for it in [*seen, *chain(*now.values())] if it.is_terminal)
        session.say(" ".join(map(_outcome, now.values())))
    return bool(runs), [generation for generation in seen if not generation.is_terminal]


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
