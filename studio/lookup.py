"""Finding a submit whose answer was lost in what the provider remembers, so that nobody pays for it twice.

The provider's list of jobs (atlas-api.md §9) names no intent of ours. A job there is taken for ours when it has the
same model and body, was made near the time of our submit, and belongs to nobody here. Where several submits were lost
that ask for the same, they are interchangeable; where it could be anything else, a person is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from atlas.models import ImageRequest
from atlas.past import HistoryPage, PastRun
from studio.generations import Generation
from studio.references import FIELDS
from studio.store import Store

CLOCKS_APART_S = 120  # between ours and the provider's
AT_MOST_S = 600  # after a submit was begun, nothing can arrive any more
TRIES = (0.02, 0.08, 0.2, 0.5, 1.0)  # of the time that is given to the search
_PAGES, _PAGE_SIZE = 3, 50


class Remembering(Protocol):
    """The call of AtlasClient by which the provider tells what a key has asked for."""

    def history(self, *, page: int = 1, size: int = 20, model: str = "") -> HistoryPage: ...


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What could be the lost job: ``runs``, newest first, and whether one of them certainly may be taken."""

    runs: tuple[PastRun, ...]
    is_certain: bool


def look(generation: Generation, *, store: Store, client: Remembering) -> Sighting:
    """What the provider's list holds of this generation now.

    Raises Unreachable, Refused, UnexpectedReply when the list cannot be had.
    """
    listed = [run for run in _listed(generation, client) if _is_of(run, generation)]
    taken = store.known_predictions([run.id for run in listed])
    free = tuple(run for run in listed if run.id not in taken)
    rivals = store.lost_like(generation, within_ms=AT_MOST_S * 1000)
    return Sighting(runs=free, is_certain=bool(free) and _is_certain(generation, rivals, len(free)))


def _is_certain(generation: Generation, rivals: Sequence[Generation], found: int) -> bool:
    """Whether each of the jobs found is one of the lost submits, whichever."""
    alike = all(rival.parameters == generation.parameters for rival in rivals)
    waiting = any(not rival.is_sought for rival in rivals)  # an answer that has yet to come may be any of them
    return alike and not waiting and found <= len(rivals)


def _listed(generation: Generation, client: Remembering) -> list[PastRun]:
    """Newest first, back to shortly before the submit."""
    runs: dict[str, PastRun] = {}
    for number in range(1, _PAGES + 1):
        page = client.history(page=number, size=_PAGE_SIZE, model=generation.model)
        runs |= {run.id: run for run in page.runs}
        if not page.has_more or _made_ms(page.runs[-1]) < _sent_ms(generation) - CLOCKS_APART_S * 1000:
            break
    return list(runs.values())


def _is_of(run: PastRun, generation: Generation) -> bool:
    since = _made_ms(run) - _sent_ms(generation)
    near = -CLOCKS_APART_S * 1000 <= since <= (AT_MOST_S + CLOCKS_APART_S) * 1000
    return near and run.is_of(_without_pictures(generation.request))


def _without_pictures(request: ImageRequest) -> ImageRequest:
    """Reference pictures have other names at the provider."""
    plain = {name: value for name, value in request.parameters.items() if name not in FIELDS}
    return replace(request, parameters=plain)


def _sent_ms(generation: Generation) -> int:
    return generation.submitted or generation.created


def _made_ms(run: PastRun) -> float:
    """Epoch milliseconds; what has no time is older than anything."""
    return run.created.timestamp() * 1000 if run.created else 0.0
