"""How soon the app is there after `streamlit run`, against an empty Streamlit page on default settings.

The two start in turns, so that what else goes on here is the same for both. Import time is what Python spends in the
modules of each package itself until pages are let in, against Streamlit's own modules; much of that goes on
while a browser loads Streamlit.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measurement import Measurement, compared
from tests import chromium
from tests.serving import CHECKOUT, App, Served, not_ours

_STARTS = 5
_UNTIL_PAGES = "import streamlit.web.bootstrap, ui.cookies, ui.headers, ui.opening, ui.bell, ui.routes, ui.services"
_PACKAGES = ("atlas", "studio", "ui")
_EMPTY = "import streamlit as st\n\nst.text_area('Prompt')\n"
_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)")


def measure() -> list[Measurement]:
    ours: list[tuple[float, float, float]] = []
    empty: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        # As usual: Python keeps what it has compiled.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        page = folder / "page.py"
        page.write_text(_EMPTY)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        for place in range(_STARTS + 1):
            own = _start(App(data_dir=folder / "data", health="_stcore/health", **compiled), browser)
            other = _start(Served(page, log=folder / "page.log", environment=not_ours() | compiled), browser)
            if place:  # the first makes the database, and what Python compiles
                ours.append(own)
                empty.append(other)
        browser.close()
        imported = [_imported(not_ours() | compiled) for _ in range(_STARTS)]
    steps = zip(("health", "first paint", "processor time to the paint"), _medians(ours), _medians(empty), strict=True)
    spent = {package: median(times[package] for times in imported) for package in ("streamlit", *_PACKAGES)}
    everything = median(times.total() - times["streamlit"] for times in imported)
    return [
        *(compared(f"start, {what}", seconds, baseline) for what, seconds, baseline in steps),
        *(
            compared(f"start, import of {package}", spent[package], spent["streamlit"], unit="ms")
            for package in _PACKAGES
        ),
        compared("start, import of all but Streamlit's own", everything, spent["streamlit"], unit="ms"),
    ]


def _start(served: Served, browser: Browser) -> tuple[float, float, float]:
    """Seconds until it answers, until its page is painted, and of processor time that the server took until then."""
    tab = browser.new_page()
    began = time.perf_counter()
    with served:
        answers = time.perf_counter() - began
        tab.goto(served.url)
        tab.get_by_label("Prompt").wait_for()
        painted = time.perf_counter() - began
        tab.close()
        return answers, painted, served.cpu_seconds()


def _medians(runs: list[tuple[float, float, float]]) -> list[float]:
    return [median(values) for values in zip(*runs, strict=True)]


def _imported(environment: dict[str, str]) -> Counter[str]:
    """Milliseconds in the modules of each package, in a fresh Python."""
    command = [sys.executable, "-X", "importtime", "-c", _UNTIL_PAGES]
    said = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True).stderr
    found: Counter[str] = Counter()
    for microseconds, package in _IMPORTED.findall(said):
        found[package] += int(microseconds)
    return Counter({package: total // 1000 for package, total in found.items()})
