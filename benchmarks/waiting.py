"""How long a finished image waits until somebody sees it, and how many questions that takes.

Timed in Chromium from the moment the job ends at the provider to the frame after the image was decoded. Jobs take
4 to 12 s, by their quality; "nothing to learn from" has the same times in disorder. The baseline is the vendor's own
loop with a question every 2 s. At the end 64 images that are done at the same moment. All are small, and painted by the
simulator before their jobs end.
"""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from atlas import ImageRequest
from atlas.simulator import Simulator
from atlas.simulator.journal import Journal
from benchmarks import studios
from benchmarks.measurement import Measurement, compared, p95
from tests import chromium
from tests.browser.little_pages import served_page
from tests.conftest import CANARY, SMALL
from tests.serving import App

_LATENCIES_S = (0.05, 2.0)  # of every question
_LOOPS_S = (2.0, 1.0)
_RANGES_S = {"low": (4.0, 6.0), "medium": (6.5, 8.5), "high": (9.5, 12.0)}
_EACH = 3  # images of each quality at the same time
_ROUNDS = 2
_CROWD, _CROWD_S = 64, 20.0
_PATIENCE_MS = 60_000
_WATCH = """
window.painted = {};
const roots = [document], attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    roots.push(root);
    return root;
};
const known = new Set();
const look = () => {
    for (const image of roots.flatMap(root => [...root.querySelectorAll('img')])) {
        if (known.has(image.src) || !image.complete || !image.naturalWidth) continue;
        known.add(image.src);
        image.decode().then(() => requestAnimationFrame(() => { window.painted[image.src] = Date.now() / 1000 }));
    }
    requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    prompt: str
    quality: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Seconds from the end of each job to its image, and questions an image."""

    waits: Sequence[float]
    questions: float


class _Provider:
    """A simulator whose jobs take as long as they were told to."""

    def __init__(self, folder: Path) -> None:
        self._journal = folder / "jobs.jsonl"
        self.simulator = Simulator(control=True, journal=self._journal, seed=1)

    def expect(self, wanted: Sequence[_Wanted], latency_s: float) -> None:
        self.simulator.forget_faults()
        self.simulator.forget_requests()
        self.simulator.fault("poll", "slow", times=100_000, seconds=latency_s)
        for one in wanted:
            self.simulator.fault("task", "slow-task", matching=one.prompt, seconds=one.seconds)

    def questions(self) -> int:
        return self.simulator.count("GET", "/api/v1/model/prediction/")

    def ended(self) -> dict[str, float]:
        """When each job ended, by its id, in epoch seconds."""
        return {job.id: job.done_at for job in Journal(self._journal).read(since=0)}


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        provider = _Provider(folder)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        with provider.simulator:
            base, *others = (list(_vendor(browser, provider, every_s)) for every_s in _LOOPS_S)
            known, unknown = (list(_app(browser, provider, by_quality=whether)) for whether in (True, False))
            crowd = _crowd(browser, provider)
        browser.close()
    names = [*(f"loop of {every_s:g} s" for every_s in _LOOPS_S), "app", "app with nothing to learn from"]
    series = zip(names, (base, *others, known, unknown), strict=True)
    found = [measurement for name, series_found in series for measurement in _told(name, series_found, base)]
    return [*found, compared(f"waiting, {_CROWD} jobs that end together, the last painted", crowd, 2.5)]


def _told(who: str, series: Sequence[_Found], base: Sequence[_Found]) -> Iterator[Measurement]:
    for latency_s, found, loop in zip(_LATENCIES_S, series, base, strict=True):
        what = f"waiting, GET {latency_s:g} s, {who}"
        yield compared(f"{what}, median", median(found.waits), median(loop.waits))
        yield compared(f"{what}, p95", p95(found.waits), p95(loop.waits))
        yield compared(f"{what}, GETs an image", found.questions, loop.questions, unit="")


def _orders(series: str) -> list[list[_Wanted]]:
    """Rounds of images; the same times for everybody."""
    dice = random.Random(4)  # noqa: S311 - the same in every run
    times = [
        [(quality, dice.uniform(*ends)) for quality, ends in _RANGES_S.items() for _ in range(_EACH)]
        for _ in range(_ROUNDS)
    ]
    return [
        [_Wanted(prompt=f"{series} {turn} {n}", quality=quality, seconds=s) for n, (quality, s) in enumerate(some)]
        for turn, some in enumerate(times)
    ]


def _vendor(browser: Browser, provider: _Provider, every_s: float) -> Iterator[_Found]:
    """At each latency; a tab for each image of a round."""
    with tempfile.TemporaryDirectory() as name, _page(Path(name), provider, every_s) as url:
        contexts = [_context(browser) for _ in range(_EACH * len(_RANGES_S))]
        tabs = [context.new_page() for context in contexts]
        for tab in tabs:
            tab.goto(url)
            tab.get_by_label("Prompt").wait_for()
        known: set[str] = set()
        for latency_s in _LATENCIES_S:
            rounds = _orders(f"loop {every_s:g} {latency_s:g}")
            provider.expect([one for some in rounds for one in some], latency_s)
            for some in rounds:
                _press(tabs, [one.prompt for one in some])
            painted = {_job_of(src): at for tab in tabs for src, at in _painted(tab).items()}
            yield _found(provider, {job: at for job, at in painted.items() if job not in known}, provider.questions())
            known.update(painted)
        for context in contexts:
            context.close()


