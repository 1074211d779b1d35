"""Everything that the simulator can do wrong to a job, each to one job of a single engine run."""

from collections.abc import Iterator

import pytest

from atlas.simulator import Simulator
from atlas.simulator.faults import TABLE
from studio.generations import Generation, State
from studio.pace import Pace
from tests.faults.conftest import SUBMIT, opened
from tests.faults.worker import press
from tests.studio.conftest import until

PACE = Pace(first=0.3, closest=0.05, ceiling=0.5)
HANGS_S = 0.3

DONE, FAILED, UNKNOWN, STALLED = State.COMPLETED, State.FAILED, State.UNKNOWN, State.STALLED

ENDS = {
    "submit": {
        FAILED: "401 402 403 404 413 422 451 403-cloudflare code-401 redirect-307",
        UNKNOWN: "500 502-html 503-html 520-html html-200 500-terminal reset-before-accept",
        DONE: "429 503 504 reset-after-accept hang-before-headers hang-in-body cut-body malformed-json no-id "
        "text-plain-json minimal flat prediction-id-only foreign-get-url slow",
    },
    "task": {
        FAILED: "moderation failed failed-object failed-null failed-silent rejected timeout canceled cancelled error "
        "empty-outputs null-outputs",
        STALLED: "stuck unknown-forever",
        DONE: "object-outputs object-outputs-download object-outputs-image late-outputs string-output succeeded "
        "success upper-case nsfw base64-data-uri slow-task",
    },
    "poll": {
        FAILED: "500-terminal",
        STALLED: "401 402 403 402-envelope code-401",
        DONE: "404 429 451 500 502-html 503 504 520-html html-200 hang reset slow cut-body malformed-json "
        "text-plain-json foreign-get-url unknown-status id-differs",
    },
    "file": {
        STALLED: "403 404 html truncated gif svg redirect-private redirect-loop",
        DONE: "500 hang reset slow cut-body wrong-extension",
    },
}
BY_THE_CLOCK = {("file", "drip"), ("file", "too-large")}  # they run into the limits of tests/atlas/test_download.py

FAULTS = [
    (where, kind, state) for where, ends in ENDS.items() for state, kinds in ends.items() for kind in kinds.split()
]


def prompt(where: str, kind: str) -> str:
    return f"a circle <{where} {kind}>"


@pytest.fixture(scope="module")
def ended(
    running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Generation, int]]]:
    """By prompt: how each job ended, and how many times its submit was sent."""
    folder = tmp_path_factory.mktemp("faults")
    running_simulator.forget_faults()
    running_simulator.forget_requests()
    with opened(f"sqlite:///{folder / 'studio.db'}", folder / "images", running_simulator) as studio:
        with studio.engine(max_in_flight=32, wait_limit_s=8, lease_s=15, pace=PACE) as engine:
            for where, kind, _ in FAULTS:
                running_simulator.fault(where, kind, matching=prompt(where, kind), seconds=HANGS_S)
                press(engine, prompt(where, kind))
            until(lambda: not engine.in_flight(), within_s=90)
        sent = [one["body"]["prompt"] for one in running_simulator.requests() if one["path"] == SUBMIT]
        yield {one.prompt: (one, sent.count(one.prompt)) for one in studio.sound(made=len(FAULTS))}
    running_simulator.forget_faults()


@pytest.mark.parametrize(("where", "kind", "state"), FAULTS)
def test_whatever_the_provider_does_the_job_ends_as_it_should(
    ended: dict[str, tuple[Generation, int]], where: str, kind: str, state: State
) -> None:
    one, sent = ended[prompt(where, kind)]

    assert one.state is state, one.problem
    asked_to_wait = where == "submit" and kind in {"429", "503"}
    assert sent == (2 if asked_to_wait else 1)


def test_every_fault_of_a_job_that_the_simulator_knows_is_tried() -> None:
    known = {(where.value, kind) for where, kinds in TABLE.items() if where in ENDS for kind in kinds}

    assert {(where, kind) for where, kind, _ in FAULTS} | BY_THE_CLOCK == known
