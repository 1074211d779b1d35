"""Simulated reviewers: they vote as people do, are marked, and the statistics find the taste they were given."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.database import open_database
from studio.reviews.ballots import Review
from studio.reviews.desk import Reviews
from studio.reviews.panel import Panel, Taste
from studio.reviews.plan import Ends, Stop
from studio.reviews.results import of_review
from studio.reviews.verdict import Outcome, enough
from tests.studio.reviewing import SEED, a_plan


@pytest.fixture
def reviews(database_url: str) -> Iterator[Reviews]:
    engine = open_database(database_url)
    yield Reviews(engine, enough=enough)
    engine.dispose()


def _opened(reviews: Reviews, *, simulated: bool = True, votes: int = 1000) -> Review:
    plan = replace(a_plan(draws=8), simulated=simulated, stop=Stop(rule=Ends.VOTES, votes=votes))
    reviews.make("r1", plan, seed=SEED)
    return reviews.open("r1")


def test_a_panel_with_a_clear_taste_is_found_out_and_everything_says_simulated(reviews: Reviews) -> None:
    review = _opened(reviews, votes=80)
    assert Panel(taste=Taste(liking=(0.0, 2.5), luck=0.2)).vote(reviews, review, people=10) == 10

    found = of_review(reviews.get("r1"), reviews.ballots("r1"), reviews.reviewers("r1"))
    assert (found.finding.outcome, found.finding.winner, found.simulated) == (Outcome.WINNER, 1, True)
    assert all(reviewer.synthetic for reviewer in reviews.reviewers("r1"))
    assert reviews.turnout("r1").votes == 80


def test_a_panel_that_leans_to_the_left_is_balanced_by_the_sides(reviews: Reviews) -> None:
    review = _opened(reviews, votes=80)
    Panel(taste=Taste(left=3.0, luck=0.0, ties=0, bad=0)).vote(reviews, review, people=10)

    found = of_review(reviews.get("r1"), reviews.ballots("r1"), reviews.reviewers("r1"))
    assert found.finding.outcome is not Outcome.WINNER
    assert found.reliability.sides.p < 0.001


def test_a_panel_stops_when_the_review_closes(reviews: Reviews) -> None:
    review = _opened(reviews, votes=20)
    assert Panel(taste=Taste()).vote(reviews, review, people=10) < 10
    assert reviews.turnout("r1").votes == 20
    assert reviews.get("r1").is_closed


def test_simulated_reviewers_do_not_vote_on_real_images(reviews: Reviews) -> None:
    review = _opened(reviews, simulated=False)
    with pytest.raises(ValueError, match="simulated images only"):
        Panel(taste=Taste()).vote(reviews, review, people=1)
    with pytest.raises(ValueError, match="simulated images only"):
        reviews.join("r1", "a script", synthetic=True)
    assert reviews.reviewers("r1") == []
