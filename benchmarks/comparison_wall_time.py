"""How long a comparison takes against its slowest single job: two arms, all jobs of five seconds, cap 8.

Timed from queueing to the last image on disk, through the real engine, database and files.
"""

import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine as Database

from atlas import AtlasClient, ImageRequest, Key
from atlas.simulator import Simulator
from benchmarks.measurement import Measurement, compared
from studio.database import open_database
from studio.engine import Engine
from studio.experiments import Experiments
from studio.generations import Slot
from studio.images import ImageFiles
from studio.store import Store

_JOB_S = 5.0
_CAP = 8
_REQUESTS = [ImageRequest(prompt=f"a {colour} cup", parameters={"quality": "low"}) for colour in ("red", "blue")]


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name, Simulator(latency=_JOB_S) as simulator:
        folder = Path(name)
        database = open_database(f"sqlite:///{folder / 'studio.db'}")
        store = Store(database)
        client = AtlasClient(Key("a-key-for-benchmarks"), simulator.url)
        engine = Engine(store, ImageFiles(folder / "images"), client, provider="simulator", max_in_flight=_CAP)
        engine.start()
        single = _single(engine)
        pairs = {draws: _pair(engine, database, store, draws) for draws in (1, 4)}
        engine.drain()
        store.close()
        return [compared(f"2 x {draws} jobs, cap {_CAP}", took, single) for draws, took in pairs.items()]


def _single(engine: Engine) -> float:
    began = time.perf_counter()
    engine.submit(_REQUESTS[0], key=Slot(run="single").key)
    return _until_idle(engine, began)


def _pair(engine: Engine, database: Database, store: Store, draws: int) -> float:
    began = time.perf_counter()
    Experiments(database, store).start(f"e{draws}", "cups", _REQUESTS, draws=draws, provider=engine.provider)
    engine.look()
    return _until_idle(engine, began)


def _until_idle(engine: Engine, began: float) -> float:
    while engine.in_flight():
        time.sleep(0.02)
    return time.perf_counter() - began
