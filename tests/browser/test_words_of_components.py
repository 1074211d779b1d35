"""In a made-up language, every word in our components on filled pages is in brackets, also what is not seen yet."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests import pseudo
from tests.browser.furnished import PROMPTS, furnished
from tests.browser.reaching import settled

PLACES = {
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


def test_every_word_in_our_components_was_given_to_a_translator(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(locale="zh-TW")
    tab = context.new_page()
    with furnished(tmp_path / "data", catalogue=pseudo.catalogue(tmp_path, pseudo.wrapped)) as full:
        found = {}
        for place, component in PLACES.items():
            tab.goto(full.app.url + place)
            settled(tab)
            expect(tab.locator(component).first).to_be_visible()
            found[place] = unmarked(tab)
        tab.goto(full.link(full.asked))
        settled(tab)
        tab.locator("[data-testid=stMain] [data-testid^=stBaseButton-primary]").press("Enter")
        expect(tab.locator(".answers button").first).to_be_enabled()
        found["a ballot"] = unmarked(tab)
    context.close()

    assert {place: words for place, words in found.items() if words} == {}


def unmarked(tab: Page) -> set[str]:
    said = tab.evaluate(_WORDS)
    assert any("⟦" in text for text in said)
    return pseudo.unmarked(said, *WRITTEN)
