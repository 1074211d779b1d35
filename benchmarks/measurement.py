"""One figure, beside the one it is compared with in the same run."""

from dataclasses import dataclass


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
