"""A job, its clock, and what a poll says of it (atlas-api.md section 4.2).

Nothing happens while a job runs: where it stands follows from when it was accepted and how long it was given.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from atlas.simulator.orders import Order
from atlas.simulator.outcomes import OUTCOMES, Outcome, Shape

_HOUR = 3600.0
_QUEUED_SHARE = 0.15  # of the latency is spent before the work begins
_INVALID = "invalid parameter"


@dataclass(frozen=True, kw_only=True)
class Job(Order):
    """One accepted order; exactly what a line of the journal holds. ``owner`` is the public id of the key."""

    id: str
    accepted_at: float
    latency: float
    outcome: str
    draw: int
    owner: str = ""

    @property
    def model(self) -> str:
        """The id of its model."""
        return str(self.body["model"])

    @property
    def ending(self) -> Outcome:
        """How it ends: as a fault said, else failed when its values were wrong, else well."""
        if self.problem and not self.outcome:
            return Outcome(about=_INVALID, word="failed", error=self.problem)
        return OUTCOMES[self.outcome]

    @property
    def done_at(self) -> float:
        """When it ends, in epoch seconds; never, for a job that is stuck."""
        return self.accepted_at + self.latency if self.ending.word else float("inf")

    @property
    def draws_pictures(self) -> bool:
        """Whether there are pictures at its end."""
        return not self.ending.fails and self.ending.shape not in (Shape.EMPTY, Shape.NULL) and bool(self.ending.word)

    @property
    def charge(self) -> Decimal:
        """What it costs in USD once it has ended: nothing where it fails."""
        return Decimal(0) if self.ending.fails or self.price is None else Decimal(self.price)

    def is_done(self, now: float) -> bool:
        """Whether it has ended, well or badly."""
        return now >= self.done_at

    def status(self, now: float) -> str:
        """The word for where it stands."""
        if self.ending.word and self.is_done(now):
            return self.ending.word
        queued = now < self.accepted_at + self.latency * _QUEUED_SHARE
        return "created" if queued else self.ending.waiting

    def is_remembered(self, now: float, *, longest_hours: float) -> bool:
        """Whether its record is still kept; with a retention of 0 it goes the moment the job ends."""
        if self.record_hours == 0:
            return not self.is_done(now)
        return now < self.accepted_at + (self.record_hours or longest_hours) * _HOUR

    def has_files(self, now: float) -> bool:
        """Whether its pictures can be fetched."""
        return self.has_pictures(now) and now < self.accepted_at + self.file_hours * _HOUR

    def has_pictures(self, now: float) -> bool:
        """Whether it has ended with pictures, be their files still there or not."""
        return self.draws_pictures and self.is_done(now)

    def poll_url(self, origin: str) -> str:
        """Where to ask for it; ``origin`` ends with a slash."""
        return f"{origin}api/v1/model/prediction/{self.id}"

    def addresses(self, origin: str) -> list[str]:
        """Where its pictures are."""
        return [f"{origin}files/{name}" for name in self.file_names()]

    def file_names(self) -> list[str]:
        """The names of its pictures."""
        return [f"{self.id}-{number}.{self.format}" for number in range(1, self.images + 1)]

    def submitted(self, poll_url: str) -> dict[str, Any]:
        """``data`` of the reply to the submit."""
        return {**self._name("created", poll_url), "outputs": [], "has_nsfw_contents": None, "error": ""}

    def report(self, now: float, poll_url: str, pictures: list[str]) -> dict[str, Any]:
        """``data`` of a poll; ``pictures`` are the addresses, or the base64 texts, of what it made."""
        named = self._name(self.status(now), poll_url)
        if not self.is_done(now):
            return {**named, "outputs": None, "error": "", "error_code": 0, "metrics": {}, "has_nsfw_contents": None}
        ending = self.ending
        return {
            **named,
            **_written(ending, pictures if self.draws_pictures and now >= self.done_at + ending.withheld else None),
            "has_nsfw_contents": self._flags(),
            "completed_at": _iso(self.done_at),
            "error": ending.error,
            "error_code": ending.error_code,
            "price": "0" if ending.fails else self.price,
            **self._durations(),
        }

    def told(self, now: float, origin: str) -> dict[str, Any]:
        """``report`` with the addresses of its pictures, as far as it has any."""
        return self.report(now, self.poll_url(origin), self.addresses(origin) if self.has_pictures(now) else [])

    def _name(self, status: str, poll_url: str) -> dict[str, Any]:
        created = _iso(self.accepted_at)
        return {"id": self.id, "model": self.model, "status": status, "urls": {"get": poll_url}, "created_at": created}

    def _flags(self) -> list[bool] | None:
        if not self.draws_pictures:
            return None
        return [self.ending.flagged and number % 2 == 0 for number in range(self.images)]

    def _durations(self) -> dict[str, Any]:
        """Times of the contract's fields: predict_time leaves the queue out."""
        seconds = round(self.latency * (1 - _QUEUED_SHARE), 3)
        inference = int(seconds * 1000)
        return {
            "latency_ms": int(self.latency * 1000),
            "executionTime": inference,
            "timings": {"inference": inference},
            "metrics": {"predict_time": seconds},
        }


def _written(ending: Outcome, pictures: list[str] | None) -> dict[str, Any]:
    match ending.shape:
        case Shape.EMPTY:
            return {"outputs": []}
        case Shape.STRING if pictures:
            return {"outputs": None, "output": pictures[0]}
        case Shape.OBJECTS if pictures:
            return {"outputs": [{ending.key: picture} for picture in pictures]}
    return {"outputs": pictures}


def _iso(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
