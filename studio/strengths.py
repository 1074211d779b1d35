"""How strong each arm is, from who beat whom, and what being on the left was worth.

All of these are log-odds (logits): a strength 0.8 above another's means it is preferred σ(0.8) = 69 times in 100.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from studio.binomial import Numbers

_MM_ROUNDS = 20
_NEWTON_ROUNDS = 100
_SETTLED = 1e-10  # logits
_ENOUGH_REVIEWERS: Final = 2


@dataclass(frozen=True, kw_only=True)
class SideEffect:
    """Logits, each with its standard error: A over B where sides play no part, and what being on the left adds."""

    preference: float
    preference_error: float
    side: float
    side_error: float

    @property
    def share(self) -> float:
        """How often A would be preferred, 0 to 1, if no side were favoured."""
        return _logistic(self.preference)

    @property
    def left_share(self) -> float:
        """How often the left one would be preferred, 0 to 1, if both arms were equal."""
        return _logistic(self.side)


def bradley_terry(wins_matrix: ArrayLike, *, prior: float = 0.5) -> Numbers:
    """Log-strength per arm, mean 0, from ``wins_matrix[i, j]``: how often i beat j, a tie half a win for each.

    Bradley and Terry, "Rank analysis of incomplete block designs", Biometrika 39 (1952). Every arm also plays ``prior``
    games, half won and half lost, against an average opponent (log-strength 0), so an undefeated arm stays finite. The
    largest likelihood is approached by the MM rounds of Hunter (Annals of Statistics 32, 2004) and finished by Newton
    steps: an arm undefeated in 30 games would take MM alone thousands of rounds. The diagonal is not read.
    Raises ValueError unless it is square, finite and not negative; and with ``prior=0`` where no finite answer exists.
    """
    wins = np.array(wins_matrix, dtype=np.float64)
    if wins.ndim != 2:
        raise ValueError(f"Wins are a square table, arm against arm, not an array of shape {wins.shape}.")
    wins = _checked(wins[None], prior)
    if prior == 0 and not _everyone_reaches_everyone(wins[0]):
        raise ValueError("Some arms never lost to the others, so their strength has no bound: use a prior above 0.")
    return np.asarray(_strengths(wins, prior)[0])


def bradley_terry_intervals(
    wins_per_reviewer: ArrayLike, *, draws: int = 1000, seed: int = 0, confidence: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Low and high log-strength per arm, from ``wins_per_reviewer[reviewer, i, j]``: how often i beat j there.

    The percentile bootstrap (Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979)
    over *reviewers*, because the votes of one person hang together; to speak about prompts give one table per pair of
    images. The prior is half a game. With fewer than two reviewers nothing is known: -inf and inf.
    Raises ValueError as ``bradley_terry`` does, or when ``draws`` or ``confidence`` make no sense.
    """
    tables = np.array(wins_per_reviewer, dtype=np.float64)
    if tables.ndim != 3 or draws < 1 or not 0 < confidence < 1:
        raise ValueError("Give one table of wins per reviewer, at least one draw, and a confidence between 0 and 1.")
    tables = _checked(tables, 0.5)
    reviewers, arms, _ = tables.shape
    if reviewers < _ENOUGH_REVIEWERS:
        return np.full(arms, -np.inf), np.full(arms, np.inf)
    times = np.random.default_rng(seed).multinomial(reviewers, np.full(reviewers, 1 / reviewers), size=draws)
    wins = (times @ tables.reshape(reviewers, -1)).reshape(draws, arms, arms)
    low, high = np.quantile(_strengths(wins, 0.5), ((1 - confidence) / 2, (1 + confidence) / 2), axis=0)
    return low, high


def shared_ranks(low: ArrayLike, high: ArrayLike, strengths: ArrayLike) -> list[int]:
    """The rank of each arm: 1 + how many arms lie wholly above it, so that near-equals share one.

    As LMArena ranks (Chiang et al., "Chatbot Arena", ICML 2024). An interval that misses its own strength, which a
    bootstrap of few reviewers can do, is stretched to hold it: a stronger arm never ranks behind a weaker one.
    Raises ValueError unless the three have one number per arm.
    """
    estimates = np.asarray(strengths, dtype=np.float64)
    lows, highs = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if estimates.ndim != 1 or not estimates.shape == lows.shape == highs.shape:
        raise ValueError("Ranks need one low, one high and one strength per arm.")
    lows, highs = np.minimum(lows, estimates), np.maximum(highs, estimates)
    return [1 + int((lows > own).sum()) for own in highs]


