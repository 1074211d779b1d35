"""A person types a prompt in a real browser and sees an image, which is still there tomorrow."""

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from atlas.simulator import Simulator
from tests.browser.conftest import OpenTab
from tests.browser.reaching import settled
from tests.browser.test_status import comes_to_rest, overheard
from tests.conftest import CANARY
from tests.serving import App

PROMPT = "a perfume bottle on black marble"
SIMULATED = re.compile("Simulated")


def write(tab: Page, prompt: str, *, images: int = 1) -> None:
    expect(tab.get_by_role("button", name="Generate")).to_be_visible()
    tab.get_by_label("Prompt").fill(prompt)
    if images != 1:
        tab.get_by_label("Images", exact=True).fill(str(images))


def generate(tab: Page, prompt: str, *, images: int = 1) -> None:
    write(tab, prompt, images=images)
    tab.get_by_role("button", name="Generate").click()


def seen(tab: Page, prompt: str, *, times: int = 1) -> None:
    """The images are on the screen, painted and not only announced."""
    pictures = tab.get_by_role("img", name=prompt, exact=True)
    expect(pictures).to_have_count(times, timeout=30_000)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        tab.wait_for_function("it => it.complete && it.naturalWidth > 100", arg=picture.element_handle())


def test_from_a_prompt_to_an_image_that_survives_a_restart(tmp_path: Path, open_tab: OpenTab) -> None:
    with App(data_dir=tmp_path / "data", STUDIO_SIMULATOR_LATENCY_S="0.5") as app:
        tab = open_tab(f"{app.url}/history")  # a deep link on a fresh server
        expect(tab.get_by_text("Nothing has been made yet.")).to_be_visible()
        expect(tab.get_by_text(SIMULATED).first).to_be_visible()
        tab.get_by_role("link", name="Go to Generate").click()
        generate(tab, PROMPT)
        seen(tab, PROMPT)

        tab.get_by_role("link", name="History").click()
        expect(tab.get_by_role("heading", name="History")).to_be_visible()
        seen(tab, PROMPT)

        app.stop()
        app.start()

        seen(open_tab(f"{app.url}/history"), PROMPT)
        seen(open_tab(app.url), PROMPT)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into the memory of a process")
def test_a_first_visit_does_not_wait_for_the_library_of_tables(tmp_path: Path, open_tab: OpenTab) -> None:
    with App(data_dir=tmp_path / "data") as app:
        for page in ("/", "/compare"):
            settled(open_tab(app.url + page))
            assert app.has_loaded("PIL")
            assert not app.has_loaded("pandas"), f"{page}: half a second"


