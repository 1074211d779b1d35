"""A real Chromium in front of the app as people start it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    ViewportSize,
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


@dataclass(frozen=True)
class Visitor:
    """Somebody with this screen; a tab that has shown the app before shows it again in half the time."""

    context: BrowserContext
    size: ViewportSize
    idle: list[Page]

    def tab(self) -> Page:
        """Empty, in front, as wide as the screen, and with motion."""
        tab = self.idle.pop() if self.idle else self.context.new_page()
        tab.bring_to_front()
        tab.set_viewport_size(self.size)
        tab.emulate_media(reduced_motion="no-preference")
        return tab

    def is_done_with(self, tab: Page) -> None:
        tab.unroute_all()
        tab.goto("about:blank")
        self.idle.append(tab)


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Callable[..., Visitor]:
    """One visitor per screen, whose browser keeps its cache, and whose tabs stay, from test to test."""

    @cache
    def of_screen(width: int, height: int, color_scheme: Literal["light", "dark"]) -> Visitor:
        size: ViewportSize = {"width": width, "height": height}
        return Visitor(browser.new_context(viewport=size, color_scheme=color_scheme), size, [])

    return of_screen


@pytest.fixture
def open_tab(visitor: Callable[..., Visitor], tmp_path: Path) -> Iterator[OpenTab]:
    """Opens tabs; the test fails when one asks another host, shows a traceback, or breaks the policy of the headers.

    What reaches them over WebSockets is kept, and searched for the key of the tests after the run.
    """
    strangers: list[str] = []
    forbidden: list[str] = []
    opened: list[tuple[Visitor, Page]] = []

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
        owner = visitor(width, height, color_scheme)
        tab = owner.tab()
        opened.append((owner, tab))
        tab.set_default_timeout(20_000)
        tab.on("request", note)
        tab.on("console", read)
        tab.on("websocket", record)
        tab.goto(address)
        return tab

    yield open_one
    in_use = [(owner, tab) for owner, tab in opened if not tab.is_closed()]
    broken = [tab.url for _, tab in in_use if "Traceback" in tab.content()]
    for owner, tab in in_use:
        tab.remove_listener("request", note)
        tab.remove_listener("console", read)
        tab.remove_listener("websocket", record)
        owner.is_done_with(tab)
    assert broken == []
    assert strangers == []
    assert forbidden == []
