"""A page of images in a real Chromium: what a person sees and does, by mouse, keys and touch, and what Python hears."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import OpenTab
from tests.browser.little_pages import served_page, while_composing

Look = Callable[..., Page]

HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "unbreakable" * 40
COLUMNS = 4  # of comfortable tiles at 1280 px
INSIDE = """all => all.filter(it => {
    const { top, bottom } = it.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
}).map(it => it.closest(".tile").dataset.id)"""


@dataclass
class Pictures:
    """Serves images of one colour, named by number and size, and remembers what it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        pictures = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = re.search(r"(\d+)-(\d+)x(\d+)\.png", self.path)
                pictures.asked.append(self.path)
                body = drawn(*map(int, found.groups())) if found else b""
                self.send_response(200 if found else 404)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """The tests read ``asked``."""

        return Handler


@cache
def drawn(number: int, width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), f"hsl({number * 37 % 360}, 60%, 60%)").save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    served = Pictures()
    with ThreadingHTTPServer(("127.0.0.1", 0), served.handler()) as server:
        served.url = f"http://localhost:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield served
        server.shutdown()


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory, pictures: Pictures) -> Iterator[str]:
    """The little page, served by a process of its own."""
    with served_page("gallery_page.py", tmp_path_factory.mktemp("gallery"), PICTURES=pictures.url) as url:
        yield url


@pytest.fixture
def look(page_url: str, open_tab: OpenTab) -> Iterator[Look]:
    """Opens the gallery on one of the page's sets; the test fails when the browser's console has an error."""
    errors: list[str] = []

    def at(asked: str = "set=few", **screen: int | str) -> Page:
        tab = open_tab("about:blank", **screen)
        return arrive(tab, f"{page_url}/?{asked}", errors)

    yield at
    assert [error for error in errors if "404" not in error] == []


def arrive(tab: Page, address: str, errors: list[str] | None = None) -> Page:
    noted: list[str] = [] if errors is None else errors
    tab.on("console", lambda message: noted.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: noted.append(str(error)))
    tab.goto(address)
    expect(tab.locator(".tile").first).to_be_visible()
    expect(tab.get_by_text(re.compile(r"^runs \d+$"))).to_be_visible()
    return tab


