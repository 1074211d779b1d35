"""A stranger's words, everywhere that people write some, make no browser ask the stranger's server.

With the policy of the headers switched off, so that the pages alone must hold; and once with it, so that it holds too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.curation import Curation
from studio.database import open_database
from studio.experiments import Experiments
from studio.generations import SIMULATOR, State, new_id
from studio.images import ImageFiles
from studio.presets import Presets
from studio.reviews.ballots import Choice, Remark, Standing
from studio.reviews.desk import Reviews, new_seed, seed_hash
from studio.reviews.discussion import Discussion
from studio.reviews.plan import Asked, Ends, Plan, Question, Stop
from studio.reviews.planning import arms_of, pictures_of
from studio.reviews.schedule import Face
from studio.reviews.sitting import Sitting
from studio.reviews.verdict import enough
from studio.store import Store
from tests.atlas.answering import answering, ok
from tests.security.houses import House, open_house
from tests.serving import CHECKOUT
from tests.studio.conftest import until
from tests.studio.shelves import fill, item

# An address in a text may become a link, which nobody follows by looking; but only one that says where it leads.
DISGUISED = """stranger => [...document.querySelectorAll("[src], [href]")]
    .filter(each => (each.getAttribute("src") ?? each.getAttribute("href")).includes(stranger))
    .filter(each => each.tagName !== "A" || each.textContent !== each.getAttribute("href"))
    .map(each => each.outerHTML)"""


@dataclass(frozen=True, kw_only=True)
class Trap:
    """Pages full of a stranger's words, and what reached the stranger."""

    house: House
    bait: str
    url: str
    caught: list[bytes]
    pages: dict[str, bool]  # the addresses of pages, and whether the words are read there

    def look(self, page: Page, address: str) -> None:
        page.set_default_timeout(30_000)
        page.goto(self.house.app.url + address)
        expect(page.get_by_test_id("stElementContainer").first).to_be_attached(timeout=30_000)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    with (
        answering(ok(b"", "Content-Type: image/png")) as (url, caught),
        open_house(tmp_path_factory.mktemp("strangers")) as house,
    ):
        bait = f"![x]({url}/m) <img src={url}/h>"
        yield Trap(house=house, bait=bait, url=url, caught=caught, pages=_furnished(house, bait))


def _furnished(house: House, bait: str) -> dict[str, bool]:
    """A studio in which every word that somebody could have written is the bait."""
    engine = open_database(f"sqlite:///{house.folder / 'data' / 'studio.db'}")
    picture = ImageFiles(house.folder / "data" / "images").keep((CHECKOUT / "ui" / "icon.png").read_bytes())
    words = {"size": "64x64", "quality": bait, "negative_prompt": bait}
    whole: dict[str, Any] = {
        "prompt": bait,
        "parameters": words,
        "rewritten": f"not {bait}",
        "provider": SIMULATOR,
        "pictures": (picture,),
    }
    made = item(1, id=new_id(), note=bait, tags=(bait[:40],), folder=bait[:60], **whole)
    other = item(2, id=new_id(), **whole | {"model": bait, "prompt": f"{bait} too"})
    broken = item(3, id=new_id(), prompt=bait, problem=bait, state=State.FAILED, pictures=(), provider=bait)
    lost = item(4, id=new_id(), prompt=bait, problem=bait, state=State.UNKNOWN, pictures=(), request_id=bait)
    fill(engine, [made, other, broken, lost])
    Curation(engine).add_folder(bait[:50])
    Presets(engine).save(bait[:40], bait, [])
    experiment = Experiments(engine, Store(engine)).of_images(
        "trap", bait[:100], [[made.generation], [other.generation]]
    )
    rows = Experiments(engine, Store(engine)).rows(experiment)
    seed = new_seed()
    plan = Plan(
        experiment="trap",
        name=bait[:100],
        arms=arms_of(experiment),
        pictures=pictures_of(rows),
        questions=(Asked(kind=Question.PREFERENCE, words=bait),),
        stop=Stop(rule=Ends.VOTES, votes=1000),
        seed_hash=seed_hash(seed),
        simulated=True,
    )
    _voted(Reviews(engine, enough=enough), Discussion(engine), plan, seed, bait)
    engine.dispose()
    seen = [f"/history?image={each.id}" for each in (made, broken, lost)]
    pages = ["/", "/compare", "/compare?experiment=trap", "/results", "/results?review=trap", *seen]
    return dict.fromkeys(pages, True) | dict.fromkeys(["/history", "/vote?review=open", "/status"], False)


def _voted(reviews: Reviews, discussion: Discussion, plan: Plan, seed: str, bait: str) -> None:
    for name in ("trap", "open"):
        reviews.make(name, plan, seed=seed)
        reviews.open(name)
    joined = reviews.join("trap", "a" * 32, name=bait, role=bait, language=bait)
    for each in Sitting(review=reviews.get("trap"), reviewer=joined).items:
        pin = Remark(face=Face(arm=0, draw=1), x=0.5, y=0.5, words=bait)
        reviews.cast("trap", joined, each, Question.PREFERENCE, Choice.LEFT, reasons=[bait], words=bait, remarks=[pin])
    discussion.decide("trap", Standing.APPROVED, who=bait, words=bait)
    reviews.close("trap")


def test_no_page_lets_a_strangers_words_call_the_stranger(trap: Trap, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 2400})
    page = context.new_page()
    disguised: dict[str, list[str]] = {}
    for address, shown in trap.pages.items():
        trap.look(page, address)
        if shown:
            expect(page.get_by_text("![x](").first, f"{address} does not show the words").to_be_attached()
        page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())")
        page.wait_for_load_state("networkidle")
        disguised |= {address: found} if (found := page.evaluate(DISGUISED, trap.url)) else {}
    assert (trap.caught, disguised) == ([], {})
    trap.look(page, "/")
    page.evaluate("address => document.body.append(Object.assign(new Image(), {src: address}))", f"{trap.url}/m")
    until(lambda: len(trap.caught) == 1)  # the trap does catch
    context.close()


def test_the_policy_stops_what_a_page_would_let_through(trap: Trap, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    trap.look(page, "/")
    trap.caught.clear()
    page.evaluate(
        "addEventListener('securitypolicyviolation', event => (window.stopped ??= []).push(event.blockedURI))"
    )

    page.evaluate(
        """async address => {
            document.body.append(Object.assign(new Image(), {src: `${address}/image`}))
            document.body.append(Object.assign(document.createElement("script"), {src: `${address}/script`}))
            document.body.append(Object.assign(document.createElement("iframe"), {src: `${address}/frame`}))
            const style = {rel: "stylesheet", href: `${address}/css`}
            document.head.append(Object.assign(document.createElement("link"), style))
            document.head.append(Object.assign(document.createElement("base"), {href: address}))
            await fetch(`${address}/fetch`, {mode: "no-cors"}).catch(() => 0)
            try { new WebSocket(address.replace("http", "ws") + "/socket") } catch {}
            navigator.sendBeacon(`${address}/beacon`, "x")
            const run = document.createElement("script")
            run.textContent = "window.ran = true"
            document.body.append(run)
        }""",
        trap.url,
    )
    page.wait_for_function("() => window.stopped?.length >= 9")
    page.wait_for_timeout(500)  # by which what was let through would be there; a stopped frame never comes to rest

    assert page.evaluate("window.ran") is None
    assert page.evaluate("new Set(window.stopped).size") >= 8
    context.close()
    assert not any(trap.caught)  # for a frame Chromium connects before it asks the policy, and then sends nothing
