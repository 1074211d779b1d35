"""Real people at real browsers: they sign in at a real provider, and each finds what is theirs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import browser
from tests.people.provider import Provider
from tests.serving import App

__all__ = ["browser"]
PROMPT = "a unicorn nobody else may see"
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def visit(browser: Browser, served: App, provider: Provider) -> Iterator[Visit]:
    """A visit of somebody who signs in first, each at a browser of their own, which stays signed in."""
    contexts: dict[str, BrowserContext] = {}

    def come(name: str, address: str = "/", *, width: int = 1280) -> Page:
        is_new = name not in contexts
        context = contexts.setdefault(name, browser.new_context(viewport={"width": width, "height": 844}))
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(served.url + (address if not is_new else "/"))
        if is_new:
            provider.is_next(name)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
            if address != "/":
                page.goto(served.url + address)
        return page

    yield come
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def made(visit: Visit, served: App) -> tuple[str, str, str]:
    """Id, run and hash of an image that Alice made."""
    page = visit("Alice")
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Generate").last.click()
    expect(page.get_by_role("img", name=PROMPT).first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Download").first).to_be_visible()
    with closing(sqlite3.connect(served.data_dir / "studio.db")) as database:
        found = database.execute("SELECT g.id, run, sha256 FROM generations g JOIN pictures ON generation = g.id")
        made: tuple[str, str, str] = found.fetchone()
        return made


def test_nobody_but_its_owner_and_a_host_finds_an_image(visit: Visit, made: tuple[str, str, str]) -> None:
    generation, run, _ = made
    for name, finds in {"Alice": True, "Bob": False, "Hedda": True}.items():
        for address in ("/history", f"/history?image={generation}", f"/?run={run}"):
            page = visit(name, address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
            if finds:
                expect(page.get_by_text(PROMPT).or_(page.get_by_role("img", name=PROMPT)).first).to_be_attached()
            else:
                page.wait_for_timeout(500)
                assert PROMPT not in page.content(), (name, address)
            page.close()


def test_a_copy_with_its_prompt_inside_is_sent_to_whoever_may_see_it(
    visit: Visit, served: App, made: tuple[str, str, str]
) -> None:
    generation, _, sha256 = made
    address = f"{served.url}/app/static/images/{sha256}/described/{generation}/unicorn.png"
    answers = {name: visit(name).context.request.get(address) for name in ("Alice", "Bob", "Hedda", "Rose")}

    assert {name: answer.status for name, answer in answers.items()} == {
        "Alice": 200,
        "Bob": 404,
        "Hedda": 200,
        "Rose": 404,
    }
    assert PROMPT.encode() in answers["Alice"].body()
    cookie = {one["name"]: one["value"] for one in visit("Alice").context.cookies()}  # type: ignore[typeddict-item]
    forged = {**cookie, "_streamlit_user": cookie["_streamlit_user"][:-3] + "AAA"}
    assert requests.get(address, cookies=cookie, timeout=10).status_code == 200
    assert requests.get(address, cookies=forged, timeout=10).status_code == 404
    assert requests.get(address, timeout=10).status_code == 404


def test_somebody_on_a_phone_signs_out_and_is_a_stranger_again(visit: Visit, served: App) -> None:
    page = visit("Rose", width=390)
    expect(page.get_by_text("You can vote, and nothing else here")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto(f"{served.url}/history")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.get_by_text("You can vote, and nothing else here").count() == 0


def test_whoever_gives_no_verified_address_only_votes(visit: Visit, provider: Provider) -> None:
    page = visit("Mallory")
    expect(page.get_by_text("Mallory · reviewer")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    provider.claims = {"sub": "m", "name": "Hedda", "email": "hedda@example.com", "email_verified": False}

    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("Hedda · reviewer")).to_be_visible()
