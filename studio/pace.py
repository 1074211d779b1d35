"""When to look again: near the expected end, then closer together, never more than five seconds apart."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

_JITTER = 0.1
_TROUBLE_CEILING_S = 30.0
_REMEMBERED = 20


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds from one look to the next; all fields are seconds but ``growth``.

    ``earliest`` and ``usual`` are what jobs of this kind took before; None: not known yet.
    """

    first: float = 1.5
    growth: float = 1.3
    closest: float = 0.3
    ceiling: float = 5.0
    earliest: float | None = None
    usual: float | None = None

    def learned(self, durations: Sequence[float]) -> "Pace":
        """This pace, knowing how long earlier jobs with the same model and parameters took."""
        return replace(self, earliest=min(durations), usual=median(durations)) if durations else self

    def next_look(self, elapsed: float, looks: int) -> float:
        """Seconds to wait at ``elapsed`` seconds after the submit, when ``looks`` looks found it unfinished."""
        if self.earliest is None or self.usual is None:
            return _jittered(min(self.ceiling, self.first * self.growth**looks))
        gap = max(self.closest, (self.usual - self.earliest) / 3)
        if elapsed < self.earliest:
            return min(self.ceiling, self.earliest + gap - elapsed)
        return _jittered(min(self.ceiling, max(gap, (elapsed - self.usual) / 4)))

    def after_trouble(self, troubles: int) -> float:
        """Seconds to wait after the n-th question in a row that was turned away or got no answer."""
        return _jittered(min(_TROUBLE_CEILING_S, self.first * self.growth**troubles))


UNHURRIED = Pace()


class Experience:
    """Seconds that jobs of each kind took at the provider, the last twenty of each; of this process.

    Not the seconds until we found out: what is found late would be expected late, and later each time.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, deque[float]] = {}

    def add(self, kind: str, seconds: float) -> None:
        """Called by several threads."""
        self._seconds.setdefault(kind, deque(maxlen=_REMEMBERED)).append(seconds)

    def of(self, kind: str) -> list[float]:
        """Empty when there is none."""
        return list(self._seconds.get(kind, ()))


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing
