"""The image comparison in a real Chromium: what a person sees, what Python hears, by mouse and by keys."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.little_pages import served_page, while_composing

Colour = tuple[int, int, int]
Look = Callable[..., Page]

RED, BLUE, GREEN, YELLOW, BLACK = (192, 0, 0), (0, 0, 192), (0, 160, 0), (192, 160, 0), (0, 0, 0)
HOSTILE = "<img src=x onerror=alert(1)>"
NOT_FADED = """() => {
    const container = document.querySelector("[data-testid=stElementContainer]:has(.stBidiComponent)");
    return getComputedStyle(container).opacity === "1";
}"""
MEASURE = """all => all.map(it => [
    (it.ariaLabel || it.labels?.[0]?.innerText || it.innerText).trim(),
    Math.min(it.offsetWidth, it.offsetHeight),
])"""
MODES = {
    "side": "Side by side",
    "wipe": "Wipe",
    "onion": "Onion skin",
    "difference": "Difference",
    "blink": "Blink",
    "single": "Single image",
}


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The little page, served by a process of its own."""
    with served_page("viewer_page.py", tmp_path_factory.mktemp("viewer")) as url:
        yield url


@pytest.fixture
def look(page_url: str, open_tab: OpenTab) -> Iterator[Look]:
    """Opens the viewer on one of the page's sets; the test fails when the browser's console has an error."""
    errors: list[str] = []

    def at(images: str = "two", mode: str = "side", draw: int = 1, **screen: int | str) -> Page:
        tab = open_tab("about:blank", **screen)
        note_errors(tab, errors)
        return arrive(tab, f"{page_url}/?set={images}&mode={mode}&draw={draw}")

    yield at
    assert errors == []


def note_errors(tab: Page, errors: list[str]) -> None:
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))


def arrive(tab: Page, address: str) -> Page:
    tab.goto(address)
    settle(tab)
    return tab


def settle(tab: Page) -> None:
    expect(tab.locator(".stage")).to_have_attribute("aria-busy", "false")


def hears(tab: Page, mode: str, draw: int) -> None:
    expect(tab.get_by_text(f"Python sees {mode} {draw}", exact=True)).to_be_visible()


def press(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()


def keys(tab: Page, *names: str) -> None:
    tab.locator(".stage").focus()
    for name in names:
        tab.keyboard.press(name)


def pixel(tab: Page, x: float, y: float, *, nth: int = 0) -> Colour:
    """The colour on screen at this share of the width and height of a visible image."""
    while True:
        tab.wait_for_function(NOT_FADED)  # Streamlit fades what a slow rerun has not drawn again yet
        colour = pixel_now(tab, x, y, nth)
        if tab.evaluate(NOT_FADED):
            return colour


def pixel_now(tab: Page, x: float, y: float, nth: int) -> Colour:
    box = tab.locator(".frame:not([hidden]) .picture").nth(nth).bounding_box()
    assert box
    at: FloatRect = {
        "x": int(box["x"] + x * box["width"]),
        "y": int(box["y"] + y * box["height"]),
        "width": 1,
        "height": 1,
    }
    red, green, blue = Image.open(BytesIO(tab.screenshot(clip=at))).convert("RGB").tobytes()
    return red, green, blue


def like(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one, other, strict=True))


def transforms(tab: Page) -> set[str]:
    return set(tab.locator(".picture").evaluate_all("all => all.map(it => it.style.transform)"))


def scale(tab: Page) -> float:
    (transform,) = transforms(tab)
    return float(transform.split("scale(")[1].rstrip(")"))


def tags(tab: Page) -> list[str]:
    return tab.locator(".tag:not([hidden])").all_inner_texts()


def percent(tab: Page) -> str:
    return tab.locator(".percent").inner_text()


