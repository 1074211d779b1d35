"""What votes say, and how surely: every number of a verdict, as pure functions.

Three subjects, kept apart because they answer different questions:

    votes        pooled decided votes on one question: sign_test, wilson_interval, posterior_preference, e_value,
                 practically_equal, non_inferiority; binomial_test for the sides, holm for several segments
    pairs        one number per pair of images, for what is said about *prompts*: sign_flip_test
    arms, people bradley_terry, side_effect (studio.strengths); krippendorff_alpha (studio.agreement)

Votes on one pair are not independent evidence about prompts: a lucky image wins all of them. So prompts are judged by
pairs. The peek-safe number for prompts is ``e_value(pairs won by A, pairs won by B)`` over pair majorities (ties
dropped), and ``anytime_p`` over them in order of their draw; it takes at least 8 pairs to reach 20.

Decided votes are those for A or for B: ties and "both bad" are dropped, and reported, by the caller.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.agreement import krippendorff_alpha, krippendorff_interval
from studio.binomial import Numbers, probabilities
from studio.strengths import SideEffect, bradley_terry, bradley_terry_intervals, shared_ranks, side_effect

__all__ = [
    "CONVINCING",
    "EXACT_PAIRS",
    "FEWEST_PAIRS",
    "SideEffect",
    "anytime_p",
    "binomial_test",
    "bradley_terry",
    "bradley_terry_intervals",
    "e_path",
    "e_value",
    "holm",
    "krippendorff_alpha",
    "krippendorff_interval",
    "non_inferiority",
    "posterior_preference",
    "practically_equal",
    "shared_ranks",
    "side_effect",
    "sign_flip_test",
    "sign_flip_tests",
    "sign_test",
    "wilson_interval",
]

CONVINCING: Final = 20.0  # an e-value that equal arms reach at most once in twenty reviews
FEWEST_PAIRS: Final = 6  # with five, sign flips cannot go below p = 2 / 2^5
EXACT_PAIRS: Final = 16
_RANDOM_PATTERNS, _DRAWN_AT_ONCE = 10_000, 500
_PATTERN_SEED = 20_261_123
_BLOCK = 2**18  # sums held at a time while signs are flipped: a few megabytes
_LARGEST_LOG = 709.0  # its exponential is still a float


def sign_test(wins_a: int, wins_b: int) -> float:
    """The exact two-sided p that decided votes lean this far when both are liked equally; 1.0 for no votes.

    p = min(1, 2 · Σ_{i ≤ min} C(n, i) / 2^n): Dixon and Mood, "The statistical sign test", Journal of the American
    Statistical Association 41 (1946). Good for one look that was planned. Raises ValueError for negative counts.
    """
    _check_votes(wins_a, wins_b)
    chances = probabilities(wins_a + wins_b, 0.5)
    return min(1.0, 2 * float(chances[: min(wins_a, wins_b) + 1].sum()))


def wilson_interval(successes: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Low and high end of the share, both from 0 to 1; (0.0, 1.0) for n = 0, which says nothing.

    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927). Raises ValueError unless 0 ≤ successes ≤ n and 0 < confidence < 1.
    """
    _check_share(successes, n)
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence is between 0 and 1, not {confidence}.")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, shrink = successes / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    reach = z / shrink * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (
        0.0 if successes == 0 else max(0.0, centre - reach),
        1.0 if successes == n else min(1.0, centre + reach),
    )


def posterior_preference(wins_a: int, wins_b: int) -> float:
    """P(A is preferred), from 0 to 1, when every share was as likely as any other before the votes; 0.5 for none.

    Bayes 1763 with the uniform prior, for whole numbers Σ_{j ≤ a} C(a + b + 1, j) / 2^(a + b + 1), which is the upper
    half of the Beta(a + 1, b + 1) distribution. Not safe to stop at. Raises ValueError for negative counts.
    """
    _check_votes(wins_a, wins_b)
    return min(1.0, float(probabilities(wins_a + wins_b + 1, 0.5)[: wins_a + 1].sum()))


