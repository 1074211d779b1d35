"""What the numbers of a verdict must be whatever was voted: symmetric, monotone, in range, and indifferent to names."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio import power, statistics
from studio.binomial import LowerTail, probabilities
from tests.properties.trying import tries

votes = st.integers(0, 400)
few = st.integers(0, 60)
shares = st.floats(0.01, 0.99)
margins = st.floats(0.01, 0.49)
outcomes = st.lists(st.booleans(), max_size=60)
differences = st.lists(st.integers(-4, 4).map(lambda number: number / 4), max_size=12)
tables = st.integers(2, 4).flatmap(
    lambda arms: st.lists(st.lists(st.integers(0, 30), min_size=arms, max_size=arms), min_size=arms, max_size=arms)
)
ratings = st.integers(1, 6).flatmap(
    lambda units: st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, math.nan]), min_size=units, max_size=units), min_size=1, max_size=5
    )
)


@tries(120)
@given(votes, votes, margins)
def test_swapping_the_arms_mirrors_every_number_of_pooled_votes(a: int, b: int, margin: float) -> None:
    low, high = statistics.wilson_interval(a, a + b)

    assert statistics.sign_test(a, b) == pytest.approx(statistics.sign_test(b, a))
    assert statistics.sign_test(a, b) == pytest.approx(statistics.binomial_test(a, a + b))
    assert statistics.e_value(a, b) == pytest.approx(statistics.e_value(b, a))
    assert statistics.posterior_preference(a, b) == pytest.approx(1 - statistics.posterior_preference(b, a))
    assert statistics.wilson_interval(b, a + b) == pytest.approx((1 - high, 1 - low))
    assert statistics.practically_equal(a, b, margin) is statistics.practically_equal(b, a, margin)


@tries(120)
@given(votes, votes, margins)
def test_every_chance_is_from_0_to_1_and_grows_or_falls_with_a_vote(a: int, b: int, margin: float) -> None:
    p, lean, worse = (
        statistics.sign_test(a, b),
        statistics.posterior_preference(a, b),
        statistics.non_inferiority(a, b, margin),
    )

    assert 0 <= p <= 1
    assert 0 <= lean <= 1
    assert 0 <= worse <= 1
    assert statistics.posterior_preference(a + 1, b) >= lean - 1e-12
    assert statistics.non_inferiority(a + 1, b, margin) <= worse + 1e-12
    assert statistics.non_inferiority(a, b, min(0.495, margin + 0.005)) <= worse + 1e-12
    assert a < b or statistics.sign_test(a + 1, b) <= p + 1e-12


@tries(120)
@given(votes, votes, st.integers(2, 5), st.floats(0.5, 0.99))
def test_an_interval_holds_its_share_and_shrinks_with_votes_and_doubt(a: int, b: int, times: int, sure: float) -> None:
    assume(a + b)
    low, high = statistics.wilson_interval(a, a + b, confidence=sure)
    closer = statistics.wilson_interval(a * times, (a + b) * times, confidence=sure)
    wider = statistics.wilson_interval(a, a + b, confidence=(1 + sure) / 2)

    assert 0 <= low <= a / (a + b) <= high <= 1
    assert closer[1] - closer[0] < high - low
    assert wider[0] <= low + 1e-12
    assert high <= wider[1] + 1e-12


@tries(60)
@given(outcomes, outcomes)
def test_evidence_grows_vote_by_vote_and_its_p_never_rises(first: list[bool], rest: list[bool]) -> None:
    path = statistics.e_path([*first, *rest])
    mirrored = statistics.e_path([not vote for vote in [*first, *rest]])
    steps = np.diff(np.log(np.concatenate([[1.0], path])))

    assert path == pytest.approx(mirrored)
    assert all(path[: len(first)] == statistics.e_path(first))
    assert [statistics.e_value(sum(outcome[:n]), n - sum(outcome[:n])) for outcome, n in _prefixes(first + rest)] == (
        pytest.approx(list(path))
    )
    assert (steps <= math.log(2) + 1e-9).all()
    assert 0 < statistics.anytime_p([*first, *rest]) <= statistics.anytime_p(first) <= 1


def _prefixes(outcome: list[bool]) -> list[tuple[list[bool], int]]:
    return [(outcome, n) for n in range(1, len(outcome) + 1)]


@tries(120)
@given(few)
def test_an_e_value_is_worth_one_on_average_where_both_are_liked_equally(n: int) -> None:
    expected = sum(chance * statistics.e_value(a, n - a) for a, chance in enumerate(probabilities(n, 0.5)))

    assert expected == pytest.approx(1)


@tries(120)
@given(differences)
def test_pairs_say_the_same_in_any_order_and_with_all_signs_turned(pairs: list[float]) -> None:
    shuffled = sorted(pairs)
    p = statistics.sign_flip_test(pairs)

    assert 0 < p <= 1
    assert p == pytest.approx(statistics.sign_flip_test(shuffled))
    assert p == pytest.approx(statistics.sign_flip_test([-pair for pair in pairs]))
    assert p == pytest.approx(statistics.sign_flip_test([*pairs, 0.0])), "a tie says nothing"
    assert p == pytest.approx(float(statistics.sign_flip_tests([pairs, shuffled])[1]))
    assert p >= min(1.0, 2.0 ** (1 - len(pairs)))


@tries(120)
@given(st.lists(st.floats(0, 1), max_size=12), st.integers(0, 11))
def test_a_correction_for_many_questions_never_helps_and_keeps_the_order(values: list[float], place: int) -> None:
    corrected = statistics.holm(values)

    assert all(before <= after <= 1 for before, after in zip(values, corrected, strict=True))
    ranked = [after for _, after in sorted(zip(values, corrected, strict=True))]
    assert ranked == sorted(ranked)
    if values:
        turned = values[place % len(values) :] + values[: place % len(values)]
        assert sorted(statistics.holm(turned)) == pytest.approx(sorted(corrected))


@tries(100)
@given(tables, st.permutations(range(4)))
def test_strengths_follow_their_arms_when_these_are_renamed(table: list[list[int]], order: list[int]) -> None:
    wins = np.array(table, dtype=float)
    names = [name for name in order if name < len(wins)]
    strengths = statistics.bradley_terry(wins)

    assert np.isfinite(strengths).all()
    assert abs(strengths.mean()) < 1e-9
    assert statistics.bradley_terry(wins[np.ix_(names, names)]) == pytest.approx(strengths[names], abs=1e-6)
    assert statistics.bradley_terry(wins.T) == pytest.approx(-strengths, abs=1e-6)
    more = wins.copy()
    more[0, 1] += 5
    stronger = statistics.bradley_terry(more)
    assert stronger[0] - stronger[1] > strengths[0] - strengths[1]


@tries(100)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_a_favour_for_a_side_is_told_from_a_preference(cast: list[tuple[bool, bool]]) -> None:
    left, won = [a_left for a_left, _ in cast], [a_won for _, a_won in cast]
    found = statistics.side_effect(left, won)
    other = statistics.side_effect([not each for each in left], [not each for each in won])

    assert math.isfinite(found.preference)
    assert found.preference_error > 0
    assert 0 <= found.share <= 1
    assert (other.preference, other.side) == pytest.approx((-found.preference, found.side), abs=1e-6)


@tries(100)
@given(ratings, st.permutations(range(3)))
def test_agreement_does_not_care_for_names_or_seats(table: list[list[float]], names: list[int]) -> None:
    alpha = statistics.krippendorff_alpha(table)
    renamed = [[each if math.isnan(each) else float(names[int(each)]) for each in row] for row in table]

    assert math.isnan(alpha) or alpha <= 1 + 1e-12
    assert statistics.krippendorff_alpha(renamed) == pytest.approx(alpha, nan_ok=True)
    assert statistics.krippendorff_alpha(table[::-1]) == pytest.approx(alpha, nan_ok=True)
    alone = [[*row, 1.0 if seat == 0 else math.nan] for seat, row in enumerate(table)]
    assert statistics.krippendorff_alpha(alone) == pytest.approx(alpha, nan_ok=True), "one answer says nothing"


@tries(120)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0, 2), st.floats(0, 2)), min_size=1, max_size=6))
def test_a_stronger_arm_never_ranks_behind_a_weaker_one(arms: list[tuple[float, float, float]]) -> None:
    strengths = [strength for strength, _, _ in arms]
    ranks = statistics.shared_ranks([s - down for s, down, _ in arms], [s + up for s, _, up in arms], strengths)

    assert min(ranks) == 1
    assert all(
        ranks[one] <= ranks[other]
        for one in range(len(arms))
        for other in range(len(arms))
        if strengths[one] >= strengths[other] and arms[one][2] == arms[other][2]
    )


@tries(30)
@given(st.floats(0.55, 0.95), st.floats(0.5, 0.9))
def test_a_weaker_preference_or_a_surer_test_needs_more_votes(share: float, chance: float) -> None:
    needed = power.votes_needed(share, power=chance)

    assert power.votes_needed(1 - share, power=chance) == needed
    assert power.votes_needed(max(0.54, share - 0.03), power=chance) >= needed
    assert power.votes_needed(share, power=min(0.95, chance + 0.05)) >= needed
    assert power.votes_needed(share, power=chance, alpha=0.01) >= needed


@tries(100)
@given(st.integers(6, 300), st.integers(1, 300))
def test_more_votes_see_weaker_preferences(votes_cast: int, more: int) -> None:
    seen, finer = (power.smallest_share(n, step=0) for n in (votes_cast, votes_cast * (1 + more)))

    assert seen is not None
    assert finer is not None
    assert 0.5 < finer <= seen <= 1


@tries(100)
@given(st.integers(1, 80), shares, st.data())
def test_a_tail_that_is_carried_along_is_the_sum_it_stands_for(n: int, p: float, data: st.DataObject) -> None:
    most = data.draw(st.integers(0, n - 1))
    tail = LowerTail(p)
    for _ in range(n):
        tail.throw()
    for _ in range(most + 1):
        tail.widen()

    chances = probabilities(n, p)
    assert chances.sum() == pytest.approx(1)
    assert tail.total == pytest.approx(chances[: most + 1].sum(), abs=1e-9)
    assert chances == pytest.approx(probabilities(n, 1 - p)[::-1], abs=1e-12)
