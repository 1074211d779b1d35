"""Numbers of a verdict: equal to scipy and statsmodels, to what can be counted by hand, and finite for any review."""

import itertools
import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from studio.binomial import LowerTail, probabilities
from studio.statistics import (
    CONVINCING,
    EXACT_PAIRS,
    FEWEST_PAIRS,
    anytime_p,
    binomial_test,
    e_path,
    e_value,
    holm,
    non_inferiority,
    posterior_preference,
    practically_equal,
    sign_flip_test,
    sign_flip_tests,
    sign_test,
    wilson_interval,
)

VOTES = [
    *itertools.product(range(0, 25, 3), range(0, 25, 4)),
    (12, 7),
    (60, 40),
    (0, 300),
    (1040, 960),
    (50_600, 49_400),
]


def close(number: float) -> object:
    """To nine digits, and to zero when it is one."""
    return pytest.approx(number, rel=1e-9, abs=1e-15)


def flips_one_by_one(differences: Sequence[float]) -> float:
    """The definition: every pattern of signs, one after the other."""
    seen = abs(math.fsum(differences))
    sums = [
        abs(math.fsum(sign * difference for sign, difference in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    return sum(value >= seen - 1e-12 for value in sums) / len(sums)


def by_doubling(differences: NDArray[np.float64]) -> float:
    """Exact for any number of pairs: all sums of those before, once with the next one and once with it turned."""
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    return float((np.abs(sums) >= abs(differences.sum()) - 1e-12).mean())


# --- votes ---


def test_twelve_to_seven_reads_as_the_handbook_says() -> None:
    low, high = wilson_interval(12, 19)

    assert sign_test(12, 7) == pytest.approx(0.359, abs=5e-4)
    assert (low, high) == pytest.approx((0.410, 0.809), abs=5e-4)
    assert posterior_preference(12, 7) == pytest.approx(0.868, abs=5e-4)
    assert e_value(12, 7) == pytest.approx(0.52, abs=5e-3)


@pytest.mark.parametrize(("a", "b"), VOTES)
def test_votes_are_judged_as_scipy_and_statsmodels_judge_them(a: int, b: int) -> None:
    n = a + b

    assert sign_test(a, b) == close(stats.binomtest(a, n).pvalue if n else 1.0)
    assert posterior_preference(a, b) == close(stats.beta.sf(0.5, a + 1, b + 1))
    assert math.log(e_value(a, b)) == pytest.approx(special.betaln(a + 1, b + 1) + n * math.log(2), abs=1e-9)
    for margin in (0.05, 0.15, 0.4):
        assert non_inferiority(a, b, margin) == close(stats.binom.sf(a - 1, n, 0.5 - margin))
    if n:
        for confidence in (0.5, 0.9, 0.95, 0.999):
            theirs = proportion_confint(a, n, alpha=1 - confidence, method="wilson")
            assert wilson_interval(a, n, confidence=confidence) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("p", [0.5, 0.004, 0.25, 1 / 3, 0.9, 0.0, 1.0])
@pytest.mark.parametrize("n", [1, 2, 7, 12, 40, 1001, 100_000])
def test_the_two_sided_binomial_test_is_scipys(n: int, p: float) -> None:
    around = round(n * p)
    for successes in {0, 1, n // 2, n, *range(max(0, around - 3), min(n, around + 3) + 1)}:
        theirs = float(stats.binomtest(successes, n, p).pvalue)
        assert binomial_test(successes, n, p) == pytest.approx(theirs, rel=1e-9, abs=1e-300), (successes, n, p)


def test_without_votes_nothing_is_claimed() -> None:
    assert sign_test(0, 0) == binomial_test(0, 0) == non_inferiority(0, 0, 0.1) == anytime_p([]) == 1.0
    assert sign_flip_test([]) == 1.0
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert posterior_preference(0, 0) == 0.5
    assert e_value(0, 0) == 1.0
    assert len(e_path([])) == 0
    assert not practically_equal(0, 0, 0.49)


@pytest.mark.parametrize(("a", "b"), [(3, 9), (0, 8), (700, 20), (49_000, 51_000)])
def test_which_arm_is_called_a_makes_no_difference(a: int, b: int) -> None:
    low, high = wilson_interval(a, a + b)

    assert sign_test(a, b) == sign_test(b, a)
    assert e_value(a, b) == pytest.approx(e_value(b, a), rel=1e-9)
    assert posterior_preference(a, b) + posterior_preference(b, a) == pytest.approx(1, abs=1e-12)
    assert wilson_interval(b, a + b) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_a_clean_sweep_reaches_the_end_of_the_scale_and_no_further() -> None:
    for n in range(1, 400):
        assert wilson_interval(0, n)[0] == 0.0
        assert wilson_interval(n, n)[1] == 1.0
    assert 0 < wilson_interval(0, 9)[1] < 0.5 < wilson_interval(9, 9)[0] < 1


@pytest.mark.parametrize(("a", "b"), [(100_000, 0), (0, 100_000), (50_000, 50_000), (99_999, 1)])
def test_a_hundred_thousand_votes_stay_finite_and_quick(a: int, b: int) -> None:
    outcomes = np.random.default_rng(1).permutation(np.arange(a + b) < a)
    begun = time.process_time()

    numbers = [
        sign_test(a, b),
        *wilson_interval(a, a + b),
        posterior_preference(a, b),
        e_value(a, b),
        non_inferiority(a, b, 0.1),
        binomial_test(a, a + b),
        anytime_p(outcomes.tolist()),
        *e_path(outcomes.tolist()),
    ]

    assert time.process_time() - begun < 2
    assert np.isfinite(numbers).all()
    assert min(numbers) >= 0


def test_chances_of_a_hundred_thousand_throws_add_up() -> None:
    for p in (0.5, 1e-6, 0.3, 1 - 1e-9):
        assert math.fsum(probabilities(100_000, p)) == pytest.approx(1, abs=1e-12)


def test_a_tail_that_is_carried_along_is_the_sum_it_stands_for() -> None:
    tail = LowerTail(0.35)
    for n in range(1, 3001):
        tail.throw()
        if tail.most + 1 < 0.34 * n:
            tail.widen()

    assert tail.total == pytest.approx(float(stats.binom.cdf(tail.most, 3000, 0.35)), rel=1e-10)
    assert tail.above == pytest.approx(float(stats.binom.pmf(tail.most + 1, 3000, 0.35)), rel=1e-10)


# --- looking after every vote ---


def test_evidence_vote_by_vote_ends_where_the_counts_say() -> None:
    outcomes = (np.random.default_rng(4).random(400) < 0.6).tolist()
    path = e_path(outcomes)

    for n in (1, 2, 10, 57, 400):
        a = sum(outcomes[:n])
        assert path[n - 1] == pytest.approx(e_value(a, n - a), rel=1e-9)


def test_the_peek_safe_p_keeps_the_best_evidence_so_far() -> None:
    convinced = [True] * 8
    undecided = convinced + [False] * 8

    assert anytime_p(convinced) == pytest.approx(9 / 2**8)
    assert anytime_p(undecided) == anytime_p(convinced)
    assert e_path(undecided)[-1] < 1
    assert anytime_p([True, False]) == 1.0


def test_eight_pairs_are_the_fewest_that_convince_at_any_time() -> None:
    assert e_value(7, 0) == pytest.approx(16)
    assert e_value(8, 0) == pytest.approx(256 / 9)
    assert e_value(7, 0) < CONVINCING < e_value(8, 0)


def test_the_evidence_averages_one_when_the_arms_are_equal() -> None:
    for n in (1, 5, 30):
        average = sum(math.comb(n, a) * e_value(a, n - a) for a in range(n + 1)) / 2**n
        assert average == pytest.approx(1, rel=1e-12)


# --- good enough, equal, several at once ---


def test_good_enough_needs_more_than_a_tie_on_few_votes() -> None:
    assert non_inferiority(6, 6, 0.15) > 0.05
    assert non_inferiority(39, 38, 0.15) < 0.05
    assert non_inferiority(20, 57, 0.15) > 0.5


def test_arms_are_practically_equal_when_the_whole_interval_says_so() -> None:
    assert practically_equal(500, 500, 0.05)
    assert not practically_equal(50, 50, 0.05)
    assert not practically_equal(560, 440, 0.05)
    assert not practically_equal(440, 560, 0.05)
    assert practically_equal(50, 50, 0.1, confidence=0.9)
    assert not practically_equal(50, 50, 0.09, confidence=0.95)


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_several_ps_are_corrected_as_statsmodels_does(size: int) -> None:
    p_values = (np.random.default_rng(size).random(size) ** 3).tolist()

    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1].tolist(), rel=1e-12)


def test_correcting_keeps_the_order_and_knows_nothing_of_nothing() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.5, 0.5]) == [1.0, 1.0]
    assert holm([]) == []


