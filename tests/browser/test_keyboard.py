"""Every journey by keys alone, with a visible focus at each step; what a screen reader hears; fingers on glass."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.library import Library
from studio.reviews.desk import Reviews
from studio.reviews.discussion import Discussion
from studio.reviews.verdict import enough
from tests.browser.conftest import OpenTab
from tests.browser.furnished import PROMPTS, Furnished, furnished
from tests.browser.reaching import tab_to

MODES = ("Side by side", "Wipe", "Onion skin", "Difference", "Blink", "Single image")
HEAR = """() => {
  window.heard = [];
  const listen = () => {
    const voice = document.querySelector('body > [role=status]');
    if (!voice) return setTimeout(listen, 20);
    new MutationObserver(() => window.heard.push(voice.textContent)).observe(voice, { childList: true });
  };
  listen();
}"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("keys") / "data", STUDIO_SIMULATOR_LATENCY_S="0.5") as made:
        yield made


@pytest.fixture
def tab(studio: Furnished, open_tab: OpenTab) -> Page:
    return open_tab(f"{studio.app.url}/api/health")


def go(tab: Page, address: str) -> None:
    """As somebody does who opens a link; without motion, so that what has the keyboard looks so at once."""
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(address)
    tab.locator("h1").first.wait_for()
    expect(tab.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(tab.locator("[data-testid=stSkeleton]")).to_have_count(0)


def test_an_image_is_made_by_keys_and_each_thing_that_happens_is_said_once(studio: Furnished, tab: Page) -> None:
    go(tab, studio.app.url)
    expect(tab.get_by_role("textbox", name="Prompt")).to_be_visible()
    tab.evaluate(HEAR)

    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to main content")).to_be_focused()
    tab.keyboard.press("Enter")
    tab_to(tab, "Prompt")
    tab.keyboard.type("a paper boat")
    tab_to(tab, "Images")
    tab.keyboard.press("ArrowUp")
    tab_to(tab, "Generate")
    tab.keyboard.press("Enter")

    expect(tab.get_by_role("img", name="a paper boat", exact=True)).to_have_count(2)
    expect(tab.get_by_test_id("stProgress")).to_have_count(0)
    heard = tab.evaluate("window.heard")
    assert heard[-1] == "2 images are ready."
    assert len(heard) == len(set(heard)) <= 2
    tab.wait_for_timeout(1200)
    assert tab.evaluate("window.heard") == heard


def test_two_images_are_compared_in_every_way_by_keys(studio: Furnished, tab: Page) -> None:
    go(tab, f"{studio.app.url}/compare?experiment={studio.comparison}")
    viewer = tab.get_by_role("region", name="Image comparison")
    expect(viewer.locator(".layers img")).to_have_count(2)

    tab_to(tab, "Side by side")
    for mode in MODES[1:]:
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("Enter")
        expect(viewer.get_by_role("button", name=mode)).to_have_attribute("aria-pressed", "true")
        if mode == "Wipe":
            tab_to(tab, "Divider")
            tab.keyboard.press("ArrowLeft")
            expect(viewer.get_by_label("Divider")).to_have_value("49")
            while tab.evaluate("!document.activeElement.shadowRoot?.activeElement?.closest('.modes')"):
                tab.keyboard.press("Shift+Tab")


def test_an_image_is_found_opened_rated_tagged_and_told_in_other_words_by_keys(studio: Furnished, tab: Page) -> None:
    go(tab, f"{studio.app.url}/history")
    tab_to(tab, "Search")
    tab.keyboard.type("red cup")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("words="))
    tab_to(tab, "Filters")
    tab.keyboard.press("Enter")
    expect(tab.get_by_test_id("stPopoverBody").get_by_role("combobox", name="Tags")).to_be_visible()
    tab_to(tab, "Tags", most=12)
    tab.keyboard.type("hero")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("tag=hero"))
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    expect(tab.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(tab.locator(".tile")).to_have_count(1)
    tab_to(tab, PROMPTS[0])
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Back to all images")).to_be_visible()

    tab_to(tab, "★")
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    tab_to(tab, "Tags")
    tab.keyboard.type("shortlist")
    tab.keyboard.press("Enter")
    tab_to(tab, "Alt text")
    tab.keyboard.type("A cup by a window")
    tab.keyboard.press("Tab")

    expect(tab.get_by_role("img", name="A cup by a window")).to_be_visible()
    item = Library(studio.database).get(studio.image)
    assert item.rating == 4
    assert set(item.tags) == {"hero", "shortlist"}


def test_images_are_selected_and_exported_by_keys(studio: Furnished, tab: Page) -> None:
    go(tab, f"{studio.app.url}/history?words=cup")
    tab.evaluate(HEAR)
    tab_to(tab, "cup on a table")
    tab.keyboard.press("Space")
    expect(tab.get_by_role("strong").get_by_text("1 selected")).to_be_visible()
    button = tab.get_by_role("button", name="Export", exact=True)
    expect(button).to_be_visible()
    while not button.evaluate("(it) => it === document.activeElement"):
        tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("textbox", name="Campaign")).to_be_visible()
    tab_to(tab, "Export", most=6)
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Export ready")).to_be_visible()
    tab.wait_for_function("() => window.heard.length > 0")
    assert tab.evaluate("window.heard") == ["Export is done."]


