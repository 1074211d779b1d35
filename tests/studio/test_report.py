"""The report of a review in a real browser without a network: images, words of every script, nothing that runs."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from studio.database import open_database
from studio.images import ImageFiles
from studio.reviews.evidence import write
from tests.studio.bundles import EVIL, a_plan, held
from tests.studio.test_charts import contrast


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Of a review of two arms, and of one of three, as files of their own."""
    folder = tmp_path_factory.mktemp("reports")
    files, engine = ImageFiles(folder / "images"), open_database(f"sqlite:///{folder / 'studio.db'}")
    for arms in (2, 3):
        kept = held(engine, a_plan(files, draws=3, arms=arms), people=3, review_id=f"r{arms}")
        alts = {kept.review.plan.picture(1, 1): f"A lamp {EVIL}"}
        write(folder / f"{arms}.zip", replace(kept, alts=alts), files)
        with zipfile.ZipFile(folder / f"{arms}.zip") as bundle:
            (folder / f"{arms}.html").write_bytes(bundle.read("report.html"))
    engine.dispose()
    return {arms: folder / f"{arms}.html" for arms in (2, 3)}


@pytest.fixture
def troubles() -> list[str]:
    return []


def _opened(
    browser: Browser, path: Path, troubles: list[str], *, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> Page:
    """With whatever the page complains about, or asks for beyond itself, in ``troubles``."""
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True).new_page()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    page.on("request", lambda request: _note(request.url, path, troubles))
    page.goto(path.as_uri())
    return page


def _note(url: str, path: Path, troubles: list[str]) -> None:
    if url != path.as_uri() and not url.startswith("data:"):
        troubles.append(url)


@pytest.mark.parametrize("arms", [2, 3])
def test_it_opens_offline_with_all_images_and_nothing_to_complain_about(
    browser: Browser, reports: dict[int, Path], troubles: list[str], arms: int
) -> None:
    page = _opened(browser, reports[arms], troubles)

    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert widths == [48] * 3 * arms
    assert page.locator("svg[role=img]").count() >= 5
    assert troubles == []


def test_words_of_every_script_are_text_and_markup_in_them_is_text_too(
    browser: Browser, reports: dict[int, Path], troubles: list[str]
) -> None:
    page = _opened(browser, reports[2], troubles)
    told = page.locator("body").inner_text()

    for words in (
        "Breakfast cups 早餐杯",
        "一個紅色的杯子 & cup 0",
        "給早餐用的杯子。",
        "太暗了",
        "Cold <b>light</b>",
        EVIL,
    ):
        assert words in told, words
    assert page.locator("script").count() == 0
    assert page.locator("section b b").count() == 0
    assert page.locator("img").first.get_attribute("alt") == "Warm light 暖色, draw 1"
    assert (page.locator("img").nth(1).get_attribute("alt") or "").endswith(f", draw 1: A lamp {EVIL}")


def test_it_says_what_is_simulated_what_was_found_and_who_decided(
    browser: Browser, reports: dict[int, Path], troubles: list[str]
) -> None:
    page = _opened(browser, reports[2], troubles)

    assert page.locator(".simulated").inner_text().startswith("SIMULATED")
    assert page.locator(".verdict .sentence").inner_text()
    assert re.search(r"9 votes by 3 reviewers\. Closed .* when it had the votes", page.locator("header").inner_text())
    decisions = page.locator("section", has_text="Decisions").locator("li").all_inner_texts()
    assert [text.split(" by ")[0] for text in decisions if " by " in text] == ["Changes asked", "Approved"]
    assert "Mei 美" in decisions[0]


def test_pins_stand_where_they_were_dropped(browser: Browser, reports: dict[int, Path], troubles: list[str]) -> None:
    page = _opened(browser, reports[2], troubles)
    dropped = page.locator("td", has_text="太暗了")
    image, pin = dropped.locator("img").bounding_box(), dropped.locator(".pin").last.bounding_box()

    assert image
    assert pin
    assert pin["x"] + pin["width"] / 2 == pytest.approx(image["x"] + 0.25 * image["width"], abs=1)
    assert pin["y"] + pin["height"] / 2 == pytest.approx(image["y"] + 0.75 * image["height"], abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_in_light_and_in_dark(
    browser: Browser, reports: dict[int, Path], troubles: list[str], scheme: Literal["light", "dark"]
) -> None:
    page = _opened(browser, reports[3], troubles, scheme=scheme)
    paper = _hexadecimal(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    inks = page.evaluate(
        """[...document.querySelectorAll('p, dt, dd, li, h1, h2, h3, th, figcaption, svg text')].map(each => {
            const style = getComputedStyle(each)
            return each.tagName === 'text' ? style.fill : style.color
        })"""
    )

    assert (contrast(paper, "#ffffff") < 1.5) == (scheme == "light")
    assert min(contrast(_hexadecimal(ink), paper) for ink in set(inks)) >= 4.5


def test_on_a_phone_nothing_runs_out_of_the_page_and_numbers_in_charts_can_be_read(
    browser: Browser, reports: dict[int, Path], troubles: list[str]
) -> None:
    page = _opened(browser, reports[2], troubles, width=390)
    letters = page.evaluate(
        """[...document.querySelectorAll('svg')].flatMap(svg => {
            const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width
            return [...svg.querySelectorAll('text')].map(text => {
                const own = text.getBoundingClientRect()
                return [parseFloat(getComputedStyle(text).fontSize) * scale,
                        own.left >= box.left - 1 && own.right <= box.right + 1 && own.bottom <= box.bottom + 1]
            })
        })"""
    )

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert min(size for size, _ in letters) >= 12
    assert all(inside for _, inside in letters)


def _hexadecimal(colour: str) -> str:
    """Of "rgb(1, 2, 3)"."""
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert parts, colour
    return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
