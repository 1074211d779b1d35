"""Every page in every state, as axe-core and a thumb find it: light, dark, and 390 pixels wide."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import reaching
from tests.browser.furnished import Furnished, furnished
from tests.browser.reaching import DESK, PHONE, settled
from tests.serving import App

EMPTY = ("/", "/compare", "/history", "/vote", "/results", "/status")
FULL = (
    "/?run=ended",
    "/compare",
    "/compare?experiment=cups&mode=difference",
    "/history",
    "/history?view=numbers",
    "/history?view=backup",
    "/results",
    "/results?review=asked",
    "/results?review=decided",
    "/results?experiment=cups",
    "/status",
    "/vote?review=decided",
)
UNFOLDED = ("?run=ended", "?review=decided", "results?experiment=cups")
Look = Callable[[str], None]
# How far what has the keyboard reaches below the upper edge of what stands at the foot of the page, in pixels.
HIDDEN = """() => {
  const at = document.activeElement.getBoundingClientRect();
  const foot = document.querySelector('[data-testid=stBottom]').getBoundingClientRect();
  return Math.max(0, Math.round(at.bottom - foot.top));
}"""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("full") / "data", STUDIO_SIMULATOR_LATENCY_S="600") as made:
        yield made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with App(data_dir=tmp_path_factory.mktemp("empty") / "data") as app:
        yield app


def walk(tab: Page, full: Furnished, empty: App, look: Look) -> None:
    """Through every page and state once, looking at each."""
    for path in EMPTY:
        visit(tab, f"{empty.url}{path}", look)
    for path in (*FULL, f"/history?image={full.image}"):
        visit(tab, f"{full.app.url}{path}", look)
    tab.goto(f"{full.app.url}/history")
    select_one(tab)
    look("History, selected")
    tab.get_by_role("radio", name="Small").press(" ")
    expect(tab.locator(".gallery")).to_have_attribute("data-density", "compact")
    settled(tab)
    look("History, small images")
    tab.get_by_role("button", name="Filters", exact=True).press("Enter")
    expect(tab.get_by_test_id("stPopoverBody")).to_be_visible()
    settled(tab)
    look("History, Filters")
    tab.goto(full.link(full.asked))
    tab.get_by_role("button", name="Start").press("Enter")
    expect(tab.get_by_role("button", name="Tie")).to_be_enabled()
    look("Vote, a ballot")
    tab.keyboard.press("z")
    settled(tab)
    look("Vote, an image large")
    tab.goto(full.app.url)
    settled(tab)
    tab.get_by_label("Prompt", exact=True).fill("a green hill")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_test_id("stProgress").first).to_be_visible()
    look("Generate, running")


def visit(tab: Page, address: str, look: Look) -> None:
    tab.goto(address)
    settled(tab)
    if address.endswith(UNFOLDED):
        reaching.unfold(tab)
    look(address.partition("localhost:")[2])


def select_one(tab: Page) -> None:
    tab.locator(".tile .open").first.press(" ")
    expect(tab.get_by_role("strong").get_by_text("1 selected")).to_be_visible()


def test_every_page_in_every_state_is_for_everybody(browser: Browser, full: Furnished, empty: App) -> None:
    """In one walk, because the way there is what takes the time."""
    context = browser.new_context(viewport=DESK)
    tab = context.new_page()
    hands = context.new_cdp_session(tab)
    found: list[str] = []

    def turn(size: ViewportSize, scheme: Literal["light", "dark"], *, touched: bool) -> None:
        tab.emulate_media(color_scheme=scheme)
        hands.send("Emulation.setTouchEmulationEnabled", {"enabled": touched})
        tab.set_viewport_size(size)

    def look(where: str) -> None:
        found.extend(f"{where}: {each}" for each in reaching.violations(tab))
        turn(PHONE, "dark", touched=True)
        settled(tab)
        found.extend(f"{where}, dark: {each}" for each in reaching.violations(tab, "color-contrast"))
        found.extend(f"{where}, on a phone: {each}" for each in reaching.too_small(tab))
        found.extend([f"{where}, on a phone: {reaching.width(tab)} px wide"] if reaching.width(tab) > 390 else [])
        turn(DESK, "light", touched=False)

    walk(tab, full, empty, look)
    meta = tab.locator("meta[name=viewport]").get_attribute("content") or ""
    context.close()

    assert not found, "\n".join(found)
    assert "user-scalable" not in meta
    assert "maximum-scale" not in meta


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_has_the_keyboard_is_never_behind_the_lines_of_progress(
    browser: Browser, full: Furnished, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size)
    tab = context.new_page()
    tab.goto(full.app.url)
    settled(tab)
    tab.get_by_label("Prompt", exact=True).fill("a green hill")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_test_id("stProgress").first).to_be_visible()
    settled(tab)

    hidden, button = [], tab.get_by_test_id("stBaseButton-primary").first
    for _ in range(40):
        tab.keyboard.press("Tab")
        hidden.append(tab.evaluate(HIDDEN))
        if button.evaluate("(it) => it === document.activeElement"):
            break
    else:
        raise AssertionError("Tab never comes to Generate")
    context.close()

    assert max(hidden) == 0, hidden
