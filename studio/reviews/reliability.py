"""How far the votes can be trusted: sides, hidden repeats, control pairs, agreement, and reviewers to look at twice.

Nobody is dropped: a flag says why somebody's votes look odd, and the verdict is shown with and without them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, median_low

import numpy as np

from atlas.language import tr, trn
from studio.reviews import sentences
from studio.reviews.ballots import Ballot, Choice, Reviewer
from studio.reviews.plan import Plan
from studio.reviews.schedule import Face, Kind
from studio.reviews.tally import Said, Share, tallies
from studio.statistics import binomial_test, krippendorff_alpha, krippendorff_interval

# At most so many of n hidden repeats answered the same is odd: somebody who agrees with themselves in 85 % of cases
# does that in at most 5 % of reviews. The study's "2 of 5" and "6 of 10" (§4.5) are the ends of this row.
TOO_FEW_SAME = {5: 2, 6: 3, 7: 3, 8: 4, 9: 5, 10: 6}
SIDED_VOTES, SIDED_P = 12, 0.01
HASTY_SECONDS = 1.5
FEWEST_ANSWERS = 5  # before haste or ties say anything about a person


class Oddity(StrEnum):
    REPEATS = "repeats"
    SIDE = "side"
    HASTE = "haste"
    TIES = "ties"


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Why one reviewer's votes deserve a second look, as a sentence; ``reviewer`` is the ordinal."""

    reviewer: int
    label: str
    oddity: Oddity
    sentence: str


@dataclass(frozen=True, kw_only=True)
class SideBias:
    """How often the left image was chosen among the decided answers; ``p`` exact, two-sided, against one half."""

    left: Share
    p: float


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Hidden second looks that were answered the same. ``power`` is the chance that so many catch somebody who clicks
    at random: None when there are too few for a flag."""

    same: Share
    power: float | None


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How one reviewer, with the ordinal ``reviewer``, went about it.

    ``answers`` are those about pairs, ``seconds`` is the median of the ``timed`` ones, repeats and controls included.
    """

    reviewer: int
    label: str
    role: str
    language: str
    synthetic: bool
    answers: int
    ties: int
    seconds: float | None
    timed: int
    sides: SideBias
    repeats: Repeats


@dataclass(frozen=True, kw_only=True)
class Controls:
    """Two draws of the same arm, side by side: how often one was preferred all the same, and how often the left."""

    decided: Share
    left: Share


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Krippendorff's alpha over the pairs, with its 95 % interval; None where it is undefined."""

    alpha: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Reliability:
    sides: SideBias
    repeats: Repeats
    repeats_words: str  # what the repeats that were answered can and cannot catch
    controls: Controls
    agreement: Agreement
    reviewers: tuple[Conduct, ...]
    flags: tuple[Flag, ...]

    @property
    def flagged(self) -> tuple[int, ...]:
        """The ordinals of reviewers with a flag."""
        return tuple(sorted({flag.reviewer for flag in self.flags}))


def reliability(plan: Plan, ballots: Sequence[Ballot], reviewers: Sequence[Reviewer]) -> Reliability:
    """From the answers to the first question: those to the same pair's other questions hang together with them."""
    main = [ballot for ballot in ballots if ballot.question is plan.main.kind]
    of: dict[int, list[Ballot]] = {}
    for ballot in main:
        of.setdefault(ballot.reviewer, []).append(ballot)
    conducts = tuple(_conduct(each, of.get(each.ordinal, [])) for each in reviewers)
    return Reliability(
        sides=_sides(main),
        repeats=_repeats(main),
        repeats_words=_repeats_words(plan, [each.repeats.same.n for each in conducts if each.answers]),
        controls=_controls(main),
        agreement=_agreement(plan, main),
        reviewers=conducts,
        flags=tuple(flag for each in conducts for flag in _flags(each)),
    )


def power_of_repeats(count: int) -> float | None:
    """The chance that this many repeats catch somebody who clicks left or right at random; None when no flag exists."""
    if count not in TOO_FEW_SAME:
        return None
    return sum(math.comb(count, same) for same in range(TOO_FEW_SAME[count] + 1)) / (1 << count)


def _conduct(reviewer: Reviewer, ballots: Sequence[Ballot]) -> Conduct:
    pairs = [ballot for ballot in ballots if ballot.kind is Kind.PAIR]
    seconds = [ballot.seconds for ballot in ballots if ballot.seconds is not None]
    return Conduct(
        reviewer=reviewer.ordinal,
        label=reviewer.label,
        role=reviewer.role,
        language=reviewer.language,
        synthetic=reviewer.synthetic,
        answers=len(pairs),
        ties=sum(ballot.choice is Choice.TIE for ballot in pairs),
        seconds=median(seconds) if seconds else None,
        timed=len(seconds),
        sides=_sides(ballots),
        repeats=_repeats(ballots),
    )