# --- pairs, for prompts ---


@pytest.mark.parametrize("pairs", [1, 2, 5, 6, 9, 12])
def test_flipping_signs_counts_every_pattern(pairs: int) -> None:
    rng = np.random.default_rng(pairs)
    for differences in (rng.normal(0.3, 1, pairs), rng.integers(-5, 8, pairs) / 10, np.full(pairs, 0.1)):
        assert sign_flip_test(differences) == pytest.approx(flips_one_by_one(differences.tolist()), abs=1e-15)


def test_flipping_signs_is_the_permutation_test_of_scipy() -> None:
    differences = np.random.default_rng(8).normal(0.4, 1, 10)
    theirs = stats.permutation_test(
        (differences,), lambda sample, axis: np.abs(sample.sum(axis=axis)), permutation_type="samples",
        n_resamples=np.inf, alternative="greater", vectorized=True,
    )  # fmt: skip

    assert sign_flip_test(differences) == pytest.approx(theirs.pvalue, abs=1e-15)


def test_five_pairs_cannot_convict_and_six_can() -> None:
    assert sign_flip_test([0.2] * 5) == 2 / 2**5
    assert sign_flip_test([0.2] * FEWEST_PAIRS) == 2 / 2**6 == pytest.approx(0.031, abs=5e-4)


