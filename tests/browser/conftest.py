"""A real Chromium in front of the app as people start it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
)

from tests.serving import App

OpenTab = Callable[..., Page]
expect.set_options(timeout=15_000)  # milliseconds: a busy machine is slow, and a test that waits fails no less


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app without a key for all tests that need none of their own, with a simulator that is not instant."""
    with App(data_dir=tmp_path_factory.mktemp("app") / "data", STUDIO_SIMULATOR_LATENCY_S="1.5") as served:
        yield served


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Callable[..., BrowserContext]:
    """One visitor per screen, whose browser keeps its cache from test to test."""

    @cache
    def of_screen(width: int, height: int, color_scheme: Literal["light", "dark"]) -> BrowserContext:
        return browser.new_context(viewport={"width": width, "height": height}, color_scheme=color_scheme)

    return of_screen


@pytest.fixture
def open_tab(visitor: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[OpenTab]:
    """Opens tabs; the test fails when one asks another host, shows a traceback, or breaks the policy of the headers.

    What reaches them over WebSockets is kept, and searched for the key of the tests after the run.
    """
    strangers: list[str] = []
    forbidden: list[str] = []
    tabs: list[Page] = []

    def note(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname != "localhost":
            strangers.append(request.url)

    def read(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            forbidden.append(message.text)

    def record(line: WebSocket) -> None:
        line.on("framereceived", heard)

    def heard(frame: str | bytes) -> None:
        with (tmp_path / "frames").open("ab") as frames:
            frames.write(frame.encode() if isinstance(frame, str) else frame)

    def open_one(address: str, *, width: int = 1280, height: int = 900, color_scheme: str = "light") -> Page:
        tab = visitor(width, height, color_scheme).new_page()
        tab.set_default_timeout(20_000)
        tab.on("request", note)
        tab.on("console", read)
        tab.on("websocket", record)
        tab.goto(address)
        tabs.append(tab)
        return tab

    yield open_one
    for tab in tabs:
        assert tab.is_closed() or "Traceback" not in tab.content()
        tab.close()
    assert strangers == []
    assert forbidden == []
