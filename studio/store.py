"""Generations in SQLite or PostgreSQL: who may work on one, how far it is, what became of it.

A connection lives no longer than one method, and no transaction is open across the network.
Work on a generation belongs to whoever holds its lease; a write by anybody else is refused, except
``accept``: an id that the provider gave is recorded whoever holds the lease, for it may have been paid for.
"""

import hashlib
import json
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, case, func, insert, not_, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from atlas.language import tr
from atlas.models import ImageRequest, Parameters, Prediction
from atlas.text import clean
from studio import budget, logs
from studio.budget import Budget, Hold, micros, usd
from studio.generations import AT_PROVIDER, Event, Generation, Picture, Slot, State, new_id
from studio.inserting import insert_into
from studio.people import EVERYBODY, NotAllowed, Person, Viewed
from studio.schema import IN_FLIGHT, events, generations, pictures
from studio.search import fold, quality_of, size_of
from studio.settings import LONGEST_LEASE_S

log = logging.getLogger(__name__)

UPLOADED = "uploaded"  # provider and model of images that were not made here
_MICROS = 1_000_000
_BELIEVED_MS = 2 * LONGEST_LEASE_S * 1000  # of a lease; clocks that share a database may differ a little
_CLAIM_LOCK = 7_164_150_002
_MAY_BE_CHARGED = frozenset({State.UNKNOWN, State.STALLED})  # what is held for these stays held


