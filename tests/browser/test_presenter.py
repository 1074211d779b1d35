"""The stage in a real Chromium: by keys alone, nameless until it is revealed, and never half a pair."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.little_pages import Pictures, served_page, served_pictures
from tests.serving import App
from tests.studio.conftest import until


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with served_pictures() as served:
        yield served


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory, pictures: Pictures) -> Iterator[str]:
    with served_page("presenter_page.py", tmp_path_factory.mktemp("presenter"), PICTURES=pictures.url) as url:
        yield url


def _stage(tab: Page) -> Locator:
    return tab.get_by_role("dialog", name="Presentation")


def _begun(open_tab: OpenTab, url: str) -> Page:
    tab = open_tab(url)
    tab.get_by_role("button", name="Present").press("Enter")
    expect(_stage(tab).get_by_text("Pair 1 of 5")).to_be_visible()
    return tab


def _captions(tab: Page) -> list[str]:
    return _stage(tab).locator("figcaption").all_inner_texts()


def test_arrows_go_through_the_pairs_r_says_which_is_which_and_escape_leaves(page_url: str, open_tab: OpenTab) -> None:
    tab = _begun(open_tab, page_url)
    assert _captions(tab) == ["Left", "Right"]
    expect(_stage(tab).get_by_role("img", name="Left")).to_be_visible()
    expect(_stage(tab).get_by_role("img", name="alt")).to_have_count(0)
    tab.keyboard.press("r")
    expect(_stage(tab).get_by_role("img", name="alt A")).to_be_visible()
    assert sorted(caption[0] for caption in _captions(tab)) == ["A", "B"]
    assert "<img src=x" in _captions(tab)[0]

    tab.keyboard.press("ArrowRight")
    expect(_stage(tab).get_by_text("Pair 2 of 5")).to_be_visible()
    assert _captions(tab) == ["Left", "Right"]
    size = _stage(tab).locator("figcaption").first.evaluate("it => parseFloat(getComputedStyle(it).fontSize)")
    assert size >= 24
    tab.keyboard.press("End")
    expect(_stage(tab).get_by_role("heading", name="B is preferred.")).to_be_visible()
    tab.keyboard.press("ArrowLeft")
    expect(_stage(tab).get_by_text("Pair 5 of 5")).to_be_visible()
    assert _stage(tab).get_by_text("Simulated").is_visible()

    tab.keyboard.press("Escape")
    expect(_stage(tab)).to_be_hidden()
    until(lambda: not tab.evaluate("document.fullscreenElement !== null"))
    expect(tab.get_by_role("button", name="Present")).to_be_focused()


def test_the_pair_on_stage_stays_until_the_whole_next_one_is_there(
    page_url: str, pictures: Pictures, open_tab: OpenTab
) -> None:
    late = pictures.hold("131-600x600")
    tab = _begun(open_tab, f"{page_url}/?from=100")
    until(lambda: "/131-600x600" in pictures.asked)  # beforehand, while the first pair is shown
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    expect(_stage(tab).get_by_text(re.compile("Pair [12] of 5"))).to_be_visible()
    assert _stage(tab).get_by_role("img").count() == 2
    late.set()
    expect(_stage(tab).get_by_text("Pair 3 of 5")).to_be_visible()
    assert all(_stage(tab).locator("img").evaluate_all("all => all.map(one => one.complete && one.naturalWidth > 0)"))


def test_the_tour_is_shown_once_and_closed_by_a_key(app: App, browser: Browser) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{app.url}/status")
    tour = tab.get_by_role("region", name="A short tour")
    expect(tour).to_contain_text("1 of 3")
    tour.get_by_role("button", name="Next tip").press("Enter")
    expect(tour).to_contain_text("2 of 3")
    tab.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    tab.goto(f"{app.url}/status")
    expect(tab.get_by_role("heading", name="Status")).to_be_visible()
    expect(tab.get_by_text("Running for")).to_be_visible()
    assert tour.count() == 0
    context.close()

    guest = browser.new_context()
    ballot = guest.new_page()
    ballot.goto(f"{app.url}/vote")
    expect(ballot.get_by_role("textbox", name="Room code")).to_be_visible()
    assert ballot.get_by_role("region", name="A short tour").count() == 0
    guest.close()
