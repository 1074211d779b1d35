"""A process that works through the queue with the real engine, and may die at an exact point of a job's way.

The hooks sit outside of the studio's code: a client that passes every call on, listeners at the database connection,
an audit hook for renamed files. As a program of its own: `python -m tests.faults.worker '{"provider": …}'`.
"""

import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy import Engine as Database

from atlas import AtlasClient, ImageRequest, Key, Prediction
from atlas.past import HistoryPage
from atlas.prices import Estimate
from atlas.uploading import Upload
from studio.database import open_database
from studio.engine import Engine
from studio.generations import Slot, State
from studio.images import ImageFiles
from studio.pace import Pace
from studio.store import Store

BRISK = Pace(first=0.02, closest=0.02, ceiling=0.1)
PLAIN = {"size": "256*256", "output_format": "jpeg"}
ESTIMATE = Decimal("0.02")
BUDGET = Decimal(1000)

Reached = Callable[[str], None]
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Where to work, what to ask for, and when to die; as plain values, so that they fit on a command line."""

    database_url: str
    folder: str
    url: str
    key: str
    provider: str
    prompts: tuple[str, ...] = ()  # asked for by this process itself, as a page would
    dies: str = ""  # "commit:submitting", "committed:accepted", "call:submit", "answer:download", "rename:2" …
    lease_s: float = 0.5
    look_up_s: float = 1.0
    max_in_flight: int = 4
    checkpoint_pages: int = 0  # of SQLite; 0: as it has it


def request(prompt: str) -> ImageRequest:
    return ImageRequest(prompt=prompt, model="black-forest-labs/flux-schnell", parameters=PLAIN)


def press(engine: Engine, prompt: str) -> None:
    """As the button does; the prompt names the slot, so pressing again is the same intent."""
    engine.submit(request(prompt), key=Slot(run=f"{engine.provider} {prompt}").key, estimate=ESTIMATE)


def work(orders: Orders, say: Callable[[str], object] = lambda _words: None) -> None:
    """Until nothing is left to do, or it is killed; ``say`` is told what a page would show as done."""

    def reached(point: str) -> None:
        if point == orders.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    database = open_database(orders.database_url)
    if orders.checkpoint_pages:
        set_checkpoints(database, orders.checkpoint_pages)
    watch_transactions(database, reached)
    watch_renames(reached)
    store = Store(database)
    engine = Engine(
        store,
        ImageFiles(Path(orders.folder)),
        WatchedClient(AtlasClient(Key(orders.key), orders.url), reached),
        provider=orders.provider,
        max_in_flight=orders.max_in_flight,
        lease_s=orders.lease_s,
        look_up_s=orders.look_up_s,
        pace=BRISK,
        daily_budget=BUDGET,
    )
    engine.start()
    for prompt in orders.prompts:
        press(engine, prompt)
        say(f"queued {prompt}")
    told: set[str] = set()
    is_working = True
    while is_working:
        is_working = bool(engine.in_flight())  # asked first: what ends after this is told by the next look
        for one in store.latest():
            if one.state is State.COMPLETED and one.id not in told:
                told.add(one.id)
                say(f"completed {one.prompt}")
        time.sleep(0.05)
    engine.drain()


class WatchedClient:
    """The real client; says before and after each call that it has come to it."""

    def __init__(self, client: AtlasClient, reached: Reached) -> None:
        self._client = client
        self._reached = reached

    def submit(self, request: ImageRequest, *, key: str) -> Prediction:
        return self._passed_on("submit", lambda: self._client.submit(request, key=key))

    def prediction(self, prediction_id: str, /) -> Prediction:
        return self._passed_on("prediction", lambda: self._client.prediction(prediction_id))

    def download(self, output: str, /) -> bytes:
        return self._passed_on("download", lambda: self._client.download(output))

    def history(self, *, page: int = 1, size: int = 20, model: str = "") -> HistoryPage:
        return self._passed_on("history", lambda: self._client.history(page=page, size=size, model=model))

    def calculate(self, request: ImageRequest, /) -> Estimate:
        return self._client.calculate(request)

    def upload(self, file: BinaryIO, /) -> Upload:
        return self._client.upload(file)

    def _passed_on(self, name: str, call: Callable[[], Answer]) -> Answer:
        self._reached(f"call:{name}")
        answer = call()
        self._reached(f"answer:{name}")
        return answer


def set_checkpoints(database: Database, pages: int) -> None:
    """How long SQLite's log may become before it is brought into the database, in every connection from now on."""
    database.dispose()

    @event.listens_for(database, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint={pages}").close()


def watch_transactions(database: Database, reached: Reached) -> None:
    """Says “commit:” and, once the transaction is over, “committed:” with the first word of the event it noted."""

    @event.listens_for(database, "before_cursor_execute")
    def _(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        values = list(parameters.values() if isinstance(parameters, dict) else parameters)
        if statement.startswith("INSERT INTO events"):
            noted = [value.split()[0].rstrip(":") for value in values if isinstance(value, str) and value]
            connection.info.setdefault("noted", []).extend(noted)

    @event.listens_for(database, "commit")
    def _(connection: Connection) -> None:
        for word in connection.info.get("noted", []):
            reached(f"commit:{word}")
        connection.info["committed"] = connection.info.pop("noted", [])

    @event.listens_for(database, "checkin")
    def _(_connection: Any, record: Any) -> None:
        for word in record.info.pop("committed", []):
            reached(f"committed:{word}")


def watch_renames(reached: Reached) -> None:
    """Says “rename:1” before the first file gets its final name, and so on."""
    numbers = itertools.count(1)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "os.rename" and "incoming" in str(arguments[0]):
            reached(f"rename:{next(numbers)}")

    sys.addaudithook(hook)


def told_to(orders: str) -> Orders:
    """Orders as they stand on a command line."""
    told = json.loads(orders)
    return Orders(**{**told, "prompts": tuple(told.get("prompts", ()))})


if __name__ == "__main__":
    work(told_to(sys.argv[1]), say=lambda words: os.write(1, f"{words}\n".encode()))
