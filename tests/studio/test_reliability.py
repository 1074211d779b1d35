"""Sides, hidden repeats, control pairs, agreement, and who is looked at twice."""

import random

import pytest
from scipy import stats  # type: ignore[import-untyped]

from studio.reviews.ballots import Ballot, Choice
from studio.reviews.plan import Plan, Question
from studio.reviews.reliability import TOO_FEW_SAME, Oddity, Reliability, power_of_repeats, reliability
from studio.reviews.schedule import Face, Item, Kind
from tests.studio.panels import a_plan, a_vote, answered, cast_by, people, votes

A1, B1, A2, B2 = (Face(arm=arm, draw=draw) for draw in (1, 2) for arm in (0, 1))


def of(plan: Plan, ballots: list[Ballot], *, reviewers: int = 0) -> Reliability:
    return reliability(plan, ballots, people(reviewers or 1 + max(ballot.reviewer for ballot in ballots)))


def on_pair(draw: int, choice: Choice, *, kind: Kind = Kind.PAIR, swapped: bool = False) -> Ballot:
    left, right = Face(arm=0, draw=draw), Face(arm=1, draw=draw)
    shown = (right, left) if swapped else (left, right)
    return answered(Item(number=draw, kind=kind, left=shown[0], right=shown[1]), choice)


def repeated(same: int, count: int) -> list[Ballot]:
    """So many pairs of which the first is preferred, each with a repeat that says the same, or not."""
    return [
        ballot
        for draw in range(1, count + 1)
        for ballot in (
            on_pair(draw, Choice.LEFT if draw % 2 else Choice.TIE),
            on_pair(
                draw,
                (Choice.RIGHT if draw % 2 else Choice.TIE) if draw <= same else Choice.BAD,
                kind=Kind.REPEAT,
                swapped=True,
            ),
        )
    ]


# Sides


def test_the_left_share_counts_decided_answers_of_all_kinds() -> None:
    plan = a_plan(pairs=2)
    control = Item(number=3, kind=Kind.CONTROL, left=A1, right=A2)
    ballots = [
        on_pair(1, Choice.LEFT),
        on_pair(1, Choice.LEFT, kind=Kind.REPEAT, swapped=True),
        answered(control, Choice.RIGHT),
        on_pair(2, Choice.TIE),
    ]

    sides = of(plan, ballots).sides

    assert (sides.left.count, sides.left.n) == (2, 3)
    assert sides.p == pytest.approx(stats.binomtest(2, 3).pvalue)


def test_the_side_bias_of_each_reviewer_stands_beside_that_of_all() -> None:
    ballots = [a_vote("F", reviewer=0, draw=draw) for draw in range(1, 9)]
    ballots += [a_vote("S", reviewer=1, draw=draw) for draw in range(1, 9)]

    found = of(a_plan(pairs=8), ballots)

    assert [each.sides.left.count for each in found.reviewers] == [8, 0]
    assert found.sides.left.value == 0.5


def test_other_questions_do_not_count_twice() -> None:
    ballots = [a_vote("F"), a_vote("F", question=Question.BRIEF)]

    assert of(a_plan(questions=(Question.PREFERENCE, Question.BRIEF)), ballots).sides.left.n == 1


# Repeats and controls


def test_a_repeat_agrees_when_the_same_image_is_chosen_on_the_other_side_or_the_same_is_said_of_both() -> None:
    repeats = of(a_plan(pairs=5), repeated(3, 5)).repeats

    assert (repeats.same.count, repeats.same.n) == (3, 5)


def test_choosing_the_same_side_twice_is_not_the_same_answer() -> None:
    ballots = [on_pair(1, Choice.LEFT), on_pair(1, Choice.LEFT, kind=Kind.REPEAT, swapped=True)]

    assert of(a_plan(), ballots).repeats.same.count == 0


def test_a_repeat_without_its_first_answer_and_of_somebody_else_counts_for_nothing() -> None:
    other = answered(Item(number=9, kind=Kind.PAIR, left=A2, right=B2), Choice.LEFT, reviewer=1)

    ballots = [on_pair(1, Choice.LEFT), on_pair(2, Choice.LEFT, kind=Kind.REPEAT), other]

    assert of(a_plan(pairs=2), ballots).repeats.same.n == 0