def test_ctrl_enter_in_the_prompt_generates(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    write(tab, "by keyboard alone")

    tab.get_by_label("Prompt").press("Control+Enter")

    seen(tab, "by keyboard alone")


def test_two_clicks_at_once_are_one_run(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    write(tab, "pressed twice")
    tab.get_by_label("Prompt").blur()

    tab.get_by_role("button", name="Generate").dblclick(delay=10)

    seen(tab, "pressed twice")
    seen(open_tab(f"{app.url}/history"), "pressed twice", times=1)


def test_each_image_appears_as_it_arrives_and_progress_is_counted(tmp_path: Path, open_tab: OpenTab) -> None:
    with App(data_dir=tmp_path / "data", STUDIO_SIMULATOR_LATENCY_S="2", STUDIO_MAX_IN_FLIGHT="1") as app:
        tab = open_tab(app.url)
        generate(tab, PROMPT, images=3)

        for count in ("0 of 3", "1 of 3", "2 of 3"):
            expect(tab.get_by_role("progressbar")).to_be_visible()
            expect(tab.get_by_text(count).first).to_be_visible(timeout=10_000)
        seen(tab, PROMPT, times=3)
        expect(tab.get_by_role("progressbar")).to_have_count(0)


def test_progress_follows_to_other_pages_tabs_and_through_a_reload(tmp_path: Path, open_tab: OpenTab) -> None:
    with App(data_dir=tmp_path / "data", STUDIO_SIMULATOR_LATENCY_S="8") as app:
        tab = open_tab(app.url)
        generate(tab, PROMPT, images=2)
        expect(tab.get_by_role("progressbar")).to_be_visible()

        tab.get_by_role("link", name="History").click()
        expect(tab.get_by_role("heading", name="History")).to_be_visible()
        expect(tab.get_by_role("progressbar")).to_be_visible()
        tab.go_back()
        expect(tab.get_by_label("Prompt")).to_have_value(PROMPT)
        expect(tab.get_by_role("progressbar")).to_be_visible()
        tab.reload()
        other = open_tab(f"{app.url}/history")
        expect(other.get_by_role("progressbar")).to_be_visible()

        seen(tab, PROMPT, times=2)
        seen(other, PROMPT, times=2)


def test_a_tab_hears_the_bell_while_it_waits_and_is_quiet_when_the_image_is_there(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(f"{app.url}/api/health")
    sent = overheard(tab)
    rung: list[str | bytes] = []
    bells: list[WebSocket] = []

    def hang(socket: WebSocket) -> None:
        if socket.url.endswith("/api/bell"):
            bells.append(socket)
            socket.on("framereceived", lambda frame: rung.append(frame))

    tab.on("websocket", hang)
    tab.goto(app.url)

    for prompt in ("the first of its kind", "expected like the first"):
        generate(tab, prompt)
        seen(tab, prompt)

    assert comes_to_rest(tab, sent)
    assert sent
    assert len(rung) >= 2, "one for each image, and for those of other tabs"
    assert 1 <= len(bells) <= 2
    tab.wait_for_timeout(3_000)
    assert all(bell.is_closed() for bell in bells), "who waits for nothing holds no socket"


def test_a_closed_tab_loses_nothing(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    generate(tab, "closed too early")
    expect(tab.get_by_role("progressbar")).to_be_visible()
    tab.close()

    seen(open_tab(f"{app.url}/history"), "closed too early")


def test_what_is_typed_survives_the_arrival_of_an_image(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    generate(tab, "the first idea")
    expect(tab.get_by_role("progressbar")).to_be_visible()

    box = tab.get_by_label("Prompt")
    box.fill("")
    box.press_sequentially("my next idea, typed while the first is made", delay=60)
    seen(tab, "the first idea")

    expect(box).to_have_value("my next idea, typed while the first is made")


def test_one_image_fails_with_its_own_error_and_its_own_retry(
    tmp_path: Path, open_tab: OpenTab, simulator: Simulator
) -> None:
    simulator.fault("task", "moderation", after=1)
    settings = {"ATLASCLOUD_API_KEY": CANARY, "ATLASCLOUD_BASE_URL": simulator.url}
    with App(data_dir=tmp_path / "data", **settings) as app:
        tab = open_tab(app.url)
        generate(tab, PROMPT, images=3)
        expect(tab.get_by_text("The content check of Atlas Cloud refused this prompt.")).to_be_visible()
        seen(tab, PROMPT, times=2)
        expect(tab.get_by_text(SIMULATED)).to_have_count(0)

        tab.get_by_role("button", name="Retry").click()

        seen(tab, PROMPT, times=3)
        assert simulator.count("POST", "/api/v1/model/generateImage") == 4
        assert CANARY not in tab.content()


def test_a_provider_that_is_not_there_is_explained(tmp_path: Path, open_tab: OpenTab) -> None:
    settings = {"ATLASCLOUD_API_KEY": CANARY, "ATLASCLOUD_BASE_URL": "http://127.0.0.1:9"}
    with App(data_dir=tmp_path / "data", **settings) as app:
        tab = open_tab(app.url)
        generate(tab, PROMPT)

        expect(tab.get_by_text("nothing was sent or charged")).to_be_visible()
        expect(tab.get_by_role("button", name="Retry")).to_be_visible()


@pytest.mark.parametrize(
    "prompt",
    ["![x](http://evil.example/x.png) <img src=http://evil.example/y.png> **b** $x$", "海邊的日落 🌅, 橙色天空"],
)
def test_a_hostile_or_foreign_prompt_is_shown_literally_everywhere(app: App, open_tab: OpenTab, prompt: str) -> None:
    tab = open_tab(app.url)
    generate(tab, prompt)
    seen(tab, prompt)
    expect(tab.get_by_role("heading", name=prompt)).to_be_visible()

    tab.get_by_role("link", name="History").click()
    expect(tab.get_by_role("heading", name="History")).to_be_visible()
    seen(tab, prompt)
    expect(tab.get_by_text(prompt, exact=True).first).to_be_visible()
    tab.get_by_role("button", name=prompt).first.click()
    expect(tab.get_by_text("Model: GPT Image 1.5 (openai/gpt-image-1.5/text-to-image)")).to_be_visible()
    expect(tab.locator("pre").get_by_text(prompt, exact=True).first).to_be_visible()


def test_too_long_a_prompt_is_kept_and_explained(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    generate(tab, "x" * 33_000)

    expect(tab.get_by_text("Shorten it by 1,000.")).to_be_visible()
    expect(tab.get_by_label("Prompt")).to_have_value("x" * 33_000)


def test_the_original_can_be_downloaded_under_a_name_made_of_the_prompt(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(app.url)
    generate(tab, "worth keeping")
    seen(tab, "worth keeping")

    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download").click()

    assert download.value.suggested_filename == "worth-keeping-1.jpeg"


def test_on_a_phone_nothing_scrolls_sideways_in_light_and_dark(app: App, open_tab: OpenTab) -> None:
    made = open_tab(app.url)
    generate(made, "seen on a phone")
    seen(made, "seen on a phone")

    for scheme, background in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 20, 28)")):
        tab = open_tab(app.url, width=390, height=844, color_scheme=scheme)
        for page in ("", "/history"):
            tab.goto(app.url + page)
            seen(tab, "seen on a phone")
            assert tab.evaluate("document.documentElement.scrollWidth") <= 390
            assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
            assert tab.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == background
