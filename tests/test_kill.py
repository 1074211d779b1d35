"""The server is killed without warning in every state of a job, and started again: nothing is lost or paid twice."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from atlas.simulator import Simulator
from studio.generations import Generation, Slot, State
from studio.images import ImageFiles
from studio.store import Store
from tests.conftest import CANARY, SMALL
from tests.serving import App
from tests.studio.conftest import until

SUBMIT = "/api/v1/model/generateImage"


@pytest.fixture
def app(tmp_path: Path, database_url: str, simulator: Simulator) -> Iterator[App]:
    served = App(
        data_dir=tmp_path / "data",
        STUDIO_DATABASE_URL=database_url.replace("+psycopg", ""),
        STUDIO_LEASE_S="1",
        STUDIO_LOOK_UP_S="2",
        ATLASCLOUD_API_KEY=CANARY + uuid.uuid4().hex[:8],  # the simulator remembers the jobs of a key for the whole run
        ATLASCLOUD_BASE_URL=simulator.url,
    )
    yield served.start()
    served.stop()


def queued(store: Store, simulator: Simulator) -> Generation:
    """A job in the queue, as another process of the studio would leave it there."""
    return store.add(SMALL, Slot(run="run"), provider=urlsplit(simulator.url).netloc)


def killed_and_restarted(app: App, store: Store, generation: Generation, when: Callable[[], bool]) -> Generation:
    until(when, within_s=15)
    app.kill()
    app.start()
    until(lambda: store.get(generation.id).is_terminal, within_s=20)
    return store.get(generation.id)


def test_killed_while_submitting_it_is_found_at_the_provider_and_not_sent_again(
    app: App, store: Store, simulator: Simulator
) -> None:
    simulator.fault("submit", "hang-before-headers", seconds=60)
    generation = queued(store, simulator)

    ended = killed_and_restarted(app, store, generation, lambda: simulator.count("POST", SUBMIT) == 1)

    assert ended.state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


def test_killed_while_running_the_image_still_arrives(
    app: App, store: Store, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("task", "slow-task", seconds=3)
    generation = queued(store, simulator)

    ended = killed_and_restarted(app, store, generation, lambda: store.get(generation.id).state is State.RUNNING)

    assert ended.state is State.COMPLETED
    assert ImageFiles(tmp_path / "data" / "images").original(ended.pictures[0]).is_file()
    assert simulator.count("POST", SUBMIT) == 1


def test_killed_while_fetching_the_image_still_arrives(
    app: App, store: Store, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("file", "slow", seconds=20)
    generation = queued(store, simulator)

    ended = killed_and_restarted(app, store, generation, lambda: simulator.count("GET", "/files") == 1)

    assert ended.state is State.COMPLETED
    assert ImageFiles(tmp_path / "data" / "images").original(ended.pictures[0]).is_file()
    assert simulator.count("POST", SUBMIT) == 1


def test_a_polite_stop_drains_and_the_next_start_goes_on(app: App, store: Store, simulator: Simulator) -> None:
    simulator.fault("submit", "slow", seconds=1.0)
    generation = queued(store, simulator)
    until(lambda: simulator.count("POST", SUBMIT) == 1, within_s=15)

    app.stop()
    assert store.get(generation.id).prediction_id is not None
    app.start()

    until(lambda: store.get(generation.id).is_terminal, within_s=20)
    assert store.get(generation.id).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1
    assert CANARY not in app.log()