def test_side_by_side_shows_all_arms_with_their_names_at_one_scale(look: Look) -> None:
    tab = look("four")

    assert tab.locator(".name:visible").all_inner_texts() == ["A", "B", "C", "D"]
    boxes = [box for it in tab.locator(".picture").all() if (box := it.bounding_box())]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert [pixel(tab, 0.5, 0.1, nth=0), pixel(tab, 0.5, 0.1, nth=1)] == [RED, BLUE]
    expect(tab.get_by_role("img", name="a rectangle on #00a000")).to_be_visible()


def test_every_mode_is_reached_by_button_and_by_number_and_python_hears(look: Look) -> None:
    tab = look()

    for mode, name in list(MODES.items())[::-1]:
        press(tab, name)
        expect(tab.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        assert tab.locator(".modes [aria-pressed=true]").count() == 1
        hears(tab, mode, 1)
    for number, name in enumerate(MODES.values(), 1):
        keys(tab, str(number))
        expect(tab.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    hears(tab, "single", 1)
    expect(tab.get_by_text("pandas False")).to_be_visible()


def test_the_wipe_shows_a_before_the_divider_and_b_behind_it(look: Look) -> None:
    tab = look(mode="wipe")

    keys(tab, *["["] * 5)
    assert [pixel(tab, 0.2, 0.1), pixel(tab, 0.3, 0.1)] == [RED, BLUE]

    tab.get_by_role("slider", name="Divider").fill("75")
    assert [pixel(tab, 0.7, 0.1), pixel(tab, 0.8, 0.1)] == [RED, BLUE]

    handle = tab.locator(".divider i").bounding_box()
    assert handle
    tab.mouse.move(handle["x"] + 14, handle["y"] + 14)
    tab.mouse.down()
    tab.mouse.move(handle["x"] - 200, handle["y"] + 14)
    tab.mouse.up()
    assert pixel(tab, 0.65, 0.1) == BLUE
    assert "translate" in transforms(tab).pop()  # the drag moved the divider and not the images

    press(tab, "Turn divider")
    tab.get_by_role("slider", name="Divider").fill("25")
    assert [pixel(tab, 0.2, 0.2), pixel(tab, 0.2, 0.3)] == [RED, BLUE]


def test_the_onion_skin_mixes_as_much_as_its_slider_says(look: Look) -> None:
    tab = look(mode="onion")
    slider = tab.get_by_role("slider", name="Opacity of B")

    assert like(pixel(tab, 0.1, 0.1), (96, 0, 96))
    slider.fill("0")
    assert pixel(tab, 0.1, 0.1) == RED
    keys(tab, *["]"] * 5)
    expect(slider).to_have_value("25")
    expect(tab.locator(".frame[data-layer=over]")).to_have_css("opacity", "0.25")
    assert like(pixel(tab, 0.1, 0.1), (144, 0, 48))


def test_the_difference_is_black_where_equal_and_grows_with_the_gain(look: Look) -> None:
    same = look("same", mode="difference")
    press(same, "×16")
    assert {pixel(same, x, y) for x, y in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.9))} == {BLACK}

    tab = look(mode="difference")
    assert [pixel(tab, 0.1, 0.1), pixel(tab, 0.5, 0.5)] == [(192, 0, 192), BLACK]
    expect(tab.locator(".frame[data-layer=over]")).to_have_css("mix-blend-mode", "difference")
    expect(tab.get_by_text("black = same, bright = different")).to_be_visible()
    keys(tab, "]")
    expect(tab.locator(".layers")).to_have_css("filter", "brightness(4)")
    assert pixel(tab, 0.1, 0.1) == (255, 0, 255)


def test_blink_alternates_says_which_it_shows_and_can_be_paused(look: Look) -> None:
    tab = look(mode="blink")
    start = tab.locator(".tag.start")

    for name in ("B", "A", "B"):
        expect(start).to_have_text(name, timeout=3_000)
    press(tab, "Pause")
    now = start.inner_text()
    assert pixel(tab, 0.1, 0.1) == {"A": RED, "B": BLUE}[now]
    tab.wait_for_timeout(900)
    assert start.inner_text() == now
    keys(tab, " ")
    expect(start).not_to_have_text(now)
    press(tab, "Switch")
    expect(start).to_have_text(now)


