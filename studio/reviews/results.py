"""Everything that the votes of a review say, as values: computed from plan, ballots and reviewers alone.

No database and no clock, and every random draw has a fixed seed, so that whoever has the ballots finds the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from studio.reviews.ballots import Ballot, Review, Reviewer
from studio.reviews.breakdown import Reason, Segment, Step, reasons, segments, steps
from studio.reviews.levels import Level, Versus, speaks_of, versus
from studio.reviews.plan import Asked, Plan, Question
from studio.reviews.ranking import Strength, strengths
from studio.reviews.reliability import Reliability, reliability
from studio.reviews.tally import PublishRate, Share, publish_rates, tallies
from studio.reviews.verdict import Case, Finding, conclude, may_look_once

__all__ = [
    "Answered",
    "Finding",
    "Level",
    "PublishRate",
    "Reason",
    "Reliability",
    "Results",
    "Segment",
    "Share",
    "Step",
    "Strength",
    "UnderVoted",
    "Versus",
    "of_review",
    "results",
]


@dataclass(frozen=True, kw_only=True)
class UnderVoted:
    """Two arms that have fewer votes against each other than the most voted two have."""

    first: int
    second: int
    votes: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One question that compares: its tally and tests per pair of arms, and what may be said.

    ``strengths`` only for more than two arms, at the level of the finding.
    """

    question: Question
    words: str
    votes: int
    ties: Share
    both_bad: Share
    versus: tuple[Versus, ...]
    strengths: tuple[Strength, ...]
    under_voted: tuple[UnderVoted, ...]
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class Results:
    """``finding`` is the verdict; ``without_flagged`` the verdict of the others, None when nobody is flagged.

    ``answered`` has the first question first. ``once`` says that the tests for looking once may be used.
    """

    finding: Finding
    without_flagged: Finding | None
    once: bool
    simulated: bool
    answered: tuple[Answered, ...]
    published: tuple[PublishRate, ...]
    reliability: Reliability
    segments: tuple[Segment, ...]
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]

    @property
    def main(self) -> Answered:
        return self.answered[0]

    def numbers(self) -> dict[str, Any]:
        """Everything as plain JSON, unrounded; JSON has no infinity, so that is the text "inf" or "-inf"."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def of_review(review: Review, ballots: Sequence[Ballot], reviewers: Sequence[Reviewer]) -> Results:
    return results(review.plan, ballots, reviewers, by_plan=review.by_plan, closed=review.is_closed)


def results(
    plan: Plan,
    ballots: Sequence[Ballot],
    reviewers: Sequence[Reviewer],
    *,
    by_plan: bool = False,
    closed: bool | None = None,
) -> Results:
    """``ballots`` in the order in which they were given, the last answer of each.

    ``by_plan`` as Review.by_plan: the review was closed by its own rule. ``closed`` only chooses the words for one that
    was not: closed by hand, still open, or None for not known.
    """
    once = may_look_once(plan, by_plan=by_plan)
    compared = [asked for asked in plan.questions if asked.kind is not Question.PUBLISH]
    answered = tuple(_answered(plan, ballots, asked, once=once, closed=closed) for asked in compared)
    trust = reliability(plan, ballots, reviewers)
    flagged = frozenset(trust.flagged)
    others = [ballot for ballot in ballots if ballot.reviewer not in flagged]
    without = _answered(plan, others, plan.main, once=once, closed=closed).finding if trust.flags else None
    return Results(
        finding=answered[0].finding,
        without_flagged=without,
        once=once,
        simulated=plan.simulated or any(each.synthetic for each in reviewers),
        answered=answered,
        published=publish_rates(plan, ballots),
        reliability=trust,
        segments=segments(plan, ballots, reviewers, once=once),
        steps=steps(plan, ballots),
        reasons=reasons(plan, ballots),
    )


def _answered(plan: Plan, ballots: Sequence[Ballot], asked: Asked, *, once: bool, closed: bool | None) -> Answered:
    found = tallies(plan, ballots, asked.kind)
    duels = tuple(versus(plan, tally) for tally in found)
    ranked = strengths(len(plan.arms), found, speaks_of(plan)) if len(plan.arms) > 2 else ()
    case = Case(plan=plan, question=asked.kind, versus=duels, strengths=ranked, once=once, closed=closed)
    return Answered(
        question=asked.kind,
        words=asked.words,
        votes=case.votes,
        ties=case.ties,
        both_bad=case.both_bad,
        versus=duels,
        strengths=ranked,
        under_voted=_under_voted(duels),
        finding=conclude(case),
    )


def _under_voted(duels: Sequence[Versus]) -> tuple[UnderVoted, ...]:
    most = max(each.images.votes for each in duels)
    return tuple(
        UnderVoted(first=each.first, second=each.second, votes=each.images.votes, most=most)
        for each in duels
        if each.images.votes < most
    )


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case float() if not math.isfinite(value):
            return str(value)
        case list() | tuple():
            return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