class Store(Viewed):
    """All that is remembered about generations, in one database that several processes may share.

    What moves a generation on is for the engine, which works for everybody.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)

    def close(self) -> None:
        self._engine.dispose()

    def add(self, request: ImageRequest, slot: Slot, *, provider: str, estimate: Decimal | None = None) -> Generation:
        """Queue a request; the same slot again answers with the generation that fills it already.

        ``estimate`` is what it is expected to cost, in USD. Raises NotAllowed.
        """
        with self._engine.begin() as connection:
            queue(connection, request, slot, provider=provider, estimate=estimate, viewer=self._viewer)
            filled = select(generations).where(
                generations.c.run == slot.run,
                generations.c.number == slot.number,
                generations.c.attempt == slot.attempt,
            )
            return read_generations(connection, [connection.execute(filled).one()])[0]

    def add_picture(self, name: str, picture: Picture, slot: Slot) -> Generation:
        """An image that was brought in from outside: complete from the beginning, and nobody's to submit."""
        with self._engine.begin() as connection:
            now = now_ms(connection)
            brought = ImageRequest(prompt=name, model=UPLOADED)
            added = queue(connection, brought, slot, provider=UPLOADED, state=State.COMPLETED, viewer=self._viewer)
            if added:
                connection.execute(insert(pictures), [{"generation": added, "number": 1, **asdict(picture)}])
                note(connection, added, now, "uploaded")
        return self.run(slot.run)[-1]

    def get(self, generation_id: str) -> Generation:
        """Raises KeyError when there is none."""
        found = self._select(select(generations).where(generations.c.id == generation_id))
        if not found:
            raise KeyError(generation_id)
        return found[0]

    def run(self, run: str) -> list[Generation]:
        """Every attempt at every number of a run, oldest first."""
        return self._select(select(generations).where(generations.c.run == run).order_by(generations.c.id))

    def family(self, name: str) -> list[Generation]:
        """Every attempt in a run, or in all arms of the experiment of that name."""
        own = or_(generations.c.run == name, generations.c.run.startswith(f"{name}-", autoescape=True))
        return self._select(select(generations).where(own).order_by(generations.c.id))

    def slots(self, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Generation]:
        """The last attempt at each of these (run, number) slots, where there is one."""
        runs = {run for run, _ in wanted}
        found = self._select(select(generations).where(generations.c.run.in_(runs)).order_by(generations.c.attempt))
        return {slot: generation for generation in found if (slot := generation.slot.place) in wanted}

    def last_price(self, request: ImageRequest, *, provider: str) -> Decimal | None:
        """USD that the newest priced generation with this model and these parameters cost, whoever asked for it."""
        self._viewer.must_make()
        query = (
            select(generations.c.price_micros)
            .where(
                generations.c.model == request.model,
                generations.c.state == State.COMPLETED,
                generations.c.provider == provider,
                generations.c.parameters == encoded(request.parameters),
                generations.c.price_micros.is_not(None),
            )
            .order_by(generations.c.id.desc())
            .limit(1)
        )
        with self._reading.connect() as connection:
            price = connection.execute(query).scalar()
        return None if price is None else usd(price)

    def alternatives(self, hashes: Collection[str]) -> dict[str, str]:
        """By the SHA-256 of an image, what somebody wrote last for those who cannot see it; only where somebody did."""
        query = (
            select(pictures.c.sha256, generations.c.alt)
            .join(generations, generations.c.id == pictures.c.generation)
            .where(pictures.c.sha256.in_(hashes), generations.c.alt != "", self._viewer.sees(generations))
            .order_by(generations.c.id)
        )
        with self._reading.connect() as connection:
            return {row.sha256: row.alt for row in connection.execute(query)}

    def budget(self, *, cap: Decimal | None) -> Budget:
        """What everybody spent and has held today, of ``cap`` USD."""
        self._viewer.must_make()
        with self._reading.connect() as connection:
            return budget.read(connection, budget.day_of(now_ms(connection)), cap=cap)

    def run_before(self, run: str) -> str | None:
        """The run that was started last before this one."""
        of_run = (generations.c.run == run, self._viewer.sees(generations))
        begun = select(func.min(generations.c.id)).where(*of_run).scalar_subquery()
        earlier = select(generations.c.run).where(generations.c.id < begun, self._viewer.sees(generations))
        query = earlier.order_by(generations.c.id.desc()).limit(1)
        with self._reading.connect() as connection:
            return connection.execute(query).scalar()

    def latest_run(self) -> str | None:
        """The run that was started last."""
        with self._reading.connect() as connection:
            own = select(generations.c.run).where(self._viewer.sees(generations))
            newest = own.order_by(generations.c.id.desc()).limit(1)
            return connection.execute(newest).scalar()

    def latest(self, *, limit: int = 24, skip: int = 0) -> list[Generation]:
        """Newest first, below the ``skip`` newest."""
        return self._select(select(generations).order_by(generations.c.id.desc()).limit(limit).offset(skip))

    def count(self) -> int:
        with self._reading.connect() as connection:
            own = select(func.count()).select_from(generations).where(self._viewer.sees(generations))
            return connection.execute(own).scalar_one()

    def in_flight(self, *, provider: str) -> list[Generation]:
        """What is not finished yet at this provider, oldest first."""
        unfinished = select(generations).where(IN_FLIGHT, generations.c.provider == provider)
        return self._select(unfinished.order_by(generations.c.id))

    def events(self, generation_id: str) -> list[Event]:
        with self._reading.connect() as connection:
            own = select(generations.c.id).where(self._viewer.sees(generations))
            query = select(events).where(events.c.generation == generation_id, events.c.generation.in_(own))
            return [Event(at=row.at, what=row.what) for row in connection.execute(query.order_by(events.c.id))]

    def durations(self, request: ImageRequest, *, provider: str, limit: int = 20) -> list[float]:
        """Seconds that the last completed generations with this model and these parameters took, newest first.

        Whoever asked for them.
        """
        self._viewer.must_make()
        with self._reading.connect() as connection:
            query = (
                select(generations.c.ended - generations.c.submitted)
                .where(
                    generations.c.model == request.model,
                    generations.c.state == State.COMPLETED,
                    generations.c.provider == provider,
                    generations.c.parameters == encoded(request.parameters),
                )
                .order_by(generations.c.id.desc())
                .limit(limit)
            )
            return [milliseconds / 1000 for milliseconds in connection.execute(query).scalars()]

    def claim(
        self,
        owner: str,
        *,
        provider: str,
        lease_s: float,
        max_in_flight: int,
        paused: Collection[str] = (),
        carried: Collection[str] = (),
    ) -> Generation | None:
        """The next generation to work on, now leased to ``owner``; None when nothing is due.

        What was begun goes before what is queued. A queued one is only given out while fewer than
        ``max_in_flight`` are at the provider or on their way, whoever works on them, and not for a ``paused``
        model. What the owner carries already is never given out again, even when its lease has run out.
        """
        self._viewer.must_host()
        if not self._is_anything_due(provider):
            return None
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CLAIM_LOCK})
            now = now_ms(connection)
            due = select(generations).where(_due(now, provider), generations.c.id.not_in(carried))
            # As it stands when whoever writes to it is through, who may just have ended it.
            due = due.order_by(generations.c.id).limit(1).with_for_update()
            row = connection.execute(due.where(generations.c.state.in_(AT_PROVIDER))).one_or_none()
            if row is None and _on_their_way(connection, now, provider) < max_in_flight:
                waiting = due.where(generations.c.state == State.QUEUED, generations.c.model.not_in(paused))
                row = connection.execute(waiting).one_or_none()
            if row is None:
                return None
            connection.execute(
                update(generations)
                .where(generations.c.id == row.id)
                .values(lease_owner=owner, lease_until=now + int(lease_s * 1000))
            )
            return read_generations(connection, [row])[0]

    def renew(self, owner: str, generation_ids: Collection[str], *, lease_s: float) -> None:
        """Keep these leases of this owner for another ``lease_s`` seconds."""
        self._viewer.must_host()
        with self._engine.begin() as connection:
            connection.execute(
                update(generations)
                .where(generations.c.lease_owner == owner, generations.c.id.in_(generation_ids))
                .values(lease_until=now_ms(connection) + int(lease_s * 1000))
            )

    def release(self, owner: str, generation_id: str) -> None:
        """Give work back as it is, for anybody to take up at once."""
        self._viewer.must_host()
        with self._engine.begin() as connection:
            connection.execute(
                update(generations)
                .where(generations.c.lease_owner == owner, generations.c.id == generation_id)
                .values(lease_owner=None, lease_until=None)
            )

    def submitting(self, generation: Generation, owner: str, *, hold: Hold | None = None) -> bool:
        """On record before the POST leaves; false when it is not ours, or was sent before: then nothing may leave.

        With ``hold`` its cost is taken out of the day's budget. Raises OverBudget, and then nothing has changed.
        """
        with self._engine.begin() as connection:
            moved = self._move(connection, generation, owner, State.SUBMITTING, "submitting", problem="")
            if moved and hold:
                budget.hold(connection, generation.id, hold, now=now_ms(connection))
            return moved

    def requeue(self, generation: Generation, owner: str, *, reason: str) -> bool:
        """Back into the queue, because nothing was accepted; ``reason`` is for the person who waits."""
        return self._advance(generation, owner, State.QUEUED, f"queued again: {reason}", problem=reason)

    def accept(self, generation: Generation, prediction: Prediction) -> bool:
        """Record the id the provider gave, whoever holds the lease; false when another generation has that id.

        One that a person has closed meanwhile as not charged is under way again, and held for anew.
        """
        self._viewer.must_host()
        try:
            with self._engine.begin() as connection:
                now = now_ms(connection)
                note(connection, generation.id, now, f"accepted as {prediction.id}")
                unnamed = and_(generations.c.id == generation.id, generations.c.prediction_id.is_(None))
                closed = select(generations.c.estimate_micros).where(unnamed, generations.c.state == State.FAILED)
                revived = connection.execute(closed.with_for_update()).one_or_none()
                connection.execute(
                    update(generations)
                    .where(unnamed)
                    .values(
                        prediction_id=prediction.id,
                        request_id=func.coalesce(prediction.request_id, generations.c.request_id),
                        state=case(
                            (generations.c.state.in_([State.SUBMITTING, State.UNKNOWN, State.FAILED]), State.RUNNING),
                            else_=generations.c.state,
                        ),
                        ended=None,
                        problem="",
                    )
                )
                if revived is not None:
                    expected = None if revived.estimate_micros is None else usd(revived.estimate_micros)
                    budget.hold(connection, generation.id, Hold(amount=expected, cap=None), now=now)
        except IntegrityError:
            return False
        return True

    def seeking(self, generation: Generation, owner: str, *, words: str, request_id: str | None = None) -> bool:
        """Its answer was lost, and it is looked for; ``words`` are for the person who waits. False when not ours."""
        self._viewer.must_host()
        known = {"request_id": request_id} if request_id else {}
        ours = and_(
            generations.c.id == generation.id,
            generations.c.lease_owner == owner,
            generations.c.state == State.SUBMITTING,
        )
        with self._engine.begin() as connection:
            sought = connection.execute(update(generations).where(ours).values(problem=words, **known))
            if sought.rowcount:
                note(connection, generation.id, now_ms(connection), "the answer was lost: looked for in the history")
            return bool(sought.rowcount)

    def known_predictions(self, ids: Collection[str]) -> set[str]:
        """Those of these ids of the provider that belong to a generation here."""
        self._viewer.must_host()
        with self._reading.connect() as connection:
            query = select(generations.c.prediction_id).where(generations.c.prediction_id.in_(ids))
            return set(connection.execute(query).scalars())

    def lost_like(self, generation: Generation, *, within_ms: int) -> list[Generation]:
        """It and those with its model and prompt, sent about then, of which no id has become known."""
        sent = generation.submitted or generation.created
        return self._select(
            select(generations).where(
                generations.c.model == generation.model,
                generations.c.same_prompt == described(generation.request)["same_prompt"],
                generations.c.prompt == generation.prompt,
                generations.c.provider == generation.provider,
                generations.c.state.in_([State.SUBMITTING, State.UNKNOWN]),
                generations.c.prediction_id.is_(None),
                generations.c.submitted.between(sent - within_ms, sent + within_ms),
            )
        )

    def not_charged(self, generation_id: str, *, words: str) -> bool:
        """A person knows that this lost submit cost nothing: what is held for it is free; false when it is not lost."""
        self._viewer.must_make()
        own = self._viewer.sees(generations)
        lost = (generations.c.id == generation_id, generations.c.state == State.UNKNOWN, own)
        with self._engine.begin() as connection:
            now = now_ms(connection)
            closed = connection.execute(
                update(generations)
                .where(*lost, generations.c.prediction_id.is_(None))
                .values(state=State.FAILED, ended=now, problem=words)
            )
            if closed.rowcount:
                note(connection, generation_id, now, "a person says that it was not charged")
                budget.settle(connection, generation_id, spent=0)
            return bool(closed.rowcount)

    def fetching(self, generation: Generation, owner: str) -> bool:
        return self._advance(generation, owner, State.FETCHING, "finished at the provider, fetching")

    def complete(self, generation: Generation, owner: str, found: Sequence[Picture], prediction: Prediction) -> bool:
        """The files are on disk: now the rows that refer to them."""
        rows = [{"generation": generation.id, "number": n, **asdict(picture)} for n, picture in enumerate(found, 1)]
        price = None if prediction.price is None else int(prediction.price * _MICROS)
        with self._engine.begin() as connection:
            if not self._move(
                connection,
                generation,
                owner,
                State.COMPLETED,
                "completed",
                spent=price,
                price_micros=price,
                predict_seconds=prediction.predict_seconds,
                rewritten=_rewritten(generation, prediction),
            ):
                return False
            connection.execute(insert(pictures), rows)
            return True

    def settle(
        self,
        generation: Generation,
        owner: str,
        state: State,
        problem: str,
        *,
        request_id: str | None = None,
        spent: int | None = 0,
    ) -> bool:
        """End it as failed, unknown or stalled, with the sentence a person will read.

        ``spent`` micro-dollars of what is held for it are gone when it failed; None: as much as was expected.
        """
        known = {"request_id": request_id} if request_id else {}
        return self._advance(generation, owner, state, f"{state}: {problem}", spent=spent, problem=problem, **known)

    def resume(self, generation_id: str) -> bool:
        """Take up a stalled generation again, at a person's word."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            now = now_ms(connection)
            resumed = connection.execute(
                update(generations)
                .where(
                    generations.c.id == generation_id,
                    generations.c.state == State.STALLED,
                    self._viewer.sees(generations),
                )
                .values(state=State.RUNNING, ended=None, problem="")
            )
            if resumed.rowcount:
                note(connection, generation_id, now, "checked again")
            return bool(resumed.rowcount)

    def _advance(self, generation: Generation, owner: str, state: State, what: str, **values: Any) -> bool:
        with self._engine.begin() as connection:
            return self._move(connection, generation, owner, state, what, **values)

    def _move(
        self,
        connection: Connection,
        generation: Generation,
        owner: str,
        state: State,
        what: str,
        *,
        spent: int | None = 0,
        **values: Any,
    ) -> bool:
        self._viewer.must_host()
        now = now_ms(connection)
        if state is State.SUBMITTING:
            values["submitted"] = now
        if state.is_terminal:
            values["ended"] = now
        is_over = state.is_terminal or state is State.QUEUED
        if is_over:
            values |= {"lease_owner": None, "lease_until": None}
        ours = and_(generations.c.id == generation.id, generations.c.lease_owner == owner)
        if state is State.SUBMITTING:
            ours = and_(ours, generations.c.state == State.QUEUED)
        if state is State.UNKNOWN:  # a late answer may have come meanwhile
            ours = and_(ours, generations.c.prediction_id.is_(None))
        moved = connection.execute(update(generations).where(ours).values(state=state, **values))
        if moved.rowcount:
            note(connection, generation.id, now, what)
            if is_over and state not in _MAY_BE_CHARGED:
                budget.settle(connection, generation.id, spent=spent)
        return bool(moved.rowcount)

    def _is_anything_due(self, provider: str) -> bool:
        """Asked without the write lock, so that an idle studio writes nothing."""
        with self._reading.connect() as connection:
            query = select(generations.c.id).where(_due(now_ms(connection), provider)).limit(1)
            return connection.execute(query).first() is not None

    def _select(self, query: Any) -> list[Generation]:
        """Of what a query over generations finds, what is there for the viewer."""
        with self._reading.connect() as connection:
            own = query.where(self._viewer.sees(generations))
            return read_generations(connection, connection.execute(own).all())


def queue(
    connection: Connection,
    request: ImageRequest,
    slot: Slot,
    *,
    provider: str,
    state: State = State.QUEUED,
    estimate: Decimal | None = None,
    viewer: Person = EVERYBODY,
) -> str | None:
    """The id of the new generation in this slot, within the caller's transaction; None when it is filled already.

    Raises NotAllowed, and ValueError for an estimate that nobody could be charged.
    """
    viewer.must_make()
    now = now_ms(connection)
    row = {
        "id": new_id(),
        "run": slot.run,
        "number": slot.number,
        "attempt": slot.attempt,
        "provider": provider,
        "model": request.model,
        "prompt": request.prompt,
        "parameters": encoded(request.parameters),
        **described(request),
        "state": state,
        "created": now,
        "ended": now if state.is_terminal else None,
        "estimate_micros": None if estimate is None else micros(estimate),
        "owner": owner_of_run(connection, slot.run, viewer),
    }
    new = insert_into(connection, generations).values(row).on_conflict_do_nothing().returning(generations.c.id)
    added: str | None = connection.execute(new).scalar()
    if added and state is State.QUEUED:
        note(connection, added, now, "queued")
        with logs.about(generation=added, run=slot.run):
            log.info("queued for %s: %s", provider, request.model)
    return added


def owner_of_run(connection: Connection, run: str, viewer: Person) -> str:
    """Whose a new image of this run will be: a run has one owner, also where a host tries again what somebody made.

    Raises NotAllowed for the run of somebody else.
    """
    owner: str | None = connection.execute(
        select(generations.c.owner).where(generations.c.run == run).limit(1)
    ).scalar()
    if owner is not None and not viewer.may_see(owner):
        raise NotAllowed(tr("This run belongs to somebody else. Start one of your own."))
    return viewer.id if owner is None else owner


def now_ms(connection: Connection) -> int:
    """Epoch milliseconds; PostgreSQL's clock where several machines share it."""
    if connection.dialect.name == "postgresql":
        milliseconds: int = connection.execute(
            text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        ).scalar_one()
        return milliseconds
    return time.time_ns() // 1_000_000


