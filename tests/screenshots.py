"""The pictures of docs/screenshots.md, taken of the app with the demo set: `make screenshots`."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from studio.database import open_database
from studio.demo import Demo
from studio.experiments import Experiments
from studio.images import ImageFiles
from studio.library import Library
from studio.reviews.desk import Reviews, new_seed, seed_hash
from studio.reviews.discussion import Discussion
from studio.reviews.verdict import enough
from studio.store import Store
from tests import chromium
from tests.browser.reaching import PHONE, settled
from tests.serving import CHECKOUT, App

FOLDER = CHECKOUT / "docs" / "screenshots"
PAGES = {
    "generate": "/?run=demogiftbag-B",
    "compare": "/compare?experiment=demogiftbag&mode=wipe",
    "history": "/history",
    "results": "/results?review=demoreview",
    "vote": "/vote?review=open",
    "status": "/status",
}
_COLOURS = 256  # of a picture, without dither: what is flat stays flat, and all of them weigh less than 4 MB
_DESK: ViewportSize = {"width": 1280, "height": 1080}

_FADED_MS = 400  # an image appears little by little
_LOADED = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ?? [])];
  const images = roots.flatMap((root) => [...root.querySelectorAll('img')]);
  const place = (each) => each.closest('.box, div').getBoundingClientRect();
  const seen = images.filter((each) => place(each).top < innerHeight && place(each).bottom > 0);
  return seen.every((each) => each.src && each.complete);
}"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How somebody sees the app; ``name`` ends the names of the files."""

    name: str
    locale: str
    scheme: Literal["light", "dark"] = "light"
    phone: bool = False


LOOKS = (
    Look(name="en-light", locale="en-GB"),
    Look(name="en-dark", locale="en-GB", scheme="dark"),
    Look(name="zh-light", locale="zh-TW"),
    Look(name="zh-dark", locale="zh-TW", scheme="dark"),
    Look(name="zh-phone", locale="zh-TW", phone=True),
)


@contextmanager
def shown() -> Iterator[App]:
    """The app with the demo set, and its comparison in a second review that is open."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        folder.mkdir()
        database, files = open_database(f"sqlite:///{folder / 'studio.db'}"), ImageFiles(folder / "images")
        experiments, desk = Experiments(database, Store(database)), Reviews(database, enough=enough)
        demo = Demo(database, files, Library(database), experiments, desk, Discussion(database))
        demo.load()
        seed = new_seed()
        desk.make("open", replace(desk.get(demo.review_id).plan, seed_hash=seed_hash(seed)), seed=seed)
        desk.open("open")
        database.dispose()
        with App(data_dir=folder) as app:
            yield app


def take(browser: Browser, app: App, look: Look) -> None:
    size = PHONE if look.phone else _DESK
    context = browser.new_context(
        viewport=size, locale=look.locale, color_scheme=look.scheme, timezone_id="Asia/Taipei", has_touch=look.phone
    )
    context.add_cookies([{"name": "studio_tour", "value": "shown", "url": app.url}])
    tab = context.new_page()
    for page, address in PAGES.items():
        tab.goto(app.url + address)
        settled(tab)
        ready(tab, page)
        keep(tab.screenshot(), FOLDER / f"{page}-{look.name}.png")
    context.close()


def ready(tab: Page, page: str) -> None:
    """What is worth a picture: a page that waits for nobody, with its images."""
    if page == "generate":
        tab.locator("textarea").first.fill(tab.locator("h2").last.inner_text())
        tab.locator("textarea").first.blur()
    if page == "vote":
        tab.locator("[data-testid=stMain] [data-testid^=stBaseButton-primary]").press("Enter")
        expect(tab.locator(".answers button").first).to_be_enabled()
    if page == "compare":
        tab.locator(".viewer").scroll_into_view_if_needed()
    if page == "status":  # the provider has answered
        expect(tab.locator(".st-key-status_provider")).not_to_contain_text("hourglass")
    settled(tab)
    tab.wait_for_function(_LOADED)
    tab.wait_for_timeout(_FADED_MS)


def keep(picture: bytes, file: Path) -> None:
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    expect.set_options(timeout=30_000)  # milliseconds
    FOLDER.mkdir(exist_ok=True)
    if not subprocess.run(["fc-list", ":lang=zh-tw"], capture_output=True, check=True).stdout:
        chromium.install("fonts-wqy-microhei")
    with shown() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        for look in LOOKS:
            take(browser, app, look)
        browser.close()
