"""Real people at real browsers: they sign in at a real provider, and each finds what is theirs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.people.provider import Provider
from tests.serving import App

PROMPT = "a unicorn nobody else may see"
SIGN_IN_MS = 45_000  # a busy machine is slow
Browsers = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def browsers(browser: Browser, served: App, provider: Provider) -> Iterator[Browsers]:
    """The browser of somebody, who has signed in at it."""
    known: dict[str, BrowserContext] = {}

    def of(name: str, *, width: int = 1280) -> BrowserContext:
        if name not in known:
            known[name] = browser.new_context(viewport={"width": width, "height": 844})
            page = known[name].new_page()
            page.goto(served.url)
            provider.is_next(name)
            page.get_by_role("button", name="Sign in").click(timeout=SIGN_IN_MS)
            expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SIGN_IN_MS)
        return known[name]

    yield of
    for context in known.values():
        context.close()


@pytest.fixture(scope="module")
def made(browsers: Browsers, served: App) -> tuple[str, str, str]:
    """Id, run and hash of an image that Alice made."""
    page = browsers("Alice").pages[0]
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("link", name="Download").first).to_be_visible(timeout=SIGN_IN_MS)
    with closing(sqlite3.connect(served.data_dir / "studio.db")) as database:
        found = database.execute("SELECT g.id, run, sha256 FROM generations g JOIN pictures ON generation = g.id")
        made: tuple[str, str, str] = found.fetchone()
        return made


def looked_at(browsers: Browsers, name: str, address: str) -> Page:
    """A page as somebody finds it, as soon as nothing is drawn any more."""
    page = browsers(name).pages[0]
    page.goto(address)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SIGN_IN_MS)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    return page


def test_nobody_but_its_owner_and_a_host_finds_an_image(
    browsers: Browsers, served: App, made: tuple[str, str, str]
) -> None:
    generation, run, _ = made
    opened = f"{served.url}/history?image={generation}"

    for name in ("Alice", "Hedda"):
        expect(looked_at(browsers, name, opened).get_by_role("img", name=PROMPT).first).to_be_visible()
    for address in (opened, f"{served.url}/history", f"{served.url}/?run={run}"):
        assert PROMPT not in looked_at(browsers, "Bob", address).content(), address


def test_a_copy_with_its_prompt_inside_is_sent_to_whoever_may_see_it(
    browsers: Browsers, served: App, made: tuple[str, str, str]
) -> None:
    generation, _, sha256 = made
    address = f"{served.url}/app/static/images/{sha256}/described/{generation}/unicorn.png"
    answers = {name: browsers(name).request.get(address) for name in ("Alice", "Bob", "Hedda")}
    cookies = {str(cookie.get("name")): str(cookie.get("value")) for cookie in browsers("Alice").cookies()}
    forged = {**cookies, "_streamlit_user": cookies["_streamlit_user"][:-3] + "AAA"}

    assert {name: answer.status for name, answer in answers.items()} == {"Alice": 200, "Bob": 404, "Hedda": 200}
    assert PROMPT.encode() in answers["Alice"].body()
    statuses = [requests.get(address, cookies=sent, timeout=10).status_code for sent in (cookies, forged, {})]
    assert statuses == [200, 404, 404]


def test_somebody_on_a_phone_signs_out_and_is_a_stranger_again(browsers: Browsers, served: App) -> None:
    page = browsers("Rose", width=390).pages[0]
    expect(page.get_by_text("You can vote, and nothing else here")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SIGN_IN_MS)
    page.goto(f"{served.url}/history")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SIGN_IN_MS)
    assert page.get_by_text("You can vote, and nothing else here").count() == 0


def test_an_address_that_is_not_verified_makes_nobody_a_host(browsers: Browsers, provider: Provider) -> None:
    page = browsers("Mallory").pages[0]
    page.get_by_role("button", name="Sign out").click()
    provider.claims = {"sub": "m", "name": "Hedda", "email": "hedda@example.com", "email_verified": False}

    page.get_by_role("button", name="Sign in").click(timeout=SIGN_IN_MS)

    expect(page.get_by_text("Hedda · reviewer")).to_be_visible(timeout=SIGN_IN_MS)
