"""One figure, beside the one it is compared with in the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """``ratio`` is value / baseline, both in ``unit``."""

    name: str
    value: float
    unit: str
    baseline: float
    ratio: float


def compared(name: str, value: float, baseline: float, unit: str = "s") -> Measurement:
    return Measurement(
        name=name,
        value=round(value, 4),
        unit=unit,
        baseline=round(baseline, 4),
        ratio=round(value / baseline, 3),
    )


def p95(values: Sequence[float]) -> float:
    """Never above the largest: of few values the usual method makes up something beyond."""
    return quantiles(values, n=20, method="inclusive")[-1]
