"""The clock of the machine is set while images are on their way: nothing is lost, doubled, or held for days."""

from pathlib import Path

import pytest

from studio.generations import State
from tests.faults.clocks import skewed
from tests.faults.conftest import SUBMIT, Studio
from tests.studio.conftest import until

PROMPTS = ("a red bicycle", "a blue kettle", "a green door")
WHERE = {"submit": SUBMIT, "task": "/api/v1/model/prediction", "file": "/files"}


@pytest.mark.parametrize("days", [13, 15, -2])
@pytest.mark.parametrize("where", WHERE)
def test_a_clock_that_jumps_in_the_middle_of_work_changes_nothing(
    studio: Studio, tmp_path: Path, where: str, days: int
) -> None:
    studio.simulator.fault(where, "slow-task" if where == "task" else "slow", seconds=0.7, times=3)
    with skewed(studio.orders(prompts=PROMPTS, lease_s=2), tmp_path) as worker:
        asked = "POST" if where == "submit" else "GET"
        until(lambda: studio.simulator.count(asked, WHERE[where]) >= len(PROMPTS), within_s=30)
        worker.jump(days)
        worker.process.wait(30)

    assert [one.state for one in studio.sound(made=len(PROMPTS))] == [State.COMPLETED] * len(PROMPTS)
    assert studio.simulator.count("POST", SUBMIT) == len(PROMPTS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the other kind has a clock of its own
def test_what_a_killed_process_held_by_a_clock_that_ran_ahead_is_taken_up_at_once(
    studio: Studio, tmp_path: Path
) -> None:
    studio.simulator.fault("task", "slow-task", seconds=2)
    with skewed(studio.orders(prompts=PROMPTS[:1], lease_s=15), tmp_path, days=2) as worker:
        until(lambda: [one.state for one in studio.store.latest()] == [State.RUNNING], within_s=30)
        worker.kill()

    ended = studio.recovered(within_s=15)

    assert [one.state for one in ended] == [State.COMPLETED]
    assert studio.simulator.count("POST", SUBMIT) == 1
