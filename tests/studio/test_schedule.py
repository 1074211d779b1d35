"""Who sees what on which side: balanced, by lot, and the same on every rerun."""

from collections import Counter

import pytest

from studio.reviews.schedule import Item, Kind, schedule, token
from tests.studio.reviewing import SEED, a_plan

SHAPES = [(draws, arms, most) for draws in (1, 2, 5, 6, 12, 20) for arms in (2, 3, 4) for most in (3, 10, 24)]


def _pairs(items: tuple[Item, ...]) -> list[Item]:
    return [item for item in items if item.kind is Kind.PAIR]


def _first_is_left(item: Item) -> bool:
    return item.left.arm < item.right.arm


@pytest.mark.parametrize(("draws", "arms", "most"), SHAPES)
def test_every_reviewer_sees_the_first_arm_left_in_half_of_the_pairs_give_or_take_one(
    draws: int, arms: int, most: int
) -> None:
    plan = a_plan(draws=draws, arms=arms, per_reviewer=most, repeats=2)
    for ordinal in range(40):
        pairs = _pairs(schedule(plan, SEED, ordinal))
        left = sum(map(_first_is_left, pairs))
        assert len(pairs) == min(most, plan.pairs)
        assert abs(left - len(pairs) / 2) <= 1


@pytest.mark.parametrize(("draws", "arms", "most"), SHAPES)
def test_every_pair_is_shown_equally_often_and_half_of_the_time_each_way_round(
    draws: int, arms: int, most: int
) -> None:
    plan = a_plan(draws=draws, arms=arms, per_reviewer=most)
    shown: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for ordinal in range(41):
        for item in _pairs(schedule(plan, SEED, ordinal)):
            shown[item.key] += 1
            left[item.key] += _first_is_left(item)
    assert len(shown) == plan.pairs or 41 * most < plan.pairs
    assert max(shown.values()) - min(shown.values()) <= 1
    assert all(abs(left[key] - count / 2) <= 1 for key, count in shown.items())


def test_a_thousand_rooms_differ_and_none_favours_a_side() -> None:
    plan = a_plan(draws=6)
    orders = set()
    left_first = 0
    for room in range(1000):
        items = schedule(plan, f"room {room}", 0)
        orders.add(tuple(str(item) for item in items))
        left_first += _first_is_left(items[0])
        assert 2 <= sum(map(_first_is_left, items)) <= 4
    assert len(orders) > 900
    assert 430 < left_first < 570  # four standard errors


def test_nobody_is_shown_a_pair_twice_but_as_a_hidden_repeat_the_other_way_round() -> None:
    plan = a_plan(draws=10, repeats=3)
    for ordinal in range(20):
        items = schedule(plan, SEED, ordinal)
        pairs = {item.key: item for item in _pairs(items)}
        repeats = [item for item in items if item.kind is Kind.REPEAT]
        assert len(pairs) == 10
        assert len(repeats) == 3
        for repeat in repeats:
            first = pairs[repeat.key.replace("repeat", "pair")]
            assert (repeat.left, repeat.right) == (first.right, first.left)
            assert repeat.number - first.number >= 2


def test_a_control_pair_is_two_draws_of_one_arm_and_arms_take_turns() -> None:
    plan = a_plan(draws=4, controls=2)
    arms: Counter[int] = Counter()
    for ordinal in range(10):
        controls = [item for item in schedule(plan, SEED, ordinal) if item.kind is Kind.CONTROL]
        assert len(controls) == 2
        for item in controls:
            assert item.left.arm == item.right.arm
            assert item.left.draw != item.right.draw
            arms[item.left.arm] += 1
    assert arms == {0: 10, 1: 10}


def test_reviewers_see_the_pairs_in_different_orders_and_each_the_same_on_every_rerun() -> None:
    plan = a_plan(draws=12)
    orders = {tuple(item.key for item in schedule(plan, SEED, ordinal)) for ordinal in range(30)}
    assert len(orders) == 30
    assert schedule(plan, SEED, 7) == schedule(plan, SEED, 7)
    assert [item.number for item in schedule(plan, SEED, 7)] == list(range(1, 13))


def test_the_name_of_an_image_is_another_for_every_reviewer_place_and_side() -> None:
    names = {token(SEED, seat, number, side) for seat in "abc" for number in range(10) for side in ("left", "right")}
    assert len(names) == 60
    assert all(len(name) == 32 for name in names)