def test_a_whole_review_is_voted_and_decided_by_keys(studio: Furnished, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    go(tab, studio.link(studio.asked))
    tab_to(tab, "Start")
    tab.keyboard.press("Enter")
    for number, key in enumerate("1234", 1):
        expect(tab.get_by_text(re.compile(rf"^Pair {number} of ")).first).to_be_visible()
        expect(tab.get_by_role("button", name="Tie")).to_be_enabled()
        assert {each.get_attribute("alt") for each in tab.locator(".pair img").all()} == {"Left image", "Right image"}
        if number == 1:
            tab.keyboard.press("z")
            tab_to(tab, "Pin a comment")
            tab.keyboard.press("Enter")
            tab.keyboard.press("ArrowRight")
            tab.keyboard.press("Enter")
            tab.keyboard.type("Too dark")
            tab.keyboard.press("Enter")
            expect(tab.get_by_text("Too dark").first).to_be_visible()
            tab.keyboard.press("Escape")
        tab.keyboard.press(key)
    expect(tab.get_by_text("You have voted on every pair")).to_be_visible()
    reviews = Reviews(studio.database, enough=enough)
    assert [each.choice for each in reviews.ballots(studio.asked)] == ["left", "right", "tie", "bad"]
    assert [each.remark.words for each in Discussion(studio.database).pins(studio.asked)] == ["Too dark"]

    go(tab, f"{studio.app.url}/results?review={studio.asked}")
    tab_to(tab, "Close now")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Approve")).to_be_visible()
    tab_to(tab, "Your name")
    tab.keyboard.type("Grace")
    tab_to(tab, "Approve")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Approved", exact=True).first).to_be_visible()
    context.close()


def test_two_fingers_zoom_the_images_and_nothing_moves_for_whoever_asks_for_rest(
    studio: Furnished, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    tab = context.new_page()
    go(tab, f"{studio.app.url}/compare?experiment={studio.comparison}&mode=blink")
    stage = tab.locator(".viewer .stage")
    expect(stage.locator("img")).to_have_count(2)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = zoom(tab)

    hands = context.new_cdp_session(tab)
    for apart in (20, 40, 60, 80):
        fingers = [{"x": middle[0] + side * apart, "y": middle[1], "id": place} for place, side in enumerate((-1, 1))]
        hands.send(
            "Input.dispatchTouchEvent", {"type": "touchStart" if apart == 20 else "touchMove", "touchPoints": fingers}
        )
    hands.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    assert zoom(tab) > 2 * before
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    running = "document.getAnimations().filter((it) => it.effect.getComputedTiming().duration > 1).length"
    assert tab.evaluate(running) == 0
    context.close()


def zoom(tab: Page) -> float:
    matrix = tab.locator(".viewer .picture").first.evaluate("(it) => getComputedStyle(it).transform")
    return 1.0 if matrix == "none" else float(str(matrix).removeprefix("matrix(").partition(",")[0])
