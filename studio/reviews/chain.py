"""What happened to a review, as a chain: the hash of an entry covers the entry before, back to the plan.

All that changes one review happens one after the other, under a lock on its row.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select, true, update

from atlas.text import clean
from studio.people import EVERYBODY, Person
from studio.reviews.ballots import Ballot, Review, State
from studio.reviews.plan import Ends, canonical
from studio.reviews.rows import review_of
from studio.schema import review_chain, reviews
from studio.store import now_ms

_LINE_LIMIT = 60


class Late(Exception):
    """The review takes no such vote any more; the text says why, as a sentence for the reviewer."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One link of the chain: ``hash`` is SHA-256 over the hash before (of the plan, for the first) and ``body``."""

    sequence: int
    body: str
    hash: str


def linked(previous: str, body: str) -> str:
    """The hash of an entry of the chain."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def entry_of(ballot: Ballot) -> dict[str, Any]:
    """A ballot as the chain has it: nothing in it names a person or a browser."""
    return {
        "what": "ballot",
        "at": ballot.changed,
        "reviewer": f"R{ballot.reviewer + 1}",
        "item": ballot.item,
        "number": ballot.number,
        "kind": ballot.kind,
        "question": ballot.question,
        "left": [ballot.left.arm, ballot.left.draw],
        "right": [ballot.right.arm, ballot.right.draw],
        "choice": ballot.choice,
        "reasons": list(ballot.reasons),
        "words": ballot.words,
        "seconds": ballot.seconds,
    }


def locked(connection: Connection, review_id: str, viewer: Person = EVERYBODY) -> Review:
    """Raises KeyError, also for the review of somebody else; NotAllowed for a ``viewer`` who only votes."""
    viewer.must_make()
    this = (reviews.c.id == review_id, viewer.sees(reviews))
    row = connection.execute(select(reviews).where(*this).with_for_update()).first()
    if row is None:
        raise KeyError(review_id)
    return review_of(row)


def refuse_unless_open(review: Review) -> None:
    if review.deleted is not None:
        raise Late("This review was withdrawn. Nothing is left to vote on.")
    if review.state is State.DRAFT:
        raise Late("This review has not been opened yet. Try again when you are told that it is.")
    if review.state is State.CLOSED:
        raise Late("This review is closed. Your votes up to then are counted. Thank you.")


def is_over(review: Review, now: int) -> bool:
    stop = review.plan.stop
    return review.state is State.OPEN and stop.rule is Ends.DATE and now >= stop.until


def closed_if_over(connection: Connection, review: Review) -> Review:
    now = now_ms(connection)
    if not is_over(review, now):
        return review
    close(connection, review.id, Ends.DATE, now)
    return locked(connection, review.id)


def close(connection: Connection, review_id: str, why: str, now: int) -> None:
    change(connection, review_id, state=State.CLOSED, closed=now, closed_by=str(why))
    enter(connection, review_id, {"what": "closed", "at": now, "by": str(why)})


def of_theirs(table: Table, viewer: Person) -> ColumnElement[bool]:
    """Of a table about reviews, the rows about those that the viewer sees."""
    if viewer.sees_all:
        return true()
    return table.c.review.in_(select(reviews.c.id).where(viewer.sees(reviews)))


def change(connection: Connection, review_id: str, **values: object) -> None:
    connection.execute(update(reviews).where(reviews.c.id == review_id).values(values))


def enter(connection: Connection, review_id: str, told: dict[str, Any]) -> None:
    """One more link of the chain; the row of the review is locked by whoever calls."""
    at = select(reviews.c.chain_length, reviews.c.chain_head).where(reviews.c.id == review_id)
    length, head = connection.execute(at).one()
    body = canonical(told)
    entry = {"sequence": length + 1, "body": body, "hash": linked(head, body)}
    connection.execute(insert(review_chain).values(review=review_id, **entry))
    change(connection, review_id, chain_length=entry["sequence"], chain_head=entry["hash"])


def line(text: str) -> str:
    return " ".join(clean(text).split())[:_LINE_LIMIT]