def test_under_reduced_motion_nothing_blinks_by_itself(browser: Browser, page_url: str) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        tab = arrive(context.new_page(), f"{page_url}/?mode=blink")
        expect(tab.get_by_role("button", name="Play")).to_be_visible()
        tab.wait_for_timeout(1_500)
        assert tags(tab) == ["A"]

        press(tab, "Switch")
        assert tags(tab) == ["B"]
        assert pixel(tab, 0.1, 0.1) == BLUE


def test_a_single_image_is_stepped_through_by_buttons_and_keys(look: Look) -> None:
    tab = look("four", mode="single")

    press(tab, "C")
    assert tags(tab) == ["C"]
    assert pixel(tab, 0.1, 0.1) == GREEN
    keys(tab, "]", "]")
    assert tags(tab) == ["D"]
    assert pixel(tab, 0.1, 0.1) == YELLOW
    keys(tab, "[")
    assert tags(tab) == ["C"]


def test_zoom_and_pan_are_one_for_all_images_and_survive_mode_draw_and_swap(look: Look) -> None:
    tab = look("four")
    whole = transforms(tab)
    assert len(whole) == 1

    keys(tab, "+", "+", "ArrowRight", "ArrowDown")
    zoomed = transforms(tab)
    assert len(zoomed) == 1
    assert scale(tab) == pytest.approx(1.25**2)
    for number in range(1, 7):
        keys(tab, str(number))
        assert scale(tab) == pytest.approx(1.25**2)
    keys(tab, "PageDown", "x", "1")
    expect(tab.locator(".draw")).to_have_text("Draw 2 of 2")
    settle(tab)
    assert transforms(tab) == zoomed
    press(tab, "Fit")
    assert transforms(tab) == whole


def test_the_arrows_pan_when_zoomed_and_otherwise_change_the_draw(look: Look) -> None:
    tab = look(mode="single")
    keys(tab, "ArrowRight")
    hears(tab, "single", 2)
    keys(tab, "ArrowLeft")
    hears(tab, "single", 1)
    expect(tab.get_by_role("button", name="Move left")).to_be_hidden()

    keys(tab, "+", "+", "+", "+")
    before = transforms(tab)
    keys(tab, "ArrowUp", "ArrowLeft")
    after_keys = transforms(tab)
    assert after_keys != before
    press(tab, "Move down")
    press(tab, "Move right")
    assert transforms(tab) == before
    hears(tab, "single", 1)


def test_the_wheel_belongs_to_the_page_until_the_images_are_clicked(look: Look) -> None:
    tab = look()
    image = tab.locator(".pane").first
    whole = transforms(tab)

    image.hover()
    tab.mouse.wheel(0, -300)
    tab.wait_for_timeout(200)
    assert transforms(tab) == whole
    tab.keyboard.down("Control")
    tab.mouse.wheel(0, -300)
    tab.keyboard.up("Control")
    tab.wait_for_function("() => true")
    expect(tab.locator(".stage")).to_have_attribute("data-movable", "true")
    press(tab, "Fit")
    image.click()
    tab.mouse.wheel(0, -300)
    expect(tab.locator(".stage")).to_have_attribute("data-movable", "true")
    before = transforms(tab)
    image.hover()
    tab.mouse.down()
    tab.mouse.move(500, 300)
    tab.mouse.up()
    assert transforms(tab) != before
    assert len(transforms(tab)) == 1


