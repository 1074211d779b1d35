"""Chances of so many heads in n throws, without overflow for any n."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]


def probabilities(n: int, p: float) -> Numbers:
    """P(X = 0), …, P(X = n) for X binomial with ``n`` throws and chance ``p``; they add up to 1.

    Each is its neighbour times (n - k) / (k + 1) · p / (1 - p), counted from the likeliest outward, so that nothing
    overflows; what is below 1e-308 is 0. Raises ValueError unless n ≥ 0 and 0 ≤ p ≤ 1.
    """
    if n < 0 or not 0 <= p <= 1:
        raise ValueError(f"Throws must be 0 or more and a chance from 0 to 1, not {n} and {p}.")
    likeliest = min(n, int((n + 1) * p))
    heights = np.zeros(n + 1)
    heights[likeliest] = 1.0
    if 0 < p < 1:
        odds = p / (1 - p)
        up, down = np.arange(likeliest, n), np.arange(likeliest, 0, -1)
        heights[likeliest + 1 :] = ((n - up) / (up + 1) * odds).cumprod()
        heights[:likeliest] = (down / (n - down + 1) / odds).cumprod()[::-1]
    chances: Numbers = heights / heights.sum()
    return chances


class LowerTail:
    """P(X ≤ most) for X binomial with chance ``p``, carried along while throws are added and ``most`` is raised.

    A few multiplications per step, where a sum would take n: this is what makes a search over n quick.
    Starts with no throws and ``most`` = -1, and is meant for ``most`` < n.
    """

    def __init__(self, p: float) -> None:
        self.p = p
        self.n, self.most = 0, -1
        self.total, self.at, self.above = 0.0, 0.0, 1.0  # P(X ≤ most), P(X = most), P(X = most + 1)

    def throw(self) -> None:
        """One more throw; ``most`` stays."""
        self.n += 1
        self.total -= self.p * self.at
        self.at *= (1 - self.p) * self.n / (self.n - self.most)
        self.above *= (1 - self.p) * self.n / (self.n - self.most - 1)

    def widen(self) -> None:
        """``most`` becomes one more; n stays."""
        self.most += 1
        self.total += self.above
        self.at = self.above
        self.above *= (self.n - self.most) / (self.most + 1) * self.p / (1 - self.p)