def _sides(ballots: Sequence[Ballot]) -> SideBias:
    left = sum(ballot.choice is Choice.LEFT for ballot in ballots)
    decided = sum(ballot.winner is not None for ballot in ballots)
    return SideBias(left=Share.of(left, decided), p=binomial_test(left, decided))


def _repeats(ballots: Sequence[Ballot]) -> Repeats:
    """A repeat counts when the reviewer has answered the pair itself as well."""
    first = {(ballot.reviewer, _faces(ballot)): ballot for ballot in ballots if ballot.kind is Kind.PAIR}
    again = [ballot for ballot in ballots if ballot.kind is Kind.REPEAT and (ballot.reviewer, _faces(ballot)) in first]
    same = sum(_answer(ballot) == _answer(first[ballot.reviewer, _faces(ballot)]) for ballot in again)
    return Repeats(same=Share.of(same, len(again)), power=power_of_repeats(len(again)))


def _faces(ballot: Ballot) -> frozenset[Face]:
    return frozenset((ballot.left, ballot.right))


def _answer(ballot: Ballot) -> Face | Choice:
    """What was chosen, whatever the sides were."""
    return ballot.winner or ballot.choice


def _controls(ballots: Sequence[Ballot]) -> Controls:
    shown = [ballot for ballot in ballots if ballot.kind is Kind.CONTROL]
    decided = [ballot for ballot in shown if ballot.winner is not None]
    left = sum(ballot.choice is Choice.LEFT for ballot in decided)
    return Controls(decided=Share.of(len(decided), len(shown)), left=Share.of(left, len(decided)))


def _agreement(plan: Plan, ballots: Sequence[Ballot]) -> Agreement:
    found = tallies(plan, ballots, plan.main.kind)
    votes = [((tally.first, tally.second, vote.draw), vote) for tally in found for vote in tally.votes]
    units = {unit: column for column, unit in enumerate(sorted({unit for unit, _ in votes}))}
    people = {one: row for row, one in enumerate(sorted({vote.reviewer for _, vote in votes}))}
    ratings = np.full((len(people), len(units)), np.nan)
    for unit, vote in votes:
        ratings[people[vote.reviewer], units[unit]] = list(Said).index(vote.said)
    low, high = krippendorff_interval(ratings)
    return Agreement(alpha=_defined(krippendorff_alpha(ratings)), low=_defined(low), high=_defined(high))


def _defined(number: float) -> float | None:
    return None if math.isnan(number) else number


def _flags(conduct: Conduct) -> list[Flag]:
    name, sides, same = conduct.label, conduct.sides, conduct.repeats.same
    found = {
        Oddity.REPEATS: (
            same.count <= TOO_FEW_SAME.get(same.n, -1),
            tr("{name} gave the same answer to only {count} of {n} hidden repeats.").format(
                name=name, count=same.count, n=same.n
            ),
        ),
        Oddity.SIDE: (
            sides.left.n >= SIDED_VOTES and sides.p < SIDED_P,
            tr("{name} chose the left image in {count} of {n} answers ({p}).").format(
                name=name, count=sides.left.count, n=sides.left.n, p=sentences.p(sides.p)
            ),
        ),
        Oddity.HASTE: (
            conduct.timed >= FEWEST_ANSWERS and (conduct.seconds or 0.0) < HASTY_SECONDS,
            tr("{name} took {value:.1f} seconds for an answer (median), hardly enough to look.").format(
                name=name, value=conduct.seconds or 0.0
            ),
        ),
        Oddity.TIES: (
            conduct.ties == conduct.answers >= FEWEST_ANSWERS,
            tr("{name} called all of {answers} pairs a tie.").format(name=name, answers=conduct.answers),
        ),
    }
    return [
        Flag(reviewer=conduct.reviewer, label=name, oddity=oddity, sentence=words)
        for oddity, (is_odd, words) in found.items()
        if is_odd
    ]


def _repeats_words(plan: Plan, answered: Sequence[int]) -> str:
    """What the repeats that were answered can catch: a schedule of few pairs has room for fewer than were planned."""
    if plan.repeats == 0:
        return tr("No hidden repeats were planned, so nothing is known about how steady the reviewers are.")
    count = median_low(answered) if answered else 0
    if count == 0:
        return tr("Hardly any hidden repeat has been answered, so little is known about how steady the reviewers are.")
    numeral, power = sentences.numeral(count), power_of_repeats(count)
    if power is None:
        return trn(
            "Half of the reviewers answered at least {numeral} hidden repeat: "
            "too few to call anybody careless, which takes at least {fewest}.",
            "Half of the reviewers answered at least {numeral} hidden repeats: "
            "too few to call anybody careless, which takes at least {fewest}.",
            count,
            numeral=numeral,
            fewest=min(TOO_FEW_SAME),
        )
    return tr(
        "Half of the reviewers answered at least {numeral} hidden repeats: "
        "that many catch somebody who clicks at random in {percent} of cases, not always."
    ).format(numeral=numeral, percent=sentences.percent(power))