@pytest.mark.parametrize("density", [1, 2])
def test_one_to_one_shows_the_original_pixel_for_pixel(browser: Browser, page_url: str, density: int) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}, device_scale_factor=density) as context:
        tab = arrive(context.new_page(), f"{page_url}/?mode=side")
        natural = "all => all.map(it => it.naturalWidth)"
        if density == 1:
            press(tab, "Zoom out")

        press(tab, "1:1")

        expect(tab.get_by_role("button", name="1:1")).to_have_attribute("aria-pressed", "true")
        expect(tab.locator(".picture img").first).to_have_js_property("naturalWidth", 800)
        assert tab.locator(".picture img").evaluate_all(natural) == [800, 800]
        assert percent(tab) == "100 %"
        box = tab.locator(".picture").first.bounding_box()
        assert box
        assert box["width"] == pytest.approx(800 / density, abs=0.01)
        expect(tab.get_by_role("img", name="a ellipse on #c00000")).to_be_visible()
        keys(tab, "2")
        assert percent(tab) == "100 %"


def test_a_preview_is_kept_while_it_has_pixels_enough(look: Look) -> None:
    tab = look("four", width=700)

    assert tab.locator(".picture img").evaluate_all("all => all.map(it => it.naturalWidth)") == [400] * 4
    keys(tab, *["+"] * 3)
    expect(tab.locator(".picture img").first).to_have_js_property("naturalWidth", 800)


def test_swapping_moves_the_images_together_with_their_names(look: Look) -> None:
    tab = look(mode="wipe")
    assert (tags(tab), pixel(tab, 0.1, 0.1)) == (["A", "B"], RED)

    press(tab, "Swap")
    assert (tags(tab), pixel(tab, 0.1, 0.1), pixel(tab, 0.9, 0.1)) == (["B", "A"], BLUE, RED)
    keys(tab, "1")
    assert tab.locator(".name:visible").all_inner_texts() == ["B", "A"]
    assert pixel(tab, 0.1, 0.1) == BLUE
    keys(tab, "x")
    assert pixel(tab, 0.1, 0.1) == RED


def test_of_four_arms_any_two_can_be_compared(look: Look) -> None:
    tab = look("four", mode="wipe")

    tab.get_by_label("Left", exact=True).select_option("D")
    tab.get_by_label("Right", exact=True).select_option("C")
    assert (tags(tab), pixel(tab, 0.1, 0.1), pixel(tab, 0.9, 0.1)) == (["D", "C"], YELLOW, GREEN)
    tab.get_by_label("Right", exact=True).select_option("D")  # taken: the two change places
    assert (tags(tab), pixel(tab, 0.1, 0.1)) == (["C", "D"], GREEN)


def test_draws_change_by_button_and_key_and_a_held_key_is_not_a_queue_of_reruns(look: Look) -> None:
    tab = look()
    previous, following = (tab.get_by_role("button", name=f"{name} draw") for name in ("Previous", "Next"))
    expect(previous).to_have_attribute("aria-disabled", "true")

    following.click()
    hears(tab, "side", 2)
    assert pixel(tab, 0.1, 0.1) == GREEN
    expect(tab.locator(".live")).to_have_text("Draw 2 of 4")
    keys(tab, "PageUp", *["PageDown"] * 8)
    hears(tab, "side", 4)
    expect(following).to_have_attribute("aria-disabled", "true")
    runs = int(tab.get_by_text(re.compile(r"^runs \d+$")).inner_text().split()[1])
    assert runs <= 4
    previous.click()
    hears(tab, "side", 3)
    assert "draw=3" in tab.url


