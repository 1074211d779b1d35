"""The layout in a language whose words are longer by two fifths: nothing is cut off, covered, or too wide."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests import pseudo
from tests.browser import reaching
from tests.browser.furnished import Furnished, furnished
from tests.browser.reaching import DESK, PHONE, settled
from tests.studio.conftest import until

PLACES = (
    "/",
    "/?run=ended",
    "/compare",
    "/compare?experiment=cups",
    "/compare?experiment=cups&mode=wipe",
    "/history",
    "/history?view=numbers",
    "/history?image={image}",
    "/results",
    "/results?review=asked",
    "/results?review=decided",
    "/status",
    "/vote?review=decided",
    "/vote?review=asked",
)


@pytest.fixture
def long_winded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("long")
    catalogue = pseudo.catalogue(folder, pseudo.lengthened)
    with furnished(folder / "data", catalogue=catalogue) as made:
        yield made


def test_words_that_are_longer_by_two_fifths_fit_on_every_page(browser: Browser, long_winded: Furnished) -> None:
    context = browser.new_context(viewport=DESK, locale="zh-TW")
    tab = context.new_page()
    found: list[str] = []
    for place in PLACES:
        tab.goto(long_winded.app.url + place.format(image=long_winded.image))
        settled(tab)
        reaching.unfold(tab)
        found += look(tab, place)
    tab.locator("[data-testid=stMain] [data-testid^=stBaseButton-primary]").press("Enter")
    expect(tab.locator(".answers button").first).to_be_enabled()
    found += look(tab, "a ballot")
    context.close()

    assert not found, "\n".join(found)


def look(tab: Page, where: str) -> list[str]:
    return [f"{where}, {size['width']} px: {each}" for size in (PHONE, DESK) for each in at(tab, size)]


def at(tab: Page, size: ViewportSize) -> list[str]:
    tab.set_viewport_size(size)
    settled(tab)
    with suppress(AssertionError):  # a busy machine lays the page out after it has settled
        until(lambda: reaching.width(tab) <= size["width"], within_s=5)
    wide = reaching.width(tab)
    return [*([f"{wide} px wide"] if wide > size["width"] else []), *reaching.unreadable(tab)]


def test_words_that_do_not_fit_are_found(browser: Browser) -> None:
    """Text that is cut off, that leaves its button, or that lies on another."""
    tab = browser.new_page()
    tab.set_content("""
        <button style="width: 60px; overflow: hidden; white-space: nowrap">cut off here</button>
        <button style="width: 60px; white-space: nowrap; text-align: left">leaves its button</button>
        <div style="position: relative; height: 40px"><label style="position: absolute">lies below</label>
        <label style="position: absolute">lies above</label></div>
        <button>fits</button>
    """)

    said = "\n".join(reaching.unreadable(tab))
    tab.close()

    assert "cut off here" in said
    assert "leaves its button" in said
    assert "lies above" in said
    assert "fits" not in said
