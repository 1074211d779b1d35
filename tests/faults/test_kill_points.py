"""A process is killed at every step of a job's way, and the next one takes up what it left: paid at most once."""

import signal
from collections.abc import Iterator

import pytest

from studio.generations import State
from tests.conftest import new_database
from tests.faults.conftest import SUBMIT, Studio
from tests.studio.conftest import until

PROMPT = "a red bicycle"

POINTS = {
    "before the intent is on record": ("commit:queued", 1, State.COMPLETED),
    "the intent is on record": ("committed:queued", 1, State.COMPLETED),
    "before the submit is on record": ("commit:submitting", 1, State.COMPLETED),
    "the submit is on record, before the POST": ("call:submit", 0, State.UNKNOWN),
    "the POST was answered, and nobody read it": ("answer:submit", 1, State.COMPLETED),
    "before the id is on record": ("commit:accepted", 1, State.COMPLETED),
    "the id is on record": ("committed:accepted", 1, State.COMPLETED),
    "before a poll": ("call:prediction", 1, State.COMPLETED),
    "a poll was answered": ("answer:prediction", 1, State.COMPLETED),
    "before the end is on record": ("commit:finished", 1, State.COMPLETED),
    "the end is on record": ("committed:finished", 1, State.COMPLETED),
    "before the download": ("call:download", 1, State.COMPLETED),
    "after the download": ("answer:download", 1, State.COMPLETED),
    "the original has only its temporary name": ("rename:1", 1, State.COMPLETED),
    "the original is in place, a preview is not": ("rename:2", 1, State.COMPLETED),
    "all files are in place, their row is not": ("commit:completed", 1, State.COMPLETED),
    "the row is on record": ("committed:completed", 1, State.COMPLETED),
}

SEARCHING = {
    "before the search is on record": "commit:the",
    "before the history is asked": "call:history",
    "the history was answered": "answer:history",
    "before what was found is on record": "commit:accepted",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database of each kind for all the kills; every test has a provider of its own in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('kills') / 'studio.db'}"
        return
    with new_database(request.getfixturevalue("postgresql")) as url:
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_step_it_is_paid_for_once_and_nothing_is_lost(studio: Studio, point: str) -> None:
    dies, paid, state = POINTS[point]
    doomed = studio.worker(prompts=(PROMPT,), dies=dies)
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL, f"it never came to {dies}"

    ended = studio.recovered(PROMPT)

    assert [one.state for one in ended] == [state]
    assert studio.simulator.count("POST", SUBMIT) == paid


@pytest.mark.parametrize("point", SEARCHING)
def test_killed_while_it_looks_for_a_lost_answer_it_is_found_by_the_next(studio: Studio, point: str) -> None:
    studio.simulator.fault("submit", "reset-after-accept")
    doomed = studio.worker(prompts=(PROMPT,), dies=SEARCHING[point])
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL, f"it never came to {SEARCHING[point]}"

    ended = studio.recovered(PROMPT)

    assert [one.state for one in ended] == [State.COMPLETED]
    assert studio.simulator.count("POST", SUBMIT) == 1


def test_killed_while_the_post_is_on_its_way_it_is_paid_for_once_and_nothing_is_lost(studio: Studio) -> None:
    studio.simulator.fault("submit", "hang-before-headers", seconds=20)
    doomed = studio.worker(prompts=(PROMPT,))
    until(lambda: studio.simulator.count("POST", SUBMIT) == 1, within_s=30)
    doomed.kill()
    doomed.join()

    ended = studio.recovered(PROMPT)

    assert [one.state for one in ended] == [State.COMPLETED]
    assert studio.simulator.count("POST", SUBMIT) == 1