def side_effect(a_left: ArrayLike, a_won: ArrayLike, *, ridge: float = 0.01) -> SideEffect:
    """The preference for A freed from any favour for a side, from one entry per decided vote.

    ``a_left``: was A shown on the left? ``a_won``: did A get the vote? Fits logit P(A won) = preference ± side, plus
    where A was left and minus where it was right: Bradley–Terry with an order effect, Davidson and Beaver, "On
    extending the Bradley-Terry model to incorporate within-pair order effects", Biometrics 33 (1977). A small ``ridge``
    (le Cessie and van Houwelingen, Applied Statistics 41, 1992) keeps it finite when every vote goes one way; errors
    are from the curvature at the fit. Raises ValueError unless the two are equally long and ridge is above 0.
    """
    left, won = np.asarray(a_left, dtype=bool), np.asarray(a_won, dtype=bool)
    if left.ndim != 1 or left.shape != won.shape or not ridge > 0:
        raise ValueError("Give, for every decided vote, whether A was left and whether A won; and a ridge above 0.")
    shown = np.array([left.sum(), (~left).sum()], dtype=np.float64)
    wins = np.array([(left & won).sum(), (~left & won).sum()], dtype=np.float64)
    # As log-odds of A on the left and on the right the two terms fall apart into two sums of one number each.
    odds = np.zeros(2)
    for _ in range(_NEWTON_ROUNDS):
        chance = _sigmoid(odds)
        curve = shown * chance * (1 - chance) + ridge / 2
        step = (wins - shown * chance - ridge / 2 * odds) / curve
        odds = odds + step * _damping(np.abs(step))
        if np.abs(step).max() < _SETTLED:
            break
    error = math.sqrt(float((1 / curve).sum())) / 2
    return SideEffect(
        preference=float(odds.sum()) / 2,
        preference_error=error,
        side=float(odds[0] - odds[1]) / 2,
        side_error=error,
    )


def _checked(tables: Numbers, prior: float) -> Numbers:
    """The tables with an empty diagonal."""
    if tables.shape[1] != tables.shape[2] or not np.isfinite(tables).all() or (tables < 0).any():
        raise ValueError("Wins must be a square table of finite numbers, none below 0.")
    if not 0 <= prior < math.inf:
        raise ValueError(f"A prior is a number of games, 0 or more, not {prior}.")
    return tables * (1 - np.eye(tables.shape[1]))


def _strengths(wins: Numbers, prior: float) -> Numbers:
    """Of many tables at once, ``wins[table, i, j]``: one row of log-strengths each, mean 0."""
    if wins.shape[1] < 2:
        return np.zeros(wins.shape[:2])
    games = wins + wins.transpose(0, 2, 1)
    won = wins.sum(axis=2) + prior / 2
    strengths = _newton(_mm_rounds(games, won, prior), games, won, prior)
    return np.asarray(strengths - strengths.mean(axis=1, keepdims=True))


def _mm_rounds(games: Numbers, won: Numbers, prior: float) -> Numbers:
    """Hunter's update for this model, with the average opponent (strength 1) as one more to play."""
    worth = np.ones_like(won)
    for _ in range(_MM_ROUNDS):
        expected = (games / (worth[:, :, None] + worth[:, None, :])).sum(axis=2) + prior / (worth + 1)
        worth = won / expected
    return np.log(worth)


def _newton(start: Numbers, games: Numbers, won: Numbers, prior: float) -> Numbers:
    strengths = start
    arms = range(start.shape[1])
    for _ in range(_NEWTON_ROUNDS):
        beats = _sigmoid(strengths[:, :, None] - strengths[:, None, :])
        beats_average = _sigmoid(strengths)
        slope = won - (games * beats).sum(axis=2) - prior * beats_average
        weight = games * beats * (1 - beats)
        curve = -weight
        curve[:, arms, arms] += weight.sum(axis=2) + prior * beats_average * (1 - beats_average)
        if prior == 0:
            curve += 1.0  # only differences count then: hold the mean where it is
        step = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
        span = step.max(axis=1, initial=0.0) - step.min(axis=1, initial=0.0)
        strengths = strengths + step * _damping(span)[:, None]
        if span.max(initial=0.0) < _SETTLED:
            break
    return strengths


def _damping(span: ArrayLike) -> Numbers:
    """How much of a Newton step to take when it changes some log-odds by ``span``, so that it never makes things worse.

    ln(1 + span) / span: Sun and Tran-Dinh, "Generalized self-concordant functions: a recipe for Newton-type methods",
    Mathematical Programming 178 (2019), for the logistic loss.
    """
    spans = np.maximum(span, 1e-300)
    return np.asarray(np.log1p(spans) / spans)


def _sigmoid(logits: Numbers) -> Numbers:
    return np.asarray(0.5 * (1 + np.tanh(logits / 2)))


def _logistic(logit: float) -> float:
    return 0.5 * (1 + math.tanh(logit / 2))


def _everyone_reaches_everyone(wins: Numbers) -> bool:
    """Can one get from each arm to each other by steps from a winner to one it beat? (Ford 1957)"""
    reach = (wins > 0) | np.eye(len(wins), dtype=bool)
    for _ in range(len(wins)):
        reach = reach @ reach
    return bool(reach.all())