def e_value(wins_a: int, wins_b: int) -> float:
    """Evidence against "equally liked" that may be looked at after every vote: stop at 20 for alpha = 5 %.

    B(a + 1, b + 1) · 2^n, the uniform mixture against a half: Robbins, "Statistical methods related to the law of the
    iterated logarithm", Annals of Mathematical Statistics 41 (1970); equal arms ever reach 1/alpha with
    chance alpha at most: Ville 1939. 1.0 for no votes, and never more than about 8e307. Raises ValueError for
    negative counts.
    """
    _check_votes(wins_a, wins_b)
    n = wins_a + wins_b
    likelihood = (n + 1) * float(probabilities(n, 0.5)[wins_a])
    return 1 / likelihood if likelihood > math.exp(-_LARGEST_LOG) else math.exp(_LARGEST_LOG)


def e_path(outcomes: Sequence[bool]) -> Numbers:
    """The e-value after each decided vote, in the order they were cast; True is a vote for A. For a chart.

    The same mixture, one vote at a time: a vote for an arm with k of n votes so far multiplies it by
    2 (k + 1) / (n + 2), Laplace's rule of succession against a half.
    """
    return np.exp(np.minimum(_log_e_path(outcomes), _LARGEST_LOG))


def anytime_p(outcomes: Sequence[bool]) -> float:
    """A p-value that may be read after every decided vote: min(1, 1 / the largest e-value so far); 1.0 for no votes.

    ``outcomes`` in the order they were cast, True for A. Shafer, Shen, Vereshchagin and Vovk, "Test martingales, Bayes
    factors and p-values", Statistical Science 26 (2011). It never rises: what was shown once stays shown.
    """
    return math.exp(-float(_log_e_path(outcomes).max(initial=0.0)))


def practically_equal(wins_a: int, wins_b: int, margin: float, *, confidence: float = 0.95) -> bool:
    """Does the whole Wilson interval of A's share lie within 0.5 ± ``margin`` (a share: 0.1 is ten points)?

    An equivalence decision by interval inclusion: Westlake, "Symmetrical confidence intervals for bioequivalence
    trials", Biometrics 32 (1976). Raises ValueError for negative counts, or a margin not between 0 and 0.5.
    """
    _check_votes(wins_a, wins_b)
    _check_margin(margin)
    low, high = wilson_interval(wins_a, wins_a + wins_b, confidence=confidence)
    return 0.5 - margin <= low and high <= 0.5 + margin


def non_inferiority(wins_new: int, wins_old: int, margin: float) -> float:
    """The exact one-sided p against "the new one's share is 0.5 - margin or less"; small: it is good enough.

    P(X ≥ wins_new) for X binomial with chance 0.5 - margin: Clopper and Pearson, "The use of confidence or fiducial
    limits illustrated in the case of the binomial", Biometrika 26 (1934), at one end. ``margin`` is a share (0.15 is
    15 points). 1.0 for no votes. Raises ValueError for negative counts, or a margin not between 0 and 0.5.
    """
    _check_votes(wins_new, wins_old)
    _check_margin(margin)
    return min(1.0, float(probabilities(wins_new + wins_old, 0.5 - margin)[wins_new:].sum()))


def binomial_test(successes: int, n: int, p: float = 0.5) -> float:
    """The exact two-sided p of this many successes when each has chance ``p``: for sides, 0.5.

    The sum over all counts that are no likelier than the one seen, as ``scipy.stats.binomtest`` and R's ``binom.test``
    have it ("minlike"): Sterne, "Some remarks on confidence or fiducial limits", Biometrika 41 (1954). 1.0 for n = 0.
    Raises ValueError unless 0 ≤ successes ≤ n and 0 ≤ p ≤ 1.
    """
    _check_share(successes, n)
    chances = probabilities(n, p)
    return min(1.0, float(chances[chances <= chances[successes] * (1 + 1e-7)].sum()))


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p, in its place, as it counts when all of these were asked: below alpha after this, it stands.

    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979), as
    adjusted p-values. Raises ValueError for what is not a p-value.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("Every p-value must be a number from 0 to 1.")
    adjusted, largest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, p_values[index] * (len(p_values) - place)))
        adjusted[index] = largest
    return adjusted


