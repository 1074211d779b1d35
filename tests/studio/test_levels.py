"""Images and prompts, kept apart: what each level may say, and the same numbers from scipy."""

import random
import statistics

import pytest
from scipy import stats  # type: ignore[import-untyped]

from studio.reviews.levels import Level, mean_interval, settled
from studio.reviews.plan import Question
from studio.reviews.tally import tallies
from studio.reviews.verdict import Outcome
from tests.studio.panels import a_plan, cast_by, found, lucky, only, votes

LEANING = dict.fromkeys(range(1, 9), "FFFFS")  # eight pairs, all lean to A


# The two levels


def test_images_picked_by_hand_say_nothing_about_prompts() -> None:
    plan = a_plan(pairs=8, picked=True)
    prompts = only(plan, votes(LEANING)).prompts

    assert "picked by hand" in prompts.refusal
    assert (prompts.p, prompts.mean, prompts.anytime_p) == (None, None, 1.0)
    assert found(plan, votes(LEANING)).sentence == "The images of prompt A are preferred."


def test_five_pairs_say_nothing_about_prompts() -> None:
    plan = a_plan(pairs=5)
    ballots = votes(dict.fromkeys(range(1, 6), "FFFFF"))

    assert only(plan, ballots).prompts.refusal == "This needs at least 6 pairs with votes, and has 5."
    assert found(plan, ballots).level is Level.IMAGES


def test_a_plan_of_six_pairs_waits_for_votes_on_all_of_them() -> None:
    finding = found(a_plan(pairs=6), votes(dict.fromkeys(range(1, 6), "FFFFF")))

    assert (finding.outcome, finding.level) == (Outcome.UNDECIDED, Level.PROMPTS)
    assert finding.reason == "This needs at least 6 pairs with votes, and has 5."


def test_a_pair_that_all_call_bad_is_no_pair_with_votes() -> None:
    told_votes = dict.fromkeys(range(1, 6), "FFFFF") | {6: "BB"}

    assert only(a_plan(pairs=6), votes(told_votes)).prompts.refusal


def test_one_lucky_image_makes_images_win_and_prompts_not() -> None:
    ballots = votes({1: "F" * 30} | dict.fromkeys(range(2, 9), "FS"))
    each = only(a_plan(pairs=8), ballots)

    assert each.images.p < 0.001
    assert each.prompts.p == 1.0
    assert found(a_plan(pairs=8), ballots).outcome is not Outcome.WINNER
    assert found(a_plan(pairs=8, picked=True), ballots).outcome is Outcome.WINNER


def test_a_tie_is_half_a_vote_of_its_pair() -> None:
    (share,) = only(a_plan(), votes("FFTB")).prompts.shares

    assert (share.draw, share.votes, share.share) == (1, 3, 2.5 / 3)


def test_a_pair_is_settled_by_its_first_three_decided_votes_and_stays_so() -> None:
    plan = a_plan(pairs=3)
    ballots = votes({1: "TFFS" + "S" * 20, 2: "SSF", 3: "FF"})
    (tally,) = tallies(plan, ballots, Question.PREFERENCE)

    assert settled(tally) == (False, True)  # the second pair had its third decided vote first


# Against another computation


@pytest.mark.parametrize(("wins", "losses"), [(12, 7), (7, 12), (30, 11), (1, 9), (6, 0), (50, 50)])
def test_the_image_level_equals_scipy(wins: int, losses: int) -> None:
    images = only(a_plan(), votes("F" * wins + "S" * losses)).images
    test = stats.binomtest(wins, wins + losses)
    interval = test.proportion_ci(method="wilson")

    assert images.p == pytest.approx(test.pvalue, abs=1e-12)
    assert (images.share.low, images.share.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert images.preference == pytest.approx(stats.beta.sf(0.5, wins + 1, losses + 1), abs=1e-12)
    one_sided = stats.binomtest(wins, wins + losses, 0.4, alternative="greater").pvalue
    assert images.first_not_worse == pytest.approx(one_sided, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_verdict_equals_one_computed_with_scipy_from_the_same_ballots(seed: int) -> None:
    rng = random.Random(seed)
    plan = a_plan(pairs=9)
    ballots = cast_by(plan, 5, lucky(plan, rng, shift=0.6 * seed), rng)
    shares = []
    counted = [ballot for ballot in ballots if ballot.kind == "pair"]
    for draw in range(1, 10):
        own = [ballot.winner.arm == 0 for ballot in counted if ballot.left.draw == draw and ballot.winner]
        shares.append(sum(own) / len(own))
    test = stats.permutation_test(
        ([share - 0.5 for share in shares],),
        lambda x, axis: x.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=100_000,
    )

    prompts = only(plan, ballots).prompts

    assert prompts.mean == pytest.approx(sum(shares) / 9)
    assert prompts.p == pytest.approx(test.pvalue, abs=1e-12)
    assert prompts.low is not None
    assert prompts.high is not None
    is_equal = prompts.low >= 0.4 and prompts.high <= 0.6
    expected = Outcome.EQUAL if is_equal else Outcome.WINNER if test.pvalue <= 0.05 else Outcome.UNDECIDED
    assert found(plan, ballots).outcome is expected


def test_the_interval_of_the_mean_share_equals_scipys_bootstrap() -> None:
    shares = [0.2, 0.4, 0.5, 0.6, 0.6, 0.7, 0.8, 0.8, 0.9, 1.0]
    reference = stats.bootstrap((shares,), statistics.fmean, vectorized=False, method="percentile", rng=1)

    low, high = mean_interval(shares)

    interval = reference.confidence_interval
    assert (low, high) == pytest.approx((interval.low, interval.high), abs=0.02)