def _due(now: int, provider: str) -> Any:
    free = or_(generations.c.lease_until.is_(None), not_(_held(now)))
    return and_(IN_FLIGHT, free, generations.c.provider == provider)


def _held(now: int) -> Any:
    """By a lease; one that is longer than any can be was given by a clock that ran ahead, and holds nothing."""
    return generations.c.lease_until.between(now, now + _BELIEVED_MS)


def _on_their_way(connection: Connection, now: int, provider: str) -> int:
    """How many are at the provider or about to be sent, whoever works on them."""
    count = select(func.count()).where(generations.c.provider == provider)
    at_provider = count.where(IN_FLIGHT, generations.c.state.in_(AT_PROVIDER))
    leaving = count.where(generations.c.state == State.QUEUED, _held(now))
    both = select(at_provider.scalar_subquery() + leaving.scalar_subquery())
    total: int = connection.execute(both).scalar_one()
    return total


def note(connection: Connection, generation_id: str, at: int, what: str) -> None:
    connection.execute(insert(events).values(generation=generation_id, at=at, what=clean(what)[:2000]))


def _rewritten(generation: Generation, prediction: Prediction) -> str:
    return "" if prediction.rewritten.strip() == generation.prompt.strip() else prediction.rewritten


def described(request: ImageRequest) -> dict[str, str]:
    """The columns by which a request is found again."""
    folded = fold(request.prompt)
    return {
        "folded": folded,
        "same_prompt": hashlib.sha256(folded.encode()).hexdigest()[:16],
        "size": size_of(request.parameters),
        "quality": quality_of(request.parameters),
    }


