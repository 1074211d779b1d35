"""Submission and cached polling over any mapping.

What is known is kept in ``state``, any mutable mapping. The app passes a part of
``st.session_state``, so a rerun costs nothing; a test passes a dict. The answers come from a
source: the AtlasClient itself, or the app's engine, which answers from memory.
"""

import time
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from atlas.errors import AtlasError, RateLimited, Unreachable
from atlas.models import ImageRequest


class Snapshot(Protocol):
    """What a source answers: one generation as it stood when it was asked."""

    @property
    def id(self) -> str: ...
    @property
    def is_terminal(self) -> bool: ...


S = TypeVar("S", bound=Snapshot)
S_co = TypeVar("S_co", bound=Snapshot, covariant=True)


class Source(Protocol[S_co]):
    """Anything that takes a request and can be asked how it is getting on."""

    def submit(self, request: ImageRequest, *, key: str) -> S_co: ...
    def prediction(self, prediction_id: str, /) -> S_co: ...


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds between two looks: the first, each later one longer by ``growth``, at most ``ceiling``."""

    first: float = 1.5
    growth: float = 1.3
    ceiling: float = 5.0

    def after(self, looks: int) -> float:
        return min(self.ceiling, self.first * self.growth**looks)


EVERY_FEW_SECONDS = Pace()


@dataclass(frozen=True, kw_only=True)
class Watched(Generic[S]):
    """A snapshot and when it is due for a refresh, on the clock of the Predictions that keeps it."""

    snapshot: S
    next_poll: float
    looks: int = 0
    trouble: str = ""


class Predictions(Generic[S]):
    """What one person watches: submitted once per intent, asked for no more often than the pace allows."""

    def __init__(
        self,
        state: MutableMapping[str, Any],
        source: Source[S],
        *,
        pace: Pace = EVERY_FEW_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watched: dict[str, Watched[S]] = state.setdefault("watched", {})
        self._ids: dict[str, str] = state.setdefault("ids_by_intent", {})
        self._source = source
        self._pace = pace
        self._clock = clock

    def submit(self, request: ImageRequest, *, key: str) -> S:
        """Submit once per intent ``key``; the second press of the same button answers with the first one's job.

        Raises what the source raises; nothing is kept then.
        """
        known = self._ids.get(key)
        if known is not None:
            return self.poll(known) if known in self._watched else self.watch(self._source.prediction(known))
        snapshot = self._source.submit(request, key=key)
        self._ids[key] = snapshot.id
        return self.watch(snapshot)

    def watch(self, snapshot: S) -> S:
        """Follow a job that was submitted elsewhere: before a reload, in another tab, on a retry."""
        self._watched[snapshot.id] = Watched(snapshot=snapshot, next_poll=self._clock() + self._pace.first)
        return snapshot

    def poll(self, prediction_id: str) -> S:
        """The job as last seen, asking the source only when that answer is due for a refresh.

        A source that cannot answer now costs nothing but time: the last answer stands.
        """
        watched = self._watched[prediction_id]
        if watched.snapshot.is_terminal or self._clock() < watched.next_poll:
            return watched.snapshot
        self._watched[prediction_id] = self._refreshed(prediction_id, watched)
        return self._watched[prediction_id].snapshot

    def poll_all(self) -> list[S]:
        """Every watched job, in the order it was first watched."""
        return [self.poll(prediction_id) for prediction_id in list(self._watched)]

    def trouble(self, prediction_id: str) -> str:
        """Why the last look failed, in words for a person; empty when it did not."""
        return self._watched[prediction_id].trouble

    def forget(self, prediction_ids: Iterable[str]) -> None:
        for prediction_id in prediction_ids:
            self._watched.pop(prediction_id, None)

    def _refreshed(self, prediction_id: str, watched: Watched[S]) -> Watched[S]:
        looks = watched.looks + 1
        due = self._clock() + self._pace.after(looks)
        try:
            snapshot = self._source.prediction(prediction_id)
        except (Unreachable, RateLimited) as trouble:
            return replace(watched, next_poll=due, looks=looks, trouble=trouble.explanation)
        except AtlasError as refused:  # told to whoever looked, and not asked again before it is due
            self._watched[prediction_id] = replace(watched, next_poll=due, looks=looks, trouble=refused.explanation)
            raise
        return Watched(snapshot=snapshot, next_poll=due, looks=looks)
