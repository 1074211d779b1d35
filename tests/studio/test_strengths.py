"""Strengths of arms: the largest likelihood, found by other means too; and the favour for a side, set apart."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from studio.statistics import bradley_terry, bradley_terry_intervals, shared_ranks, side_effect

Numbers = NDArray[np.float64]


def games_between(strengths: list[float], games: int, seed: int, reviewers: int = 1) -> Numbers:
    """``wins[reviewer, i, j]`` when everybody meets everybody this often."""
    rng = np.random.default_rng(seed)
    wins = np.zeros((reviewers, len(strengths), len(strengths)))
    for i in range(len(strengths)):
        for j in range(i):
            won = rng.binomial(games, 1 / (1 + math.exp(strengths[j] - strengths[i])), size=reviewers)
            wins[:, i, j], wins[:, j, i] = won, games - won
    return wins


def by_direct_search(wins: Numbers, prior: float) -> Numbers:
    """The maximum of the likelihood as it is written in a textbook, climbed by scipy."""

    def loss(strengths: Numbers) -> float:
        gaps = strengths[:, None] - strengths[None]
        fought = (wins * np.logaddexp(0, -gaps)).sum()
        against_average = prior / 2 * (np.logaddexp(0, -strengths) + np.logaddexp(0, strengths)).sum()
        return float(fought + against_average + (1e-3 * strengths.mean() ** 2 if prior == 0 else 0))

    found = minimize(loss, np.zeros(len(wins)), method="BFGS", options={"gtol": 1e-9})
    return np.asarray(found.x - found.x.mean())


def by_mm_alone(wins: Numbers, prior: float, rounds: int) -> Numbers:
    """Hunter 2004, one arm after the other, and nothing else."""
    arms = len(wins)
    worth = [1.0] * arms
    for _ in range(rounds):
        worth = [
            (sum(wins[i]) + prior / 2)
            / (
                sum((wins[i][j] + wins[j][i]) / (worth[i] + worth[j]) for j in range(arms) if j != i)
                + prior / (worth[i] + 1)
            )
            for i in range(arms)
        ]
    logs = np.log(worth)
    return np.asarray(logs - logs.mean())


@pytest.mark.parametrize("prior", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_strengths_are_those_of_the_largest_likelihood(seed: int, prior: float) -> None:
    wins = games_between([0.7, 0.1, -0.2, -0.6], 40, seed)[0]

    strengths = bradley_terry(wins, prior=prior)

    assert strengths == pytest.approx(by_direct_search(wins, prior), abs=1e-5)
    assert strengths.mean() == pytest.approx(0, abs=1e-12)


def test_strengths_are_where_the_mm_rounds_would_end() -> None:
    wins = games_between([0.7, 0.1, -0.2, -0.6], 12, 9)[0]

    assert bradley_terry(wins) == pytest.approx(by_mm_alone(wins, 0.5, 2000), abs=1e-9)


def test_an_undefeated_arm_is_first_and_stays_finite() -> None:
    wins = [[0, 9, 9], [0, 0, 5], [0, 4, 0]]

    strengths = bradley_terry(wins)

    assert np.isfinite(strengths).all()
    assert strengths[0] > strengths[1] > strengths[2]
    assert strengths == pytest.approx(by_direct_search(np.array(wins, dtype=float), 0.5), abs=1e-5)
    with pytest.raises(ValueError, match="use a prior above 0"):
        bradley_terry(wins, prior=0)


def test_two_arms_have_the_answer_one_can_work_out_by_hand() -> None:
    assert bradley_terry([[0, 30], [10, 0]], prior=0) == pytest.approx([math.log(3) / 2, -math.log(3) / 2], abs=1e-12)


@pytest.mark.parametrize(
    "wins",
    [
        [[0, 100_000], [0, 0]],
        [[0, 100_000, 3], [0, 0, 100_000], [0, 1, 0]],
        [[0, 50_000, 0, 0], [50_000, 0, 1, 0], [0, 0, 0, 50_000], [0, 0, 50_000, 0]],
    ],
)
def test_a_hundred_thousand_lopsided_games_are_settled_too(wins: list[list[float]]) -> None:
    strengths = bradley_terry(wins)
    table = np.array(wins)
    moved = strengths[:, None] - strengths[None]
    expected = (table + table.T) / (1 + np.exp(-moved))

    assert np.isfinite(strengths).all()
    # At the maximum everybody won as often as expected, but for the half game against the average opponent.
    assert table.sum(axis=1) == pytest.approx(expected.sum(axis=1), abs=0.26)


def test_arms_that_never_met_and_votes_that_never_came_say_nothing() -> None:
    assert bradley_terry(np.zeros((3, 3))).tolist() == [0, 0, 0]
    assert bradley_terry([[7]]).tolist() == [0]
    assert bradley_terry(np.zeros((0, 0))).tolist() == []


def test_an_arm_against_itself_is_not_read() -> None:
    wins = games_between([0.5, 0, -0.5], 10, 1)[0]

    assert bradley_terry(wins + 100 * np.eye(3)).tolist() == bradley_terry(wins).tolist()


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = np.array([0.6, 0.0, -0.6])
    held = 0
    for seed in range(100):
        low, high = bradley_terry_intervals(games_between(truth.tolist(), 4, seed, reviewers=30), draws=200)
        held += int(((low <= truth) & (truth <= high)).sum())

    assert 0.90 <= held / 300 <= 0.98


def test_intervals_come_from_reviewers_and_not_from_votes() -> None:
    split = np.array([[[0, 20], [0, 0]], [[0, 0], [20, 0]]] * 3, dtype=float)
    agreed = np.array([[[0, 10], [10, 0]]] * 6, dtype=float)

    low, high = bradley_terry_intervals(split)

    assert high[0] - low[0] > 1
    assert np.ptp(bradley_terry_intervals(agreed), axis=0).max() < 1e-9


def test_intervals_are_the_same_every_time_and_others_for_another_seed() -> None:
    wins = games_between([0.5, 0, -0.5], 6, 2, reviewers=12)
    low = bradley_terry_intervals(wins)[0].tolist()

    assert bradley_terry_intervals(wins)[0].tolist() == low
    assert bradley_terry_intervals(wins, seed=1)[0].tolist() != low


def test_more_confidence_is_a_wider_interval() -> None:
    wins = games_between([0.5, 0, -0.5], 6, 2, reviewers=12)
    (low, high), (lower, higher) = (bradley_terry_intervals(wins, confidence=confidence) for confidence in (0.5, 0.99))

    assert (lower < low).all()
    assert (high < higher).all()


def test_one_reviewer_alone_bounds_nothing() -> None:
    low, high = bradley_terry_intervals(games_between([2, -2], 50, 0))

    assert low.tolist() == [-math.inf] * 2
    assert high.tolist() == [math.inf] * 2
    assert shared_ranks(low, high, [1, -1]) == [1, 1]


def test_three_equal_arms_are_all_first() -> None:
    wins = games_between([0, 0, 0], 6, 5, reviewers=12)

    assert shared_ranks(*bradley_terry_intervals(wins), bradley_terry(wins.sum(axis=0))) == [1, 1, 1]


def test_arms_far_apart_are_ranked_and_near_ones_share() -> None:
    wins = games_between([-3, 2, 2, 0], 10, 5, reviewers=12)

    assert shared_ranks(*bradley_terry_intervals(wins), bradley_terry(wins.sum(axis=0))) == [4, 1, 1, 3]


def test_a_rank_counts_the_arms_that_lie_wholly_above() -> None:
    assert shared_ranks([2, 1, 0], [3, 2.5, 1.5], [2.5, 2, 1]) == [1, 1, 2]
    assert shared_ranks([2, 1], [3, 2], [2.5, 1.5]) == [1, 1]


def test_an_interval_that_misses_its_strength_does_not_turn_the_order() -> None:
    assert shared_ranks([5, 0], [6, 1], [0.5, 2]) == [1, 1]


# --- sides ---


def votes_where(left: float, right: float, shown: int, seed: int = 0) -> tuple[list[bool], list[bool]]:
    """A left and A won, when A wins these shares on either side."""
    rng = np.random.default_rng(seed)
    a_left = rng.random(shown) < 0.5
    return a_left.tolist(), (rng.random(shown) < np.where(a_left, left, right)).tolist()


@pytest.mark.parametrize(("left", "right"), [(0.7, 0.5), (0.5, 0.5), (0.8, 0.3), (0.3, 0.4)])
@pytest.mark.parametrize("shown", [40, 400])
def test_side_and_preference_are_the_logistic_fit_of_statsmodels(left: float, right: float, shown: int) -> None:
    a_left, a_won = votes_where(left, right, shown)
    design = np.column_stack([np.ones(shown), np.where(a_left, 1.0, -1.0)])
    theirs = sm.Logit(np.array(a_won, dtype=float), design).fit(disp=0, tol=1e-14, maxiter=100)

    ours = side_effect(a_left, a_won, ridge=1e-12)

    assert (ours.preference, ours.side) == pytest.approx(tuple(theirs.params), abs=1e-9)
    assert (ours.preference_error, ours.side_error) == pytest.approx(tuple(theirs.bse), rel=1e-9)


@pytest.mark.parametrize("ridge", [0.01, 1.0, 20.0])
def test_the_ridge_pulls_both_terms_to_zero_as_hard_as_it_says(ridge: float) -> None:
    a_left, a_won = votes_where(0.9, 0.4, 25)
    side = np.where(a_left, 1.0, -1.0)

    def loss(terms: Numbers) -> float:
        fit = np.logaddexp(0, np.where(a_won, -1, 1) * (terms[0] + terms[1] * side)).sum()
        return float(fit + ridge / 2 * (terms**2).sum())

    found = side_effect(a_left, a_won, ridge=ridge)

    assert (found.preference, found.side) == pytest.approx(tuple(minimize(loss, np.zeros(2), tol=1e-10).x), abs=1e-5)


def test_a_small_ridge_changes_little() -> None:
    a_left, a_won = votes_where(0.7, 0.5, 60)
    with_ridge, without = side_effect(a_left, a_won), side_effect(a_left, a_won, ridge=1e-12)

    assert with_ridge.preference == pytest.approx(without.preference, abs=0.01)
    assert with_ridge.side == pytest.approx(without.side, abs=0.01)


def test_who_always_clicks_left_has_no_preference() -> None:
    a_left = [True, False] * 20

    found = side_effect(a_left, a_left)

    assert found.preference == pytest.approx(0, abs=1e-9)
    assert found.share == pytest.approx(0.5, abs=1e-9)
    assert found.left_share > 0.95
    assert math.isfinite(found.side)
    assert math.isfinite(found.side_error)


def test_a_favour_for_the_left_does_not_pass_for_a_preference_when_a_stood_there_more_often() -> None:
    a_left = [True] * 300 + [False] * 100
    a_won = [True] * 210 + [False] * 90 + [True] * 30 + [False] * 70  # the left one wins 7 of 10, whoever it is

    found = side_effect(a_left, a_won)

    assert sum(a_won) / len(a_won) == 0.6
    assert found.share == pytest.approx(0.5, abs=0.001)
    assert found.left_share == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize("ridge", [0.01, 1e-12])
@pytest.mark.parametrize("votes", [0, 1, 12, 100_000])
def test_a_clean_sweep_and_no_votes_at_all_stay_finite(votes: int, ridge: float) -> None:
    found = side_effect([True] * votes, [True] * votes, ridge=ridge)

    numbers = (found.preference, found.preference_error, found.side, found.side_error)
    assert all(math.isfinite(number) for number in numbers)
    assert found.preference_error > 1
    assert (found.preference > 0.5) == (votes > 0)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: bradley_terry([1, 2]),
        lambda: bradley_terry(np.zeros((2, 3))),
        lambda: bradley_terry([[0.0, -1.0], [1.0, 0.0]]),
        lambda: bradley_terry([[0.0, math.nan], [1.0, 0.0]]),
        lambda: bradley_terry([[0, 1], [1, 0]], prior=-1),
        lambda: bradley_terry([[0, 1, 0], [1, 0, 0], [0, 0, 0]], prior=0),
        lambda: bradley_terry_intervals([[0, 1], [1, 0]]),
        lambda: bradley_terry_intervals(np.zeros((3, 2, 2)), draws=0),
        lambda: bradley_terry_intervals(np.zeros((3, 2, 2)), confidence=95),
        lambda: shared_ranks([1, 2], [2, 3], [1]),
        lambda: side_effect([True], [True, False]),
        lambda: side_effect([True], [True], ridge=0),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+.*\.$"):
        asked()
