"""How long a comparison takes against its slowest single job: two arms, jobs of 3 to 5 s, several caps.

Timed from queueing to the last image on disk, through the real engine, database and files, once it has seen jobs of
this kind. “Best order” is what the same jobs would take in the same places if nothing but the jobs took any time.
"""

import heapq
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from atlas import AtlasClient, Key
from atlas.simulator import Simulator
from benchmarks.measurement import Measurement, compared
from studio.database import open_database
from studio.engine import Engine
from studio.experiments import Experiments
from studio.generations import Slot
from studio.images import ImageFiles
from studio.store import Store
from tests.conftest import SMALL

_FASTEST_S, _SLOWEST_S = 3.0, 5.0
_CAPS = (4, 8, 24)
_DRAWS = (1, 4, 12)
_REQUESTS = [replace(SMALL, prompt=f"a {colour} cup") for colour in ("red", "blue")]
_SEEN = 4  # jobs before any is timed


def measure() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name, Simulator(control=True) as simulator:
        return [found for cap in _CAPS for found in _with_cap(cap, Path(name) / str(cap), simulator)]


def _with_cap(cap: int, folder: Path, simulator: Simulator) -> Iterator[Measurement]:
    folder.mkdir()
    database = open_database(f"sqlite:///{folder / 'studio.db'}")
    store = Store(database)
    client = AtlasClient(Key(f"a-key-for-benchmarks-{cap}"), simulator.url)
    engine = Engine(store, ImageFiles(folder / "images"), client, provider="simulator", max_in_flight=cap)
    engine.start()
    experiments = Experiments(database, store)
    _singles(engine, simulator, _times(_SEEN))
    slowest = _singles(engine, simulator, [_SLOWEST_S])
    for draws in _DRAWS:
        times = _times(2 * draws)
        _expect(simulator, times)
        began = time.perf_counter()
        experiments.start(f"e{draws}", "cups", _REQUESTS, draws=draws, provider=engine.provider)
        engine.look()
        took = _until_idle(engine, began)
        yield compared(f"2 x {draws} jobs, cap {cap}, against the slowest single job", took, slowest)
        yield compared(f"2 x {draws} jobs, cap {cap}, against the best order", took, _best(times, cap))
    engine.drain()
    store.close()


def _times(jobs: int) -> list[float]:
    """Seconds of as many jobs, the slowest among them; the same in every run."""
    dice = random.Random(jobs)  # noqa: S311 - the same in every run
    times = [dice.uniform(_FASTEST_S, _SLOWEST_S) for _ in range(jobs)]
    return [*times[:-1], _SLOWEST_S]


def _best(times: Sequence[float], cap: int) -> float:
    """Seconds until the last of these has ended, each begun as soon as there is a place."""
    places = [0.0] * cap
    for seconds in times:
        heapq.heappush(places, heapq.heappop(places) + seconds)
    return max(places)


def _singles(engine: Engine, simulator: Simulator, times: Sequence[float]) -> float:
    """Seconds until jobs of their own have ended."""
    _expect(simulator, times)
    began = time.perf_counter()
    for number in range(1, len(times) + 1):
        engine.submit(_REQUESTS[0], key=Slot(run=f"single{len(times)}", number=number).key)
    return _until_idle(engine, began)


def _expect(simulator: Simulator, times: Sequence[float]) -> None:
    simulator.forget_faults()
    for seconds in times:
        simulator.fault("task", "slow-task", seconds=seconds)


def _until_idle(engine: Engine, began: float) -> float:
    while engine.in_flight():
        time.sleep(0.02)
    return time.perf_counter() - began
