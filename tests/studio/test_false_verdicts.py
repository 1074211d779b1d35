"""How often a verdict is wrong: equal prompts with lucky images, equal images, and a difference that is there."""

import math
import random
from collections.abc import Sequence

import pytest

from studio.reviews.ballots import Ballot
from studio.reviews.levels import Versus, settled, versus
from studio.reviews.plan import Plan, Question
from studio.reviews.tally import Said, Tally, Vote, tallies
from studio.reviews.verdict import Case, Finding, Outcome, conclude
from studio.statistics import anytime_p, sign_flip_test, sign_test
from tests.studio.panels import a_plan, cast_by, lucky


def simulated(pairs: int, reviewers: int, dice: random.Random, *, luck: float = 1.0) -> Tally:
    """Equal prompts; every pair leans by the luck of its images, in logits."""
    lean = [1 / (1 + math.exp(-dice.gauss(0, luck))) for _ in range(pairs)]
    turns = [draw for draw in range(pairs) for _ in range(reviewers)]
    dice.shuffle(turns)
    return Tally(
        first=0,
        second=1,
        votes=tuple(
            Vote(
                reviewer=0,
                draw=draw,
                said=Said.FIRST if dice.random() < lean[draw] else Said.SECOND,
                first_left=True,
                given=moment,
            )
            for moment, draw in enumerate(turns)
        ),
    )


@pytest.mark.parametrize(("pairs", "reviewers"), [(6, 10), (9, 10), (12, 5), (16, 4)])
def test_equal_prompts_are_called_different_in_at_most_one_of_twenty_reviews(pairs: int, reviewers: int) -> None:
    dice, reviews = random.Random(20261123), 2000
    once = anytime = pooled = 0
    for _ in range(reviews):
        tally = simulated(pairs, reviewers, dice)
        once += sign_flip_test([each.share - 0.5 for each in tally.shares]) <= 0.05
        anytime += anytime_p(settled(tally)) <= 0.05
        pooled += sign_test(tally.wins_first, tally.wins_second) <= 0.05

    assert once / reviews <= 0.05
    assert anytime / reviews <= 0.05
    assert pooled / reviews > 0.07  # 8 to 22 % in the study: lucky images deceive a test of votes


def verdict_on(plan: Plan, ballots: Sequence[Ballot], *, once: bool) -> Finding:
    duels = tuple(versus(plan, tally) for tally in tallies(plan, ballots, plan.main.kind))
    return concluded(plan, duels, once=once)


def concluded(plan: Plan, duels: tuple[Versus, ...], *, once: bool) -> Finding:
    return conclude(Case(plan=plan, question=plan.main.kind, versus=duels, once=once))


def test_looking_after_every_vote_is_what_the_simulation_counts() -> None:
    dice = random.Random(5)
    for _ in range(60):
        plan = a_plan(pairs=12)
        ballots = cast_by(plan, 5, lucky(plan, dice, shift=1.0), dice)
        (tally,) = tallies(plan, ballots, Question.PREFERENCE)
        looks = [Tally(first=0, second=1, votes=tally.votes[:count]) for count in range(len(tally.votes) + 1)]

        assert min(anytime_p(settled(look)) for look in looks) == anytime_p(settled(tally))


def test_a_panel_that_is_shown_the_same_prompt_twice_finds_a_winner_in_at_most_one_of_twenty_rooms() -> None:
    dice, rooms = random.Random(13), 500
    planned = watched = 0
    for room in range(rooms):
        plan = a_plan(pairs=9, same_prompt=True)
        ballots = cast_by(plan, 6, lucky(plan, dice), dice, seed=str(room))
        duels = tuple(versus(plan, tally) for tally in tallies(plan, ballots, Question.PREFERENCE))
        planned += concluded(plan, duels, once=True).outcome is Outcome.WINNER
        watched += concluded(plan, duels, once=False).outcome is Outcome.WINNER

    assert planned / rooms <= 0.05
    assert watched / rooms <= 0.05


def test_identical_images_have_a_winner_in_at_most_one_of_twenty_rooms() -> None:
    dice, rooms = random.Random(14), 500
    plan = a_plan(pairs=3, same_prompt=True)
    winners = 0
    for room in range(rooms):
        ballots = cast_by(plan, 10, lucky(plan, dice, sd=0.0), dice, seed=str(room))
        winners += verdict_on(plan, ballots, once=True).outcome is Outcome.WINNER

    assert winners / rooms <= 0.05


def test_a_clear_difference_between_prompts_is_found() -> None:
    dice, rooms = random.Random(15), 60
    found_it = 0
    for room in range(rooms):
        plan = a_plan(pairs=12)
        ballots = cast_by(plan, 8, lucky(plan, dice, shift=1.5), dice, seed=str(room))
        result = verdict_on(plan, ballots, once=True)
        found_it += result.outcome is Outcome.WINNER and result.winner == 0

    assert found_it / rooms >= 0.85  # 95 % in the study
