"""The cache of a tab against a model of it: asked when due, never after the end, submitted once per intent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from atlas import ImageRequest, Prediction, Status
from atlas.errors import AtlasError, InvalidKey, NotSent, OutcomeUnknown, RateLimited, Unreachable
from atlas.session import Pace, Predictions
from tests.conftest import REQUEST
from tests.properties.trying import tries

PACE: Final = Pace(first=1.5, growth=1.3, ceiling=5.0)
PASSING: Final = (Unreachable("silent"), RateLimited("slower"))
TROUBLES: Final = (None, None, None, *PASSING, InvalidKey("no"), NotSent("no"), OutcomeUnknown("perhaps"))
KEYS: Final = st.sampled_from(["first", "second", "third", "fourth"])
PLACES: Final = st.integers(0, 3)


@dataclass
class Source:
    """The provider as it stands; every call meets the ``trouble`` of the moment."""

    now: float = 0.0
    trouble: AtlasError | None = None
    status: dict[str, Status] = field(default_factory=dict)
    submitted: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def submit(self, _request: ImageRequest, *, key: str) -> Prediction:
        if self.trouble:
            raise self.trouble
        self.submitted.append(key)
        job = f"job-{len(self.submitted)}"
        self.status[job] = Status.WAITING
        return Prediction(id=job, status=Status.WAITING)

    def prediction(self, prediction_id: str, /) -> Prediction:
        self.asked.append(prediction_id)
        if self.trouble:
            raise self.trouble
        return Prediction(id=prediction_id, status=self.status[prediction_id])


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the tab must know of a job."""

    status: Status
    due: float
    looks: int = 0
    trouble: str = ""


class Tab(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.source = Source()
        self.state: dict[str, Any] = {}
        self.jobs: dict[str, str] = {}  # by intent
        self.known: dict[str, Known] = {}
        self.moments: dict[str, list[float]] = {}  # of questions since a job was watched last

    @property
    def predictions(self) -> Predictions[Prediction]:
        """Made anew for every press, as a rerun of a page does: all that it knows is in the state."""
        return Predictions(self.state, self.source, pace=PACE, clock=lambda: self.source.now)

    @rule(seconds=st.sampled_from([0.1, 1.5, 2.0, 5.0, 60.0]), trouble=st.sampled_from(TROUBLES))
    def time_passes(self, seconds: float, trouble: AtlasError | None) -> None:
        self.source.now += seconds
        self.source.trouble = trouble

    @rule(place=PLACES, status=st.sampled_from(Status))
    def the_provider_moves_on(self, place: int, status: Status) -> None:
        running = [job for job, known in self.source.status.items() if not known.is_terminal]
        if running:
            self.source.status[running[place % len(running)]] = status

    @rule(key=KEYS)
    def press(self, key: str) -> None:
        job = self.jobs.get(key)
        if job in self.known:
            self._look(job, lambda: self.predictions.submit(REQUEST, key=key))
            return
        asked = len(self.source.asked)
        seen = self._met(lambda: self.predictions.submit(REQUEST, key=key), self.source.trouble)
        assert self.source.asked[asked:] == [job] * (job is not None)
        if seen:
            self.jobs[key] = seen.id
            self._watch(seen)

    @rule(place=PLACES, status=st.sampled_from(Status))
    def watch_again(self, place: int, status: Status) -> None:
        if self.source.status:
            job = list(self.source.status)[place % len(self.source.status)]
            self._watch(self.predictions.watch(Prediction(id=job, status=status)))

    @rule(place=PLACES)
    def look(self, place: int) -> None:
        if self.known:
            job = list(self.known)[place % len(self.known)]
            self._look(job, lambda: self.predictions.poll(job))

    @rule()
    def look_at_all(self) -> None:
        if self.source.trouble and self.source.trouble not in PASSING:
            self.source.trouble = None
        asked, expected = len(self.source.asked), [job for job in self.known if self._is_due(job)]
        seen = self.predictions.poll_all()
        for job in expected:
            self._looked(job)
        assert self.source.asked[asked:] == expected
        assert [(each.id, each.status) for each in seen] == [(job, known.status) for job, known in self.known.items()]

    @rule(place=PLACES)
    def forget(self, place: int) -> None:
        job = list(self.known)[place % len(self.known)] if self.known else ""
        self.predictions.forget([job, "never heard of"])
        self.known.pop(job, None)

    @invariant()
    def an_intent_is_submitted_once(self) -> None:
        assert sorted(self.source.submitted) == sorted(self.jobs)

    @invariant()
    def questions_keep_the_pace(self) -> None:
        for moments in self.moments.values():
            assert all(later - earlier >= PACE.first for earlier, later in pairwise(moments)), moments

    @invariant()
    def troubles_are_told(self) -> None:
        told = {job: self.predictions.trouble(job) for job in self.known}
        assert told == {job: known.trouble for job, known in self.known.items()}

    def _look(self, job: str, looking: Callable[[], Prediction]) -> None:
        asked, is_due, trouble = len(self.source.asked), self._is_due(job), self.source.trouble
        seen = self._met(looking, trouble if is_due and trouble not in PASSING else None)
        if is_due:
            self._looked(job)
        assert self.source.asked[asked:] == [job] * is_due
        assert seen is None or (seen.id, seen.status) == (job, self.known[job].status)

    def _looked(self, job: str) -> None:
        known, trouble = self.known[job], self.source.trouble
        due = self.source.now + min(PACE.ceiling, PACE.first * PACE.growth ** (known.looks + 1))
        self.moments[job].append(self.source.now)
        self.known[job] = replace(
            known,
            status=known.status if trouble else self.source.status[job],
            due=due,
            looks=known.looks + 1,
            trouble=trouble.explanation if trouble else "",
        )

    def _is_due(self, job: str) -> bool:
        return not self.known[job].status.is_terminal and self.source.now >= self.known[job].due

    def _watch(self, seen: Prediction) -> None:
        self.known[seen.id] = Known(status=seen.status, due=self.source.now + PACE.first)
        self.moments[seen.id] = [self.source.now]

    @staticmethod
    def _met(doing: Callable[[], Prediction], expected: AtlasError | None) -> Prediction | None:
        """What came of it; None where it raised what was expected."""
        try:
            seen = doing()
        except AtlasError as met:
            if met is not expected:
                raise
            return None
        assert expected is None
        return seen


Tab.TestCase.settings = tries(60, steps=40)
TestTab = Tab.TestCase
