"""How often a review of equals names a winner: simulated with fixed seeds, by the rules and by tempting wrong ones.

A rule passes when it errs in at most 5 % of reviews *and* the same reviews fool a rule that is known to be wrong:
a simulation in which nobody errs proves nothing.
"""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.power import non_inferiority_votes
from studio.statistics import (
    CONVINCING,
    anytime_p,
    e_path,
    e_value,
    non_inferiority,
    posterior_preference,
    sign_flip_tests,
    sign_test,
)

Counts = NDArray[np.int64]
REVIEWS = 2000
PLANS = [(6, 10), (8, 10), (9, 10), (12, 5), (20, 5), (24, 4), (30, 3)]


def equal_prompts(pairs: int, reviewers: int, *, seed: int, luck_sd: float = 1.0) -> Counts:
    """``wins[review, pair]`` of A, when prompts are equal and each pair of images has luck of its own (logits)."""
    rng = np.random.default_rng(seed)
    luck = luck_sd * rng.standard_normal((REVIEWS, pairs))
    return np.asarray(rng.binomial(reviewers, 1 / (1 + np.exp(-luck))))


def by_pairs(wins: Counts, reviewers: int) -> float:
    """The share of reviews in which the test over pairs names a winner."""
    return float((sign_flip_tests((2 * wins - reviewers) / reviewers) <= 0.05).mean())


def pooled(wins: Counts, reviewers: int) -> float:
    """The share in which the sign test names one when all votes are thrown together."""
    votes = wins.shape[1] * reviewers
    p = np.array([sign_test(a, votes - a) for a in range(votes + 1)])
    return float((p[wins.sum(axis=1)] < 0.05).mean())


def test_equal_prompts_are_told_apart_in_at_most_one_review_of_twenty() -> None:
    for seed, (pairs, reviewers) in enumerate(PLANS):
        assert by_pairs(equal_prompts(pairs, reviewers, seed=seed), reviewers) <= 0.05, (pairs, reviewers)


@pytest.mark.parametrize("luck_sd", [0.0, 0.5, 2.5])
def test_however_much_luck_images_have(luck_sd: float) -> None:
    assert by_pairs(equal_prompts(12, 5, seed=17, luck_sd=luck_sd), 5) <= 0.05


@pytest.mark.parametrize(
    ("pairs", "reviewers", "errs"), [(1, 20, 0.397), (6, 10, 0.178), (12, 5, 0.096), (9, 10, 0.216)]
)
def test_the_same_reviews_fool_a_sign_test_over_all_votes(pairs: int, reviewers: int, errs: float) -> None:
    alarms = pooled(
        equal_prompts(pairs, reviewers, seed=PLANS.index((pairs, reviewers)) if pairs > 1 else 40), reviewers
    )

    assert alarms == pytest.approx(errs, abs=0.03)
    assert alarms >= (0.10 if reviewers >= 10 else 0.06)


def test_without_luck_the_sign_test_over_all_votes_is_right() -> None:
    assert pooled(equal_prompts(6, 10, seed=3, luck_sd=0), 10) <= 0.05


def test_watching_pair_after_pair_errs_at_most_as_often() -> None:
    wins = equal_prompts(20, 5, seed=23)
    alarms = sum(anytime_p((2 * review > 5).tolist()) <= 1 / CONVINCING for review in wins) / len(wins)

    assert 0 < alarms <= 0.05


# --- looking after every vote ---


def first_looks(rule: Callable[[int, int], bool], votes: int, *, seed: int) -> float:
    """The share of reviews of equal arms in which this rule stops at some vote from the fifth on."""
    stops = np.array([[a <= n and n >= 5 and rule(a, n - a) for a in range(votes + 1)] for n in range(votes + 1)])
    for_a = (np.random.default_rng(seed).random((10 * REVIEWS, votes)) < 0.5).cumsum(axis=1)
    return float(stops[np.arange(1, votes + 1), for_a].any(axis=1).mean())


@pytest.mark.parametrize(
    ("votes", "by_e", "by_p", "by_posterior"), [(50, 0.024, 0.170, 0.420), (100, 0.029, 0.226, 0.501)]
)
def test_only_the_peek_safe_rule_survives_a_look_after_every_vote(
    votes: int, by_e: float, by_p: float, by_posterior: float
) -> None:
    stopped_by_e = first_looks(lambda a, b: e_value(a, b) >= CONVINCING, votes, seed=1)
    stopped_by_p = first_looks(lambda a, b: sign_test(a, b) < 0.05, votes, seed=1)
    stopped_by_posterior = first_looks(lambda a, b: abs(posterior_preference(a, b) - 0.5) > 0.45, votes, seed=1)

    assert stopped_by_e <= 0.05
    assert stopped_by_p > 0.10
    assert (stopped_by_e, stopped_by_p, stopped_by_posterior) == pytest.approx((by_e, by_p, by_posterior), abs=0.015)


def test_one_look_at_the_end_is_safe_with_the_ordinary_p() -> None:
    for_a = np.random.default_rng(5).binomial(100, 0.5, REVIEWS)

    assert np.mean([sign_test(a, 100 - a) < 0.05 for a in for_a.tolist()]) <= 0.05


def test_the_peek_safe_numbers_err_at_most_one_time_in_twenty_over_whole_reviews() -> None:
    reviews = np.random.default_rng(2).random((REVIEWS, 200)) < 0.5

    by_path = [float(e_path(review.tolist()).max()) >= CONVINCING for review in reviews]
    by_p = [anytime_p(review.tolist()) <= 0.05 for review in reviews]

    assert by_path == by_p
    assert 0 < np.mean(by_path) <= 0.05


# --- is the cheaper tier good enough? ---


def passing(share: float, votes: int, margin: float, *, seed: int) -> float:
    wins = np.random.default_rng(seed).binomial(votes, share, REVIEWS)
    return float(np.mean([non_inferiority(a, votes - a, margin) <= 0.05 for a in wins.tolist()]))


def test_an_equal_tier_passes_and_one_that_is_worse_does_not() -> None:
    votes = non_inferiority_votes(0.15)

    assert votes == 77
    assert passing(0.5, votes, 0.15, seed=1) >= 0.80
    assert passing(0.3, votes, 0.15, seed=2) <= 0.05
    assert 0.01 < passing(0.35, votes, 0.15, seed=3) <= 0.05
