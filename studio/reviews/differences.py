"""Where an entry of a bundle differs from what its votes give.

Results are compared to the last bit first. Processors and their libraries round exponentials and logarithms
differently in the last place, so a bundle from another machine may agree to nine digits only; that is said, and passes.
"""

import json
import math
from collections.abc import Mapping

from atlas.text import excerpt
from studio.reviews.manifest import code_version
from studio.reviews.sealed import Wrong
from studio.reviews.strict import parsed

_DIGITS = 1e-9


def compare(name: str, found: bytes, expected: bytes, code: Mapping[str, str]) -> None:
    """Raises Wrong for the first line that differs; ``code`` is what wrote the bundle."""
    if found == expected:
        return
    said, wanted = found.split(b"\n"), expected.split(b"\n")
    row = next((row for row, pair in enumerate(zip(said, wanted, strict=False)) if pair[0] != pair[1]), len(wanted))
    here = code_version()
    other = [f"{part} {value}" for part, value in code.items() if here.get(part) != value]
    hint = f" Note that it was written with {', '.join(other)}." if other else ""
    raise Wrong(name, f"says {_shown(said, row)} where the votes give {_shown(wanted, row)}.{hint}", row=row + 1)


def readable(told: Mapping[str, object]) -> bytes:
    """Numbers as JSON for people, the same bytes for the same numbers."""
    return (json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n").encode()


def same_numbers(found: bytes, expected: bytes) -> bool:
    """Whether two texts of readable() differ only beyond the ninth digit of numbers. Raises ValueError."""
    told = parsed(found.decode())
    return readable(told) == found and _alike(told, parsed(expected.decode()))


def _alike(found: object, expected: object) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=_DIGITS, abs_tol=_DIGITS)
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(_alike(found[name], expected[name]) for name in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_alike, found, expected))
    return type(found) is type(expected) and found == expected


def _shown(lines: list[bytes], row: int) -> str:
    return excerpt(lines[row].decode("utf-8", "replace"), 100) if row < len(lines) and lines[row] else "nothing"
