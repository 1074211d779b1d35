"""The two things that votes can speak about, kept apart: *these images*, and *the prompts* that made them.

Votes on one pair of images are no independent evidence about prompts (product study §4.3), so the prompt level counts
pairs and not votes.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from atlas.language import tr
from studio.reviews.plan import FEWEST_PAIRS, Plan
from studio.reviews.tally import PairShare, Said, Share, Tally
from studio.statistics import (
    anytime_p,
    e_path,
    e_value,
    non_inferiority,
    posterior_preference,
    side_effect,
    sign_flip_test,
    sign_test,
)

SETTLING_VOTES = 3  # of a pair, decided ones: their majority is the pair's one vote at the peek-safe prompt level
_DRAWS = 1000
_SEED = 20_261_123


class Level(StrEnum):
    IMAGES = "images"
    PROMPTS = "prompts"


@dataclass(frozen=True, kw_only=True)
class Images:
    """All votes on two arms together: what reviewers like these voted think of these very images.

    ``share`` is the first arm's of the decided votes; ``p`` the exact sign test, for looking once; ``preference`` the
    probability that the first is preferred (uniform prior); ``e`` the evidence now, and ``anytime_p`` what may be
    looked at after every vote: ``anytime_first`` says whether the first arm led when the evidence was greatest, None
    before there was any. ``first_not_worse`` is the exact one-sided p for "the first arm is not worse by more
    than the margin of the plan", and ``second_not_worse`` the same for the second. ``robust`` is the first arm's share
    as it would be without a liking for one side, and ``left_pull`` that liking in logits with its standard error; None
    without decided votes.
    """

    votes: int
    wins_first: int
    wins_second: int
    ties: int
    both_bad: int
    share: Share
    p: float
    preference: float
    e: float
    anytime_p: float
    anytime_first: bool | None
    first_not_worse: float
    second_not_worse: float
    robust: float | None
    left_pull: float | None
    left_pull_error: float | None

    @property
    def decided(self) -> int:
        return self.wins_first + self.wins_second


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """Pairs of images as the sample: ``refusal`` says why nothing can be said, and is empty when something can.

    ``mean`` of the pair shares with its 95 % interval (bootstrap over pairs); ``p`` the exact sign-flip test, for
    looking once. Peek-safe: a pair is settled by its first three decided votes; ``e`` is the evidence of the settled
    pairs now, and ``anytime_p`` what may be looked at after every vote, ``anytime_first`` as for Images. Where it is
    refused, all but the shares is empty.
    """

    refusal: str
    shares: tuple[PairShare, ...]
    mean: float | None
    low: float | None
    high: float | None
    p: float | None
    settled_first: int
    settled_second: int
    e: float
    anytime_p: float
    anytime_first: bool | None


@dataclass(frozen=True, kw_only=True)
class Versus:
    """Two arms on one question, at both levels."""

    first: int
    second: int
    images: Images
    prompts: Prompts


def versus(plan: Plan, tally: Tally) -> Versus:
    return Versus(
        first=tally.first, second=tally.second, images=_images(tally, plan.margin), prompts=_prompts(plan, tally)
    )


def speaks_of(plan: Plan) -> Level:
    """The level of the verdict: prompts as soon as the plan has enough pairs that were not picked by hand."""
    return Level.PROMPTS if not plan.picked and len(plan.pictures) >= FEWEST_PAIRS else Level.IMAGES


def settled(tally: Tally) -> tuple[bool, ...]:
    """Per settled pair, in the order of settling: was it for the first arm?

    A pair counts once, by the majority of its first three decided votes, and never changes after. So each is a fair
    bet when the prompts are equal, however lucky an image is and however often one looks.
    """
    cast: dict[int, list[bool]] = {}
    majorities = []
    for vote in tally.decided:
        for_first = cast.setdefault(vote.draw, [])
        for_first.append(vote.said is Said.FIRST)
        if len(for_first) == SETTLING_VOTES:
            majorities.append(2 * sum(for_first) > SETTLING_VOTES)
    return tuple(majorities)


def mean_interval(shares: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean of pair shares, by the percentile bootstrap over pairs (Efron 1979).

    From the standard library's generator and exact sums, so that every machine finds the same.
    """
    rng = random.Random(_SEED)  # noqa: S311  (no secret: it must repeat)
    count = len(shares)
    means = sorted(math.fsum(rng.choices(shares, k=count)) / count for _ in range(_DRAWS))
    cut = round(_DRAWS * 0.025)
    return means[cut - 1], means[-cut]


def _images(tally: Tally, margin: float) -> Images:
    first, second, decided = tally.wins_first, tally.wins_second, tally.decided
    sides = side_effect([vote.first_left for vote in decided], tally.outcomes) if decided else None
    return Images(
        votes=len(tally.votes),
        wins_first=first,
        wins_second=second,
        ties=tally.count(Said.TIE),
        both_bad=tally.count(Said.BAD),
        share=Share.of(first, first + second),
        p=sign_test(first, second),
        preference=posterior_preference(first, second),
        e=e_value(first, second),
        anytime_p=anytime_p(tally.outcomes),
        anytime_first=_led(tally.outcomes),
        first_not_worse=non_inferiority(first, second, margin),
        second_not_worse=non_inferiority(second, first, margin),
        robust=sides.share if sides else None,
        left_pull=sides.side if sides else None,
        left_pull_error=sides.side_error if sides else None,
    )


def _prompts(plan: Plan, tally: Tally) -> Prompts:
    shares = tally.shares
    refusal = _refusal(plan, len(shares))
    worth = [] if refusal else [each.share for each in shares]
    pairs = () if refusal else settled(tally)
    low, high = mean_interval(worth) if worth else (None, None)
    won = sum(pairs)
    return Prompts(
        refusal=refusal,
        shares=shares,
        mean=math.fsum(worth) / len(worth) if worth else None,
        low=low,
        high=high,
        p=sign_flip_test([share - 0.5 for share in worth]) if worth else None,
        settled_first=won,
        settled_second=len(pairs) - won,
        e=e_value(won, len(pairs) - won),
        anytime_p=anytime_p(pairs),
        anytime_first=_led(pairs),
    )


def _refusal(plan: Plan, pairs: int) -> str:
    if plan.picked:
        return tr("The images were picked by hand, so the votes say nothing about the prompts.")
    if pairs < FEWEST_PAIRS:
        return tr("This needs at least {fewest_pairs} pairs with votes, and has {pairs}.").format(
            fewest_pairs=FEWEST_PAIRS, pairs=pairs
        )
    return ""


def _led(outcomes: Sequence[bool]) -> bool | None:
    """Whether the first arm led when the evidence was greatest."""
    if not outcomes:
        return None
    peak = int(e_path(outcomes).argmax()) + 1
    return 2 * sum(outcomes[:peak]) > peak
