"""Do reviewers agree more than chance would have them?"""

import math

import numpy as np
from numpy.typing import ArrayLike

from studio.binomial import Numbers


def krippendorff_alpha(ratings: ArrayLike) -> float:
    """Nominal alpha: 1 is full agreement, 0 what chance gives, below 0 they disagree on purpose.

    ``ratings[reviewer, unit]``, any numbers as names of answers, nan where a reviewer did not answer. Krippendorff,
    "Computing Krippendorff's Alpha-Reliability" (2011), by its coincidence matrix for missing data. Units with one
    answer say nothing about agreement and are left out. nan when undefined: no unit has two answers, or all answers
    that count are the same one. Read with care: when two prompts are equally good, an alpha near 0 is to be expected.
    Raises ValueError unless it is a table.
    """
    answers, disagreement = _counts(ratings)
    return float(_alpha(answers.sum(axis=0)[None], disagreement.sum()[None])[0])


def krippendorff_interval(
    ratings: ArrayLike, *, draws: int = 1000, seed: int = 0, confidence: float = 0.95
) -> tuple[float, float]:
    """Low and high end of alpha by the percentile bootstrap over units (Efron 1979).

    Draws in which alpha is undefined are left out; (nan, nan) when fewer than two units have two answers, or alpha
    itself is undefined. Raises ValueError as ``krippendorff_alpha`` does, or when ``draws`` or ``confidence`` make no
    sense.
    """
    if draws < 1 or not 0 < confidence < 1:
        raise ValueError("Give at least one draw, and a confidence between 0 and 1.")
    answers, disagreement = _counts(ratings)
    units = len(answers)
    if units < 2 or np.isnan(_alpha(answers.sum(axis=0)[None], disagreement.sum()[None])[0]):
        return math.nan, math.nan
    times = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=draws)
    alphas = _alpha(times @ answers, times @ disagreement)
    if np.isnan(alphas).all():
        return math.nan, math.nan
    low, high = np.nanquantile(alphas, ((1 - confidence) / 2, (1 + confidence) / 2))
    return float(low), float(high)


def _counts(ratings: ArrayLike) -> tuple[Numbers, Numbers]:
    """Per unit with two answers or more: how often each answer was given, and its part of observed disagreement."""
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"Ratings are a table, reviewer by unit, not an array of shape {table.shape}.")
    names = np.unique(table[~np.isnan(table)])
    answers = np.stack([(table == name).sum(axis=0) for name in names], axis=1) if len(names) else np.zeros((0, 0))
    answers = answers[answers.sum(axis=1) >= 2].astype(np.float64)
    several = answers.sum(axis=1)
    disagreement: Numbers = (several**2 - (answers**2).sum(axis=1)) / (several - 1)
    return answers, disagreement


def _alpha(answers: Numbers, disagreement: Numbers) -> Numbers:
    """One alpha per row of totals: 1 - (n - 1) · Σ_u disagreement / Σ_{c ≠ k} n_c n_k."""
    total = answers.sum(axis=1)
    by_chance = total**2 - (answers**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(by_chance > 0, 1 - (total - 1) * disagreement / by_chance, np.nan)