def touching(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def tile(tab: Page, number: int) -> Locator:
    return tab.locator(f'.tile[data-id="t{number}"]')


def image(tab: Page, number: int) -> Locator:
    return tile(tab, number).locator(".open")


def keys(tab: Page, *names: str) -> None:
    for name in names:
        tab.keyboard.press(name)


def hears(tab: Page, *, selected: str | None = None, wishes: str | None = None) -> None:
    if selected is not None:
        expect(tab.get_by_text(f"selected: {selected}", exact=True)).to_be_visible()
    if wishes is not None:
        expect(tab.get_by_text(f"wishes: {wishes}", exact=True)).to_be_visible()


def runs(tab: Page) -> int:
    return int(tab.get_by_text(re.compile(r"^runs \d+$")).inner_text().split()[1])


def run_again(tab: Page) -> None:
    before = runs(tab)
    tab.get_by_role("button", name="Run again").click()
    expect(tab.get_by_text(f"runs {before}", exact=True)).to_be_hidden()


def chosen(tab: Page) -> list[str]:
    names: list[str] = tab.locator(".tile:has(.select:checked)").evaluate_all("all => all.map(it => it.dataset.id)")
    return names


def asked_for(tab: Page) -> set[str]:
    return set(tab.locator(".tile:has(img[src])").evaluate_all("all => all.map(it => it.dataset.id)"))


def columns(tab: Page) -> int:
    tops: list[int] = tab.locator(".tile").evaluate_all("all => all.map(it => it.offsetTop)")
    return tops.count(tops[0])


# --- Wishes ----------------------------------------------------------------------------------------------------------


def test_quick_keys_are_each_heard_once_and_in_order(look: Look) -> None:
    tab = look()
    image(tab, 0).focus()

    keys(tab, "3", "ArrowRight", "5", "s", "ArrowRight", "1", "s", "s", "0")

    told = "rate t0 3, rate t1 5, star t1 1, rate t2 1, star t2 1, star t2 0, rate t2 0"
    hears(tab, wishes=told)
    run_again(tab)
    hears(tab, wishes=told)
    expect(tile(tab, 1).get_by_role("img", name="Rated 5 of 5")).to_have_text("★★★★★")
    expect(tab.get_by_text("pandas False")).to_be_visible()


def test_wishes_of_a_slow_rerun_are_shown_at_once_never_flicker_and_are_heard_once(look: Look) -> None:
    tab = look("set=few&slow=0.7")
    watch = """it => {
        window.seen = [];
        const [star, rating] = [it.querySelector(".star"), it.querySelector(".rating")];
        const note = () => window.seen.push(star.ariaPressed + rating.textContent);
        new MutationObserver(note).observe(it, { subtree: true, attributes: true, childList: true });
    }"""
    tile(tab, 0).evaluate(watch)
    image(tab, 0).focus()

    keys(tab, "s")
    hears(tab, wishes="star t0 1")
    keys(tab, "4")  # what Python says next knows of the star and not yet of the rating
    assert tile(tab, 0).locator(".rating").inner_text() == "★★★★"
    hears(tab, wishes="star t0 1, rate t0 4")
    for wait, key in ((200, "ArrowRight"), (100, "2"), (300, "ArrowRight"), (250, "s")):
        tab.wait_for_timeout(wait)
        keys(tab, key)
    tab.get_by_role("button", name="Run again").click()

    hears(tab, wishes="star t0 1, rate t0 4, rate t1 2, star t2 1")
    tab.wait_for_timeout(900)
    hears(tab, wishes="star t0 1, rate t0 4, rate t1 2, star t2 1")
    seen = tab.evaluate("window.seen")
    assert set(seen[seen.index("true★★★★") :]) == {"true★★★★"}
    assert set(seen) <= {"true", "true★★★★"}


def test_a_wish_made_while_the_next_page_is_on_its_way_is_not_lost(look: Look) -> None:
    tab = look("set=few&slow=0.5")
    image(tab, 3).focus()

    keys(tab, " ", "5")
    tab.get_by_role("button", name="Next page").click()

    expect(tile(tab, 14)).to_be_visible()
    hears(tab, selected="t3", wishes="rate t3 5")


def test_open_is_asked_by_click_double_click_and_keys_once_each(look: Look) -> None:
    tab = look()

    image(tab, 1).click()
    hears(tab, wishes="open t1 0")
    image(tab, 2).dblclick()
    hears(tab, wishes="open t1 0, open t2 0")
    keys(tab, "ArrowRight", "Enter")
    hears(tab, wishes="open t1 0, open t2 0, open t3 0")
    keys(tab, "ArrowRight", "o")
    hears(tab, selected="none", wishes="open t1 0, open t2 0, open t3 0, open t4 0")


def test_a_reload_and_a_second_tab_begin_with_nothing_heard(look: Look) -> None:
    tab = look()
    image(tab, 0).focus()
    keys(tab, "5", " ")
    hears(tab, selected="t0", wishes="rate t0 5")

    other = look()
    hears(other, selected="none", wishes="none")
    tab.reload()

    hears(tab, selected="none", wishes="none")
    assert chosen(tab) == []
    image(tab, 1).focus()
    keys(tab, "2")
    hears(tab, wishes="rate t1 2")


def test_only_what_was_shown_and_can_be_asked_is_believed(page_url: str, browser: Browser) -> None:
    lies = {b'"t1"': b'"x1"', b'"value":5': b'"value":6', b'"star"': b'"burn"'}

    def lie(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            for true, false in lies.items():
                told.append(true) if true in message else None
                message = message.replace(true, false)
            server.send(message)

        socket.on_message(forward)

    told: list[bytes] = []
    with browser.new_context() as context:
        tab = context.new_page()
        tab.route_web_socket(re.compile("/_stcore/stream"), lie)
        arrive(tab, page_url)
        image(tab, 1).focus()
        keys(tab, "3", " ", "ArrowRight", "5", "s", "4")

        hears(tab, selected="none", wishes="rate t2 4")
    assert set(told) == set(lies)


def test_a_lost_connection_neither_loses_nor_repeats_a_wish(page_url: str, browser: Browser) -> None:
    lines: list[WebSocketRoute] = []

    def connect(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    with browser.new_context() as context:
        tab = context.new_page()
        tab.route_web_socket(re.compile("/_stcore/stream"), connect)
        arrive(tab, page_url)
        image(tab, 0).focus()
        keys(tab, "5", " ", "ArrowRight", "o")
        hears(tab, selected="t0", wishes="rate t0 5, open t1 0")
        run_again(tab)

        image(tab, 1).focus()
        lines[-1].close()
        keys(tab, "ArrowRight", "3")

        told = "rate t0 5, open t1 0, rate t2 3"
        expect(tab.get_by_text(f"wishes: {told}", exact=True)).to_be_visible(timeout=10_000)
        run_again(tab)
        hears(tab, selected="t0", wishes=told)
        assert len(lines) == 2


# --- Selection -------------------------------------------------------------------------------------------------------


def test_the_mouse_selects_by_checkbox_by_range_and_one_by_one(look: Look) -> None:
    tab = look()

    image(tab, 1).hover()
    tab.get_by_role("checkbox", name="Select: Studio photograph").first.click()
    assert chosen(tab) == ["t1"]
    tile(tab, 4).locator(".select").click(modifiers=["Shift"])
    assert chosen(tab) == ["t1", "t2", "t3", "t4"]
    image(tab, 2).click(modifiers=["ControlOrMeta"])
    image(tab, 8).click(modifiers=["ControlOrMeta"])
    image(tab, 6).click(modifiers=["Shift"])
    hears(tab, selected="t1 t3 t4 t6 t7 t8", wishes="none")
    assert chosen(tab) == ["t1", "t3", "t4", "t6", "t7", "t8"]
    expect(tab.locator(".live")).to_have_text("6 selected")


def test_the_keyboard_selects_extends_takes_all_and_clears(look: Look) -> None:
    tab = look()
    image(tab, 5).focus()

    keys(tab, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft")
    hears(tab, selected="t5 t6")
    keys(tab, "Shift+ArrowUp")
    assert chosen(tab) == ["t2", "t3", "t4", "t5"]
    keys(tab, "Escape", "ArrowRight", " ")
    hears(tab, selected="t3")
    keys(tab, "Shift+ArrowDown", " ")
    hears(tab, selected="t3 t4 t5 t6")
    keys(tab, "Control+a")
    hears(tab, selected=" ".join(f"t{number}" for number in range(14)))
    expect(tab.locator(".live")).to_have_text("14 selected")
    keys(tab, "Escape")
    hears(tab, selected="none", wishes="none")
    expect(tab.locator(".live")).to_have_text("Nothing selected")


def test_stars_and_ratings_are_for_the_selected_when_the_keyboard_is_on_one_of_them(look: Look) -> None:
    tab = look()
    image(tab, 0).focus()

    keys(tab, " ", "ArrowRight", " ", "4", "s", "ArrowRight", "2")
    hears(tab, selected="t0 t1", wishes="rate t0+t1 4, star t0+t1 1, rate t2 2")
    tile(tab, 1).locator(".star").click()
    hears(tab, wishes="rate t0+t1 4, star t0+t1 1, rate t2 2, star t1 0")
    image(tab, 0).focus()
    keys(tab, "s")
    hears(tab, wishes="rate t0+t1 4, star t0+t1 1, rate t2 2, star t1 0, star t0+t1 1")
    expect(tab.locator(".live")).to_have_text("2 images starred")


def test_what_is_selected_on_other_pages_stays_and_python_can_clear_it_all(look: Look) -> None:
    tab = look()
    image(tab, 2).focus()
    keys(tab, " ")
    hears(tab, selected="t2")
    tab.get_by_role("button", name="Next page").click()
    expect(tile(tab, 14)).to_be_visible()

    image(tab, 15).focus()
    keys(tab, " ")
    hears(tab, selected="t2 t15")
    expect(tab.locator(".live")).to_have_text("2 selected")
    keys(tab, "Escape")
    hears(tab, selected="t2")
    tab.get_by_role("button", name="First page").click()
    expect(tile(tab, 2).locator(".select")).to_be_checked()

    tab.get_by_role("button", name="Clear selection").click()
    hears(tab, selected="none")
    assert chosen(tab) == []
    expect(tab.locator(".live")).to_have_text("Nothing selected")
    image(tab, 1).focus()
    keys(tab, "Shift+ArrowRight")
    hears(tab, selected="t1 t2")


# --- Keyboard --------------------------------------------------------------------------------------------------------


def test_the_arrows_walk_by_the_rows_that_are_really_there(look: Look) -> None:
    tab = look()
    assert columns(tab) == COLUMNS
    image(tab, 1).focus()

    steps = [
        ("ArrowDown", 5), ("ArrowRight", 6), ("ArrowUp", 2), ("ArrowUp", 2), ("ArrowLeft", 1), ("End", 13),
        ("ArrowDown", 13), ("ArrowRight", 13), ("ArrowUp", 9), ("ArrowRight", 10), ("ArrowDown", 13), ("Home", 0),
        ("ArrowLeft", 0), ("PageDown", 4), ("PageUp", 0),
    ]  # fmt: skip
    for key, number in steps:
        keys(tab, key)
        expect(image(tab, number)).to_be_focused()
    expect(image(tab, 0)).to_have_css("outline-style", "none")
    expect(tile(tab, 0).locator(".box")).to_have_css("outline-style", "solid")

    tab.set_viewport_size({"width": 800, "height": 900})
    tab.wait_for_timeout(200)
    keys(tab, "ArrowDown")
    expect(image(tab, columns(tab))).to_be_focused()
    assert columns(tab) < COLUMNS


def test_the_tab_key_stops_at_one_tile_its_checkbox_and_its_star(look: Look) -> None:
    tab = look("set=many")
    tab.get_by_role("button", name="Drop the first").focus()

    for part in (image(tab, 0), tile(tab, 0).locator(".select"), tile(tab, 0).locator(".star")):
        keys(tab, "Tab")
        expect(part).to_be_focused()
        expect(part).to_have_css("opacity", "1")
    keys(tab, "Tab")
    expect(tab.locator("summary")).to_be_focused()
    keys(tab, "Enter")
    expect(tab.get_by_text("select a range")).to_be_visible()
    keys(tab, "Shift+Tab", "Shift+Tab", " ")
    hears(tab, selected="t0")
    keys(tab, "Shift+Tab", "ArrowRight")
    expect(image(tab, 1)).to_be_focused()
    expect(image(tab, 1)).to_have_accessible_name(re.compile("running shoe.*GPT Image 2"))
    tab.get_by_role("button", name="Run again").focus()
    expect(image(tab, 1)).to_have_accessible_description(re.compile("Arrow keys move"))


def test_the_keyboard_keeps_its_place_through_reruns_and_when_its_tile_goes(look: Look) -> None:
    tab = look()
    image(tab, 5).focus()
    keys(tab, "5")
    hears(tab, wishes="rate t5 5")
    expect(image(tab, 5)).to_be_focused()
    tile(tab, 5).locator("img").evaluate("it => (it.mine = true)")

    tab.get_by_role("button", name="Drop the first").click()
    expect(tile(tab, 0)).to_have_count(0)
    assert tile(tab, 5).locator("img").evaluate("it => it.mine")
    keys(tab, *["Tab"] * 1)
    expect(image(tab, 5)).to_be_focused()


def test_the_tile_one_came_from_has_the_keyboard_and_is_on_screen(look: Look) -> None:
    tab = look("set=many&focus=t120")

    expect(image(tab, 120)).to_be_focused()
    expect(image(tab, 120)).to_be_in_viewport(ratio=1)
    keys(tab, "ArrowRight")
    expect(image(tab, 121)).to_be_focused()
    tab.get_by_role("button", name="Run again").press("Enter")
    expect(tab.get_by_text("runs 2")).to_be_attached()
    expect(tab.get_by_role("button", name="Run again")).to_be_focused()


# --- Images and layout -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("density", "least", "most"), [("comfortable", 8, 16), ("compact", 50, 90)])
def test_of_200_images_only_those_on_screen_are_asked_for(look: Look, density: str, least: int, most: int) -> None:
    tab = look(f"set=many&density={density}")
    expect(tile(tab, 0).locator(".box")).to_have_attribute("data-image", "shown")
    expect(tab.locator(".box[data-image=waiting]:has(img[src])")).to_have_count(0)

    on_screen = set(tab.locator(".box").evaluate_all(INSIDE))
    assert asked_for(tab) == on_screen
    assert least <= len(on_screen) <= most
    before = image(tab, 199).evaluate("it => it.getBoundingClientRect().height")

    image(tab, 199).scroll_into_view_if_needed()
    expect(tile(tab, 199).locator(".box")).to_have_attribute("data-image", "shown")
    expect(tile(tab, 198).locator(".box")).to_have_attribute("data-image", "shown")
    assert "t100" not in asked_for(tab)
    assert image(tab, 199).evaluate("it => it.getBoundingClientRect().height") == before
    assert len(asked_for(tab)) < 200


def test_a_page_of_200_answers_a_key_within_a_frame_or_two(look: Look) -> None:
    tab = look("set=many")
    image(tab, 0).focus()

    took = tab.evaluate("""() => {
        const all = [...document.querySelectorAll("*")].find(it => it.shadowRoot?.querySelector(".gallery")).shadowRoot;
        const press = (key) => all.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        const start = performance.now();
        for (let i = 0; i < 20; i++) { press("ArrowRight"); press("4"); all.querySelector(".tiles").offsetHeight; }
        return (performance.now() - start) / 40;
    }""")

    assert took < 50
    hears(tab, wishes=", ".join(f"rate t{number} 4" for number in range(1, 21)))
    assert runs(tab) <= 6


def test_what_has_no_image_says_so_and_a_count_is_a_badge(look: Look) -> None:
    tab = look("set=states")

    expect(tile(tab, 0).locator(".badge")).to_have_text("× 12")
    expect(tile(tab, 1).locator(".state")).to_have_text("Failed")
    expect(tile(tab, 2).locator(".state")).to_have_text("The image could not be loaded. Reload the page to try again.")
    expect(image(tab, 1)).to_have_accessible_name(re.compile(r"running shoe.*Failed$"))
    expect(image(tab, 2)).to_have_accessible_name(re.compile(r"Mountain lake.*could not be loaded"))
    heights = {round(tile(tab, number).locator(".box").bounding_box()["height"]) for number in range(4)}  # type: ignore[index]
    assert len(heights) == 1


@pytest.mark.parametrize("density", ["comfortable", "compact"])
def test_on_a_phone_nothing_scrolls_sideways_and_a_finger_finds_the_parts(
    browser: Browser, page_url: str, density: str
) -> None:
    with touching(browser) as context:
        for kind in ("hostile", "few"):
            tab = arrive(context.new_page(), f"{page_url}/?set={kind}&density={density}")
            assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
        assert columns(tab) == {"comfortable": 2, "compact": 3}[density]
        least = {"comfortable": 44, "compact": 32}[density]
        for part in (tile(tab, 1).locator(".select"), tile(tab, 1).locator(".star")):
            expect(part).to_have_css("opacity", "1")
            box = part.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= least
        tile(tab, 1).locator(".select").tap()
        tile(tab, 0).locator(".star").tap()
        image(tab, 2).tap(position={"x": 50, "y": 80})
        hears(tab, selected="t1", wishes="star t0 1, open t2 0")


def test_compact_shows_the_image_alone_and_its_words_on_asking(look: Look) -> None:
    tab = look("density=compact")
    facts = tile(tab, 1).locator(".facts")

    expect(facts).to_have_css("opacity", "0")
    expect(image(tab, 1)).to_have_accessible_name(re.compile("running shoe.*GPT Image 2"))
    image(tab, 1).hover()
    expect(facts).to_have_css("opacity", "1")
    tab.mouse.move(0, 0)
    image(tab, 0).focus()
    keys(tab, "ArrowRight")
    expect(facts).to_have_css("opacity", "1")
    box = image(tab, 1).bounding_box()
    assert box
    assert 110 <= box["width"] < 140
    assert box["width"] == pytest.approx(box["height"], abs=1)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_images_fade_in_unless_motion_is_unwanted(browser: Browser, page_url: str, motion: str) -> None:
    with browser.new_context(reduced_motion="reduce" if motion == "reduce" else "no-preference") as context:
        tab = arrive(context.new_page(), page_url)
        expect(tile(tab, 0).locator(".box")).to_have_attribute("data-image", "shown")
        lasts = tile(tab, 0).locator("img").evaluate("it => getComputedStyle(it).transitionDuration")
        assert lasts == {"reduce": "0s", "no-preference": "0.2s"}[motion]
        expect(tile(tab, 0).locator("img")).to_have_css("opacity", "1")


def test_hostile_and_endless_words_stay_words(look: Look) -> None:
    tab = look("set=hostile")

    expect(tile(tab, 0).locator(".words")).to_have_text(HOSTILE)
    expect(tile(tab, 2).locator(".state")).to_have_text(HOSTILE)
    expect(tab.get_by_role("checkbox", name=f"Select: {HOSTILE}", exact=True)).to_be_attached()
    assert tab.locator("img[src=x]").count() == 0
    widths = tab.locator(".tile").evaluate_all("all => all.map(it => [it.clientWidth, it.scrollWidth])")
    assert all(inner <= outer for outer, inner in widths)
    assert len(tile(tab, 1).locator(".select").get_attribute("aria-label") or "") < len(LONG)


def test_a_listing_that_is_only_read_has_nothing_but_images_to_open(look: Look) -> None:
    tab = look("curating=no")
    expect(tab.locator(".select:visible, .star:visible")).to_have_count(0)
    image(tab, 0).focus()

    keys(tab, "5", "s", " ", "Control+a", "ArrowRight", "Enter")

    hears(tab, selected="none", wishes="open t0 0, open t1 0")
    tab.locator("summary").click()
    expect(tab.get_by_text("select a range")).to_be_hidden()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_marks_and_words_are_told_from_their_ground_in_both_themes(look: Look, color_scheme: str) -> None:
    tab = look("set=few", color_scheme=color_scheme)
    image(tab, 0).focus()
    keys(tab, " ", "s")

    expect(tile(tab, 0)).to_have_attribute("data-selected", "true")
    expect(tile(tab, 0).locator(".star")).to_have_attribute("aria-pressed", "true")
    ring = tile(tab, 0).locator(".box").evaluate("it => getComputedStyle(it, '::after').boxShadow")
    assert {"light": "rgb(59, 91, 219)", "dark": "rgb(70, 104, 236)"}[color_scheme] in ring
    ink = tile(tab, 0).locator(".words").evaluate("it => getComputedStyle(it).color")
    assert ink == {"light": "rgb(27, 31, 42)", "dark": "rgb(236, 238, 245)"}[color_scheme]


def test_keys_of_an_input_method_wish_nothing(look: Look) -> None:
    tab = look()
    image(tab, 0).focus()

    for key in ("5", "s", " ", "o", "ArrowRight"):
        while_composing(image(tab, 0), key)
    keys(tab, "3")

    hears(tab, selected="none", wishes="rate t0 3")
