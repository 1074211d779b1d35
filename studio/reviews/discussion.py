"""What people say about the images of a review, and what they decide."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, func, insert, select, update

from atlas.language import tr
from atlas.text import clean
from studio.people import Viewed
from studio.reviews.ballots import Decision, Pin, Remark, Review, Reviewer, Standing, State
from studio.reviews.chain import enter, line, locked, of_theirs
from studio.reviews.rows import decision_of, pin_of, pin_row
from studio.schema import decisions, pins
from studio.store import now_ms

_WORDS_LIMIT = 1000


class Discussion(Viewed):
    """Pins and decisions of all reviews; what it changes raises NotAllowed for somebody who only votes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)

    def pin(self, review_id: str, remark: Remark, *, author: str) -> Pin:
        """A remark of somebody who knows whose image it is. Raises ValueError, KeyError."""
        with self._engine.begin() as connection:
            plan = locked(connection, review_id, self._viewer).plan
            if not (0 <= remark.face.arm < len(plan.arms) and remark.face.draw in plan.draws):
                raise ValueError(tr("This review has no such image."))
            pin = new_pin(connection, remark, author=author)
            connection.execute(insert(pins).values(review=review_id, **pin_row(pin)))
        return pin

    def resolve(self, review_id: str, pin_id: str, *, who: str) -> None:
        self._settle(review_id, pin_id, who, resolved=True)

    def reopen(self, review_id: str, pin_id: str) -> None:
        self._settle(review_id, pin_id, "", resolved=False)

    def pins(self, review_id: str, *, reviewer: Reviewer | None = None) -> list[Pin]:
        """The oldest first; without a reviewer, for the owner alone."""
        whose = of_theirs(pins, self._viewer) if reviewer is None else pins.c.reviewer == reviewer.ordinal
        query = select(pins).where(pins.c.review == review_id, whose).order_by(pins.c.created, pins.c.id)
        with self._reading.connect() as connection:
            return list(map(pin_of, connection.execute(query)))

    def decide(self, review_id: str, state: Standing, *, who: str, words: str = "") -> Decision:
        """Approve, ask for changes, reject, or take that back. Raises ValueError without a name, or without votes."""
        if state is Standing.DRAFT or not line(who):
            raise ValueError(tr("Write down who decides."))
        with self._engine.begin() as connection:
            review, now = locked(connection, review_id, self._viewer), now_ms(connection)
            if review.state is State.DRAFT:
                raise ValueError(tr("Open the review first."))
            hashes = sorted({sha256 for each in review.plan.pictures for sha256 in each.hashes})
            decided = {"state": state, "who": line(who), "words": clean(words).strip()[:_WORDS_LIMIT], "at": now}
            place = select(func.count()).select_from(decisions).where(decisions.c.review == review_id)
            sequence = connection.execute(place).scalar_one() + 1
            connection.execute(
                insert(decisions).values(review=review_id, sequence=sequence, hashes=json.dumps(hashes), **decided)
            )
            enter(connection, review_id, {"what": "decided", "hashes": hashes, **decided})
        return self.decisions(review_id)[-1]

    def decisions(self, review_id: str) -> list[Decision]:
        """The last one counts."""
        query = select(decisions).where(decisions.c.review == review_id, of_theirs(decisions, self._viewer))
        query = query.order_by(decisions.c.sequence)
        with self._reading.connect() as connection:
            return list(map(decision_of, connection.execute(query)))

    def standings(self, found: Sequence[Review]) -> dict[str, Standing]:
        """How far the decision about each of these is, by its id."""
        query = select(decisions.c.review, decisions.c.state).where(of_theirs(decisions, self._viewer))
        query = query.order_by(decisions.c.sequence)
        with self._reading.connect() as connection:
            rows = connection.execute(query.where(decisions.c.review.in_([review.id for review in found])))
            last = {row.review: Standing(row.state) for row in rows}
        return {review.id: last.get(review.id, _undecided(review)) for review in found}

    def _settle(self, review_id: str, pin_id: str, who: str, *, resolved: bool) -> None:
        this = (pins.c.review == review_id) & (pins.c.id == pin_id)
        with self._engine.begin() as connection:
            locked(connection, review_id, self._viewer)
            at = now_ms(connection) if resolved else None
            connection.execute(update(pins).where(this).values(resolved=at, resolved_by=line(who)))


def new_pin(connection: Connection, remark: Remark, *, author: str, item: str = "", reviewer: int | None = None) -> Pin:
    """Raises ValueError when it lies outside of the image, or says nothing."""
    words = clean(remark.words).strip()[:_WORDS_LIMIT]
    if not (0 <= remark.x <= 1 and 0 <= remark.y <= 1):
        raise ValueError(tr("A pin lies between 0 and 1 in both directions."))
    if not words:
        raise ValueError(tr("Write down what there is to say about this place."))
    return Pin(
        id=secrets.token_hex(8),
        remark=replace(remark, words=words),
        author=line(author),
        created=now_ms(connection),
        item=item,
        reviewer=reviewer,
    )


def _undecided(review: Review) -> Standing:
    return Standing.DRAFT if review.state is State.DRAFT else Standing.IN_REVIEW
