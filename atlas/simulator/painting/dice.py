"""Chance that repeats itself: every part throws dice of its own, so that none moves another."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")


class Dice:
    """A source of chance named by facts; the same facts give the same throws in every process."""

    def __init__(self, *facts: object) -> None:
        self._name = "\x1f".join(str(fact) for fact in facts)
        digest = hashlib.blake2b(self._name.encode("utf-8", "replace"), digest_size=8).digest()
        self.numbers = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))

    def child(self, *facts: object) -> "Dice":
        """Dice of their own for one part of the picture."""
        return Dice(self._name, *facts)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self.numbers.random())

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.numbers.integers(low, high + 1))

    def chance(self, probability: float) -> bool:
        return float(self.numbers.random()) < probability

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.numbers.integers(len(items)))]

    def spread(self, count: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        return low + (high - low) * self.numbers.random(count)
