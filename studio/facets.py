"""Counting what each filter would leave, from one grouped query."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.search import MOST_STARS, NO_FOLDER, Search

FACETS = ("model", "size", "quality", "state", "rating", "starred", "folder")
_Cell = tuple[dict[str, Any], int]  # one value per filter, and how many generations have just these


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many are found, and how many each value of each filter would leave, given all other filters.

    ``by["rating"]["3"]`` counts ratings of at least 3; ``by["folder"]["-"]`` what is in none.
    """

    total: int
    by: dict[str, dict[str, int]] = field(default_factory=dict)


def counted(rows: Sequence[Sequence[Any]], search: Search, *, tags: dict[str, int]) -> Counts:
    """From rows of one value per facet and a count, over everything that passes the filters which are no facets."""
    cells = [_cell(row) for row in rows]
    return Counts(
        total=sum(many for _, many in _passing(cells, search)),
        by={**{name: _facet(cells, name, search) for name in FACETS}, "tag": tags},
    )


def _cell(row: Sequence[Any]) -> _Cell:
    cell = dict(zip(FACETS, row, strict=False))
    cell["folder"] = cell["folder"] or NO_FOLDER
    return cell, row[-1]


def _allows(search: Search, name: str) -> Callable[[Any], bool]:
    """Whether a value of one column passes its filter."""
    value = getattr(search, name)
    if name == "rating":
        return lambda found: bool(found >= value)
    return (lambda found: found in value) if isinstance(value, tuple) else (lambda found: bool(found == value))


def _passing(cells: Sequence[_Cell], search: Search, *, but: str = "") -> Iterator[_Cell]:
    """The cells that pass all filters but this one."""
    filters = {name: _allows(search, name) for name in FACETS if name != but and getattr(search, name)}
    return ((cell, many) for cell, many in cells if all(allows(cell[name]) for name, allows in filters.items()))


def _facet(cells: Sequence[_Cell], name: str, search: Search) -> dict[str, int]:
    """Per value of this filter, how many it would leave; the most frequent first."""
    found: Counter[str] = Counter()
    for cell, many in _passing(cells, search, but=name):
        for value in _values(name, cell[name]):
            found[value] += many
    return dict(found.most_common())


def _values(name: str, value: Any) -> list[str]:
    if name == "rating":
        return [str(stars) for stars in range(1, min(value, MOST_STARS) + 1)]
    if name == "starred":
        return ["1"] if value else []
    return [str(value)] if value else []
