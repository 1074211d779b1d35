"""What was answered, counted: per question and pair of arms, in the order of the votes.

Only ``Kind.PAIR`` counts here; hidden repeats and control pairs say something about reviewers (``reliability``).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from studio.reviews.ballots import Ballot, Choice
from studio.reviews.plan import Plan, Question
from studio.reviews.schedule import Kind
from studio.statistics import wilson_interval


class Said(StrEnum):
    """A vote as the tally sees it, whatever the sides were."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Share:
    """``count`` of ``n``, with its 95 % interval (Wilson); ``value`` is None of nothing."""

    count: int
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, count: int, n: int) -> "Share":
        low, high = wilson_interval(count, n)
        return cls(count=count, n=n, low=low, high=high)

    @property
    def value(self) -> float | None:
        return self.count / self.n if self.n else None


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One vote on draw ``draw`` of two arms."""

    reviewer: int
    draw: int
    said: Said
    first_left: bool
    given: int

    @property
    def is_decided(self) -> bool:
        return self.said in (Said.FIRST, Said.SECOND)


@dataclass(frozen=True, kw_only=True)
class PairShare:
    """How far draw ``draw`` leans to the first arm: the mean over its votes of 1, a half for a tie, and 0."""

    draw: int
    votes: int  # without both bad
    share: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The votes on one question about the arms ``first`` and ``second``, in the order in which they were given."""

    first: int
    second: int
    votes: tuple[Vote, ...]

    @property
    def wins_first(self) -> int:
        return self.count(Said.FIRST)

    @property
    def wins_second(self) -> int:
        return self.count(Said.SECOND)

    @cached_property
    def decided(self) -> tuple[Vote, ...]:
        return tuple(vote for vote in self.votes if vote.is_decided)

    @cached_property
    def outcomes(self) -> tuple[bool, ...]:
        """Per decided vote: was it for the first arm?"""
        return tuple(vote.said is Said.FIRST for vote in self.decided)

    @cached_property
    def shares(self) -> tuple[PairShare, ...]:
        """Per draw that has votes, by its number; votes that both are bad say nothing here."""
        draws: dict[int, list[float]] = {}
        for vote in self.votes:
            if vote.said is not Said.BAD:
                draws.setdefault(vote.draw, []).append(_WORTH[vote.said])
        return tuple(
            PairShare(draw=draw, votes=len(worth), share=math.fsum(worth) / len(worth))
            for draw, worth in sorted(draws.items())
        )

    def count(self, said: Said) -> int:
        return sum(vote.said is said for vote in self.votes)


@dataclass(frozen=True, kw_only=True)
class PublishRate:
    """How many of those who were asked would publish this arm's image."""

    arm: int
    share: Share


_WORTH = {Said.FIRST: 1.0, Said.TIE: 0.5, Said.SECOND: 0.0}


def tallies(plan: Plan, ballots: Iterable[Ballot], question: Question) -> tuple[Tally, ...]:
    """One per pair of arms, in the order of the plan."""
    votes: dict[tuple[int, int], list[Vote]] = {arms: [] for arms in plan.arm_pairs}
    for ballot in ballots:
        if ballot.kind is Kind.PAIR and ballot.question is question:
            first, second = sorted((ballot.left.arm, ballot.right.arm))
            votes[first, second].append(_vote(ballot, first))
    return tuple(Tally(first=first, second=second, votes=tuple(cast)) for (first, second), cast in votes.items())


def publish_rates(plan: Plan, ballots: Sequence[Ballot]) -> tuple[PublishRate, ...]:
    """Per arm; empty when the plan does not ask."""
    if Question.PUBLISH not in {asked.kind for asked in plan.questions}:
        return ()
    shown, liked = [0] * len(plan.arms), [0] * len(plan.arms)
    for ballot in ballots:
        if ballot.kind is Kind.PAIR and ballot.question is Question.PUBLISH:
            for face, side in ((ballot.left, Choice.LEFT), (ballot.right, Choice.RIGHT)):
                shown[face.arm] += 1
                liked[face.arm] += ballot.choice in (side, Choice.TIE)
    return tuple(PublishRate(arm=arm, share=Share.of(liked[arm], shown[arm])) for arm in range(len(plan.arms)))


def _vote(ballot: Ballot, first: int) -> Vote:
    if ballot.winner is None:
        said = Said.TIE if ballot.choice is Choice.TIE else Said.BAD
    else:
        said = Said.FIRST if ballot.winner.arm == first else Said.SECOND
    return Vote(
        reviewer=ballot.reviewer,
        draw=ballot.left.draw,
        said=said,
        first_left=ballot.left.arm == first,
        given=ballot.given,
    )
