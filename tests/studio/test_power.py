"""What a plan can see: the handbook's tables, found again by other sums and by drawing."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from studio.experiments import MOST_DRAWS
from studio.power import (
    MOST_PAIRS,
    advice,
    e_votes_needed,
    non_inferiority_votes,
    prompt_power,
    smallest_share,
    votes_needed,
)
from studio.statistics import CONVINCING, e_value, sign_test

NEEDED = {0.55: 807, 0.6: 210, 0.65: 97, 0.7: 54, 0.75: 35, 0.8: 23, 0.9: 12}


def power_of_the_sign_test(votes: int, share: float, alpha: float = 0.05) -> float:
    """The chance of every count that is significant and on the right side, added up."""
    found = [a for a in range(votes + 1) if 2 * a > votes and sign_test(a, votes - a) <= alpha]
    return math.fsum(float(stats.binom.pmf(a, votes, share)) for a in found)


# --- votes on images ---


@pytest.mark.parametrize(("share", "votes"), NEEDED.items())
def test_votes_needed_are_those_of_the_table(share: float, votes: int) -> None:
    assert votes_needed(share) == votes
    assert votes_needed(1 - share) == votes


@pytest.mark.parametrize("share", [0.65, 0.7, 0.75, 0.8, 0.9])
def test_the_votes_needed_have_the_power_and_one_fewer_does_not_hold_it(share: float) -> None:
    votes = votes_needed(share)

    assert all(power_of_the_sign_test(more, share) >= 0.8 for more in range(votes, votes + 10))
    assert power_of_the_sign_test(votes - 1, share) < 0.8


def test_a_stricter_plan_needs_more_votes() -> None:
    assert votes_needed(0.7, alpha=0.01) > votes_needed(0.7) < votes_needed(0.7, power=0.9)
    assert power_of_the_sign_test(votes_needed(0.7, alpha=0.01, power=0.9), 0.7, alpha=0.01) >= 0.9


def test_a_faint_preference_is_planned_for_too_up_to_a_hundred_thousand_votes() -> None:
    by_the_bell_curve = ((1.959964 * 0.5 + 0.841621 * math.sqrt(0.505 * 0.495)) / 0.005) ** 2

    assert votes_needed(0.505) == pytest.approx(by_the_bell_curve, rel=0.02)
    with pytest.raises(ValueError, match=r"more than 100,000 votes: plan for a stronger preference\."):
        votes_needed(0.501)


@pytest.mark.parametrize(("share", "votes"), NEEDED.items())
def test_a_plan_of_the_table_sees_the_preference_of_its_row(share: float, votes: int) -> None:
    assert smallest_share(votes) == share


def test_twelve_colleagues_can_only_see_ninety_to_ten() -> None:
    exact = smallest_share(12, step=0)

    assert smallest_share(12) == 0.9
    assert exact is not None
    assert power_of_the_sign_test(12, exact) == pytest.approx(0.8, abs=1e-8)
    assert smallest_share(12, step=0.01) == 0.87


def test_fewer_than_six_votes_see_nothing() -> None:
    assert [smallest_share(votes) for votes in (0, 1, 5)] == [None, None, None]
    assert smallest_share(6) == 1.0
    assert smallest_share(5, alpha=0.1) == 1.0


@pytest.mark.parametrize(("margin", "votes"), [(0.10, 164), (0.15, 77), (0.20, 43)])
def test_votes_for_good_enough_are_those_of_the_table(margin: float, votes: int) -> None:
    assert non_inferiority_votes(margin) == votes


@pytest.mark.parametrize("margin", [0.10, 0.15, 0.20])
def test_votes_for_good_enough_have_the_power_and_keep_the_level(margin: float) -> None:
    votes = non_inferiority_votes(margin)
    passes = int(stats.binom.ppf(0.95, votes, 0.5 - margin)) + 1  # wins from which the test passes

    assert stats.binom.sf(passes - 1, votes, 0.5 - margin) <= 0.05
    assert stats.binom.sf(passes - 1, votes, 0.5) >= 0.8


def test_an_arm_that_is_worse_needs_more_votes_to_pass_as_good_enough() -> None:
    assert (
        non_inferiority_votes(0.15, share=0.45) > non_inferiority_votes(0.15) > non_inferiority_votes(0.15, share=0.6)
    )


# --- looking after every vote ---


@pytest.mark.parametrize(
    ("share", "half", "most"),
    [(0.55, 970, 1684), (0.6, 210, 376), (0.65, 88, 155), (0.7, 47, 83), (0.75, 28, 50), (0.8, 19, 34), (0.9, 12, 16)],
)
def test_looking_after_every_vote_stops_about_where_the_table_says(share: float, half: int, most: int) -> None:
    assert (e_votes_needed(share, chance=0.5), e_votes_needed(share)) == (half, most)
    assert e_votes_needed(1 - share) == most


def test_stopping_times_are_those_of_drawn_reviews() -> None:
    limit, reviews = 160, 20_000
    stops = np.array(
        [[e_value(a, n - a) >= CONVINCING if a <= n else False for a in range(limit + 1)] for n in range(limit + 1)]
    )
    votes_for_a = (np.random.default_rng(0).random((reviews, limit)) < 0.7).cumsum(axis=1)
    stopped = np.logical_or.accumulate(stops[np.arange(1, limit + 1), votes_for_a], axis=1).mean(axis=0)

    for chance in (0.5, 0.8, 0.95):
        n = e_votes_needed(0.7, chance=chance)
        assert stopped[n - 1] >= chance - 0.012
        assert stopped[n - 2] < chance + 0.012


def test_a_clear_preference_can_stop_after_eight_votes_and_never_before() -> None:
    assert e_votes_needed(0.999, chance=0.9) == 8
    assert e_votes_needed(0.999, threshold=1.2) < 8


# --- prompts ---


@pytest.mark.parametrize(
    ("pairs", "reviewers", "alarms", "power"),
    [
        (6, 10, 0.017, 0.12),
        (8, 10, 0.028, 0.29),
        (12, 5, 0.043, 0.40),
        (20, 5, 0.039, 0.65),
        (9, 10, 0.027, 0.35),
        (24, 4, 0.031, 0.65),
        (30, 3, 0.038, 0.72),
    ],
)
def test_what_pairs_can_see_is_what_the_table_says(pairs: int, reviewers: int, alarms: float, power: float) -> None:
    assert prompt_power(pairs, reviewers, seed=1) == pytest.approx(power, abs=0.045)
    assert prompt_power(pairs, reviewers, seed=1, shift_logit=0) == pytest.approx(alarms, abs=0.016)


def test_a_big_shift_is_found_as_often_as_the_table_says() -> None:
    assert prompt_power(9, 10, shift_logit=1.5) == pytest.approx(0.85, abs=0.04)
    assert prompt_power(12, 8, shift_logit=1.5) == pytest.approx(0.95, abs=0.03)


def test_for_the_same_votes_more_pairs_find_more() -> None:
    powers = [prompt_power(pairs, 60 // pairs) for pairs in (6, 10, 12, 20)]

    assert all(more > fewer + 0.02 for fewer, more in pairwise(powers))


def test_five_pairs_find_nothing_however_many_vote() -> None:
    assert prompt_power(5, 1000, shift_logit=5) == 0
    assert prompt_power(6, 1000, shift_logit=5) > 0.99


def test_the_same_plan_has_the_same_power_every_time() -> None:
    assert prompt_power(20, 4) == prompt_power(20, 4)
    assert prompt_power(20, 4) != prompt_power(20, 4, seed=5)


# --- sentences ---


def test_a_small_plan_hears_what_it_cannot_see_and_what_would_see_more() -> None:
    images, prompts, better = advice(1, 12)

    assert images == "12 colleagues can only see a 90:10 preference between two images."
    assert prompts.startswith("Nothing can be said about the prompts with 1 pair of images: at least 6 are needed")
    assert better.startswith("More pairs beat more colleagues: 12 pairs with 12 votes each (144 votes instead of 12)")


def test_more_pairs_are_recommended_for_the_same_votes_with_numbers() -> None:
    _, prompts, better = advice(6, 10)

    assert prompts == (
        "6 pairs with 10 votes each find a 69:31 preference between the prompts in about 10 of 100 tests, "
        "and an 82:18 one in about 45."
    )
    assert better == (
        "More pairs beat more colleagues: 20 pairs with 3 votes each (60 votes as well) find a 69:31 preference "
        "in about 50 of 100 tests, for 40 images instead of 12."
    )


def test_nothing_better_is_offered_to_a_plan_with_all_the_pairs() -> None:
    assert len(advice(MOST_PAIRS, 5)) == 2
    assert len(advice(MOST_PAIRS, 1)) == 2


def test_colleagues_are_counted_in_words_that_fit() -> None:
    assert advice(6, 1)[0].startswith("1 colleague cannot show a preference between two images, even when all agree")
    assert advice(6, 6)[0] == "6 colleagues can only see a preference between two images that nearly everybody shares."
    assert advice(6, 20)[0] == "20 colleagues can only see an 80:20 preference between two images."
    assert "12 pairs with 1 vote each (12 votes instead of 1)" in advice(1, 1)[2]


def test_every_plan_gets_whole_sentences() -> None:
    for pairs in (1, 2, 5, 6, 11, 20):
        for reviewers in (1, 2, 7, 30):
            said = advice(pairs, reviewers)
            assert 2 <= len(said) <= 3
            assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in said)
            assert all(sentence.endswith(".") and "—" not in sentence for sentence in said)


def test_advice_knows_how_many_images_a_test_can_draw() -> None:
    assert MOST_PAIRS == MOST_DRAWS


@pytest.mark.parametrize(
    "asked",
    [
        lambda: votes_needed(0.5),
        lambda: votes_needed(1.0),
        lambda: votes_needed(0.7, alpha=5),
        lambda: votes_needed(0.7, power=1),
        lambda: smallest_share(12, power=80),
        lambda: smallest_share(-1),
        lambda: non_inferiority_votes(0),
        lambda: non_inferiority_votes(15),
        lambda: non_inferiority_votes(0.1, share=0.4),
        lambda: e_votes_needed(0.505),
        lambda: e_votes_needed(0.7, threshold=1),
        lambda: e_votes_needed(1.2),
        lambda: prompt_power(0, 5),
        lambda: prompt_power(6, 0),
        lambda: advice(0, 1),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+.*\.$"):
        asked()
