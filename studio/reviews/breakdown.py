"""The votes on the first question looked at more closely: by who voted, over time, and for which reasons."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from atlas.language import tr, trn
from studio.reviews import sentences
from studio.reviews.ballots import Ballot, Reviewer
from studio.reviews.plan import Plan
from studio.reviews.schedule import Kind
from studio.reviews.tally import Share, Tally, tallies
from studio.statistics import anytime_p, e_path, holm, sign_test

FEWEST_FOR_A_CLAIM = 10  # decided votes of a segment


@dataclass(frozen=True, kw_only=True)
class Segment:
    """The votes of reviewers of one role or language on two arms.

    ``p`` is corrected after Holm over all segments that have enough votes for a claim; None for those that have not.
    """

    by: str  # "role" or "language"
    value: str
    first: int
    second: int
    share: Share  # the first arm's of the decided votes
    p: float | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """After one more decided vote: wins per arm so far, and for two arms the evidence."""

    given: int  # epoch milliseconds
    wins: tuple[int, ...]
    e: float | None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """How many of those who chose this arm gave this reason."""

    arm: int
    words: str
    share: Share


def segments(
    plan: Plan, ballots: Sequence[Ballot], reviewers: Sequence[Reviewer], *, once: bool
) -> tuple[Segment, ...]:
    """By role, then by language, of those who said one; about the images."""
    groups: dict[tuple[str, str], set[int]] = {}
    for by in ("role", "language"):
        for reviewer in sorted(reviewers, key=lambda each: each.ordinal):
            if value := getattr(reviewer, by):
                groups.setdefault((by, value), set()).add(reviewer.ordinal)
    found = [
        _segment(*group, tally, once=once)
        for group, members in groups.items()
        for tally in tallies(plan, [ballot for ballot in ballots if ballot.reviewer in members], plan.main.kind)
    ]
    corrected = iter(holm([each.p for each in found if each.p is not None]))
    return tuple(_claimed(plan, replace(each, p=None if each.p is None else next(corrected))) for each in found)


def steps(plan: Plan, ballots: Iterable[Ballot]) -> tuple[Step, ...]:
    chosen = [(ballot.given, ballot.winner.arm) for ballot in _of_pairs(plan, ballots) if ballot.winner is not None]
    two = len(plan.arms) == 2
    evidence = [float(e) for e in e_path([arm == 0 for _, arm in chosen])] if two else [None] * len(chosen)
    wins, taken = [0] * len(plan.arms), []
    for (given, arm), e in zip(chosen, evidence, strict=True):
        wins[arm] += 1
        taken.append(Step(given=given, wins=tuple(wins), e=e))
    return tuple(taken)


def reasons(plan: Plan, ballots: Iterable[Ballot]) -> tuple[Reason, ...]:
    """Arm after arm, what was said most first."""
    chosen, given = Counter[int](), Counter[tuple[int, str]]()
    for ballot in _of_pairs(plan, ballots):
        if ballot.winner is not None:
            chosen[ballot.winner.arm] += 1
            given.update((ballot.winner.arm, words) for words in set(ballot.reasons))
    ordered = sorted(given.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return tuple(Reason(arm=arm, words=words, share=Share.of(count, chosen[arm])) for (arm, words), count in ordered)


def _of_pairs(plan: Plan, ballots: Iterable[Ballot]) -> list[Ballot]:
    return [ballot for ballot in ballots if ballot.kind is Kind.PAIR and ballot.question is plan.main.kind]


def _segment(by: str, value: str, tally: Tally, *, once: bool) -> Segment:
    decided = len(tally.decided)
    p = sign_test(tally.wins_first, tally.wins_second) if once else anytime_p(tally.outcomes)
    return Segment(
        by=by,
        value=value,
        first=tally.first,
        second=tally.second,
        share=Share.of(tally.wins_first, decided),
        p=p if decided >= FEWEST_FOR_A_CLAIM else None,
        sentence="",
    )


def _claimed(plan: Plan, segment: Segment) -> Segment:
    return replace(segment, sentence=_claim(plan, segment))


def _claim(plan: Plan, segment: Segment) -> str:
    decided = segment.share.n
    if segment.p is None:
        return _too_few(decided)
    if segment.p > plan.alpha:
        return tr("No clear difference in {votes}, after Holm's correction {p}.").format(
            votes=sentences.decided_votes(decided), p=sentences.p(segment.p)
        )
    ahead = segment.first if 2 * segment.share.count > decided else segment.second
    return sentences.claim(plan, ahead, decided, segment.p)


def _too_few(decided: int) -> str:
    if decided == 0:
        return tr("No claim under {fewest} decided votes, and there are none.").format(fewest=FEWEST_FOR_A_CLAIM)
    return trn(
        "No claim under {fewest} decided votes, and there is {count}.",
        "No claim under {fewest} decided votes, and there are {count}.",
        decided,
        fewest=FEWEST_FOR_A_CLAIM,
    )
