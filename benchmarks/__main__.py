"""Runs the measurements: `make bench`, or `make bench ONLY=typing`; results also in benchmarks/results.json."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import (
    comparison_wall_time,
    drawing,
    engine_throughput,
    library,
    sessions,
    start,
    typing_while_running,
    waiting,
)
from benchmarks.measurement import Measurement

SUITE: dict[str, Callable[[], list[Measurement]]] = {
    "comparison": comparison_wall_time.measure,
    "drawing": drawing.measure,
    "engine": engine_throughput.measure,
    "library": library.measure,
    "sessions": sessions.measure,
    "start": start.measure,
    "typing": typing_while_running.measure,
    "waiting": waiting.measure,
}
RESULTS = Path(__file__).parent / "results.json"


def main(only: str | None) -> None:
    if only is not None and only not in SUITE:
        sys.exit(f"There is no measurement {only}; there are: {', '.join(SUITE)}.")
    for name in [only] if only else SUITE:
        measured = [asdict(measurement) for measurement in SUITE[name]()]
        for entry in measured:
            print("{name:<48} {value:>9.3f} {unit:<4} baseline {baseline:.3f}, ratio {ratio:.2f}".format(**entry))
        _keep(measured)


def _keep(measured: list[dict[str, Any]]) -> None:
    """In the place of what was measured under the same names."""
    fresh = {entry["name"] for entry in measured}
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    found = [entry for entry in before if entry["name"] not in fresh] + measured
    RESULTS.write_text(json.dumps(sorted(found, key=lambda entry: str(entry["name"])), indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