def test_control_pairs_say_how_often_one_of_two_equals_is_preferred() -> None:
    control = Item(number=1, kind=Kind.CONTROL, left=A1, right=A2)
    ballots = [answered(control, choice, reviewer=n) for n, choice in enumerate(Choice)]

    controls = of(a_plan(pairs=2, controls=1), ballots).controls

    assert (controls.decided.count, controls.decided.n) == (2, 4)
    assert (controls.left.count, controls.left.n) == (1, 2)


# Agreement


def test_agreement_is_full_none_or_undefined() -> None:
    plan = a_plan(pairs=4)

    full = of(plan, votes({1: "FFF", 2: "SSS", 3: "TTT", 4: "FFF"})).agreement
    split = of(plan, votes({1: "FS", 2: "SF", 3: "FS", 4: "SF"})).agreement
    undefined = of(plan, votes({1: "FFF"})).agreement

    assert (full.alpha, full.high) == (1.0, 1.0)
    assert split.alpha == pytest.approx(1 - (8 - 1) * 8 / (8**2 - 2 * 4**2))
    assert (undefined.alpha, undefined.low, undefined.high) == (None, None, None)


# Flags


@pytest.mark.parametrize(("same", "count", "odd"), [(2, 5, True), (3, 5, False), (6, 10, True), (7, 10, False)])
def test_too_few_equal_answers_to_repeats_are_flagged(same: int, count: int, odd: bool) -> None:
    flags = of(a_plan(pairs=count, repeats=count), repeated(same, count)).flags

    assert [flag.oddity for flag in flags] == [Oddity.REPEATS] * odd
    if odd:
        assert flags[0].sentence == f"R1 gave the same answer to only {same} of {count} hidden repeats."


@pytest.mark.parametrize("count", range(1, 11))
def test_somebody_85_per_cent_sure_is_flagged_in_at_most_one_of_twenty_reviews(count: int) -> None:
    most = TOO_FEW_SAME.get(count, -1)

    assert stats.binom.cdf(most, count, 0.85) <= 0.05
    assert count < 5 or stats.binom.cdf(most + 1, count, 0.85) > 0.05


def test_a_random_clicker_is_caught_half_of_the_time_by_5_repeats_and_in_83_per_cent_by_10() -> None:
    assert power_of_repeats(4) is None
    assert power_of_repeats(5) == stats.binom.cdf(2, 5, 0.5) == 0.5
    assert power_of_repeats(10) == pytest.approx(stats.binom.cdf(6, 10, 0.5)) == 0.828125


@pytest.mark.parametrize(
    ("repeats", "words"),
    [(1, "at least one hidden repeat: too few to call anybody careless"), (5, "in 50 % of"), (10, "in 83 % of")],
)
def test_the_panel_states_what_its_repeats_can_catch(repeats: int, words: str) -> None:
    assert words in of(a_plan(pairs=10, repeats=repeats), repeated(repeats, repeats)).repeats_words


def test_the_panel_does_not_claim_repeats_that_were_not_shown() -> None:
    dice = random.Random(1)
    plan = a_plan(pairs=20, repeats=10)  # the schedule repeats pairs of the first half, so there is room for nine

    ballots = cast_by(plan, 3, lambda *_: Choice.TIE, dice)

    assert "at least nine hidden repeats: that many catch" in of(plan, ballots).repeats_words
    assert "in 75 % of cases" in of(plan, ballots).repeats_words


def test_the_panel_says_when_there_are_no_repeats() -> None:
    assert "No hidden repeats were planned" in of(a_plan(repeats=0), votes("F")).repeats_words
    assert "Hardly any" in of(a_plan(repeats=5), votes("F")).repeats_words


