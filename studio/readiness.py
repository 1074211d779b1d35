"""Can people be sent here? Asked often and by machines, so the answer comes in time, also when nothing else does."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

LIMIT_S: Final = 2.0
NO_QUEUE: Final = "The queue has stopped; restart the app."
TOO_SLOW: Final = "The database or the data folder does not answer in time."


@dataclass(kw_only=True)
class _Look:
    """One look under way, or what it found."""

    ended: threading.Event = field(default_factory=threading.Event)
    found: Sequence[str] = (TOO_SLOW,)


class Readiness:
    """``look`` says in sentences what cannot be used. One look at a time: who comes meanwhile waits for the same."""

    def __init__(self, look: Callable[[], Sequence[str]], *, limit_s: float = LIMIT_S) -> None:
        self._look = look
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._under_way: _Look | None = None

    def unusable(self) -> Sequence[str]:
        """Nothing where all is well."""
        with self._lock:
            if self._under_way is None or self._under_way.ended.is_set():
                self._under_way = _Look()
                threading.Thread(target=self._run, args=(self._under_way,), name="readiness", daemon=True).start()
            seen = self._under_way
        return seen.found if seen.ended.wait(self._limit_s) else (TOO_SLOW,)

    def _run(self, seen: _Look) -> None:
        try:
            seen.found = self._look()
        finally:
            seen.ended.set()
