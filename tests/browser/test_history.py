"""History in a real Chromium, on a library of a few hundred samples: by mouse, by keys, on a phone."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studio import embedding
from tests.browser.conftest import OpenTab
from tests.serving import CHECKOUT, App

COUNT = 300
ALL_AT_ONCE = """button => {
    const gallery = [...document.querySelectorAll("*")].find(it => it.shadowRoot?.querySelector("li.tile")).shadowRoot;
    gallery.querySelectorAll("input.select")[1].click();
    button.click();
}"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("library") / "data"
    subprocess.run(
        [sys.executable, "-m", "studio.sample_library", "--count", str(COUNT)],
        cwd=CHECKOUT,
        env={**os.environ, "STUDIO_DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    with App(data_dir=folder) as app:
        yield app


def found(tab: Page, count: int | str) -> None:
    expect(tab.get_by_text(re.compile(rf"^{count} found"))).to_be_visible()


def images(tab: Page) -> Page:
    """Waits until the page of images is there; on a phone the tour may stand above them."""
    tab.locator("li.tile").first.scroll_into_view_if_needed(timeout=20_000)
    expect(tab.locator("li.tile img[src]").first).to_be_visible(timeout=20_000)
    return tab


def test_an_image_is_found_opened_rated_and_found_again_by_keys_alone(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history"))
    found(tab, COUNT)
    tab.get_by_label("Search", exact=True).fill("perfume")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("words=perfume"))
    expect(tab.get_by_text(f"{COUNT} found")).to_be_hidden()

    tab.locator("li.tile .open").first.focus()
    tab.keyboard.press("5")
    tab.keyboard.press("s")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("image="))
    tab.get_by_role("button", name="Previous image").press("Enter")
    expect(tab.get_by_role("switch", name="Starred", checked=True)).to_be_visible()
    tab.get_by_role("button", name="Back to all images").press("Enter")

    rated = open_tab(f"{library.url}/history?words=perfume&rating=5&starred=1")
    expect(rated.locator("li.tile")).not_to_have_count(0)


def test_several_are_selected_tagged_and_deleted_and_come_back(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history?words=mug"))
    boxes = tab.locator("li.tile input.select")
    boxes.nth(0).click(force=True)
    boxes.nth(2).click(force=True, modifiers=["Shift"])
    expect(tab.get_by_role("strong").get_by_text("3 selected")).to_be_visible()

    tab.get_by_role("button", name="Tag").click()
    tab.get_by_role("combobox", name="Tag").fill("for the meeting")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Add the tag").click()
    tab.keyboard.press("Escape")
    tagged = open_tab(f"{library.url}/history?tag=for+the+meeting")
    found(tagged, 3)

    before = tab.locator("li.tile").count()
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("3 images are in the bin.")).to_be_visible()
    expect(tab.locator("li.tile")).to_have_count(before - 3)
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("li.tile")).to_have_count(before)


def test_what_is_ticked_counts_even_where_the_bar_has_not_heard_of_it_yet(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history?words=perfume"))
    tab.locator("li.tile input.select").first.click(force=True)
    delete = tab.get_by_role("button", name="Delete")
    expect(delete).to_be_visible()
    before = tab.locator("li.tile").count()

    delete.evaluate(ALL_AT_ONCE)

    expect(tab.get_by_text("2 images are in the bin.")).to_be_visible()
    expect(tab.locator("li.tile")).to_have_count(before - 2)
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("li.tile")).to_have_count(before)


def test_filters_are_set_by_a_person_and_shared_by_their_address(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history"))
    tab.get_by_role("button", name="Filters").click()
    tab.get_by_label("State").click()
    tab.get_by_role("option", name=re.compile("^Failed")).click()
    expect(tab).to_have_url(re.compile("state=failed"))
    tab.keyboard.press("Escape")
    chip = tab.get_by_role("button", name="State: Failed")
    expect(chip).to_be_visible()
    expect(tab.locator("li.tile")).not_to_have_count(60)  # the page before the filter
    count = tab.locator("li.tile").count()

    other = open_tab(tab.url)
    expect(other.locator("li.tile")).to_have_count(count)
    chip.click()
    found(tab, COUNT)


def test_a_page_is_turned_and_the_way_back_is_the_same(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history"))
    first = tab.locator("li.tile").first.get_attribute("data-id")
    tab.get_by_role("button", name="Next").click()
    expect(tab.locator("li.tile").first).not_to_have_attribute("data-id", str(first))
    second = tab.url
    tab.get_by_role("button", name="Previous").click()
    expect(tab.locator("li.tile").first).to_have_attribute("data-id", str(first))
    assert "after=" in second


def test_only_images_on_the_screen_are_loaded(library: App, open_tab: OpenTab) -> None:
    asked: list[str] = []
    tab = open_tab("about:blank")
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{library.url}/history?sort=oldest")
    images(tab)
    tab.wait_for_load_state("networkidle")

    previews = {url for url in asked if "/app/static/images/" in url}
    on_screen = tab.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap(it => it.shadowRoot ? [...it.shadowRoot.querySelectorAll(
           "li.tile img")] : []).filter(it => it.closest("li").getBoundingClientRect().top < innerHeight).length"""
    )
    assert 0 < len(previews) <= on_screen < 60


def test_an_image_with_its_settings_inside_is_downloaded_and_fills_the_form(
    library: App, open_tab: OpenTab, tmp_path: Path
) -> None:
    tab = images(open_tab(f"{library.url}/history?state=completed"))
    tab.locator("li.tile .open").first.click()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="With settings inside").click()
    file = tmp_path / "renamed.jpg"
    download.value.save_as(file)
    described = embedding.read(file.read_bytes()).described
    assert described

    form = open_tab(library.url)
    form.get_by_text("Settings from an image file").click()
    place = form.get_by_test_id("stExpander").filter(has_text="Settings from an image file")
    place.locator("input[type=file]").set_input_files(file)
    expect(form.get_by_label("Prompt")).to_have_value(described.request.prompt)


@pytest.mark.parametrize(
    "query", ["", "?view=prompts", "?view=numbers", "?view=bin&bin=1", "?view=backup", "?words=cup"]
)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(library: App, open_tab: OpenTab, query: str, color_scheme: str) -> None:
    tab = open_tab(f"{library.url}/history{query}", width=390, height=844, color_scheme=color_scheme)
    expect(tab.get_by_role("heading", name="History")).to_be_visible()
    expect(tab.get_by_test_id("stStatusWidget")).to_be_hidden()

    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def test_the_detail_fits_a_phone(library: App, open_tab: OpenTab) -> None:
    tab = images(open_tab(f"{library.url}/history", width=390, height=844))
    tab.locator("li.tile .open").first.click()
    expect(tab.get_by_role("button", name="Use again")).to_be_visible()

    assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
