"""Status in a real Chromium: on a phone, filled by itself, and quiet afterwards."""

import re

from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import OpenTab
from tests.serving import App

_TWO_TICKS_MS = 1100


def test_on_a_phone_the_answer_comes_by_itself_and_then_the_page_is_quiet(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(f"{app.url}/api/health", width=390, height=844)
    sent = overheard(tab)
    tab.goto(f"{app.url}/status")
    expect(tab.get_by_text("Reachable")).to_be_visible(timeout=20_000)
    expect(tab.get_by_text(re.compile(r"\d+ models$"))).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    tab.get_by_role("button", name="Ask again").press("Enter")

    assert comes_to_rest(tab, sent)
    assert sent


def comes_to_rest(tab: Page, sent: list[object]) -> bool:
    """Whether the tab sends nothing for two ticks on end, sooner or later."""
    for _ in range(6):
        before = len(sent)
        tab.wait_for_timeout(_TWO_TICKS_MS)
        if len(sent) == before:
            return True
    return False


def overheard(tab: Page) -> list[object]:
    """What the tab sends to the server, from its next load on."""
    sent: list[object] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    tab.on("websocket", listen)
    return sent
