"""Processes whose clock somebody sets while they work: the time of day jumps, what is waited for does not.

As a program, `python -m tests.faults.clocks FILE ORDERS` is a worker whose clock is as many seconds ahead as the
file says at that moment. Python is told another time of day before anything of the studio is imported.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.serving import CHECKOUT

if TYPE_CHECKING:
    from tests.faults.worker import Orders

_DAY_S = 86_400
_NS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Skewed:
    """A worker, and the file that says how far its clock is from ours."""

    process: "subprocess.Popen[bytes]"
    told: Path

    def jump(self, days: int) -> None:
        """From now on it is so many days later, or earlier, than it is."""
        fresh = self.told.with_suffix(".next")
        fresh.write_text(str(days * _DAY_S))
        fresh.replace(self.told)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def skewed(orders: "Orders", folder: Path, *, days: int = 0) -> Iterator[Skewed]:
    """A worker with these orders; it is ended with the block."""
    told = folder / "clock"
    told.write_text(str(days * _DAY_S))
    command = [sys.executable, "-m", "tests.faults.clocks", str(told), json.dumps(asdict(orders))]
    worker = Skewed(process=subprocess.Popen(command, cwd=CHECKOUT), told=told)
    try:
        yield worker
    finally:
        worker.kill()


def _set(told: Path) -> None:
    really: Callable[[], int] = time.time_ns

    def time_ns() -> int:
        return really() + int(told.read_text()) * _NS

    time.time_ns = time_ns
    time.time = lambda: time_ns() / _NS


if __name__ == "__main__":
    _set(Path(sys.argv[1]))
    from tests.faults.worker import told_to, work

    work(told_to(sys.argv[2]))
