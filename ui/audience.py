"""How many tabs watch what goes on: the more there are, the less often each of them looks."""

import time
from collections.abc import Callable

_KEPT_S = 10.0  # longer than any tab waits from one look to the next


class Audience:
    """Tabs that looked a moment ago. ``clock`` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked: dict[str, float] = {}

    def count(self, tab: str) -> int:
        """This tab looks now; how many do. One that threads forget between them is back with its next look."""
        now = self._clock()
        recent = {other: at for other, at in list(self._looked.items()) if now - at < _KEPT_S}
        self._looked = {**recent, tab: now}
        return len(self._looked)
