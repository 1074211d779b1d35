"""How many jobs the queue carries in a second, what one costs, and whether that grows with the length of the queue.

The provider answers at once and stands in a process of its own; engines are processes too, on one SQLite database.
Images are of 256 x 256 pixels, for the provider has to paint them. In long queues every job is refused at its submit,
and only the first are timed: what one costs with thousands behind it says how the whole grows.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from atlas import AtlasClient, Key
from atlas.simulator import Simulator
from benchmarks.measurement import Measurement, compared
from studio.database import open_database
from studio.engine import Engine
from studio.generations import Slot
from studio.images import ImageFiles
from studio.pace import Pace
from studio.schema import generations
from studio.store import Store, queue
from tests.conftest import CANARY, SMALL
from tests.serving import CHECKOUT

_PROVIDER = "simulator"
_CAP = 8
_JOBS, _TRACED = 80, 20
_PROCESSES = 4
_WAITING = (10, 100, 1_000, 10_000)
_TIMED = 100
_QUICK = Pace(first=0.05, closest=0.05)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Where an engine works, as plain values, and at how many unfinished jobs it may stop."""

    folder: str
    url: str
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an engine says of its work: seconds, and seconds of processor time of its process."""

    seconds: float
    work: float


def measure() -> list[Measurement]:
    provider = [sys.executable, "-m", "atlas.simulator", "--latency", "0", "--port", "0"]
    with subprocess.Popen(provider, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout
        url = simulator.stdout.readline().split()[-1]
        alone, together = _carried(url, engines=1), _carried(url, engines=_PROCESSES)
        synced = _synced(url)
        simulator.terminate()
    per_job = max(done.seconds for done in alone) / _JOBS
    shared = max(done.seconds for done in together) / _JOBS
    work = sum(done.work for done in alone) / _JOBS
    grown = {waiting: _refused(waiting) for waiting in _WAITING}
    return [
        compared("engine, jobs in a second", 1 / per_job, 1 / per_job, unit="1/s"),
        compared(f"engine, jobs in a second, {_PROCESSES} processes", 1 / shared, 1 / per_job, unit="1/s"),
        compared("engine, processor time of a job", work, per_job),
        *([compared("engine, syncs of a job", synced, synced, unit="")] if synced else []),
        *(compared(f"engine, a job with {waiting:,} waiting", took, grown[100]) for waiting, took in grown.items()),
    ]


def _carried(url: str, *, engines: int) -> list[Done]:
    with tempfile.TemporaryDirectory() as folder:
        _fill(folder, _JOBS)
        return _ended([_started(Orders(folder=folder, url=url)) for _ in range(engines)])


def _synced(url: str) -> float:
    """How often the disk is waited for, for one job; 0 where nothing here can count it."""
    strace = shutil.which("strace")
    if strace is None:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        _fill(folder, _TRACED)
        counted = Path(folder) / "counted"
        trace = [strace, "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", str(counted)]
        _ended([_started(Orders(folder=folder, url=url), through=trace)])
        rows = [line.split() for line in counted.read_text().splitlines()]  # %, seconds, each, calls, (errors,) name
        return sum(int(row[3]) for row in rows if row and row[-1] in {"fsync", "fdatasync"}) / _TRACED


def _refused(waiting: int) -> float:
    """Seconds for each of the first of so many."""
    timed = min(_TIMED, waiting)
    with tempfile.TemporaryDirectory() as folder, Simulator(latency=0, control=True) as simulator:
        simulator.fault("submit", "422", times=10 * waiting)
        _fill(folder, waiting)
        (done,) = _ended([_started(Orders(folder=folder, url=simulator.url, left=waiting - timed))])
        return done.seconds / timed


def _fill(folder: str, count: int) -> None:
    database = open_database(_address(folder))
    with database.begin() as connection:
        for number in range(count):
            queue(connection, SMALL, Slot(run=f"r{number}"), provider=_PROVIDER)
    database.dispose()


def _started(orders: Orders, *, through: Sequence[str] = ()) -> subprocess.Popen[str]:
    command = [*through, sys.executable, "-m", "benchmarks.engine_throughput", json.dumps(asdict(orders))]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


def _ended(engines: Sequence[subprocess.Popen[str]]) -> list[Done]:
    return [Done(**json.loads(engine.communicate()[0])) for engine in engines]


def _work(orders: Orders) -> Done:
    """Until no more is left than may be; what is timed begins when everything is imported."""
    database = open_database(_address(orders.folder))
    client = AtlasClient(Key(CANARY), orders.url)
    files = ImageFiles(Path(orders.folder) / "images")
    engine = Engine(Store(database), files, client, provider=_PROVIDER, max_in_flight=_CAP, pace=_QUICK)
    unfinished = select(func.count()).where(generations.c.ended.is_(None))
    began, before = time.perf_counter(), time.process_time()
    engine.start()
    while True:
        with database.connect().execution_options(reads_only=True) as connection:
            if connection.execute(unfinished).scalar_one() <= orders.left:
                break
        time.sleep(0.05)
    done = Done(seconds=time.perf_counter() - began, work=time.process_time() - before)
    engine.drain()
    return done


def _address(folder: str) -> str:
    return f"sqlite:///{folder}/studio.db"


if __name__ == "__main__":
    print(json.dumps(asdict(_work(Orders(**json.loads(sys.argv[1]))))))
