"""An image with its pins in a real Chromium: what people see, say, settle and take up again."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.little_pages import Pictures, served_page, served_pictures, while_composing

Look = Callable[..., Page]

HOSTILE = "<img src=x onerror=alert(1)>"
NEAR = 0.005  # of the image


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with served_pictures() as served:
        yield served


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory, pictures: Pictures) -> Iterator[str]:
    with served_page("pinboard_page.py", tmp_path_factory.mktemp("pinboard"), PICTURES=pictures.url) as url:
        yield url


@pytest.fixture
def look(page_url: str, open_tab: OpenTab) -> Iterator[Look]:
    """Opens the pinboard; the test fails when the browser's console has an error."""
    errors: list[str] = []

    def at(asked: str = "", *, ready: bool = True, **screen: int | str) -> Page:
        tab = open_tab("about:blank", **screen)
        tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(f"{page_url}/?{asked}")
        expect(tab.get_by_text("runs 1", exact=True)).to_be_visible()
        if ready:
            expect(tab.locator(".board[data-state=shown]")).to_be_visible()
        return tab

    yield at
    assert [error for error in errors if "404" not in error] == []


def keys(tab: Page, *names: str) -> None:
    for name in names:
        tab.keyboard.press(name)


def hears(tab: Page, told: str) -> None:
    expect(tab.get_by_text(f"told: {told}", exact=True)).to_be_visible()


def pins(tab: Page) -> Locator:
    return tab.locator(".board").get_by_role("list", name="Pins").get_by_role("listitem")


def large(tab: Page) -> Locator:
    return tab.get_by_role("dialog", name="Large view")


def place_in(image: Locator, mark: Locator) -> tuple[float, float]:
    outer, inner = image.bounding_box(), mark.bounding_box()
    assert outer
    assert inner
    x, y = inner["x"] + inner["width"] / 2, inner["y"] + inner["height"] / 2
    return (x - outer["x"]) / outer["width"], (y - outer["y"]) / outer["height"]


def test_pins_stand_at_their_places_and_are_listed_with_who_and_when(look: Look) -> None:
    tab = look()
    image = tab.get_by_role("img", name="A red bicycle")

    expect(pins(tab)).to_have_count(2)
    expect(pins(tab).first).to_contain_text("The hand has six fingers")
    expect(pins(tab).first).to_contain_text("Ada · 2 min ago")
    first, third = tab.locator(".board .mark").all()
    assert place_in(image, first) == pytest.approx((0.25, 0.75), abs=NEAR)
    expect(third).to_have_text("3")
    tab.set_viewport_size({"width": 600, "height": 700})
    assert place_in(image, third) == pytest.approx((0.9, 0.5), abs=NEAR)
    tab.set_viewport_size({"width": 1280, "height": 900})
    image.click()
    expect(large(tab).locator(".mark")).to_have_count(2)
    keys(tab, "+", "+", "+")
    assert place_in(large(tab).get_by_role("img"), large(tab).locator(".mark").first) == pytest.approx(
        (0.25, 0.75), abs=NEAR
    )
    expect(large(tab).get_by_role("button", name=re.compile("^Show the"))).to_have_count(0)


def test_words_of_people_stay_words(look: Look) -> None:
    tab = look(width=1000)

    expect(pins(tab).nth(1).locator(".words")).to_contain_text(HOSTILE)
    expect(pins(tab).nth(1).locator(".facts")).to_contain_text(HOSTILE)
    assert tab.locator("img[src=x]").count() == 0
    inner, outer = pins(tab).nth(1).evaluate("it => [it.scrollWidth, it.clientWidth]")
    assert inner <= outer


def test_what_is_settled_is_hidden_until_asked_for_and_can_be_taken_up_again(look: Look) -> None:
    tab = look("slow=0.4")
    settled = tab.get_by_role("button", name=re.compile("Show resolved"))
    expect(settled).to_have_text("Show resolved (1)")
    expect(tab.get_by_text("Sky too grey")).to_be_hidden()

    settled.click()
    expect(settled).to_have_attribute("aria-pressed", "true")
    expect(pins(tab).nth(1)).to_contain_text("yesterday · Resolved")
    tab.get_by_role("button", name="Reopen pin 2").click()
    expect(tab.get_by_role("button", name="Resolve pin 2")).to_be_visible(timeout=300)
    hears(tab, "reopened p2")
    tab.get_by_role("button", name="Resolve pin 1").click()
    settled.click()
    expect(pins(tab)).to_have_count(2)
    expect(tab.get_by_text("six fingers")).to_be_hidden()
    hears(tab, "reopened p2 | resolved p1")
    expect(pins(tab)).to_have_count(2)
    expect(tab.locator(".board .mark")).to_have_text(["2", "3"])


