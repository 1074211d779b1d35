"""Experiments on both databases: interleaved, paired by draw, attributed by what was made."""

from collections.abc import Iterator

import pytest

from atlas import ImageRequest
from atlas.simulator import Simulator
from studio.database import open_database
from studio.engine import Engine
from studio.experiments import Experiments
from studio.generations import Generation, Picture, Slot, State
from studio.store import UPLOADED, Store
from tests.conftest import SMALL
from tests.studio.conftest import PROVIDER, settled

RED = ImageRequest(prompt="a red cup", model=SMALL.model, parameters=SMALL.parameters)
BLUE = ImageRequest(prompt="a blue cup", model=SMALL.model, parameters=SMALL.parameters)
PICTURE = Picture(sha256="ab" * 32, format="png", width=10, height=10, bytes=100)


@pytest.fixture
def experiments(database_url: str, store: Store) -> Iterator[Experiments]:
    engine = open_database(database_url)
    yield Experiments(engine, store)
    engine.dispose()


def test_an_experiment_is_stored_with_its_arms_and_all_draws_queued(experiments: Experiments, store: Store) -> None:
    experiment = experiments.start("e1", "Cups", [RED, BLUE], draws=3, provider=PROVIDER)

    assert experiment.arms == (RED, BLUE)
    assert (experiment.name, experiment.draws, experiment.labels) == ("Cups", 3, ("A", "B"))
    assert store.count() == 6


def test_the_draws_of_all_arms_go_out_interleaved(experiments: Experiments, store: Store) -> None:
    experiments.start("e1", "Cups", [RED, BLUE], draws=3, provider=PROVIDER)

    claimed = []
    while generation := store.claim("me", provider=PROVIDER, lease_s=60, max_in_flight=100):
        claimed.append((generation.prompt, generation.slot.number))

    assert claimed == [(prompt, number) for number in (1, 2, 3) for prompt in (RED.prompt, BLUE.prompt)]


def test_the_same_experiment_twice_is_one(experiments: Experiments, store: Store) -> None:
    for _ in range(2):
        experiments.start("e1", "Cups", [RED, BLUE], draws=2, provider=PROVIDER)

    assert len(experiments.listed()) == 1
    assert store.count() == 4


def test_each_image_stands_under_the_prompt_it_was_made_for(experiments: Experiments) -> None:
    experiment = experiments.start("e1", "Cups", [RED, BLUE], draws=2, provider=PROVIDER)

    for row in experiments.rows(experiment):
        assert [generation.prompt for generation in filled(row.generations)] == [RED.prompt, BLUE.prompt]
        assert [generation.slot.number for generation in filled(row.generations)] == [row.number] * 2


def test_one_arm_that_fails_leaves_the_other_intact_and_a_retry_takes_its_place(
    experiments: Experiments, engine: Engine, simulator: Simulator
) -> None:
    simulator.fault("task", "failed", matching="red")
    experiment = experiments.start("e1", "Cups", [RED, BLUE], draws=1, provider=PROVIDER)
    red, blue = filled(experiments.rows(experiment)[0].generations)
    assert [settled(engine, red).state, settled(engine, blue).state] == [State.FAILED, State.COMPLETED]

    settled(engine, engine.retry(settled(engine, red)))

    again, same = filled(experiments.rows(experiment)[0].generations)
    assert (again.state, again.prompt) == (State.COMPLETED, RED.prompt)
    assert same.id == blue.id


def test_draws_can_be_added_later_and_are_numbered_on(experiments: Experiments, store: Store) -> None:
    experiment = experiments.start("e1", "Cups", [RED, BLUE], draws=2, provider=PROVIDER)

    longer = experiments.add_draws(experiment, 2, provider=PROVIDER)

    assert longer.draws == 4
    assert store.count() == 8
    assert [row.number for row in experiments.rows(longer)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("requests", "draws", "says"),
    [
        ([RED], 1, "two to 4 arms"),
        ([RED] * 5, 1, "two to 4 arms"),
        ([RED, BLUE], 0, "one to 20"),
        ([RED, BLUE], 21, "one to 20"),
        ([RED, ImageRequest(prompt=" ")], 1, "B: The prompt is empty"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_queued(
    experiments: Experiments, store: Store, requests: list[ImageRequest], draws: int, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        experiments.start("e1", "x", requests, draws=draws, provider=PROVIDER)

    assert store.count() == 0
    assert experiments.listed() == []


def test_any_two_images_make_a_picked_experiment(experiments: Experiments, store: Store) -> None:
    mine = store.add_picture("mine.png", PICTURE, Slot(run="upload-1"))
    other = store.add(BLUE, Slot(run="other"), provider=PROVIDER)

    experiment = experiments.of_images("e1", "Two of mine", [[mine], [other]])

    assert experiment.picked
    assert [generation.id for generation in filled(experiments.rows(experiment)[0].generations)] == [mine.id, other.id]
    with pytest.raises(ValueError, match="picked by hand"):
        experiments.add_draws(experiment, 1, provider=PROVIDER)


def test_an_uploaded_image_is_complete_and_never_submitted(store: Store) -> None:
    uploaded = store.add_picture("mine.png", PICTURE, Slot(run="upload-1"))

    assert (uploaded.state, uploaded.provider, uploaded.pictures) == (State.COMPLETED, UPLOADED, (PICTURE,))
    assert store.claim("me", provider=UPLOADED, lease_s=60, max_in_flight=4) is None


def test_deleted_is_out_of_the_list_and_undo_brings_it_back(experiments: Experiments, store: Store) -> None:
    experiments.start("e1", "Cups", [RED, BLUE], draws=1, provider=PROVIDER)

    experiments.delete("e1")
    assert experiments.listed() == []
    assert store.count() == 2

    experiments.restore("e1")
    assert [experiment.id for experiment in experiments.listed()] == ["e1"]


def test_a_name_is_cleaned_cut_and_never_empty(experiments: Experiments) -> None:
    experiments.start("e1", "  a\x00\n name ", [RED, BLUE], draws=1, provider=PROVIDER)
    assert experiments.get("e1").name == "a name"

    experiments.rename("e1", "x" * 500)
    assert experiments.get("e1").name == "x" * 120
    experiments.rename("e1", " ")
    assert experiments.get("e1").name == "Comparison"


def test_nobody_is_asked_for_by_an_unknown_id(experiments: Experiments) -> None:
    with pytest.raises(KeyError):
        experiments.get("nobody")


def filled(generations: tuple[Generation | None, ...]) -> list[Generation]:
    assert None not in generations
    return [generation for generation in generations if generation]
