"""Counters and histograms of this process, and the text format of Prometheus in which they are told.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text, 0.0.4). Labels are closed sets of
words of this program, never prompts, keys or names.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Family:
    """All samples of one name: (what follows the name, labels, value)."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: Sequence[tuple[str, Labels, float]]


class Counter:
    """How often something happened, for each combination of the labels that occurred."""

    def __init__(self, name: str, help_: str, labels: Sequence[str] = ()) -> None:
        self._name, self._help, self._labels = name, help_, tuple(labels)
        self._counts: dict[Labels, float] = {} if labels else {(): 0}
        self._lock = threading.Lock()

    def add(self, *values: str) -> None:
        """One more, with these values of the labels."""
        labels = tuple(zip(self._labels, values, strict=True))
        with self._lock:
            self._counts[labels] = self._counts.get(labels, 0) + 1

    def family(self) -> Family:
        with self._lock:
            samples = [("", labels, count) for labels, count in sorted(self._counts.items())]
        return Family(name=self._name, kind="counter", help=self._help, samples=samples)


class Histogram:
    """How long something took, in seconds."""

    def __init__(self, name: str, help_: str, labels: Sequence[str] = ()) -> None:
        self._name, self._help, self._labels = name, help_, tuple(labels)
        self._seen: dict[Labels, tuple[list[int], float]] = {} if labels else {(): ([0] * (len(SECONDS) + 1), 0.0)}
        self._lock = threading.Lock()

    def add(self, seconds: float, *values: str) -> None:
        labels = tuple(zip(self._labels, values, strict=True))
        with self._lock:
            below, total = self._seen.get(labels, ([0] * (len(SECONDS) + 1), 0.0))
            below = [count + (seconds <= edge) for count, edge in zip(below, (*SECONDS, float("inf")), strict=True)]
            self._seen[labels] = below, total + seconds

    def family(self) -> Family:
        samples: list[tuple[str, Labels, float]] = []
        with self._lock:
            for labels, (below, total) in sorted(self._seen.items()):
                edges = [*(f"{edge:g}" for edge in SECONDS), "+Inf"]
                samples += [
                    ("_bucket", (*labels, ("le", edge)), count) for edge, count in zip(edges, below, strict=True)
                ]
                samples += [("_sum", labels, total), ("_count", labels, below[-1])]
        return Family(name=self._name, kind="histogram", help=self._help, samples=samples)


def gauge(name: str, help_: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    return Family(name=name, kind="gauge", help=help_, samples=[("", labels, value) for labels, value in samples])


def written(families: Iterable[Family]) -> str:
    lines: list[str] = []
    for family in families:
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
        lines += [f"{family.name}{end}{_braced(labels)} {value:.10g}" for end, labels, value in family.samples]
    return "\n".join(lines) + "\n"


def _braced(labels: Labels) -> str:
    pairs = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels)
    return f"{{{pairs}}}" if pairs else ""


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
