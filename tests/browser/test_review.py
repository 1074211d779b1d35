"""A review in a real Chromium: blind to whoever looks behind the page, and right when twenty people vote at once."""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response, WebSocket, expect
from scipy.stats import binomtest  # type: ignore[import-untyped]
from sqlalchemy import Engine

from studio.database import open_database
from studio.experiments import Experiments
from studio.generations import SIMULATOR, Generation, Slot, new_id
from studio.images import ImageFiles
from studio.reviews.ballots import Choice
from studio.reviews.desk import Reviews, new_seed, seed_hash
from studio.reviews.plan import ASKED, Asked, Ends, Plan, Question, Stop
from studio.reviews.planning import arms_of, pictures_of
from studio.reviews.schedule import Kind
from studio.reviews.verdict import enough
from studio.store import Store
from tests.browser.conftest import OpenTab
from tests.serving import App
from tests.studio.conftest import until
from tests.studio.shelves import fill, item

PROMPTS = ("A zebrawood lighthouse at dusk", "A marzipan submarine in fog")
TELLING = {"zebrawood", "lighthouse", "dusk", "marzipan", "submarine"}
MODEL = "openai/gpt-image-1.5/text-to-image"
PEOPLE, PAIRS = 20, 4


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The app, and the database that it shares with this test."""

    app: App
    reviews: Reviews
    experiments: Experiments
    database: Engine
    files: ImageFiles

    def ask(self, name: str, *, draws: int = 4, votes: int = 1000, repeats: int = 0) -> Plan:
        """An open review of images of two colours, by its own name."""
        columns = [[self._image(name, arm, number) for number in range(1, draws + 1)] for arm in range(2)]
        experiment = self.experiments.of_images(f"e{name}", f"About {name}", columns)
        seed = new_seed()
        plan = Plan(
            experiment=experiment.id,
            name=experiment.name,
            arms=arms_of(experiment),
            pictures=pictures_of(self.experiments.rows(experiment)),
            questions=(Asked(kind=Question.PREFERENCE, words=ASKED[Question.PREFERENCE]),),
            stop=Stop(rule=Ends.VOTES, votes=votes),
            seed_hash=seed_hash(seed),
            repeats=repeats,
            simulated=True,
        )
        self.reviews.make(name, plan, seed=seed)
        self.reviews.open(name)
        return plan

    def _image(self, name: str, arm: int, number: int) -> Generation:
        shade = 200 - 9 * number
        picture = self.files.keep(_a_picture((40, 40, shade) if arm else (shade, 40, 40), noisy=arm == 0))
        made = item(
            number,
            PROMPTS[arm],
            id=new_id(),
            slot=Slot(run=f"{name}-{arm}", number=number),
            provider=SIMULATOR,
            model=MODEL,
            pictures=(picture,),
        )
        fill(self.database, [made])
        return made.generation

    def link(self, name: str) -> str:
        return f"{self.app.url}/vote?review={name}"


def _a_picture(colour: tuple[int, int, int], *, noisy: bool) -> bytes:
    """One arm's files are many times larger than the other's, and have a text inside."""
    image = Image.effect_noise((256, 256), 90).convert("RGB") if noisy else Image.new("RGB", (256, 256))
    image.paste(colour, (32, 32, 224, 224))
    buffer = io.BytesIO()
    image.save(buffer, "PNG" if noisy else "JPEG", **({} if noisy else {"comment": b"marzipan"}))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("review") / "data"
    with App(data_dir=folder) as app:
        engine = open_database(f"sqlite:///{folder / 'studio.db'}")
        yield Desk(
            app=app,
            reviews=Reviews(engine, enough=enough),
            experiments=Experiments(engine, Store(engine)),
            database=engine,
            files=ImageFiles(folder / "images"),
        )
        engine.dispose()


@dataclass(kw_only=True)
class Overheard:
    """Everything that reached one browser: frames, addresses, headers and texts."""

    told: list[str]
    sizes: dict[str, int]
    headers: dict[str, dict[str, str]]

    def listen(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("response", self._response)

    def _socket(self, socket: WebSocket) -> None:
        for event in ("framereceived", "framesent"):
            socket.on(event, lambda frame: self.told.append(_text(frame)))

    def _response(self, response: Response) -> None:
        self.told.append(response.url + json.dumps(response.headers))
        if "/ballots/" in response.url:
            self.sizes[response.url] = len(response.body())
            self.headers[response.url] = response.headers

    def everything(self, page: Page) -> str:
        return "\n".join([*self.told, page.content(), page.title(), page.url]).lower()


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode("latin-1")


def _guest(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def guest(browser: Browser) -> Iterator[BrowserContext]:
    yield from _guest(browser)


def _begin(page: Page, link: str, name: str = "") -> None:
    page.set_default_timeout(60_000)
    page.goto(link)
    if name:
        page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Start").press("Enter")
    _ready(page, 1)


def _ready(page: Page, number: int) -> None:
    """This pair is on the screen, whole, and can be answered."""
    expect(page.get_by_text(re.compile(rf"^Pair {number} of ")).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Tie")).to_be_enabled(timeout=60_000)


def _secrets(plan: Plan) -> set[str]:
    hashes = {sha256 for each in plan.pictures for sha256 in each.hashes}
    return TELLING | hashes | {MODEL, plan.experiment.lower(), plan.name.lower(), plan.hash}


def test_nothing_that_reaches_a_reviewer_says_which_image_is_whose(desk: Desk, guest: BrowserContext) -> None:
    plan = desk.ask("blindroom")
    overheard = Overheard(told=[], sizes={}, headers={})
    page = guest.new_page()
    overheard.listen(page)
    _begin(page, desk.link("blindroom"))
    for number in range(1, 5):
        _ready(page, number)
        page.keyboard.press("3")
    expect(page.get_by_text("You have voted on every pair")).to_be_visible()

    said = overheard.everything(page)
    assert {secret for secret in _secrets(plan) if secret in said} == set()
    assert len(overheard.sizes) == 8
    assert len(set(overheard.sizes.values())) <= 4  # one length for each pair
    for headers in overheard.headers.values():
        assert not {"etag", "last-modified", "content-disposition"} & set(headers)
    assert "websocket" in said or "streamlit" in said  # it did listen


def test_the_same_listening_hears_everything_on_the_page_of_the_host(desk: Desk, guest: BrowserContext) -> None:
    plan = desk.ask("hostroom")
    desk.reviews.close("hostroom")
    overheard = Overheard(told=[], sizes={}, headers={})
    page = guest.new_page()
    overheard.listen(page)
    page.goto(f"{desk.app.url}/results?review=hostroom")
    expect(page.get_by_role("heading", name="Decision")).to_be_visible(timeout=60_000)

    said = overheard.everything(page)
    assert {secret for secret in _secrets(plan) if secret in said} >= TELLING


def test_a_second_browser_cannot_read_the_tally_before_the_end(
    desk: Desk, guest: BrowserContext, open_tab: OpenTab
) -> None:
    desk.ask("earlyroom")
    page = guest.new_page()
    _begin(page, desk.link("earlyroom"))
    page.keyboard.press("1")
    _ready(page, 2)

    tab = open_tab(f"{desk.app.url}/results?review=earlyroom")
    expect(tab.get_by_text("The tally is hidden")).to_be_visible()
    expect(tab.get_by_text(re.compile(r"1 of 1000"))).to_be_visible()
    assert "preferred" not in tab.content()
    tab.get_by_role("button", name="Close now").click()
    expect(tab.get_by_text("Cannot tell yet", exact=False).first).to_be_visible()

    page.keyboard.press("1")
    expect(page.get_by_text("This review is closed", exact=False).first).to_be_visible()
    assert len(desk.reviews.ballots("earlyroom")) == 1


def test_a_reload_knows_the_reviewer_and_an_answer_can_be_changed(desk: Desk, guest: BrowserContext) -> None:
    desk.ask("calmroom", draws=2)
    page = guest.new_page()
    _begin(page, desk.link("calmroom"), name="Ada")
    page.keyboard.press("1")
    _ready(page, 2)
    page.reload()
    _ready(page, 2)
    page.get_by_role("button", name="Back").click()
    _ready(page, 1)
    expect(page.get_by_role("button", name="Left is better")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("4")
    _ready(page, 2)
    page.keyboard.press("2")
    expect(page.get_by_text("You have voted on every pair")).to_be_visible()

    assert [ballot.choice for ballot in desk.reviews.ballots("calmroom")] == [Choice.BAD, Choice.RIGHT]
    assert [reviewer.name for reviewer in desk.reviews.reviewers("calmroom")] == ["Ada"]
    assert desk.reviews.turnout("calmroom").finished == 1


def test_twenty_phones_come_into_a_live_room_and_vote_by_keys_alone_until_the_host_reveals(
    desk: Desk, browser: Browser, open_tab: OpenTab
) -> None:
    plan = desk.ask("bigroom", draws=PAIRS, votes=PEOPLE * PAIRS)
    host = open_tab(f"{desk.app.url}/results?review=bigroom")
    host.get_by_role("button", name="Open a live room").click()
    code = host.get_by_role("heading", name=re.compile(r"^[B-Z]{3} [B-Z]{3}$")).inner_text()
    expect(host.get_by_role("img", name="QR code")).to_be_visible()
    contexts = [browser.new_context(viewport={"width": 390, "height": 700}) for _ in range(PEOPLE)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(120_000)
        page.goto(f"{desk.app.url}/vote?room={code.replace(' ', '')}", wait_until="commit")
    for number, page in enumerate(pages, 1):
        page.get_by_role("textbox", name="Your name").fill(f"Phone {number}")
        page.get_by_role("button", name="Start").press("Enter")
    expect(host.get_by_text(f"{PEOPLE} people here", exact=False)).to_be_visible(timeout=60_000)
    expect(host.get_by_text("Phone 7 ·", exact=False)).to_be_visible()
    for number in range(1, PAIRS + 1):
        for person, page in enumerate(pages):
            _ready(page, number)
            page.keyboard.press("12131214"[(person + number) % 8])
        _expect_votes(desk, host, PEOPLE * number)
    for page in pages[:-1]:
        expect(page.get_by_text(re.compile("You have voted on every pair|This review is closed")).first).to_be_visible()
    expect(host.get_by_text("as planned", exact=False)).to_be_visible(timeout=30_000)
    expect(host.get_by_text("until the host of the live room reveals it", exact=False).first).to_be_visible()
    assert "All numbers" not in host.content()
    host.get_by_role("button", name="Reveal the result").click()
    for context in contexts:
        context.close()

    ballots = [ballot for ballot in desk.reviews.ballots("bigroom") if ballot.kind is Kind.PAIR]
    assert len(ballots) == PEOPLE * PAIRS
    assert len({(ballot.reviewer, ballot.item) for ballot in ballots}) == PEOPLE * PAIRS
    assert sum('"what":"ballot"' in entry.body for entry in desk.reviews.chain("bigroom")) == PEOPLE * PAIRS
    review = desk.reviews.get("bigroom")
    assert review.by_plan
    winners = [ballot.winner.arm for ballot in ballots if ballot.winner]
    for draw in range(1, PAIRS + 1):  # each pair was shown either way round equally often
        left = [ballot.left.arm for ballot in ballots if ballot.left.draw == draw]
        assert left.count(0) == left.count(1) == PEOPLE // 2
    p = binomtest(winners.count(0), len(winners)).pvalue
    host.get_by_text("All numbers: A against B").click()
    expect(host.get_by_role("cell", name=f"{winners.count(0)} and {winners.count(1)}")).to_be_visible()
    expect(host.get_by_role("cell", name=f"p = {p:.3g}", exact=True).first).to_be_visible()
    assert plan.hash == review.plan.hash


def _expect_votes(desk: Desk, host: Page, count: int) -> None:
    """What the database has, the host's page shows soon: within 2 s where the machine does nothing else."""
    until(lambda: desk.reviews.turnout("bigroom").votes == count, within_s=60)
    began = time.monotonic()
    expect(host.get_by_text(f"{count} votes ·", exact=False).first).to_be_visible(timeout=10_000)
    print(f"the host saw {count} votes after {time.monotonic() - began:.2f} s")