def test_the_left_side_is_flagged_from_twelve_answers_on() -> None:
    def lefts(count: int, rights: int = 0) -> list[Oddity]:
        ballots = [
            on_pair(draw, Choice.LEFT if draw <= count else Choice.RIGHT) for draw in range(1, count + rights + 1)
        ]
        return [flag.oddity for flag in of(a_plan(pairs=20), ballots).flags]

    assert lefts(12) == [Oddity.SIDE]
    assert lefts(11) == []
    assert lefts(17, 3) == [Oddity.SIDE]  # p = 0.0026
    assert lefts(16, 4) == []  # p = 0.012


def test_the_right_side_is_flagged_as_well() -> None:
    ballots = [on_pair(draw, Choice.RIGHT) for draw in range(1, 13)]

    (flag,) = of(a_plan(pairs=12), ballots).flags

    assert flag.sentence == "R1 chose the left image in 0 of 12 answers (p < 0.001)."


@pytest.mark.parametrize(("seconds", "odd"), [(1.4, True), (1.5, False), (None, False)])
def test_haste_is_flagged(seconds: float | None, odd: bool) -> None:
    ballots = [a_vote("FS"[draw % 2], draw=draw, seconds=seconds) for draw in range(1, 6)]

    assert [flag.oddity for flag in of(a_plan(pairs=5), ballots).flags] == [Oddity.HASTE] * odd


def test_calling_everything_a_tie_is_flagged() -> None:
    assert of(a_plan(pairs=6), votes(dict.fromkeys(range(1, 7), "T"))).flags[0].oddity is Oddity.TIES
    assert not of(a_plan(pairs=6), votes(dict.fromkeys(range(1, 6), "T") | {6: "F"})).flags
    assert not of(a_plan(pairs=6), votes(dict.fromkeys(range(1, 5), "T"))).flags


def test_somebody_who_never_voted_is_listed_and_not_flagged() -> None:
    found = of(a_plan(), votes("F"), reviewers=2)

    assert [(each.label, each.answers, each.seconds) for each in found.reviewers] == [("R1", 1, 5.0), ("R2", 0, None)]
    assert found.flagged == ()


# How often people are flagged


def flagged(plan: Plan, person: str, *, runs: int) -> float:
    """The part of runs in which one reviewer of this kind is flagged."""
    dice = random.Random(f"{person} {plan.repeats}")
    hits = 0
    for run in range(runs):
        first: dict[frozenset[Face], Face] = {}

        def judge(_ordinal: int, item: Item, rng: random.Random) -> Choice:
            faces = frozenset((item.left, item.right))
            known = first.get(faces)  # noqa: B023
            if person == "left":
                return Choice.LEFT
            if person == "honest" and known is not None and rng.random() < 0.85:
                return Choice.LEFT if known == item.left else Choice.RIGHT
            if person == "honest" and known is not None:
                return Choice.RIGHT if known == item.left else Choice.LEFT
            choice = rng.choice((Choice.LEFT, Choice.RIGHT))
            first.setdefault(faces, item.face(choice))  # noqa: B023
            return choice

        hits += bool(of(plan, cast_by(plan, 1, judge, dice, seed=str(run)), reviewers=1).flags)
    return hits / runs


def test_a_left_clicker_is_flagged_in_at_least_95_per_cent_of_reviews() -> None:
    assert flagged(a_plan(pairs=20, repeats=0), "left", runs=200) >= 0.95


def test_an_honest_reviewer_is_flagged_in_at_most_5_per_cent_of_reviews() -> None:
    assert flagged(a_plan(pairs=20, repeats=5), "honest", runs=200) <= 0.05


@pytest.mark.parametrize(("pairs", "repeats"), [(20, 5), (20, 10), (24, 10)])
def test_a_random_clicker_is_flagged_about_as_often_as_stated(pairs: int, repeats: int) -> None:
    shown = min(repeats, pairs // 2 - 1)
    power = power_of_repeats(shown)

    rate = flagged(a_plan(pairs=pairs, repeats=repeats), "random", runs=400)

    assert power == pytest.approx({5: 0.5, 9: 0.746, 10: 0.828}[shown], abs=0.001)
    assert rate == pytest.approx(power, abs=0.06)
