"""How soon the page answers to typing while jobs run whose status takes the provider two seconds to tell.

The baseline is the same page with nothing under way. Each answer is timed in the browser, from leaving the
prompt to the disappearance of the warning that the prompt was empty: a full rerun of the page on the server.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, expect, sync_playwright

from atlas.simulator import Simulator
from benchmarks.measurement import Measurement, compared
from tests import chromium
from tests.conftest import CANARY
from tests.serving import App

_REPETITIONS = 10
_JOBS = 8
_GET_S = 2.0


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder, Simulator(latency=0.05, control=True) as simulator:
        app = App(
            data_dir=Path(folder) / "data",
            ATLASCLOUD_API_KEY=CANARY,
            ATLASCLOUD_BASE_URL=simulator.url,
            STUDIO_MAX_IN_FLIGHT=str(_JOBS),
        )
        with app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
            tab = browser.new_page()
            tab.goto(app.url)
            idle = _answers(tab)
            simulator.fault("task", "slow-task", times=_JOBS, seconds=300)
            simulator.fault("poll", "slow", times=100_000, seconds=_GET_S)
            _start_jobs(tab)
            running = _answers(tab)
            assert tab.get_by_role("progressbar").is_visible(), "the jobs ended while they were measured against"
            browser.close()
    return [compared(f"typing while {_JOBS} jobs run, GET {_GET_S:.0f} s", median(running), median(idle))]


def _start_jobs(tab: Page) -> None:
    tab.get_by_label("Images", exact=True).fill(str(_JOBS))
    tab.get_by_label("Prompt").fill("a slow one")
    tab.get_by_label("Prompt").press("Control+Enter")
    expect(tab.get_by_role("progressbar")).to_be_visible()


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
