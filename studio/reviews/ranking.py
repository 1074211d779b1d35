"""More than two arms: how strong each is, and which cannot be told apart."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.reviews.levels import Level
from studio.reviews.tally import Said, Tally
from studio.statistics import bradley_terry, bradley_terry_intervals, shared_ranks


@dataclass(frozen=True, kw_only=True)
class Strength:
    """One arm's Bradley–Terry strength in logits (mean 0 over the arms) with its 95 % interval, and its rank.

    Arms whose intervals overlap share a rank.
    """

    arm: int
    level: Level
    strength: float
    low: float
    high: float
    rank: int


def strengths(arms: int, tallies: Sequence[Tally], level: Level) -> tuple[Strength, ...]:
    """Per arm. The sample are reviewers for images, and draws for prompts, where each pair is one game."""
    tables = _per_reviewer(arms, tallies) if level is Level.IMAGES else _per_draw(arms, tallies)
    estimates = bradley_terry(tables.sum(axis=0))
    low, high = bradley_terry_intervals(tables)
    ranks = shared_ranks(low, high, estimates)
    return tuple(
        Strength(
            arm=arm,
            level=level,
            strength=float(estimates[arm]),
            low=float(low[arm]),
            high=float(high[arm]),
            rank=ranks[arm],
        )
        for arm in range(arms)
    )


_Wins = dict[int, NDArray[np.float64]]


def _per_reviewer(arms: int, tallies: Sequence[Tally]) -> NDArray[np.float64]:
    """Wins of arm over arm, one table per reviewer; a tie is half a win for both, both bad is none."""
    wins: _Wins = defaultdict(lambda: np.zeros((arms, arms)))
    for tally in tallies:
        for vote in tally.votes:
            if vote.said is not Said.BAD:
                half = 0.5 * (vote.said is Said.TIE)
                wins[vote.reviewer][tally.first, tally.second] += half + (vote.said is Said.FIRST)
                wins[vote.reviewer][tally.second, tally.first] += half + (vote.said is Said.SECOND)
    return _stacked(wins, arms)


def _per_draw(arms: int, tallies: Sequence[Tally]) -> NDArray[np.float64]:
    wins: _Wins = defaultdict(lambda: np.zeros((arms, arms)))
    for tally in tallies:
        for pair in tally.shares:
            wins[pair.draw][tally.first, tally.second] = pair.share
            wins[pair.draw][tally.second, tally.first] = 1 - pair.share
    return _stacked(wins, arms)


def _stacked(wins: _Wins, arms: int) -> NDArray[np.float64]:
    """In the order of their numbers, so that the same votes give the same tables."""
    return np.array([wins[number] for number in sorted(wins)]).reshape(-1, arms, arms)
