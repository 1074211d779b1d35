"""A studio to break: its database, its folder, its own key at the simulator, and processes that work for it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as Database

from atlas import AtlasClient, Key
from atlas.simulator import Simulator
from studio.database import open_database
from studio.engine import Engine
from studio.generations import Generation
from studio.images import ImageFiles
from studio.store import Store
from tests.faults.invariants import assert_sound
from tests.faults.worker import BRISK, BUDGET, Orders, press, work
from tests.processes import processes
from tests.studio.conftest import until

SUBMIT = "/api/v1/model/generateImage"


@dataclass(frozen=True, kw_only=True)
class Studio:
    """One studio on a database that others may use too: ``provider`` and ``key`` are its own."""

    database_url: str
    database: Database
    folder: Path
    simulator: Simulator
    key: str
    provider: str

    @property
    def store(self) -> Store:
        return Store(self.database)

    @property
    def client(self) -> AtlasClient:
        return AtlasClient(Key(self.key), self.simulator.url)

    def orders(self, **orders: Any) -> Orders:
        """For a process that works for this studio."""
        return Orders(
            database_url=self.database_url,
            folder=str(self.folder),
            url=self.simulator.url,
            key=self.key,
            provider=self.provider,
            **orders,
        )

    def worker(self, **orders: Any) -> ForkServerProcess:
        """A process that has begun to work; it is killed by whoever asked for it, or dies by itself."""
        process = processes.Process(target=work, args=(self.orders(**orders),))
        process.start()
        return process

    @contextmanager
    def engine(self, **settings: Any) -> Iterator[Engine]:
        """An engine in this process, drained at the end."""
        engine = Engine(
            self.store,
            ImageFiles(self.folder),
            self.client,
            provider=self.provider,
            **{"lease_s": 0.5, "look_up_s": 1.0, "pace": BRISK, "daily_budget": BUDGET, **settings},
        )
        engine.start()
        try:
            yield engine
        finally:
            engine.drain()

    def recovered(self, *prompts: str, within_s: float = 30) -> list[Generation]:
        """What became of everything, after the next process took it up and somebody pressed the button again."""
        with self.engine() as engine:
            for prompt in prompts:
                press(engine, prompt)
            until(lambda: not engine.in_flight(), within_s=within_s)
        return self.sound()

    def sound(self, made: int | None = None) -> list[Generation]:
        return assert_sound(self.database, self.folder, self.client, provider=self.provider, made=made)


@contextmanager
def opened(database_url: str, folder: Path, simulator: Simulator) -> Iterator[Studio]:
    database = open_database(database_url)
    yield Studio(
        database_url=database_url,
        database=database,
        folder=folder,
        simulator=simulator,
        key=f"apikey-{secrets.token_hex(8)}",
        provider=f"provider {secrets.token_hex(4)}",
    )
    database.dispose()


@pytest.fixture
def studio(database_url: str, tmp_path: Path, simulator: Simulator) -> Iterator[Studio]:
    with opened(database_url, tmp_path / "images", simulator) as studio:
        yield studio
