"""The demo set: the same each time, and nothing of what people made goes with it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine

from atlas import ImageRequest
from studio.curation import Curation
from studio.database import open_database
from studio.demo import Demo
from studio.experiments import Experiments
from studio.generations import SIMULATOR, Slot
from studio.images import ImageFiles
from studio.library import Item, Library
from studio.reviews import results
from studio.reviews.ballots import Ballot, Standing
from studio.reviews.desk import Reviews
from studio.reviews.discussion import Discussion
from studio.reviews.verdict import Outcome, enough
from studio.search import Search
from studio.store import Store

GIFT, REVIEW = "demogiftbag", "demoreview"


@dataclass(frozen=True, kw_only=True)
class House:
    database: Engine
    store: Store
    files: ImageFiles
    library: Library
    experiments: Experiments
    reviews: Reviews
    discussion: Discussion
    demo: Demo

    def votes(self) -> list[Ballot]:
        return [replace(ballot, given=0, changed=0) for ballot in self.reviews.ballots(REVIEW)]

    def shown(self) -> list[tuple[object, ...]]:
        """All images as people see them, oldest first, without their dates."""
        page = self.library.page(Search(), limit=500)
        seen: list[tuple[object, ...]] = [
            (item.id, item.generation.prompt, item.generation.pictures, _made_of(item)) for item in page.entries
        ]
        return sorted(seen, key=lambda one: str(one[0]))


def _made_of(item: Item) -> tuple[object, ...]:
    return tuple(getattr(item, name) for name in ("starred", "rating", "note", "folder", "tags"))


@pytest.fixture
def house(database_url: str, files: ImageFiles) -> Iterator[House]:
    database = open_database(database_url)
    store, library, reviews = Store(database), Library(database), Reviews(database, enough=enough)
    experiments, discussion = Experiments(database, store), Discussion(database)
    yield House(
        database=database,
        store=store,
        files=files,
        library=library,
        experiments=experiments,
        reviews=reviews,
        discussion=discussion,
        demo=Demo(database, files, library, experiments, reviews, discussion),
    )
    store.close()


def test_the_set_is_the_same_each_time_and_keeps_apart_what_people_made(house: House) -> None:
    began = time.process_time()
    house.demo.load()
    assert time.process_time() - began < 5  # of processor time, because a machine that runs tests is busy
    first, votes = house.shown(), house.votes()
    assert len(first) == 32
    assert len(votes) >= 96

    mine = house.store.add(ImageRequest(prompt="my own"), Slot(run="mine"), provider=SIMULATOR)
    curation = Curation(house.database)
    more = house.experiments.add_draws(house.experiments.get(GIFT), 1, provider=SIMULATOR)
    curation.add_folder("My folder")
    curation.rate([str(first[0][0])], 1)
    curation.tag([str(first[1][0])], "mine")
    curation.delete([str(first[2][0])])
    house.demo.load()

    theirs = {mine.id, *(one.id for row in house.experiments.rows(more)[8:] for one in row.generations if one)}
    assert [one for one in house.shown() if one[0] not in theirs] == first
    assert house.votes() == votes
    assert len(theirs) == 3
    assert house.experiments.get(GIFT).draws == 9

    house.demo.remove()
    assert not house.demo.is_loaded
    assert {one[0] for one in house.shown()} == theirs
    assert [folder.name for folder in curation.folders()] == ["My folder"]
    assert house.experiments.get(GIFT).draws == 9
    assert [experiment.id for experiment in house.experiments.listed()] == [GIFT]
    assert house.reviews.listed() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_review_of_the_set_has_a_winner_and_says_that_it_is_simulated(house: House) -> None:
    house.demo.load()
    review = house.reviews.get(REVIEW)
    found = results.of_review(review, house.reviews.ballots(REVIEW), house.reviews.reviewers(REVIEW))

    assert review.by_plan
    assert review.plan.simulated
    assert found.simulated
    assert (found.finding.outcome, found.finding.winner) == (Outcome.WINNER, 1)
    assert all(reviewer.synthetic for reviewer in house.reviews.reviewers(REVIEW))
    assert house.discussion.standings([review])[REVIEW] is Standing.APPROVED
    assert not house.experiments.get(GIFT).picked
    assert len(house.discussion.pins(REVIEW)) == 2
    assert all(one.provider == SIMULATOR for one in house.store.latest(limit=100))
