"""How soon a page under way answers: to typing, while jobs run whose status takes the provider two seconds to tell.

The baseline is the same page with nothing under way. Each answer is timed in the browser, from leaving the
prompt to the disappearance of the warning that the prompt was empty: a rerun of the form on the server.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, expect, sync_playwright

from atlas.simulator import Simulator
from benchmarks import studios
from benchmarks.measurement import Measurement, compared
from tests import chromium
from tests.conftest import REQUEST

_REPETITIONS = 20
_JOBS = (8, 64)
_GET_S = 2.0


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name, Simulator(control=True) as simulator, sync_playwright() as playwright:
        simulator.fault("task", "slow-task", times=max(_JOBS), seconds=300)
        simulator.fault("poll", "slow", times=100_000, seconds=_GET_S)
        with studios.keyed(Path(name), simulator.url) as app:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
            tab = browser.new_page()
            tab.goto(f"{app.url}/?run=none")
            _answers(tab)  # the first are slower
            found = {0: _answers(tab)}
            under_way = 0
            for jobs in _JOBS:
                studios.queue(app, simulator.url, [REQUEST] * (jobs - under_way))
                under_way = jobs
                _until_polled(tab, simulator, jobs)
                found[jobs] = _answers(tab)
                assert tab.get_by_role("progressbar").first.is_visible(), "the jobs ended meanwhile"
            browser.close()
    idle = median(found[0])
    return [
        compared(f"typing while {jobs} jobs run, GET {_GET_S:.0f} s", median(answers), idle)
        for jobs, answers in found.items()
    ]


def _until_polled(tab: Page, simulator: Simulator, jobs: int) -> None:
    """Every job is at the provider and has been asked for, and the tab shows that they are under way."""
    while len({one["path"] for one in simulator.requests() if "/prediction/" in one["path"]}) < jobs:
        time.sleep(0.1)
    tab.reload()
    expect(tab.get_by_role("progressbar").first).to_be_visible()
    _answer(tab, "look again")  # the first is slower


def _answers(tab: Page) -> list[float]:
    """Seconds to each answer."""
    return [_answer(tab, f"thought {number}") for number in range(_REPETITIONS)]


def _answer(tab: Page, text: str) -> float:
    box, warning = tab.get_by_label("Prompt"), tab.get_by_text("The prompt is empty")
    box.fill("")
    box.press("Control+Enter")
    warning.wait_for(state="visible")
    box.fill(text)
    began = time.perf_counter()
    box.blur()
    warning.wait_for(state="detached")
    return time.perf_counter() - began
