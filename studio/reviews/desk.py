"""The desk where reviews are kept: who has joined, what they answered, when it closed, what was decided.

Everything that happens to a review is also an entry of its chain: the hash of an entry covers the entry before,
back to the plan. All that changes one review happens one after the other, under a lock on its row.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from atlas.language import tr
from atlas.text import clean
from studio.inserting import insert_into
from studio.people import EVERYBODY, Person, Viewed
from studio.reviews.ballots import Ballot, Choice, Remark, Review, Reviewer, State
from studio.reviews.chain import (
    Entry,
    Late,
    change,
    close,
    closed_if_over,
    enter,
    entry_of,
    is_over,
    line,
    locked,
    of_theirs,
    refuse_unless_open,
)
from studio.reviews.discussion import new_pin
from studio.reviews.plan import Ends, Plan, Question, Reveal
from studio.reviews.rows import ballot_of, pin_of, pin_row, review_of, reviewer_of
from studio.reviews.schedule import Item, Kind
from studio.schema import ballots, experiments, pins, review_chain, review_pictures, reviewers, reviews
from studio.store import now_ms

BY_HAND = "hand"
_WORDS_LIMIT = 2000


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """How far a review is, without saying who is ahead; ``votes`` are those on the first question."""

    joined: int
    finished: int
    votes: int


class Reviews(Viewed):
    """All reviews, in the database of the store. ``enough`` says whether the evidence a plan waits for is there.

    A review is its owner's; the id of one is the link by which anybody is ``invited`` to vote. For the owner alone are
    the methods that raise KeyError for a review that is not the viewer's, and NotAllowed for somebody who only votes.
    """

    def __init__(self, engine: Engine, *, enough: Callable[[Plan, Sequence[Ballot]], bool]) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)
        self._enough = enough

    # The review itself

    def make(self, review_id: str, plan: Plan, *, seed: str) -> Review:
        """Freeze a plan; the same id again is the same review.

        Raises ValueError when it cannot be asked, KeyError where its experiment is not the viewer's, NotAllowed.
        """
        self._viewer.must_make()
        if plan.problem:
            raise ValueError(plan.problem)
        if seed_hash(seed) != plan.seed_hash:
            raise ValueError(tr("The plan was made for another seed."))
        with self._engine.begin() as connection:
            self._refuse_experiment_of_others(connection, plan.experiment)
            row = {
                "id": review_id,
                "experiment": plan.experiment,
                "plan": plan.text(),
                "plan_hash": plan.hash,
                "seed": seed,
                "state": State.DRAFT,
                "created": now_ms(connection),
                "closed_by": "",
                "chain_length": 0,
                "chain_head": plan.hash,
                "owner": self._viewer.id,
            }
            new = insert_into(connection, reviews).values(row).on_conflict_do_nothing().returning(reviews.c.id)
            if connection.execute(new).scalar() is not None:
                hashes = sorted({sha256 for each in plan.pictures for sha256 in each.hashes})
                connection.execute(
                    insert(review_pictures), [{"review": review_id, "sha256": sha256} for sha256 in hashes]
                )
                enter(connection, review_id, {"what": "planned", "at": row["created"], "plan": plan.hash})
        return self.get(review_id)

    def get(self, review_id: str) -> Review:
        """Raises KeyError when there is none. One whose day has come is closed by being looked at."""
        return self._looked_at(review_id, self._viewer)

    def invited(self, review_id: str) -> Review:
        """The same, for whoever has its link: the door to a vote, behind which nothing of the plan may be shown."""
        return self._looked_at(review_id, EVERYBODY)

    def _looked_at(self, review_id: str, viewer: Person) -> Review:
        with self._reading.connect() as connection:
            this = (reviews.c.id == review_id, viewer.sees(reviews))
            row = connection.execute(select(reviews).where(*this)).first()
            if row is None:
                raise KeyError(review_id)
            review = review_of(row)
            over = is_over(review, now_ms(connection))
        if over:
            with self._engine.begin() as connection:
                return closed_if_over(connection, locked(connection, review_id))
        return review

    def listed(self, *, experiment: str | None = None, limit: int = 100) -> list[Review]:
        """Newest first, without the deleted ones."""
        query = select(reviews).where(reviews.c.deleted.is_(None), self._viewer.sees(reviews))
        if experiment is not None:
            query = query.where(reviews.c.experiment == experiment)
        with self._reading.connect() as connection:
            rows = connection.execute(query.order_by(reviews.c.created.desc(), reviews.c.id).limit(limit))
            found, now = list(map(review_of, rows)), now_ms(connection)
        return [self.get(review.id) if is_over(review, now) else review for review in found]

    def open(self, review_id: str) -> Review:
        """Votes can be cast from now on."""
        with self._engine.begin() as connection:
            review, now = locked(connection, review_id, self._viewer), now_ms(connection)
            if review.state is State.DRAFT:
                change(connection, review_id, state=State.OPEN, opened=now)
                enter(connection, review_id, {"what": "opened", "at": now})
        return self.get(review_id)

    def close(self, review_id: str) -> Review:
        """No more votes, by hand."""
        with self._engine.begin() as connection:
            review = locked(connection, review_id, self._viewer)
            if review.state is State.OPEN:
                close(connection, review_id, BY_HAND, now_ms(connection))
        return self.get(review_id)

    def delete(self, review_id: str) -> None:
        """Out of the lists, and its link ends; restore() brings it back."""
        with self._engine.begin() as connection:
            locked(connection, review_id, self._viewer)
            change(connection, review_id, deleted=now_ms(connection))

    def restore(self, review_id: str) -> None:
        with self._engine.begin() as connection:
            locked(connection, review_id, self._viewer)
            change(connection, review_id, deleted=None)

    # Reviewers and their ballots

    def join(
        self,
        review_id: str,
        identity: str,
        *,
        name: str = "",
        role: str = "",
        language: str = "",
        synthetic: bool = False,
    ) -> Reviewer:
        """The reviewer of this identity (a secret of their browser), new or known. Raises Late, KeyError.

        Raises ValueError for a synthetic one where the images are real; only the owner of a review makes some up.
        """
        with self._engine.begin() as connection:
            asks = self._viewer if synthetic else EVERYBODY
            review = closed_if_over(connection, locked(connection, review_id, asks))
            if synthetic and not review.plan.simulated:
                raise ValueError(tr("Simulated reviewers vote on simulated images only."))
            secret = _secret(review_id, identity)
            if known := _reviewer_of(connection, review_id, secret):
                return known
            refuse_unless_open(review)
            ordinal = connection.execute(
                select(func.count()).select_from(reviewers).where(reviewers.c.review == review_id)
            ).scalar_one()
            joined = Reviewer(
                id=secret,
                seat=secrets.token_hex(16),
                ordinal=ordinal,
                name=line(name),
                role=line(role),
                language=line(language),
                joined=now_ms(connection),
                synthetic=synthetic,
            )
            row = {name: getattr(joined, name) for name in reviewers.c.keys() if name != "review"}  # noqa: SIM118
            connection.execute(insert(reviewers).values(review=review_id, **row))
            enter(
                connection,
                review_id,
                {"what": "joined", "at": joined.joined, "reviewer": joined.label, "synthetic": synthetic},
            )
            return joined

    def reviewer(self, review_id: str, identity: str) -> Reviewer | None:
        """Whoever joined with this identity."""
        with self._reading.connect() as connection:
            return _reviewer_of(connection, review_id, _secret(review_id, identity))

    def at_seat(self, seat: str) -> tuple[Review, Reviewer]:
        """Whose images are sent under this name. Raises KeyError."""
        with self._reading.connect() as connection:
            row = connection.execute(select(reviewers).where(reviewers.c.seat == seat)).first()
        if row is None:
            raise KeyError(seat)
        return self.invited(row.review), reviewer_of(row)

    def reviewers(self, review_id: str) -> list[Reviewer]:
        """In the order in which they joined."""
        query = select(reviewers).where(reviewers.c.review == review_id, of_theirs(reviewers, self._viewer))
        query = query.order_by(reviewers.c.ordinal)
        with self._reading.connect() as connection:
            return list(map(reviewer_of, connection.execute(query)))

    def cast(
        self,
        review_id: str,
        reviewer: Reviewer,
        item: Item,
        question: Question,
        choice: Choice,
        *,
        reasons: Sequence[str] = (),
        words: str = "",
        seconds: float | None = None,
        remarks: Sequence[Remark] = (),
    ) -> Review:
        """Record an answer, in place of an earlier one by the same person; the review as it is afterwards.

        ``remarks`` are all that they pinned to this pair. Twenty times the same answer is one row, and one entry of
        the chain. Raises Late.
        """
        with self._engine.begin() as connection:
            review = closed_if_over(connection, locked(connection, review_id))
            refuse_unless_open(review)
            if review.plan.reveal is Reveal.OWN_VOTE and _has_finished(connection, review_id, reviewer):
                raise Late(tr("You have finished this review, so your votes cannot be changed any more. Thank you."))
            now = now_ms(connection)
            ballot = Ballot(
                reviewer=reviewer.ordinal,
                item=item.key,
                number=item.number,
                kind=item.kind,
                question=question,
                left=item.left,
                right=item.right,
                choice=choice,
                reasons=tuple(dict.fromkeys(line(reason) for reason in reasons)),
                words=clean(words).strip()[:_WORDS_LIMIT],
                seconds=None if seconds is None else round(min(max(seconds, 0.0), 86_400.0), 3),
                given=now,
                changed=now,
            )
            _repin(connection, review_id, reviewer, item, remarks)
            if not _record(connection, review_id, ballot):
                return review
            why = _reached(connection, review, self._enough) if question is review.plan.main.kind else ""
            if why:
                close(connection, review_id, why, now)
        return self.invited(review_id)

    def finish(self, review_id: str, reviewer: Reviewer) -> None:
        """The reviewer says that they are done."""
        with self._engine.begin() as connection:
            closed_if_over(connection, locked(connection, review_id))
            mine = (reviewers.c.review == review_id) & (reviewers.c.id == reviewer.id)
            now = now_ms(connection)
            first = update(reviewers).where(mine, reviewers.c.finished.is_(None)).values(finished=now)
            if connection.execute(first).rowcount:
                enter(connection, review_id, {"what": "finished", "at": now, "reviewer": reviewer.label})

    def ballots(self, review_id: str, *, reviewer: Reviewer | None = None) -> list[Ballot]:
        """In the order in which they were given first; without a reviewer, for the owner alone."""
        query = select(ballots).where(ballots.c.review == review_id)
        if reviewer is None:
            query = query.where(of_theirs(ballots, self._viewer))
        else:
            query = query.where(ballots.c.reviewer == reviewer.ordinal)
        with self._reading.connect() as connection:
            return _ballots(connection, query)

    def turnout(self, review_id: str) -> Turnout:
        main = self.get(review_id).plan.main.kind
        people = select(func.count(), func.count(reviewers.c.finished)).where(reviewers.c.review == review_id)
        with self._reading.connect() as connection:
            joined, finished = connection.execute(people).one()
            return Turnout(joined=joined, finished=finished, votes=_votes(connection, review_id, main))

    def chain(self, review_id: str) -> list[Entry]:
        """Everything that happened, first to last."""
        query = select(review_chain).where(review_chain.c.review == review_id, of_theirs(review_chain, self._viewer))
        query = query.order_by(review_chain.c.sequence)
        with self._reading.connect() as connection:
            return [Entry(sequence=row.sequence, body=row.body, hash=row.hash) for row in connection.execute(query)]

    def _refuse_experiment_of_others(self, connection: Connection, experiment_id: str) -> None:
        """Raises KeyError."""
        this = (experiments.c.id == experiment_id, self._viewer.sees(experiments))
        if not self._viewer.sees_all and connection.execute(select(experiments.c.id).where(*this)).first() is None:
            raise KeyError(experiment_id)


def new_seed() -> str:
    return secrets.token_hex(16)


def seed_hash(seed: str) -> str:
    """What a plan says of its seed before anybody has voted."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _reached(connection: Connection, review: Review, enough: Callable[[Plan, Sequence[Ballot]], bool]) -> str:
    """The rule by which the review is over now, or an empty text."""
    stop, main = review.plan.stop, review.plan.main.kind
    if stop.rule is Ends.DATE:
        return ""
    if _votes(connection, review.id, main) >= stop.votes:
        return stop.rule
    if stop.rule is Ends.EVIDENCE:
        asked = select(ballots).where(ballots.c.review == review.id, ballots.c.question == main)
        return stop.rule if enough(review.plan, _ballots(connection, asked)) else ""
    return ""


