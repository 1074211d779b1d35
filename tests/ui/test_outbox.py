"""What a component tells: each entry is dealt with, in order, whatever ends the script that deals with it."""

from typing import Any

import pytest

from ui.outbox import Ear


class Rerun(BaseException):
    """As Streamlit ends a script: wherever it touches the session, and past ``except Exception``."""


def told(ear: Ear, *turns: int) -> dict[str, Any]:
    return {"ear": ear.name, "entries": [{"turn": turn, "kind": "rate"} for turn in turns]}


def test_each_entry_is_heard_once_and_in_order() -> None:
    ear = Ear()

    assert [entry["turn"] for entry in ear.hear(told(ear, 3, 5, 8))] == [3, 5, 8]
    assert [entry["turn"] for entry in ear.hear(told(ear, 5, 8, 9))] == [9]
    assert ear.heard == 9


def test_an_entry_that_a_rerun_interrupts_comes_again_and_those_before_it_do_not() -> None:
    ear, done = Ear(), []

    def deal(stops_at: int) -> None:
        for entry in ear.hear(told(ear, 1, 2, 3)):
            if entry["turn"] == stops_at:
                raise Rerun
            done.append(entry["turn"])

    with pytest.raises(Rerun):
        deal(stops_at=2)
    assert (done, ear.heard) == ([1], 1)

    deal(stops_at=0)
    assert (done, ear.heard) == ([1, 2, 3], 3)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "rate",
        {"ear": "another", "entries": [{"turn": 1, "kind": "rate"}]},
        {"entries": [{"turn": 1, "kind": "rate"}]},
        {"ear": "mine", "entries": "rate"},
        {"ear": "mine", "entries": [None, 7, {"turn": "1", "kind": "rate"}, {"turn": 1}, {"kind": "rate"}]},
    ],
)
def test_what_no_script_of_ours_says_is_not_heard(said: object) -> None:
    ear = Ear(name="mine")

    assert list(ear.hear(said)) == []
    assert ear.heard == 0
