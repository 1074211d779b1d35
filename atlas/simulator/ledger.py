"""Every job the simulator knows: taking them in, finding them again, and numbering their draws."""

import hashlib
import json
import random
from collections.abc import Callable

from atlas.simulator import estimates
from atlas.simulator.jobs import Job
from atlas.simulator.journal import Journal
from atlas.simulator.orders import LONGEST_HOURS, Order
from atlas.simulator.outcomes import NORMAL


class Ledger:
    """The jobs of this run and, with a journal, of earlier ones. Used from the event loop only.

    With a ``seed`` the same submits get the same ids in every run.
    """

    def __init__(
        self, *, clock: Callable[[], float], latency: float | None, journal: Journal | None, seed: int | None
    ) -> None:
        self._clock = clock
        self._latency = latency
        self._journal = journal
        self._dice = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - ids are no secrets
        self._jobs: dict[str, Job] = {}
        self._next_draw: dict[tuple[str, str], int] = {}  # by the owner, and by what is asked for
        for job in journal.read(since=clock() - LONGEST_HOURS * 3600) if journal else []:
            self._remember(job)

    def accept(self, order: Order, *, owner: str, outcome: str = NORMAL, latency: float | None = None) -> Job:
        """Takes an order in and writes it down; ``latency`` in seconds overrides the usual one."""
        draw = 1 if order.seed is not None else self._next_draw.get((owner, _digest(order)), 1)
        job = Job(
            id=self._fresh_id(),
            accepted_at=self._clock(),
            latency=latency or self._seconds(order, draw),
            outcome=outcome,
            draw=draw,
            owner=owner,
            **vars(order),
        )
        if self._journal:
            self._journal.append(job)
        self._remember(job)
        return job

    def find(self, prediction_id: str) -> Job | None:
        """The job with this id; None when there is none, or its record has expired."""
        job = self._jobs.get(prediction_id)
        return job if job and job.is_remembered(self._clock(), longest_hours=LONGEST_HOURS) else None

    def accepted(self) -> list[Job]:
        """Every job, oldest first, those whose record is gone too."""
        return list(self._jobs.values())

    def remembered(self) -> list[Job]:
        """The jobs whose record is still kept, oldest first."""
        now = self._clock()
        return [job for job in self._jobs.values() if job.is_remembered(now, longest_hours=LONGEST_HOURS)]

    def with_file(self, name: str) -> tuple[Job, int] | None:
        """The job that made this file and the number of the picture, from 1; None when it is not there (any more)."""
        job = self._jobs.get(name.partition("-")[0])
        if job is None or name not in job.file_names() or not job.has_files(self._clock()):
            return None
        return job, job.file_names().index(name) + 1

    def _fresh_id(self) -> str:
        while (identity := f"{self._dice.getrandbits(128):032x}") in self._jobs:
            pass
        return identity

    def _seconds(self, order: Order, draw: int) -> float:
        if self._latency is not None:
            return self._latency
        return estimates.demo_seconds(order.quality, (order.width, order.height), token=f"{_digest(order)} {draw}")

    def _remember(self, job: Job) -> None:
        self._jobs[job.id] = job
        if job.seed is None:
            self._next_draw[job.owner, _digest(job)] = job.draw + job.images


def _digest(order: Order) -> str:
    """What two orders share when they ask for the same."""
    return hashlib.sha256(json.dumps(order.body, sort_keys=True).encode()).hexdigest()