def encoded(parameters: Parameters) -> str:
    return json.dumps(dict(parameters), allow_nan=False, sort_keys=True)


def read_generations(connection: Connection, rows: Sequence[Row[Any]]) -> list[Generation]:
    """Rows with their pictures, in two queries however many there are."""
    found: dict[str, list[Picture]] = {row.id: [] for row in rows}
    query = select(pictures).where(pictures.c.generation.in_(found)).order_by(pictures.c.number)
    for row in connection.execute(query) if found else ():
        found[row.generation].append(Picture(**{field.name: getattr(row, field.name) for field in fields(Picture)}))
    return [_generation(row, tuple(found[row.id])) for row in rows]


def _generation(row: Row[Any], found: tuple[Picture, ...]) -> Generation:
    return Generation(
        id=row.id,
        slot=Slot(run=row.run, number=row.number, attempt=row.attempt),
        provider=row.provider,
        model=row.model,
        prompt=row.prompt,
        parameters=json.loads(row.parameters),
        state=State(row.state),
        created=row.created,
        submitted=row.submitted,
        ended=row.ended,
        prediction_id=row.prediction_id,
        request_id=row.request_id,
        problem=row.problem,
        price=None if row.price_micros is None else usd(row.price_micros),
        estimate=None if row.estimate_micros is None else usd(row.estimate_micros),
        predict_seconds=row.predict_seconds,
        rewritten=row.rewritten,
        alt=row.alt,
        pictures=found,
        owner=row.owner,
    )
