"""The pages in a made-up language whose words are longer by two fifths, each message between two marks.

Nothing is cut off, covered, or too wide; and every word in our components is between marks, also what is not seen yet.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests import pseudo
from tests.browser import reaching
from tests.browser.furnished import PROMPTS, Furnished, furnished
from tests.browser.reaching import DESK, PHONE, settled
from tests.studio.conftest import until

PLACES = (
    "/",
    "/?run=ended",
    "/compare",
    "/compare?experiment=cups",
    "/compare?experiment=cups&mode=wipe",
    "/history?words=cup",
    "/history?view=numbers",
    "/history?image={image}",
    "/results",
    "/results?review=asked",
    "/results?review=decided",
    "/status",
    "/vote?review=decided",
    "/vote?review=asked",
)
# Where each of our components is, and what people wrote there.
COMPONENTS = {
    "/": ".tour",
    "/history?words=cup": ".gallery",
    "/compare?experiment=cups": ".viewer",
    "/results?review=decided": ".board",
}
WRITTEN = (*PROMPTS, "A cup for breakfast", "Too dark here", "Ada", "GPT Image 1.5")
# Of every component: its texts, and the names of its parts; what is printed on keys is the same for everybody.
_WORDS = """() => {
  const roots = [...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ?? []);
  const said = [];
  for (const root of roots) {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode())
      if (!text.parentElement.closest('style, script, kbd')) said.push(text.data.trim());
    for (const each of root.querySelectorAll('*'))
      for (const name of ['aria-label', 'aria-valuetext', 'title', 'alt', 'placeholder'])
        said.push(each.getAttribute(name) ?? '');
  }
  return said.filter(Boolean);
}"""


@pytest.fixture
def long_winded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("long")
    catalogue = pseudo.catalogue(folder, pseudo.strange)
    with furnished(folder / "data", catalogue=catalogue) as made:
        yield made


def test_long_words_fit_on_every_page_and_a_translator_had_every_word_of_our_components(
    browser: Browser, long_winded: Furnished
) -> None:
    """In one walk, because the way there is what takes the time."""
    context = browser.new_context(viewport=DESK, locale="zh-TW")
    tab = context.new_page()
    found: list[str] = []
    for place in PLACES:
        tab.goto(long_winded.app.url + place.format(image=long_winded.image))
        settled(tab)
        reaching.unfold(tab)
        if place in COMPONENTS:
            expect(tab.locator(COMPONENTS[place]).first).to_be_visible()
            found += untranslated(tab, place)
        found += look(tab, place)
    tab.locator("[data-testid=stMain] [data-testid^=stBaseButton-primary]").press("Enter")
    expect(tab.locator(".answers button").first).to_be_enabled()
    found += untranslated(tab, "a ballot")
    found += look(tab, "a ballot")
    context.close()

    assert not found, "\n".join(found)


def untranslated(tab: Page, where: str) -> list[str]:
    said = [pseudo.seen(text) for text in tab.evaluate(_WORDS)]
    assert any("⟦" in text for text in said)
    return [f"{where}: in no catalogue: {text}" for text in sorted(pseudo.unmarked(said, *WRITTEN))]


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
