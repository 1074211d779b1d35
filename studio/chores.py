"""What has to be done now and then: sweeping the bin, removing files that nothing uses."""

import logging
import threading
from collections.abc import Callable, Sequence

_LOG = logging.getLogger(__name__)


class Chores:
    """Does them all, one after another, at the start and then every ``every_s`` seconds, beside everything else."""

    def __init__(self, chores: Sequence[Callable[[], object]], *, every_s: float) -> None:
        self._chores = chores
        self._every_s = every_s
        self._ended = threading.Event()
        self._due = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def soon(self) -> None:
        """Do them now rather than at their time."""
        self._due.set()

    def stop(self, *, limit_s: float = 5) -> None:
        """Waits for the chore that is being done, but not longer: what is left is done the next time."""
        self._ended.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(limit_s)

    def _run(self) -> None:
        while not self._ended.is_set():
            for chore in self._chores:
                if not self._ended.is_set():
                    self._do(chore)
            self._due.wait(self._every_s)
            self._due.clear()

    def _do(self, chore: Callable[[], object]) -> None:
        try:
            chore()
        except Exception:  # noqa: BLE001 - a chore that fails is done again the next time, and the others are not its business
            _LOG.exception("A chore failed; it is tried again in %.0f s.", self._every_s)
