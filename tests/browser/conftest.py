"""A real Chromium in front of the app as people start it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests import chromium
from tests.serving import App

OpenTab = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: run `python -m tests.chromium`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app without a key for all tests that need none of their own, with a simulator that is not instant."""
    with App(data_dir=tmp_path_factory.mktemp("app") / "data", STUDIO_SIMULATOR_LATENCY_S="1.5") as served:
        yield served


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Opens tabs, each of its own visitor; the test fails when one asks another host, or shows a traceback."""
    strangers: list[str] = []
    tabs: list[Page] = []

    def note(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname != "localhost":
            strangers.append(request.url)

    def open_one(address: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        tab = context.new_page()
        tab.set_default_timeout(20_000)
        tab.on("request", note)
        tab.goto(address)
        tabs.append(tab)
        return tab

    yield open_one
    for tab in tabs:
        assert tab.is_closed() or "Traceback" not in tab.content()
        tab.context.close()
    assert strangers == []