def _votes(connection: Connection, review_id: str, main: Question) -> int:
    query = select(func.count()).select_from(ballots)
    query = query.where(ballots.c.review == review_id, ballots.c.question == main, ballots.c.kind == Kind.PAIR)
    count: int = connection.execute(query).scalar_one()
    return count


def _record(connection: Connection, review_id: str, ballot: Ballot) -> bool:
    """False when this very answer is on record."""
    key = (
        (ballots.c.review == review_id)
        & (ballots.c.reviewer == ballot.reviewer)
        & (ballots.c.item == ballot.item)
        & (ballots.c.question == ballot.question)
    )
    known = connection.execute(select(ballots).where(key)).first()
    answer = {
        "choice": ballot.choice,
        "reasons": json.dumps(ballot.reasons, ensure_ascii=False),
        "words": ballot.words,
    }
    if known is None:
        row = answer | {
            "review": review_id,
            "reviewer": ballot.reviewer,
            "item": ballot.item,
            "question": ballot.question,
            "number": ballot.number,
            "kind": ballot.kind,
            "left_arm": ballot.left.arm,
            "left_draw": ballot.left.draw,
            "right_arm": ballot.right.arm,
            "right_draw": ballot.right.draw,
            "seconds": ballot.seconds,
            "given": ballot.given,
            "changed": ballot.changed,
        }
        connection.execute(insert(ballots).values(row))
    elif all(getattr(known, name) == value for name, value in answer.items()):
        return False
    else:
        connection.execute(update(ballots).where(key).values(**answer, changed=ballot.changed))
    enter(connection, review_id, entry_of(ballot))
    return True