def test_sums_that_are_equal_on_paper_count_as_equal() -> None:
    thirds = [0.1, 0.2, -0.3, 0.1 + 0.2, -0.3, 0.7 - 0.4]

    assert sign_flip_test(thirds) == flips_one_by_one([1, 2, -3, 3, -3, 3])
    assert sign_flip_test([0.0] * 7) == 1.0
    assert sign_flip_test(np.array(thirds) * 1e-12) == sign_flip_test(thirds) == sign_flip_test(np.array(thirds) * 1e9)


def test_the_sum_of_many_pairs_is_drawn_the_same_way_every_time_and_close_to_exact() -> None:
    differences = np.random.default_rng(3).normal(0.25, 1, EXACT_PAIRS + 1)
    exact = by_doubling(differences)

    assert sign_flip_test(differences) == sign_flip_test(differences)
    assert sign_flip_test(differences) == pytest.approx(exact, abs=5 * math.sqrt(exact / 10_000))
    assert sign_flip_test([1.0] * 60) == 1 / 10_001


@pytest.mark.parametrize("pairs", [7, EXACT_PAIRS, EXACT_PAIRS + 3])
def test_many_reviews_at_once_are_as_one_by_one(pairs: int) -> None:
    reviews = np.random.default_rng(2).normal(0.2, 1, (30, pairs))

    assert sign_flip_tests(reviews).tolist() == [sign_flip_test(review) for review in reviews]


def test_the_last_exact_number_of_pairs_is_exact() -> None:
    differences = np.random.default_rng(6).normal(0.5, 1, EXACT_PAIRS)

    assert sign_flip_test(differences) == by_doubling(differences)


# --- what is refused ---


@pytest.mark.parametrize(
    "asked",
    [
        lambda: sign_test(-1, 3),
        lambda: posterior_preference(2, -1),
        lambda: e_value(-1, 0),
        lambda: wilson_interval(4, 3),
        lambda: wilson_interval(1, 3, confidence=1),
        lambda: binomial_test(4, 3),
        lambda: binomial_test(1, 3, 1.5),
        lambda: non_inferiority(3, 3, 0),
        lambda: non_inferiority(3, 3, 15),
        lambda: practically_equal(3, 3, 0.5),
        lambda: practically_equal(-3, 3, 0.1),
        lambda: holm([0.2, math.nan]),
        lambda: holm([1.2]),
        lambda: sign_flip_test([0.1, math.nan]),
        lambda: sign_flip_test([[0.1, 0.2]]),
        lambda: sign_flip_tests([0.1, 0.2]),
        lambda: probabilities(-1, 0.5),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+.*\.$"):
        asked()
