"""Experiments: two to four arms, several draws of each, and whose image is whose.

An arm is a request. Draw n of an arm is filled by one slot of one run, so an image is attributed by
what it was made for and never by where it is shown. Arms do not change once they ran; a changed
comparison is a fork.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self, TypeAlias

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from atlas.language import tr
from atlas.models import ImageRequest
from atlas.text import clean
from studio.generations import Generation, Slot
from studio.inserting import insert_into
from studio.people import Person, Viewed
from studio.schema import arms, draws, experiments
from studio.store import Store, encoded, now_ms, queue

LABELS = "ABCD"
MOST_ARMS = len(LABELS)
MOST_DRAWS = 20
_NAME_LIMIT = 120

Estimate: TypeAlias = Callable[[ImageRequest], Decimal | None]  # USD of one image; None where nobody knows


def unpriced(_request: ImageRequest) -> None:
    """The estimate of somebody who knows no prices."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What is compared; times are epoch milliseconds. ``picked``: the images were chosen by hand."""

    id: str
    name: str
    created: int
    arms: tuple[ImageRequest, ...]
    draws: int
    picked: bool = False
    forked_from: str | None = None
    deleted: int | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(LABELS[: len(self.arms)])


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Draw ``number`` of every arm; None where nothing was ever queued."""

    number: int
    generations: tuple[Generation | None, ...]


class Experiments(Viewed):
    """All experiments, in the database of the store."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)
        self._store = store

    def seen_by(self, viewer: Person) -> Self:
        own = super().seen_by(viewer)
        own._store = self._store.seen_by(viewer)
        return own

    def start(
        self,
        experiment_id: str,
        name: str,
        requests: Sequence[ImageRequest],
        *,
        draws: int,
        provider: str,
        forked_from: str | None = None,
        estimate: Estimate = unpriced,
    ) -> Experiment:
        """Store an experiment and queue all of its draws at once; the same id again is the same experiment.

        The draws are queued interleaved, A1 B1 A2 B2 …, so that no arm gets the better hour. ``estimate`` is what
        an image of an arm is expected to cost.
        Raises ValueError when it cannot be run, KeyError when the id is somebody else's, NotAllowed.
        """
        self._viewer.must_make()
        _check(requests, draws)
        priced = [(request, estimate(request)) for request in requests]
        with self._engine.begin() as connection:
            row = _row(connection, experiment_id, name, owner=self._viewer.id, picked=False, forked_from=forked_from)
            if _insert(connection, row, requests):
                numbers = range(1, draws + 1)
                _queue_draws(connection, experiment_id, priced, numbers, provider=provider, viewer=self._viewer)
        return self.get(experiment_id)

    def add_draws(
        self, experiment: Experiment, more: int, *, provider: str, estimate: Estimate = unpriced
    ) -> Experiment:
        """Queue further draws of every arm, numbered on.

        Raises ValueError beyond MOST_DRAWS, or for picked images; KeyError when there is none; NotAllowed.
        """
        self._viewer.must_make()
        experiment = self.get(experiment.id)
        total = experiment.draws + more
        if experiment.picked:
            raise ValueError(tr("These images were picked by hand, so no more can be drawn."))
        _check(experiment.arms, total)
        priced = [(request, estimate(request)) for request in experiment.arms]
        with self._engine.begin() as connection:
            numbers = range(experiment.draws + 1, total + 1)
            _queue_draws(connection, experiment.id, priced, numbers, provider=provider, viewer=self._viewer)
        return self.get(experiment.id)

    def of_images(
        self, experiment_id: str, name: str, columns: Sequence[Sequence[Generation]], *, picked: bool = True
    ) -> Experiment:
        """An experiment of images that exist already: one column per arm, paired by their order.

        Raises KeyError for images that are not there for the viewer, NotAllowed.
        """
        self._viewer.must_make()
        for generation in (generation for column in columns for generation in column):
            self._store.get(generation.id)
        requests = [column[0].request for column in columns]
        with self._engine.begin() as connection:
            row = _row(connection, experiment_id, name, owner=self._viewer.id, picked=picked, forked_from=None)
            if _insert(connection, row, requests):
                for position, column in enumerate(columns):
                    for number, generation in enumerate(column, 1):
                        _fill(connection, experiment_id, position, number, generation.slot)
        return self.get(experiment_id)

    def get(self, experiment_id: str) -> Experiment:
        """Raises KeyError when there is none."""
        found = self._read(select(experiments).where(experiments.c.id == experiment_id))
        if not found:
            raise KeyError(experiment_id)
        return found[0]

    def listed(self, *, limit: int = 50) -> list[Experiment]:
        """Newest first, without the deleted ones."""
        query = select(experiments).where(experiments.c.deleted.is_(None))
        return self._read(query.order_by(experiments.c.created.desc(), experiments.c.id.desc()).limit(limit))

    def rows(self, experiment: Experiment) -> list[Drawn]:
        """Every draw with the generations that fill it, each the last attempt at its slot."""
        with self._reading.connect() as connection:
            seen = select(experiments.c.id).where(self._viewer.sees(experiments))
            query = select(draws).where(draws.c.experiment == experiment.id, draws.c.experiment.in_(seen))
            slots = {(row.position, row.number): (row.slot_run, row.slot_number) for row in connection.execute(query)}
        filled = self._store.slots(set(slots.values()))
        return [
            Drawn(
                number=number,
                generations=tuple(
                    filled.get(slots.get((position, number), ("", 0))) for position in range(len(experiment.arms))
                ),
            )
            for number in range(1, experiment.draws + 1)
        ]

    def rename(self, experiment_id: str, name: str) -> None:
        self._change(experiment_id, name=_named(name))

    def delete(self, experiment_id: str) -> None:
        """Out of the list; its images stay, and restore() brings it back."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            this = (experiments.c.id == experiment_id, self._viewer.sees(experiments))
            connection.execute(update(experiments).where(*this).values(deleted=now_ms(connection)))

    def restore(self, experiment_id: str) -> None:
        self._change(experiment_id, deleted=None)

    def _change(self, experiment_id: str, **values: str | None) -> None:
        self._viewer.must_make()
        with self._engine.begin() as connection:
            this = (experiments.c.id == experiment_id, self._viewer.sees(experiments))
            connection.execute(update(experiments).where(*this).values(values))

    def _read(self, query: Select[Any]) -> list[Experiment]:
        with self._reading.connect() as connection:
            rows = connection.execute(query.where(self._viewer.sees(experiments))).all()
            ids = [row.id for row in rows]
            requests = _requests(connection, ids)
            counted = select(draws.c.experiment, func.max(draws.c.number)).where(draws.c.experiment.in_(ids))
            counts = dict(map(tuple, connection.execute(counted.group_by(draws.c.experiment))))
            return [_experiment(row, requests[row.id], counts.get(row.id, 0)) for row in rows]


def _check(requests: Sequence[ImageRequest], draws_asked: int) -> None:
    if not 2 <= len(requests) <= MOST_ARMS:
        raise ValueError(tr("A comparison has two to {most_arms} arms.").format(most_arms=MOST_ARMS))
    if not 1 <= draws_asked <= MOST_DRAWS:
        raise ValueError(tr("A comparison has one to {most_draws} images per prompt.").format(most_draws=MOST_DRAWS))
    for label, request in zip(LABELS, requests, strict=False):
        if request.problem:
            raise ValueError(f"{label}: {request.problem}")


def _row(
    connection: Connection, experiment_id: str, name: str, *, owner: str, picked: bool, forked_from: str | None
) -> dict[str, Any]:
    return {
        "id": experiment_id,
        "name": _named(name),
        "created": now_ms(connection),
        "picked": picked,
        "forked_from": forked_from,
        "owner": owner,
    }


def _insert(connection: Connection, row: dict[str, Any], requests: Sequence[ImageRequest]) -> bool:
    """False when the experiment was stored before."""
    new = insert_into(connection, experiments).values(row).on_conflict_do_nothing().returning(experiments.c.id)
    if connection.execute(new).scalar() is None:
        return False
    rows = [
        {
            "experiment": row["id"],
            "position": position,
            "model": request.model,
            "prompt": request.prompt,
            "parameters": encoded(request.parameters),
        }
        for position, request in enumerate(requests)
    ]
    connection.execute(insert(arms), rows)
    return True


def _queue_draws(
    connection: Connection,
    experiment_id: str,
    priced: Sequence[tuple[ImageRequest, Decimal | None]],
    numbers: range,
    *,
    provider: str,
    viewer: Person,
) -> None:
    for number in numbers:
        for position, (request, estimate) in enumerate(priced):
            slot = Slot(run=f"{experiment_id}-{LABELS[position]}", number=number)
            if queue(connection, request, slot, provider=provider, estimate=estimate, viewer=viewer):
                _fill(connection, experiment_id, position, number, slot)


def _fill(connection: Connection, experiment_id: str, position: int, number: int, slot: Slot) -> None:
    connection.execute(
        insert(draws).values(
            experiment=experiment_id,
            position=position,
            number=number,
            slot_run=slot.run,
            slot_number=slot.number,
        )
    )


def _requests(connection: Connection, ids: Sequence[str]) -> dict[str, list[ImageRequest]]:
    found: dict[str, list[ImageRequest]] = {name: [] for name in ids}
    for row in connection.execute(select(arms).where(arms.c.experiment.in_(ids)).order_by(arms.c.position)):
        request = ImageRequest(prompt=row.prompt, model=row.model, parameters=json.loads(row.parameters))
        found[row.experiment].append(request)
    return found


def _experiment(row: Row[tuple[object, ...]], requests: Sequence[ImageRequest], count: int) -> Experiment:
    return Experiment(
        id=row.id,
        name=row.name,
        created=row.created,
        arms=tuple(requests),
        draws=count,
        picked=row.picked,
        forked_from=row.forked_from,
        deleted=row.deleted,
    )


def _named(name: str) -> str:
    return " ".join(clean(name).split())[:_NAME_LIMIT] or "Comparison"