@contextmanager
def _page(folder: Path, provider: _Provider, every_s: float) -> Iterator[str]:
    settings = {
        "ATLASCLOUD_BASE_URL": provider.simulator.url,
        "ATLASCLOUD_API_KEY": CANARY,
        "VENDOR_MODEL": SMALL.model,
        "VENDOR_SIZE": str(SMALL.parameters["size"]),
    }
    with served_page("../../benchmarks/vendor_page.py", folder, **settings, VENDOR_POLL_S=str(every_s)) as url:
        yield url


def _press(tabs: Sequence[Page], prompts: Sequence[str]) -> None:
    """Generate in each tab, until each has one image more."""
    before = [len(_painted(tab)) for tab in tabs]
    for tab, prompt in zip(tabs, prompts, strict=True):
        tab.get_by_label("Prompt").fill(prompt)
        tab.get_by_label("Prompt").blur()
        tab.get_by_role("button", name="Generate").click()
    for tab, known in zip(tabs, before, strict=True):
        tab.wait_for_function("known => Object.keys(painted).length > known", arg=known, timeout=_PATIENCE_MS)


def _app(browser: Browser, provider: _Provider, *, by_quality: bool) -> Iterator[_Found]:
    """At each latency, in one tab, after a round that is not counted."""
    with tempfile.TemporaryDirectory() as name, studios.keyed(Path(name), provider.simulator.url) as app:
        context = _context(browser)
        _visit(context, app, provider, _orders(f"before {by_quality}")[0], _LATENCIES_S[0], by_quality)
        for latency_s in _LATENCIES_S:
            painted: dict[str, float] = {}
            questions = 0
            for some in _orders(f"app {latency_s:g} {by_quality}"):
                painted |= _visit(context, app, provider, some, latency_s, by_quality)
                questions += provider.questions()
            yield _found(provider, painted, questions)
        context.close()


def _visit(
    context: BrowserContext,
    app: App,
    provider: _Provider,
    wanted: Sequence[_Wanted],
    latency_s: float,
    by_quality: bool,
) -> dict[str, float]:
    """One run of these images, looked at in one tab until all are there; when each job's was painted."""
    provider.expect(wanted, latency_s)
    requests = [_request(one.prompt, one.quality if by_quality else "low") for one in wanted]
    return _looked_at(context, app, provider, requests)


def _request(prompt: str, quality: str) -> ImageRequest:
    return replace(SMALL, prompt=prompt, parameters={**SMALL.parameters, "quality": quality})


def _looked_at(
    context: BrowserContext, app: App, provider: _Provider, requests: Sequence[ImageRequest]
) -> dict[str, float]:
    run = studios.queue(app, provider.simulator.url, requests)
    tab = context.new_page()
    tab.goto(f"{app.url}/?run={run}")
    expect(tab.get_by_role("link", name="Download")).to_have_count(len(requests), timeout=_PATIENCE_MS)
    made = {one.pictures[0].sha256: str(one.prediction_id) for one in studios.made(app, run)}
    tab.wait_for_function("most => Object.keys(painted).length >= most", arg=len(requests))
    tab.wait_for_timeout(500)
    painted = {made[sha256]: at for src, at in _painted(tab).items() if (sha256 := _sha256_of(src)) in made}
    tab.close()
    return painted


def _crowd(browser: Browser, provider: _Provider) -> float:
    """Seconds from the end of all to the last image."""
    with tempfile.TemporaryDirectory() as name, studios.keyed(Path(name), provider.simulator.url) as app:
        context = _context(browser)
        provider.expect([], _LATENCIES_S[0])
        provider.simulator.fault("task", "slow-task", times=_CROWD + 1, seconds=_CROWD_S)
        _looked_at(context, app, provider, [_request("one before", "low")])
        painted = _looked_at(context, app, provider, [_request(f"one of {n}", "low") for n in range(_CROWD)])
        context.close()
    ended = provider.ended()
    return max(painted.values()) - max(ended[job] for job in painted)


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_WATCH)
    return context


def _painted(tab: Page) -> dict[str, float]:
    found: dict[str, float] = tab.evaluate("painted")
    return found


def _job_of(src: str) -> str:
    return Path(urlsplit(src).path).name.partition("-")[0]


def _sha256_of(src: str) -> str:
    return Path(urlsplit(src).path).name.partition(".")[0]


def _found(provider: _Provider, painted: Mapping[str, float], questions: int) -> _Found:
    ended = provider.ended()
    waits = [at - ended[job] for job, at in painted.items() if job in ended]
    assert len(waits) == _EACH * len(_RANGES_S) * _ROUNDS, f"{len(waits)} images were painted"
    return _Found(waits=waits, questions=questions / len(waits))