def test_a_pin_is_added_once_by_click_or_by_keys(look: Look) -> None:
    tab = look()
    tab.get_by_role("button", name="Pin a comment").click()
    stage = large(tab).locator(".stage").bounding_box()
    image = large(tab).get_by_role("img")
    assert stage
    x, y = stage["x"] + stage["width"] * 0.4, stage["y"] + stage["height"] * 0.6

    tab.mouse.click(x, y)
    shown = image.bounding_box()
    assert shown
    wanted = ((x - shown["x"]) / shown["width"], (y - shown["y"]) / shown["height"])
    large(tab).get_by_label("Comment").fill("crop here")
    large(tab).get_by_role("button", name="Save pin").dblclick()
    expect(tab.get_by_text(re.compile(r"^told: added .* crop here$"))).to_be_attached()
    mark = large(tab).locator(".mark").filter(has_text="4")
    expect(mark).to_have_count(1)
    assert place_in(image, mark) == pytest.approx(wanted, abs=NEAR)
    keys(tab, "p", "Shift+ArrowRight", "Enter")
    tab.keyboard.type("r c p")
    keys(tab, "Enter", "Escape")
    expect(large(tab)).to_be_hidden()

    expect(pins(tab)).to_have_count(4)
    expect(
        tab.get_by_text(re.compile(r"^told: added 0\.400 0\.\d+ crop here \| added 0\.550 0\.500 r c p$"))
    ).to_be_visible()
    expect(pins(tab).last).to_contain_text("You · now")


def test_who_may_not_add_can_look_and_no_more(look: Look) -> None:
    tab = look("can_add=no")

    expect(tab.get_by_role("button", name="Pin a comment")).to_have_count(0)
    expect(tab.get_by_role("button", name=re.compile("Resolve pin"))).to_have_count(0)
    tab.get_by_role("button", name="Open the image large").focus()
    keys(tab, "Enter", "p", "Enter")
    expect(large(tab)).to_be_visible()
    expect(large(tab).locator("form")).to_be_hidden()
    keys(tab, "Escape")
    expect(tab.get_by_role("button", name="Open the image large")).to_be_focused()


def test_an_image_that_fails_can_be_tried_again(look: Look, pictures: Pictures) -> None:
    pictures.lost.add("7-800x600")
    tab = look("picture=7-800x600&empty=yes", ready=False)

    expect(tab.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    expect(tab.get_by_text("No pins yet.")).to_be_visible()
    pictures.lost.clear()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_role("img", name="A red bicycle")).to_be_visible()


def test_on_a_phone_nothing_scrolls_sideways_and_a_finger_sets_a_pin(browser: Browser, page_url: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        tab = context.new_page()
        tab.goto(page_url)
        expect(tab.locator(".board[data-state=shown]")).to_be_visible()
        assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
        for button in tab.locator(".board button:visible").all():
            box = button.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44

        tab.get_by_role("button", name="Pin a comment").tap()
        image = large(tab).get_by_role("img").bounding_box()
        assert image
        tab.touchscreen.tap(image["x"] + image["width"] * 0.25, image["y"] + image["height"] * 0.75)
        tab.keyboard.type("here")
        large(tab).get_by_role("button", name="Save pin").tap()
        large(tab).get_by_role("button", name="Close").tap()
        told = tab.get_by_text(re.compile("^told: added .* here$")).inner_text().split()
        assert [float(at) for at in told[2:4]] == pytest.approx([0.25, 0.75], abs=NEAR)


def test_enter_in_an_input_method_is_no_end_of_a_remark(look: Look) -> None:
    tab = look()
    tab.get_by_role("img", name="A red bicycle").click()
    keys(tab, "p", "Enter")
    field = large(tab).get_by_label("Comment")
    field.fill("太暗")

    while_composing(field, "Enter")
    while_composing(field, "Escape")
    expect(field).to_have_value("太暗")
    hears(tab, "nothing")
    keys(tab, "Enter")
    expect(tab.get_by_text(re.compile(r"^told: added .* 太暗$"))).to_be_attached()