def _repin(connection: Connection, review_id: str, reviewer: Reviewer, item: Item, remarks: Sequence[Remark]) -> None:
    """The reviewer's pins on this pair are these now; what stays keeps its place in time."""
    mine = (pins.c.review == review_id) & (pins.c.reviewer == reviewer.ordinal) & (pins.c.item == item.key)
    known = {pin.remark: pin for pin in map(pin_of, connection.execute(select(pins).where(mine)))}
    wanted = [
        new_pin(connection, remark, author=reviewer.label, item=item.key, reviewer=reviewer.ordinal)
        for remark in dict.fromkeys(remarks)
        if remark not in known
    ]
    gone = [pin.id for remark, pin in known.items() if remark not in set(remarks)]
    connection.execute(delete(pins).where(pins.c.id.in_(gone)))
    if wanted:
        connection.execute(insert(pins), [{"review": review_id, **pin_row(pin)} for pin in wanted])


def _has_finished(connection: Connection, review_id: str, reviewer: Reviewer) -> bool:
    mine = (reviewers.c.review == review_id) & (reviewers.c.id == reviewer.id)
    return connection.execute(select(reviewers.c.finished).where(mine)).scalar() is not None


def _ballots(connection: Connection, query: Any) -> list[Ballot]:
    ordered = query.order_by(ballots.c.given, ballots.c.reviewer, ballots.c.number, ballots.c.question)
    return list(map(ballot_of, connection.execute(ordered)))


def _reviewer_of(connection: Connection, review_id: str, secret: str) -> Reviewer | None:
    mine = (reviewers.c.review == review_id) & (reviewers.c.id == secret)
    row = connection.execute(select(reviewers).where(mine)).first()
    return reviewer_of(row) if row else None


def _secret(review_id: str, identity: str) -> str:
    """The same browser is somebody else in every review, and its secret is not stored."""
    return hashlib.sha256(f"{review_id}|{identity}".encode()).hexdigest()
