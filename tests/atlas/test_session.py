"""Cached polling over a mapping: asked when due, never after the end, submitted once per intent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from atlas import AtlasClient, ImageRequest, Prediction, Status
from atlas.errors import AtlasError, InvalidKey, NotSent, RateLimited, Unreachable
from atlas.session import Pace, Predictions
from atlas.simulator import Simulator
from tests.conftest import REQUEST


@dataclass(kw_only=True)
class Source:
    """Answers what it was told to, and remembers what it was asked."""

    answers: list[Prediction | AtlasError] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    asked: int = 0

    def submit(self, _request: ImageRequest, *, key: str) -> Prediction:
        self.submitted.append(key)
        return Prediction(id=f"p{len(self.submitted)}", status=Status.WAITING)

    def prediction(self, _prediction_id: str, /) -> Prediction:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, AtlasError):
            raise answer
        return answer


@dataclass(kw_only=True)
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


RUNNING = Prediction(id="p1", status=Status.RUNNING)
DONE = Prediction(id="p1", status=Status.SUCCEEDED, outputs=("https://a/1.png",))


def watching(source: Source, clock: Clock, state: dict[str, Any] | None = None) -> Predictions[Prediction]:
    pace = Pace(first=1.5, growth=2, ceiling=5)
    return Predictions({} if state is None else state, source, pace=pace, clock=clock)


def test_a_look_before_it_is_due_costs_no_question() -> None:
    source, clock = Source(), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")

    clock.now += 1.4

    assert predictions.poll("p1").status is Status.WAITING
    assert source.asked == 0


def test_looks_grow_further_apart_up_to_the_ceiling() -> None:
    source, clock = Source(answers=[RUNNING] * 20), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")

    moments = []
    for _ in range(200):
        clock.now += 0.1
        before = source.asked
        predictions.poll("p1")
        if source.asked > before:
            moments.append(clock.now - 1000)

    gaps = [round(later - earlier, 1) for earlier, later in pairwise(moments)]
    assert gaps[0] == 3.0
    assert set(gaps[1:]) == {5.0}


def test_a_terminal_answer_is_never_asked_for_again() -> None:
    source, clock = Source(answers=[DONE]), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")
    clock.now += 2
    predictions.poll("p1")

    clock.now += 10_000

    assert predictions.poll("p1") is DONE
    assert source.asked == 1


def test_the_same_intent_twice_is_one_submit_also_on_a_new_object_over_the_same_state() -> None:
    source, clock, state = Source(), Clock(), dict[str, Any]()
    first = watching(source, clock, state).submit(REQUEST, key="k")

    second = watching(source, clock, state).submit(REQUEST, key="k")

    assert first.id == second.id
    assert source.submitted == ["k"]


def test_the_same_intent_after_it_was_forgotten_is_asked_for_and_not_submitted_again() -> None:
    source, clock = Source(answers=[DONE]), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")
    predictions.forget(["p1"])

    assert predictions.submit(REQUEST, key="k") is DONE
    assert source.submitted == ["k"]


def test_a_submit_that_was_not_sent_may_be_pressed_again() -> None:
    class Offline(Source):
        def submit(self, _request: ImageRequest, *, key: str) -> Prediction:
            self.submitted.append(key)
            raise NotSent("no connection")

    source, clock = Offline(), Clock()
    predictions = watching(source, clock)
    for _ in range(2):
        with pytest.raises(NotSent):
            predictions.submit(REQUEST, key="k")

    assert source.submitted == ["k", "k"]


@pytest.mark.parametrize("trouble", [Unreachable("x"), RateLimited("x")])
def test_while_the_source_does_not_answer_the_last_answer_stands(trouble: AtlasError) -> None:
    source, clock = Source(answers=[RUNNING, trouble, DONE]), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")

    seen = []
    for _ in range(3):
        clock.now += 5
        seen.append((predictions.poll("p1"), predictions.trouble("p1")))

    assert seen == [(RUNNING, ""), (RUNNING, trouble.explanation), (DONE, "")]


def test_a_refusal_is_told_to_whoever_polls() -> None:
    source, clock = Source(answers=[InvalidKey("unauthorized")]), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")
    clock.now += 2

    with pytest.raises(InvalidKey):
        predictions.poll("p1")


def test_a_refusal_is_not_asked_for_again_before_it_is_due() -> None:
    refusal = InvalidKey("unauthorized")
    source, clock = Source(answers=[refusal, DONE]), Clock()
    predictions = watching(source, clock)
    predictions.submit(REQUEST, key="k")
    clock.now += 2
    with pytest.raises(InvalidKey):
        predictions.poll("p1")

    assert predictions.poll("p1").status is Status.WAITING
    assert predictions.trouble("p1") == refusal.explanation
    assert source.asked == 1


def test_the_client_itself_is_a_source(client: AtlasClient, simulator: Simulator) -> None:
    clock = Clock()
    predictions = Predictions({}, client, clock=clock)
    submitted = predictions.submit(REQUEST, key="k")

    ended = eventually(lambda: later(clock, predictions, submitted.id), lambda seen: seen.is_terminal)

    assert ended.status is Status.SUCCEEDED
    assert simulator.count("POST", "/api/v1/model/generateImage") == 1


def later(clock: Clock, predictions: Predictions[Prediction], prediction_id: str) -> Prediction:
    clock.now += 10
    return predictions.poll(prediction_id)


def eventually(look: Callable[[], Prediction], enough: Callable[[Prediction], bool]) -> Prediction:
    for _ in range(2000):
        seen = look()
        if enough(seen):
            return seen
    raise AssertionError("it never ended")


def test_what_is_forgotten_is_watched_no_more() -> None:
    predictions = watching(Source(), Clock())
    predictions.submit(REQUEST, key="k")

    predictions.forget(["p1", "never watched"])

    assert predictions.poll_all() == []
