"""How one server bears many open tabs: answers to people who think for two seconds, memory, work while nobody acts.

Tabs are clients of Streamlit's own protocol on Generate, after every page was visited once. The baseline is an empty
Streamlit page on default settings with as many tabs; where they watch jobs, one with a single line of progress that
is drawn again twice a second.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from atlas import ImageRequest
from atlas.simulator import Simulator
from benchmarks.measurement import Measurement, compared, p95
from benchmarks.tabs import Tab
from studio.database import open_database
from studio.generations import Slot
from studio.store import Store
from tests.conftest import CANARY
from tests.serving import App, Served, not_ours

_TABS = (1, 10, 30)
_THINK_S, _ACTING_S, _LOOKING_S = 2.0, 12.0, 12.0
_JOBS, _JOB_S = 8, 3600.0
_PAGES = ("compare", "history", "results", "status")
_LEAST = 0.1  # % of a processor: what the clock of a process can tell in that time
_EMPTY = "import streamlit as st\n\nst.text_area('Prompt')\n"
_LINE = """
@st.fragment(run_every=0.5)
def line():
    st.progress(0.5, text="half")


line()
"""


@dataclass(frozen=True, kw_only=True)
class Use:
    """Of a server by so many tabs: seconds of each answer, of processor time for one, resident megabytes,

    and % of a processor when nobody acts.
    """

    answers: Sequence[float]
    work: float
    resident: float
    idle: float


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, line = _empty(folder)
        ours, watching = _ours(folder)
    found = []
    for count in _TABS:
        own, other = ours[count].answers, empty[count].answers
        what = f"sessions, {count} tabs, {_THINK_S:.0f} s to think, answer"
        found += [compared(f"{what} p50", median(own), median(other)), compared(f"{what} p95", p95(own), p95(other))]
    many = _TABS[-1]
    return [
        *found,
        compared("sessions, processor time of an answer", ours[many].work, empty[many].work),
        compared("sessions, memory of a tab", _mb_of_a_tab(ours), max(_mb_of_a_tab(empty), 0.01), unit="MB"),
        compared(f"sessions, {many} idle tabs", ours[many].idle, max(empty[many].idle, _LEAST), unit="%"),
        compared(f"sessions, {many} tabs watch {_JOBS} jobs", watching, line, unit="%"),
    ]


def _empty(folder: Path) -> tuple[dict[int, Use], float]:
    """An empty page's use, and what a line that ticks costs its server."""
    page, line = folder / "page.py", folder / "line.py"
    page.write_text(_EMPTY)
    line.write_text(_EMPTY + _LINE)
    with Served(page, log=folder / "page.log", environment=not_ours()) as served:
        uses = {count: asyncio.run(_used(served, count)) for count in _TABS}
    # With a full garbage collection after every rerun, as is usual, it cannot even open so many tabs.
    environment = {**not_ours(), "STREAMLIT_RUNNER_POST_SCRIPT_GC": "false"}
    with Served(line, log=folder / "line.log", environment=environment) as served:
        return uses, asyncio.run(_watched(served, _TABS[-1]))


def _ours(folder: Path) -> tuple[dict[int, Use], float]:
    """Our use, and what watching jobs costs."""
    with Simulator(latency=_JOB_S) as simulator:
        data = folder / "data"
        with App(data_dir=data, ATLASCLOUD_API_KEY=CANARY, ATLASCLOUD_BASE_URL=simulator.url) as app:
            asyncio.run(_visited(app.url))
            uses = {count: asyncio.run(_used(app, count)) for count in _TABS}
            _queue(data, urlsplit(simulator.url).netloc)
            return uses, asyncio.run(_watched(app, _TABS[-1]))


async def _visited(url: str) -> None:
    for page in _PAGES:
        await (await Tab.open(url, page)).close()


async def _used(served: Served, count: int) -> Use:
    async with _open(served, count) as tabs:
        before = served.cpu_seconds()
        given = await asyncio.gather(*(_act(tab, after=_THINK_S * place / count) for place, tab in enumerate(tabs)))
        answers = [seconds for some in given for seconds in some]
        work = (served.cpu_seconds() - before) / len(answers)
        idle = await _busy(served)
        return Use(answers=answers, work=work, resident=served.resident_mb(), idle=idle)


async def _watched(served: Served, count: int) -> float:
    async with _open(served, count) as tabs:
        busy = await _busy(served)
        assert all(tab.fragment_reruns for tab in tabs), "there was nothing to watch"
        return busy


@asynccontextmanager
async def _open(served: Served, count: int) -> AsyncIterator[list[Tab]]:
    tabs = [await Tab.open(served.url) for _ in range(count)]
    try:
        yield tabs
    finally:
        for tab in tabs:
            await tab.close()


async def _act(tab: Tab, *, after: float) -> list[float]:
    """Somebody who changes the prompt, looks, and thinks."""
    await asyncio.sleep(after)
    answers = []
    for number in range(int(_ACTING_S / _THINK_S)):
        answers.append(await tab.type(f"thought {number}"))
        await asyncio.sleep(_THINK_S)
    return answers


async def _busy(served: Served) -> float:
    """% of a processor that the server takes from now on, once what was begun has ended."""
    await asyncio.sleep(_THINK_S)
    before = served.cpu_seconds()
    await asyncio.sleep(_LOOKING_S)
    return 100 * (served.cpu_seconds() - before) / _LOOKING_S


def _queue(data: Path, provider: str) -> None:
    """Jobs, as another process would leave them for this one."""
    store = Store(open_database(f"sqlite:///{data / 'studio.db'}"))
    for number in range(_JOBS):
        store.add(ImageRequest(prompt=f"watched {number}"), Slot(run="watched", number=number + 1), provider=provider)
    store.close()


def _mb_of_a_tab(uses: dict[int, Use]) -> float:
    few, many = _TABS[0], _TABS[-1]
    return (uses[many].resident - uses[few].resident) / (many - few)
