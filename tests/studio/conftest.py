"""A studio without its pages: store, files and engine on a database of each kind."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas import AtlasClient
from studio.engine import Engine
from studio.generations import Generation
from studio.images import ImageFiles
from studio.pace import Pace
from studio.store import Store

PROVIDER = "the simulator of the tests"
BRISK = Pace(first=0.02, closest=0.02, ceiling=0.1)


@pytest.fixture
def files(tmp_path: Path) -> ImageFiles:
    return ImageFiles(tmp_path / "images")


@dataclass(frozen=True, kw_only=True)
class EngineMaker:
    """Starts engines on one store, and drains them all at the end of the test."""

    store: Store
    files: ImageFiles
    client: AtlasClient
    running: list[Engine]

    def __call__(
        self,
        *,
        max_in_flight: int = 4,
        wait_limit_s: float = 10,
        lease_s: float = 2,
        look_up_s: float = 0.5,
        not_served: Callable[[str], None] = lambda _model: None,
    ) -> Engine:
        engine = Engine(
            self.store,
            self.files,
            self.client,
            provider=PROVIDER,
            max_in_flight=max_in_flight,
            wait_limit_s=wait_limit_s,
            lease_s=lease_s,
            look_up_s=look_up_s,
            pace=BRISK,
            not_served=not_served,
        )
        engine.start()
        self.running.append(engine)
        return engine


@pytest.fixture
def start_engine(store: Store, files: ImageFiles, client: AtlasClient) -> Iterator[EngineMaker]:
    maker = EngineMaker(store=store, files=files, client=client, running=[])
    yield maker
    for engine in maker.running:
        engine.drain()


@pytest.fixture
def engine(start_engine: EngineMaker) -> Engine:
    return start_engine()


def settled(engine: Engine, generation: Generation, *, within_s: float = 10) -> Generation:
    """The generation once it has ended."""
    until(lambda: engine.prediction(generation.id).is_terminal, within_s=within_s)
    return engine.prediction(generation.id)


def until(condition: Callable[[], bool], *, within_s: float = 30) -> None:
    """Waits for something that another thread does; fails the test when it does not happen."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.025)
