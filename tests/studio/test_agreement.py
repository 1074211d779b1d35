"""Agreement: the published examples, and the textbook's own table of coincidences."""

import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.statistics import krippendorff_alpha, krippendorff_interval

NONE = math.nan
FOUR_OBSERVERS = [  # Krippendorff 2011, the example with missing data
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]


def by_the_book(ratings: NDArray[np.float64]) -> float:
    """The coincidence matrix pair by pair, then 1 - observed / expected disagreement."""
    coincidences: Counter[tuple[float, float]] = Counter()
    for unit in ratings.T:
        values = [value for value in unit.tolist() if not math.isnan(value)]
        for one, other in permutations(values, 2):
            coincidences[one, other] += 1 / (len(values) - 1)  # type: ignore[assignment]
    margins: Counter[float] = Counter()
    for (one, _), times in coincidences.items():
        margins[one] += times
    n = sum(margins.values())
    observed = sum(times for (one, other), times in coincidences.items() if one != other) / n
    expected = sum(margins[one] * margins[other] for one in margins for other in margins if one != other)
    return 1 - observed / (expected / (n * (n - 1)))


def random_ratings(seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    ratings = rng.integers(0, int(rng.integers(2, 6)), (int(rng.integers(2, 9)), int(rng.integers(3, 30)))).astype(
        float
    )
    ratings[1:] = np.where(rng.random(ratings[1:].shape) < 0.4, ratings[0], ratings[1:])
    ratings[rng.random(ratings.shape) < 0.25] = NONE
    return ratings


def test_two_observers_of_yes_and_no_as_published() -> None:
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

    assert krippendorff_alpha([meg, owen]) == pytest.approx(0.095, abs=5e-4)


def test_two_observers_of_five_names_as_published() -> None:
    ben, gerry = ([float(ord(name)) for name in names] for names in ("aabbdcccedda", "babbbccceddd"))

    assert krippendorff_alpha([ben, gerry]) == pytest.approx(0.692, abs=5e-4)


def test_four_observers_with_gaps_as_published() -> None:
    assert krippendorff_alpha(FOUR_OBSERVERS) == pytest.approx(0.743, abs=5e-4)


@pytest.mark.parametrize("seed", range(40))
def test_alpha_is_the_textbook_on_any_data(seed: int) -> None:
    ratings = random_ratings(seed)

    assert krippendorff_alpha(ratings) == pytest.approx(by_the_book(ratings), abs=1e-12)


def test_full_agreement_is_one_and_planned_disagreement_below_zero() -> None:
    assert krippendorff_alpha([[1, 2, 3], [1, 2, 3], [1, 2, 3]]) == 1
    assert krippendorff_alpha([[0, 1, 0, 1], [1, 0, 1, 0]]) < -0.5


def test_a_unit_with_one_answer_and_a_silent_reviewer_change_nothing() -> None:
    more = [[*row, NONE] for row in FOUR_OBSERVERS] + [[NONE] * 13]
    more[0][-1] = 4

    assert krippendorff_alpha(more) == krippendorff_alpha(FOUR_OBSERVERS)


@pytest.mark.parametrize(
    "ratings",
    [
        np.full((3, 4), NONE),
        np.zeros((0, 0)),
        [[1, 2, 3]],
        [[1, NONE], [NONE, 2]],
        [[1, 1], [1, 1]],
    ],
)
def test_alpha_is_undefined_without_two_answers_to_compare_or_two_kinds_of_them(ratings: list[list[float]]) -> None:
    assert math.isnan(krippendorff_alpha(ratings))
    assert all(math.isnan(end) for end in krippendorff_interval(ratings))


def test_one_unit_has_an_alpha_but_no_interval() -> None:
    one_unit = [[1.0], [2.0], [1.0]]

    assert not math.isnan(krippendorff_alpha(one_unit))
    assert all(math.isnan(end) for end in krippendorff_interval(one_unit))


def test_the_interval_is_alpha_over_units_drawn_again() -> None:
    ratings = random_ratings(3)
    pairable = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    units = pairable.shape[1]
    times = np.random.default_rng(7).multinomial(units, np.full(units, 1 / units), size=200)
    alphas = [by_the_book(np.repeat(pairable, drawn, axis=1)) for drawn in times]

    ends = krippendorff_interval(ratings, draws=200, seed=7, confidence=0.9)

    assert ends == pytest.approx(tuple(np.quantile(alphas, (0.05, 0.95))), abs=1e-12)


def test_the_interval_is_the_same_every_time_and_narrows_with_units() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 400)
    ratings = np.where(rng.random((5, 400)) < 0.8, truth, 1 - truth).astype(float)

    few, many = krippendorff_interval(ratings[:, :20]), krippendorff_interval(ratings)

    assert krippendorff_interval(ratings) == many
    assert many[1] - many[0] < few[1] - few[0]
    assert many[0] < krippendorff_alpha(ratings) < many[1]


def test_what_makes_no_sense_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="reviewer by unit"):
        krippendorff_alpha([1, 2, 3])
    with pytest.raises(ValueError, match="at least one draw"):
        krippendorff_interval(FOUR_OBSERVERS, draws=0)
    with pytest.raises(ValueError, match="confidence between 0 and 1"):
        krippendorff_interval(FOUR_OBSERVERS, confidence=95)