def test_where_python_leads_the_viewer_follows_and_so_it_does_the_way_back(look: Look) -> None:
    tab = look()
    keys(tab, "3")
    hears(tab, "onion", 1)

    press(tab, "Lead to wipe of draw 3")
    hears(tab, "wipe", 3)
    expect(tab.get_by_role("button", name="Wipe", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(tab.locator(".draw")).to_have_text("Draw 3 of 4")
    expect(tab.locator(".live")).to_have_text("Wipe, Draw 3 of 4")
    keys(tab, "3")
    hears(tab, "onion", 3)

    tab.go_back()
    hears(tab, "wipe", 3)
    expect(tab.get_by_role("button", name="Wipe", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_rerun_keeps_zoom_and_the_very_same_images(look: Look) -> None:
    tab = look(mode="wipe", draw=3)
    keys(tab, "+")
    zoomed = transforms(tab)
    tab.locator(".picture img").evaluate_all("all => all.forEach(it => (it.mine = true))")

    press(tab, "Lead to wipe of draw 3")
    expect(tab.get_by_text("runs 3")).to_be_visible()

    assert tab.locator(".picture img").evaluate_all("all => all.map(it => it.mine)") == [True, True]
    assert transforms(tab) == zoomed


@pytest.mark.parametrize(
    ("images", "reason"),
    [("missing", "Being made"), ("lost", "The image could not be loaded"), ("none", "No images yet")],
)
def test_a_missing_image_says_why_and_the_others_stay(look: Look, images: str, reason: str) -> None:
    tab = look(images)

    expect(tab.locator(".reason:visible").last).to_have_text(reason)
    for number in range(2, 7):
        keys(tab, str(number))
        expect(tab.locator(".stage")).to_contain_text("A")
    keys(tab, "2")
    assert tags(tab)[1] == f"B · {reason}"
    if images != "none":
        assert pixel(tab, 0.1, 0.1) == RED


def test_images_of_different_shapes_share_a_frame_and_it_is_said(look: Look) -> None:
    tab = look("shapes", mode="wipe")

    expect(
        tab.get_by_text("A is 800 × 600, B is 1200 × 600: shown fitted to the same frame.", exact=True)
    ).to_be_visible()
    assert pixel(tab, 0.9, 0.1) == BLUE
    assert pixel(tab, 0.05, 0.1) not in {RED, BLUE}
    assert pixel(tab, 0.3, 0.1) == RED
    keys(tab, "6")
    expect(tab.get_by_text("shown fitted")).to_be_hidden()


def test_hostile_words_stay_words(look: Look) -> None:
    tab = look("hostile")

    expect(tab.locator(".name").first).to_have_text(HOSTILE)
    expect(tab.locator(".reason:visible")).to_have_text(HOSTILE)
    expect(tab.get_by_role("img", name=HOSTILE)).to_be_visible()
    for number in range(1, 7):
        keys(tab, str(number))
    assert tab.locator("img[src=x]").count() == 0


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 900, 32), (390, 844, 44)])
def test_controls_are_large_enough_named_and_nothing_scrolls_sideways(
    look: Look, width: int, height: int, least: int
) -> None:
    tab = look("four", width=width, height=height, color_scheme="dark" if width == 390 else "light")

    for number in range(1, 7):
        keys(tab, str(number), "+", "+", "+")
        assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        controls = tab.locator(".viewer :is(button, select, summary, input):visible").evaluate_all(MEASURE)
        assert all(name for name, _ in controls)
        assert [control for control in controls if control[1] < least] == []
    if width == 390:
        keys(tab, "1", "0")
        lefts = {round(box["x"]) for it in tab.locator(".pane").all() if (box := it.bounding_box())}
        assert len(lefts) == 1


def test_the_keyboard_finds_every_toolbar_sees_its_focus_and_the_list_of_keys(look: Look) -> None:
    tab = look()
    assert tab.get_by_role("toolbar").count() == 3
    tab.get_by_role("button", name="Side by side").focus()

    tab.keyboard.press("ArrowRight")
    wipe = tab.get_by_role("button", name="Wipe", exact=True)
    expect(wipe).to_be_focused()
    expect(wipe).to_have_css("outline-style", "solid")
    tab.keyboard.press("Enter")
    hears(tab, "wipe", 1)
    keys(tab, "?")
    expect(tab.get_by_text("previous, next draw")).to_be_visible()
    keys(tab, "Escape")
    expect(tab.locator(".stage")).not_to_be_focused()


def test_keys_of_an_input_method_change_nothing(look: Look) -> None:
    tab = look()
    first = tab.locator(".modes [aria-pressed=true]").inner_text()

    for number in range(1, len(MODES) + 1):
        while_composing(tab.locator(".stage"), str(number))
        assert tab.locator(".modes [aria-pressed=true]").inner_text() == first
