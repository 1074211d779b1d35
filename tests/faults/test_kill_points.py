"""A process is killed at every step of a job's way, and the next one takes up what it left: paid at most once."""

import signal

import pytest

from studio.generations import State
from tests.faults.conftest import SUBMIT, Studio
from tests.studio.conftest import until

PROMPT = "a red bicycle"
LOST = State.UNKNOWN  # accepted by the provider, and its answer died with the process

POINTS = {
    "before the intent is on record": ("commit:queued", 1, State.COMPLETED),
    "the intent is on record": ("committed:queued", 1, State.COMPLETED),
    "before the submit is on record": ("commit:submitting", 1, State.COMPLETED),
    "the submit is on record, before the POST": ("call:submit", 0, State.UNKNOWN),
    "the POST was answered, and nobody read it": ("answer:submit", 1, LOST),
    "before the id is on record": ("commit:accepted", 1, LOST),
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
    "the lease was given back": ("committed:released", 1, State.COMPLETED),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_step_it_is_paid_for_once_and_nothing_is_lost(studio: Studio, point: str) -> None:
    dies, paid, state = POINTS[point]
    doomed = studio.worker(prompts=(PROMPT,), dies=dies)
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL, f"it never came to {dies}"

    ended = studio.recovered(PROMPT)

    assert [one.state for one in ended] == [state]
    assert studio.simulator.count("POST", SUBMIT) == paid


def test_killed_while_the_post_is_on_its_way_it_is_paid_for_once_and_nothing_is_lost(studio: Studio) -> None:
    studio.simulator.fault("submit", "hang-before-headers", seconds=20)
    doomed = studio.worker(prompts=(PROMPT,))
    until(lambda: studio.simulator.count("POST", SUBMIT) == 1, within_s=30)
    doomed.kill()
    doomed.join()

    ended = studio.recovered(PROMPT)

    assert [one.state for one in ended] == [LOST]
    assert studio.simulator.count("POST", SUBMIT) == 1