def test_a_review_is_made_checked_filled_decided_and_kept(desk: Desk, open_tab: OpenTab) -> None:
    desk.ask("unused", draws=6)
    tab = open_tab(f"{desk.app.url}/results?experiment=eunused")
    tab.get_by_role("button", name="Make the review").click()
    tab.get_by_text("Check this room").click()
    tab.get_by_role("button", name="Check now").click()
    expect(tab.get_by_text("No word of a prompt", exact=False)).to_be_visible(timeout=60_000)
    expect(tab.get_by_text("Both files of all", exact=False)).to_be_visible()
    tab.get_by_role("button", name="Open for votes").click()
    tab.get_by_role("button", name="Simulated reviewers").click()
    tab.get_by_role("button", name="Let them vote").click()
    expect(tab.get_by_role("heading", name="Decision")).to_be_visible(timeout=60_000)
    expect(tab.get_by_text(re.compile("SIMULATED")).first).to_be_visible()
    expect(tab.locator("svg[role=img]").first).to_be_visible()

    tab.get_by_role("textbox", name="Your name, for remarks").fill("Grace")
    tab.keyboard.press("Tab")
    tab.get_by_role("button", name="Approve").click()
    expect(tab.get_by_text("Approved", exact=True).first).to_be_visible()
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Evidence bundle (ZIP)").click()
    with zipfile.ZipFile(saved.value.path()) as bundle:
        assert {"plan.json", "chain.jsonl", "report.html", "manifest.json"} <= set(bundle.namelist())
        assert "SIMULATED" in bundle.read("report.html").decode()