def sign_flip_test(pair_differences: ArrayLike) -> float:
    """The exact two-sided p for "the prompts are equal" from one number per pair; 1.0 for no pairs.

    A pair's number is A's share of its decided votes minus B's, 0 where there are none. Were the prompts equal, each
    could as well have its sign turned: p is the part of the 2^K sign patterns whose |sum| is as large as the one seen.
    Fisher, "The Design of Experiments" (1935), section 21. Exact for up to 16 pairs; beyond, 10,000 patterns, the same
    ones every time, and (1 + hits) / (1 + patterns) after Phipson and Smyth (Statistical Applications in Genetics and
    Molecular Biology 9, 2010). Fewer than 6 pairs cannot go below 0.0625. Raises ValueError
    unless it is a line of finite numbers.
    """
    differences = np.asarray(pair_differences, dtype=np.float64)
    if differences.ndim != 1:
        raise ValueError(f"Pair differences are one number per pair, not an array of shape {differences.shape}.")
    return float(sign_flip_tests(differences[None])[0])


def sign_flip_tests(differences: ArrayLike) -> Numbers:
    """``sign_flip_test`` of many reviews at once: one row per review, one column per pair."""
    rows = np.asarray(differences, dtype=np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise ValueError("Pair differences must be finite numbers, one row per review and one column per pair.")
    reviews, pairs = rows.shape
    if pairs == 0:
        return np.ones(reviews)
    slack = 1e-9 * np.abs(rows).sum(axis=1)  # sums that are equal on paper differ in their last digits
    seen = np.abs(rows.sum(axis=1)) - slack
    hits, tried = np.zeros(reviews), 0
    for signs in _sign_patterns(pairs, max(1, _BLOCK // max(pairs, reviews))):
        sums = signs @ rows.T
        hits += np.count_nonzero(np.abs(sums, out=sums) >= seen, axis=0)
        tried += len(signs)
    return hits / tried if pairs <= EXACT_PAIRS else (1 + hits) / (1 + tried)


def _sign_patterns(pairs: int, at_once: int) -> Iterator[Numbers]:
    """Every pattern whose last sign is plus (the others mirror them, with the same |sum|), or random ones."""
    if pairs <= EXACT_PAIRS:
        patterns = _every_pattern(pairs)
        yield from (patterns[start : start + at_once] for start in range(0, len(patterns), at_once))
        return
    rng = np.random.default_rng(_PATTERN_SEED)
    for _ in range(_RANDOM_PATTERNS // _DRAWN_AT_ONCE):  # not at_once: the patterns must not depend on the company
        yield _signs(rng.integers(0, 2, (_DRAWN_AT_ONCE, pairs), dtype=np.int8))


@lru_cache(maxsize=EXACT_PAIRS)
def _every_pattern(pairs: int) -> Numbers:
    bits = np.arange(2 ** (pairs - 1))[:, None] >> np.arange(pairs) & 1
    patterns = _signs(bits)
    patterns.setflags(write=False)
    return patterns


def _signs(bits: NDArray[np.integer]) -> Numbers:
    return np.asarray(1.0 - 2.0 * bits, dtype=np.float64)


def _log_e_path(outcomes: Sequence[bool]) -> Numbers:
    for_a = np.asarray(outcomes, dtype=bool)
    before = np.arange(len(for_a))
    a_before = for_a.cumsum() - for_a
    same_before = np.where(for_a, a_before, before - a_before)
    return np.asarray(np.log(2 * (same_before + 1) / (before + 2)).cumsum())


def _check_votes(wins_a: int, wins_b: int) -> None:
    if wins_a < 0 or wins_b < 0:
        raise ValueError(f"Votes cannot be negative: {wins_a} and {wins_b}.")


def _check_share(successes: int, n: int) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"Of {n} there cannot be {successes}.")


def _check_margin(margin: float) -> None:
    if not 0 < margin < 0.5:
        raise ValueError(f"A margin is a share between 0 and 0.5 (0.1 is ten points), not {margin}.")
