"""Everything that votes say, put together: with and without flagged reviewers, by segment, over time, as plain JSON."""

import json
import math
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from scipy import stats  # type: ignore[import-untyped]

from studio.reviews.ballots import Ballot, Choice, Review, State
from studio.reviews.plan import Ends, Question
from studio.reviews.results import of_review, results
from studio.reviews.schedule import Face, Item, Kind
from studio.reviews.verdict import Outcome
from tests.studio.panels import SEED, a_plan, a_vote, answered, cast_by, lucky, people, votes


def left_clicker(reviewer: int, pairs: int) -> list[Ballot]:
    """Always left, with A on the left."""
    return [a_vote("F", reviewer=reviewer, draw=draw, given=1000 + draw) for draw in range(1, pairs + 1)]


# With and without flagged reviewers


def test_nobody_flagged_means_one_verdict() -> None:
    assert results(a_plan(), votes("FFS"), people(3)).without_flagged is None


def test_a_flagged_reviewer_is_shown_in_one_verdict_and_not_in_the_other() -> None:
    plan = a_plan(pairs=12, picked=True)
    honest = [
        a_vote("FS"[(reviewer + draw // 2) % 2], reviewer=reviewer, draw=draw, first_left=draw % 2 == 0, given=draw)
        for reviewer in (0, 1)
        for draw in range(1, 13)
    ]

    found = results(plan, honest + left_clicker(2, 12) + left_clicker(3, 12), people(4), by_plan=True)

    assert found.reliability.flagged == (2, 3)
    assert found.finding.outcome is Outcome.WINNER
    assert found.main.versus[0].images.decided == 48  # nobody is dropped
    assert found.without_flagged is not None
    assert found.without_flagged.outcome is Outcome.UNDECIDED


def test_a_verdict_without_anybody_left_says_so() -> None:
    found = results(a_plan(pairs=12), left_clicker(0, 12), people(1), by_plan=True)

    assert found.without_flagged is not None
    assert found.without_flagged.reason == "Nobody has voted yet."


# What else there is


def test_repeats_and_control_pairs_are_no_votes() -> None:
    face = {(arm, draw): Face(arm=arm, draw=draw) for arm in (0, 1) for draw in (1, 2)}
    hidden = [
        answered(Item(number=2, kind=Kind.REPEAT, left=face[1, 1], right=face[0, 1]), Choice.RIGHT),
        answered(Item(number=3, kind=Kind.CONTROL, left=face[0, 1], right=face[0, 2]), Choice.LEFT),
    ]

    assert results(a_plan(pairs=2), [*votes("F"), *hidden], people(1)).main.votes == 1


def test_ties_and_both_bad_are_rates_of_their_own() -> None:
    main = results(a_plan(), votes("FFSTTTBBBB"), people(10)).main
    low, high = stats.binomtest(3, 10).proportion_ci(method="wilson")

    assert (main.ties.count, main.both_bad.count, main.votes) == (3, 4, 10)
    assert (main.ties.low, main.ties.high) == pytest.approx((low, high))


def test_publish_rates_count_each_image_shown() -> None:
    plan = a_plan(questions=(Question.PREFERENCE, Question.PUBLISH))
    publish = votes("FFSTTB", question=Question.PUBLISH)  # A, A, B, both, both, neither; sides in turns

    rates = results(plan, publish, people(6)).published

    assert [(rate.arm, rate.share.count, rate.share.n) for rate in rates] == [(0, 4, 6), (1, 3, 6)]
    assert rates[0].share.low == pytest.approx(stats.binomtest(4, 6).proportion_ci(method="wilson").low)
    assert results(a_plan(), votes("F"), people(1)).published == ()


def test_a_liking_for_the_left_is_taken_out_of_the_robust_share() -> None:
    plan = a_plan(pairs=1)
    ballots = [a_vote("F", reviewer=n, first_left=True) for n in range(30)]
    ballots += [a_vote("F" if n < 5 else "S", reviewer=30 + n, first_left=False) for n in range(10)]

    images = results(plan, ballots, people(40)).main.versus[0].images

    assert images.share.value == 35 / 40
    assert images.robust is not None
    assert images.left_pull is not None
    assert images.left_pull > 1
    even = results(plan, votes("F" * 30 + "S" * 10), people(40)).main.versus[0].images
    assert even.robust == pytest.approx(0.75, abs=0.02)


def test_the_margin_makes_an_arm_good_enough() -> None:
    images = results(a_plan(margin=0.15), votes("FS" * 40), people(80)).main.versus[0].images

    assert images.first_not_worse == pytest.approx(stats.binomtest(40, 80, 0.35, alternative="greater").pvalue)
    assert images.first_not_worse < 0.05
    leaning = results(a_plan(margin=0.15), votes("F" * 30 + "S" * 10), people(40)).main.versus[0].images
    assert leaning.first_not_worse < 0.001
    assert leaning.second_not_worse == pytest.approx(stats.binomtest(10, 40, 0.35, alternative="greater").pvalue)


def test_votes_over_time_are_cumulative() -> None:
    steps = results(a_plan(), votes("FTSF"), people(4)).steps

    assert [(step.given, step.wins) for step in steps] == [(1, (1, 0)), (3, (1, 1)), (4, (2, 1))]
    assert [step.e for step in steps] == pytest.approx([1, 2 / 3, 2 / 3])
    three = [*votes("F"), *votes("S", arms=(1, 2))]
    assert [(step.wins, step.e) for step in results(a_plan(arms=3), three, people(1)).steps] == [
        ((1, 0, 0), None),
        ((1, 0, 1), None),
    ]


def test_reasons_are_counted_for_the_arm_that_was_chosen() -> None:
    ballots = [
        a_vote("F", reviewer=0, reasons=["Light", "Mood"]),
        a_vote("F", reviewer=1, reasons=["Light"]),
        a_vote("S", reviewer=2, reasons=["Light"]),
        a_vote("T", reviewer=3, reasons=["Mood"]),
    ]

    given = results(a_plan(), ballots, people(4)).reasons

    assert [(each.arm, each.words, each.share.count, each.share.n) for each in given] == [
        (0, "Light", 2, 2),
        (0, "Mood", 1, 2),
        (1, "Light", 1, 1),
    ]


# Segments


def test_segments_are_counted_by_role_and_by_language() -> None:
    reviewers = people(24, roles=("Design", "Sales", ""), languages=("en", "zh"))

    found = results(a_plan(), votes("F" * 24), reviewers, by_plan=True).segments

    assert [(each.by, each.value, each.share.n) for each in found] == [
        ("role", "Design", 8),
        ("role", "Sales", 8),
        ("language", "en", 12),
        ("language", "zh", 12),
    ]


def test_no_claim_is_made_on_fewer_than_ten_decided_votes() -> None:
    nine, ten = (
        results(a_plan(), votes("F" * count), people(count, roles=("Design",)), by_plan=True).segments[0]
        for count in (9, 10)
    )

    assert (nine.p, nine.sentence) == (None, "No claim under 10 decided votes, and there are 9.")
    assert ten.p == pytest.approx(2 / 2**10)
    assert (
        ten.sentence == "The images of prompt A are preferred in 10 decided votes, after Holm's correction p = 0.002."
    )


def test_a_claim_names_the_arm_that_this_segment_prefers() -> None:
    reviewers = people(24, roles=("Design", "Sales"))

    design, sales = results(a_plan(), votes("FS" * 12), reviewers, by_plan=True).segments

    assert design.sentence.startswith("The images of prompt A are preferred in 12")
    assert sales.sentence.startswith("The images of prompt B are preferred in 12")


def test_segments_are_corrected_for_how_many_there_are() -> None:
    reviewers = people(36, roles=("Design", "Sales"))
    letters = "".join("F" if n % 2 or n < 8 else "S" if n % 4 == 0 else "F" for n in range(36))

    found = results(a_plan(), votes(letters), reviewers, by_plan=True).segments
    alone = sorted(stats.binomtest(each.share.count, each.share.n).pvalue for each in found)

    assert sorted(each.p for each in found if each.p is not None) == pytest.approx(
        [min(1, 2 * alone[0]), max(2 * alone[0], alone[1])]
    )


def test_a_segment_is_not_claimed_early_on_a_number_for_one_look() -> None:
    letters = "FSFFSFFFSFFFFFF"
    reviewers = people(15, roles=("Design",))

    assert "preferred" in results(a_plan(), votes(letters), reviewers, by_plan=True).segments[0].sentence
    assert "No clear" in results(a_plan(), votes(letters), reviewers, by_plan=False).segments[0].sentence


# Of a review, and as numbers


@pytest.mark.parametrize(("closed_by", "once"), [("votes", True), ("hand", False), ("", False)])
def test_a_review_knows_whether_it_ended_by_its_plan(closed_by: str, once: bool) -> None:
    state = State.CLOSED if closed_by else State.OPEN
    review = Review(id="r", plan=a_plan(), seed=SEED, created=0, state=state, closed_by=closed_by)

    found = of_review(review, votes("FSFFSFFFSFFFFFF"), people(15))

    assert found.once is once
    assert (found.finding.outcome is Outcome.WINNER) is once
    assert ("closed by hand" in found.finding.reason) is (closed_by == "hand")
    assert ("still open" in found.finding.reason) is (closed_by == "")


def test_a_review_that_was_ended_by_the_evidence_may_not_be_looked_at_once() -> None:
    plan = a_plan(rule=Ends.EVIDENCE)
    review = Review(id="r", plan=plan, seed=SEED, created=0, state=State.CLOSED, closed_by="evidence")

    assert of_review(review, votes("FSF"), people(3)).once is False


def test_synthetic_reviewers_make_the_results_simulated() -> None:
    real, made_up = people(2)

    assert not results(a_plan(), [], [real]).simulated
    assert results(a_plan(), [], [real, replace(made_up, synthetic=True)]).simulated
    assert results(a_plan(simulated=True), [], [real]).simulated


@pytest.mark.parametrize("arms", [2, 3, 4])
def test_numbers_are_plain_json_and_come_back_as_they_were(arms: int) -> None:
    plan = a_plan(pairs=7, arms=arms, questions=(Question.PREFERENCE, Question.PUBLISH), controls=1, repeats=2)
    rng = random.Random(3)
    ballots = cast_by(plan, 6, lucky(plan, rng), rng)

    numbers = results(plan, ballots, people(6, roles=("Design", "Sales"))).numbers()

    text = json.dumps(numbers, allow_nan=False)
    assert json.loads(text) == numbers
    assert numbers["answered"][0]["versus"][0]["images"]["p"] == pytest.approx(
        results(plan, ballots, people(6)).main.versus[0].images.p, abs=0
    )
    assert len(numbers["reliability"]["reviewers"]) == 6


def test_numbers_without_any_votes_are_plain_json_too() -> None:
    for arms in (2, 3):
        numbers = results(a_plan(pairs=6, arms=arms), [], []).numbers()

        assert json.loads(json.dumps(numbers, allow_nan=False)) == numbers
    assert numbers["answered"][0]["strengths"][0]["low"] == "-inf"


_ELSEWHERE = """
import json, random
from studio.reviews.plan import Question
from studio.reviews.results import results
from tests.studio.panels import a_plan, cast_by, lucky, people

plan = a_plan(pairs=8, arms=3, controls=1)
rng = random.Random(8)
print(json.dumps(results(plan, cast_by(plan, 6, lucky(plan, rng), rng), people(6, roles=("a", "b"))).numbers()))
"""


def test_another_process_finds_the_very_same_numbers() -> None:
    plan = a_plan(pairs=8, arms=3, controls=1)
    rng = random.Random(8)
    here = results(plan, cast_by(plan, 6, lucky(plan, rng), rng), people(6, roles=("a", "b"))).numbers()

    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": ".", "PYTHONHASHSEED": "77"},
    ).stdout

    assert json.loads(there) == here


def test_numbers_carry_every_digit() -> None:
    images = results(a_plan(), votes("FFS"), people(3)).numbers()["answered"][0]["versus"][0]["images"]

    assert images["preference"] == math.fsum(math.comb(4, k) for k in range(3)) / 2**4
    assert json.loads(json.dumps(images["share"]["low"])) == images["share"]["low"]
