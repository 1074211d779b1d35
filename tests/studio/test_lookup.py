"""A submit whose answer was lost is found again at the provider, or a person decides; it is never sent twice."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from atlas import AtlasClient
from atlas.models import ImageRequest
from atlas.simulator import Simulator
from studio import lookup
from studio.engine import Engine
from studio.generations import Generation, Slot, State
from studio.store import Store
from tests.conftest import SMALL
from tests.studio.conftest import PROVIDER, EngineMaker, settled, until

SUBMIT = "/api/v1/model/generateImage"
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def order(engine: Engine, number: int = 1, request: ImageRequest = SMALL) -> Generation:
    return engine.submit(request, key=Slot(run="run", number=number).key, estimate=Decimal("0.02"))


def lost(engine: Engine, simulator: Simulator, number: int = 1) -> Generation:
    """One of which nothing is known and nothing is listed."""
    simulator.fault("submit", "reset-before-accept")
    ended = settled(engine, order(engine, number))
    assert ended.state is State.UNKNOWN
    return ended


def test_an_accepted_submit_whose_answer_was_lost_becomes_its_image(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("submit", "reset-after-accept")

    ended = settled(engine, order(engine))

    assert (ended.state, ended.problem) == (State.COMPLETED, "")
    assert simulator.count("POST", SUBMIT) == 1


@on_one_database
@pytest.mark.parametrize("fault", ["reset-after-accept", "no-id", "cut-body"])
def test_what_the_list_says_decides_whatever_the_answer_was(
    engine: Engine, simulator: Simulator, client: AtlasClient, fault: str
) -> None:
    simulator.fault("submit", fault)

    ended = settled(engine, order(engine))

    listed = client.history().runs
    assert ended.state is (State.COMPLETED if listed else State.UNKNOWN)
    assert {ended.prediction_id} - {None} == {run.id for run in listed}
    assert simulator.count("POST", SUBMIT) == 1


def test_equal_submits_lost_together_each_get_one_of_the_images(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("submit", "reset-after-accept", times=3)

    ended = [settled(engine, generation) for generation in [order(engine, number) for number in (1, 2, 3)]]

    assert {generation.state for generation in ended} == {State.COMPLETED}
    assert len({generation.prediction_id for generation in ended}) == 3
    assert simulator.count("POST", SUBMIT) == 3


def test_one_that_was_never_accepted_takes_nobody_elses_image(engine: Engine, simulator: Simulator) -> None:
    made = settled(engine, order(engine, 1))

    gone = lost(engine, simulator, 2)

    assert gone.prediction_id is None
    assert made.prediction_id is not None
    assert "does not show it, so very probably it was not made" in gone.problem


@on_one_database
def test_a_job_of_another_program_with_the_same_words_is_not_taken_when_there_are_more_than_were_lost(
    engine: Engine, simulator: Simulator, client: AtlasClient
) -> None:
    client.submit(SMALL)
    simulator.fault("submit", "reset-after-accept")

    ended = settled(engine, order(engine))

    assert ended.state is State.UNKNOWN
    assert "lists 2 requests that could be this one" in ended.problem
    assert len(engine.sighting(ended).runs) == 2


@on_one_database
@pytest.mark.parametrize(
    "other",
    [
        replace(SMALL, prompt="a blue bicycle"),
        replace(SMALL, parameters={**SMALL.parameters, "size": "512*512"}),
        replace(SMALL, model="black-forest-labs/flux-dev"),
    ],
    ids=["other words", "other size", "other model"],
)
def test_a_job_that_asked_for_something_else_is_not_taken(
    engine: Engine, simulator: Simulator, client: AtlasClient, other: ImageRequest
) -> None:
    client.submit(other)

    ended = lost(engine, simulator)

    assert engine.sighting(ended).runs == ()


@on_one_database
def test_an_old_job_with_the_same_words_is_not_taken(store: Store, client: AtlasClient) -> None:
    client.submit(SMALL)
    recent = store.add(SMALL, Slot(run="run"), provider=PROVIDER)
    hour_ms = 3_600_000
    later = replace(recent, submitted=time.time_ns() // 1_000_000 + hour_ms)
    earlier = replace(recent, submitted=time.time_ns() // 1_000_000 - hour_ms)

    assert [len(lookup.look(moved, store=store, client=client).runs) for moved in (recent, later, earlier)] == [1, 0, 0]


@on_one_database
def test_pages_are_turned_until_the_time_of_the_submit(store: Store, client: AtlasClient) -> None:
    wanted = client.submit(SMALL)
    for number in range(60):
        client.submit(replace(SMALL, prompt=f"number {number}"))
    generation = store.add(SMALL, Slot(run="run"), provider=PROVIDER)

    assert [run.id for run in lookup.look(generation, store=store, client=client).runs] == [wanted.id]


@on_one_database
def test_nothing_is_taken_while_an_equal_submit_waits_for_its_answer(
    start_engine: EngineMaker, simulator: Simulator
) -> None:
    simulator.fault("submit", "slow", seconds=1.2)
    engine = start_engine(look_up_s=0.6)
    slow = order(engine, 1)
    until(lambda: simulator.count("POST", SUBMIT) == 1)

    gone = lost(engine, simulator, 2)

    assert gone.prediction_id is None, "the job that is listed belongs to the slow one"
    assert settled(engine, slow).state is State.COMPLETED


def test_a_late_answer_wins_over_the_search(start_engine: EngineMaker, simulator: Simulator) -> None:
    simulator.fault("history", "500", times=50)
    simulator.fault("submit", "slow", seconds=1.5)
    slow = start_engine(lease_s=0.2)
    generation = order(slow)
    until(lambda: simulator.count("POST", SUBMIT) == 1)

    other = start_engine(look_up_s=5)

    assert settled(other, generation).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


@on_one_database
@pytest.mark.parametrize("fault", ["500", "401", "malformed-json"])
def test_a_list_that_cannot_be_read_leaves_it_to_the_person(engine: Engine, simulator: Simulator, fault: str) -> None:
    simulator.fault("history", fault, times=50)
    simulator.fault("submit", "reset-after-accept")

    ended = settled(engine, order(engine))

    assert ended.state is State.UNKNOWN
    assert "list of your requests cannot be read" in ended.problem


@on_one_database
def test_a_list_that_answers_in_the_end_is_enough(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("history", "500", times=2)
    simulator.fault("submit", "reset-after-accept")

    assert settled(engine, order(engine)).state is State.COMPLETED


def test_a_person_links_it_and_the_image_arrives(engine: Engine, simulator: Simulator, client: AtlasClient) -> None:
    gone = lost(engine, simulator)
    found = client.submit(SMALL)

    linked = engine.link(gone, found.id)

    assert linked.prediction_id == found.id
    assert settled(engine, gone).state is State.COMPLETED


def test_what_belongs_to_another_image_cannot_be_linked(engine: Engine, simulator: Simulator) -> None:
    made = settled(engine, order(engine, 1))
    gone = lost(engine, simulator, 2)

    with pytest.raises(ValueError, match="Another image here"):
        engine.link(gone, made.prediction_id or "")

    assert engine.prediction(gone.id) == gone


@on_one_database
@pytest.mark.parametrize("number", ["mistyped", "../../x", "", "no number at all"])
def test_a_number_that_the_provider_does_not_know_is_refused_and_changes_nothing(
    engine: Engine, simulator: Simulator, number: str
) -> None:
    gone = lost(engine, simulator)

    with pytest.raises(ValueError, match="Copy it from your Atlas Cloud console"):
        engine.link(gone, number)

    assert engine.prediction(gone.id) == gone


def test_a_person_says_it_was_not_charged_and_may_retry(engine: Engine, simulator: Simulator) -> None:
    gone = lost(engine, simulator)

    closed = engine.not_charged(gone)

    assert closed.state is State.FAILED
    assert "Press Retry" in closed.problem
    assert settled(engine, engine.retry(closed)).state is State.COMPLETED


def test_only_what_is_lost_can_be_written_off(engine: Engine) -> None:
    made = settled(engine, order(engine))

    assert engine.not_charged(made) == made


@on_one_database
def test_what_is_written_off_is_free_in_the_budget(
    start_engine: EngineMaker, store: Store, simulator: Simulator
) -> None:
    engine = start_engine()
    gone = lost(engine, simulator)
    assert store.budget(cap=None).spent == Decimal("0.02")

    engine.not_charged(gone)

    assert store.budget(cap=None).spent == 0
