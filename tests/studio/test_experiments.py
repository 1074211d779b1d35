"""Experiments on both databases: interleaved, paired by draw, attributed by what was made."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PIL import Image

from atlas import AtlasClient, ImageRequest, Prediction
from atlas.simulator import Simulator
from studio.database import open_database
from studio.engine import Engine
from studio.experiments import Experiments
from studio.generations import Generation, Picture, Slot, State
from studio.images import ImageFiles
from studio.pricing import Pricing
from studio.references import name_of
from studio.store import UPLOADED, Store
from tests.conftest import SMALL
from tests.studio.conftest import BRISK, PROVIDER, settled

RED = ImageRequest(prompt="a red cup", model=SMALL.model, parameters=SMALL.parameters)
BLUE = ImageRequest(prompt="a blue cup", model=SMALL.model, parameters=SMALL.parameters)
EDIT = "openai/gpt-image-1.5/edit"
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


def test_every_draw_carries_the_estimate_of_its_arm_also_when_it_is_added_later(
    experiments: Experiments, store: Store
) -> None:
    costs = {RED.prompt: Decimal("0.03"), BLUE.prompt: None}

    experiment = experiments.start(
        "e1", "Cups", [RED, BLUE], draws=2, provider=PROVIDER, estimate=lambda request: costs[request.prompt]
    )
    costs[BLUE.prompt] = Decimal("0.05")
    experiments.add_draws(experiment, 1, provider=PROVIDER, estimate=lambda request: costs[request.prompt])

    told = [(generation.prompt, generation.estimate) for generation in store.family("e1")]
    assert told == [
        *[(RED.prompt, Decimal("0.03")), (BLUE.prompt, None)] * 2,
        *[(RED.prompt, Decimal("0.03")), (BLUE.prompt, Decimal("0.05"))],
    ]


def test_an_estimate_that_nobody_could_be_charged_starts_nothing(experiments: Experiments, store: Store) -> None:
    with pytest.raises(ValueError, match="no amount"):
        experiments.start("e1", "Cups", [RED, BLUE], draws=1, provider=PROVIDER, estimate=lambda _request: Decimal(-1))

    assert (experiments.listed(), store.count()) == ([], 0)


class Unbilled:
    """A provider that never says what it charged."""

    def __init__(self, client: AtlasClient) -> None:
        self.submit, self._ask, self.download = client.submit, client.prediction, client.download
        self.calculate, self.upload, self.history = client.calculate, client.upload, client.history

    def prediction(self, prediction_id: str, /) -> Prediction:
        return replace(self._ask(prediction_id), price=None)


@pytest.fixture
def start_engine_below(store: Store, files: ImageFiles, client: AtlasClient) -> Iterator[Callable[[Decimal], Engine]]:
    """Starts an engine with a daily budget, whose provider never says what it charged."""
    running: list[Engine] = []

    def started(cap: Decimal) -> Engine:
        engine = Engine(
            store, files, Unbilled(client), provider=PROVIDER, max_in_flight=1, pace=BRISK, lease_s=2, daily_budget=cap
        )
        engine.start()
        running.append(engine)
        return engine

    yield started
    for engine in running:
        engine.drain()


def test_a_comparison_with_an_edit_model_stays_below_the_daily_budget_and_keeps_its_estimates(
    experiments: Experiments,
    start_engine_below: Callable[[Decimal], Engine],
    store: Store,
    files: ImageFiles,
    client: AtlasClient,
    simulator: Simulator,
) -> None:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(content, "PNG")
    picture = files.keep(content.getvalue())
    edited = ImageRequest(prompt="in blue", model=EDIT, parameters={"images": (name_of(picture),)})
    pricing = Pricing(client)
    prices = {one.model: told.price for one in (edited, BLUE) if (told := pricing.estimate(one, patience_s=10))}
    pricing.stop()
    simulator.forget_requests()
    cap = prices[EDIT] + 2 * prices[BLUE.model]

    engine = start_engine_below(cap)
    experiment = experiments.start(
        "e1", "Cups", [edited, BLUE], draws=2, provider=PROVIDER, estimate=lambda request: prices[request.model]
    )
    engine.look()
    rows = [filled(row.generations) for row in experiments.rows(experiment)]
    ended = [[settled(engine, one) for one in row] for row in rows]

    assert [[one.state for one in row] for row in ended] == [
        [State.COMPLETED, State.COMPLETED],
        [State.FAILED, State.COMPLETED],
    ]
    assert "budget" in ended[1][0].problem
    assert {(one.price, one.estimate) for row in ended for one in row} == {(None, price) for price in prices.values()}
    today = store.budget(cap=cap)
    assert (today.spent, today.left) == (cap, Decimal(0))
    assert simulator.count("POST", "/api/v1/model/generateImage") == 3
    assert simulator.count("POST", "/api/v1/model/calculate") == 0


def test_nobody_is_asked_for_by_an_unknown_id(experiments: Experiments) -> None:
    with pytest.raises(KeyError):
        experiments.get("nobody")


def filled(generations: tuple[Generation | None, ...]) -> list[Generation]:
    assert None not in generations
    return [generation for generation in generations if generation]
