"""Between rows of the database and the values they stand for."""

import json
from typing import Any

from sqlalchemy import Row

from studio.reviews.ballots import Ballot, Choice, Decision, Pin, Remark, Review, Reviewer, Standing, State
from studio.reviews.plan import Plan, Question
from studio.reviews.schedule import Face, Kind


def review_of(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        plan=Plan.parse(row.plan),
        seed=row.seed,
        created=row.created,
        state=State(row.state),
        opened=row.opened,
        closed=row.closed,
        closed_by=row.closed_by,
        deleted=row.deleted,
    )


def reviewer_of(row: Row[Any]) -> Reviewer:
    return Reviewer(
        id=row.id,
        seat=row.seat,
        ordinal=row.ordinal,
        name=row.name,
        role=row.role,
        language=row.language,
        joined=row.joined,
        finished=row.finished,
        synthetic=row.synthetic,
    )


def ballot_of(row: Row[Any]) -> Ballot:
    return Ballot(
        reviewer=row.reviewer,
        item=row.item,
        number=row.number,
        kind=Kind(row.kind),
        question=Question(row.question),
        left=Face(arm=row.left_arm, draw=row.left_draw),
        right=Face(arm=row.right_arm, draw=row.right_draw),
        choice=Choice(row.choice),
        reasons=tuple(json.loads(row.reasons)),
        words=row.words,
        seconds=row.seconds,
        given=row.given,
        changed=row.changed,
    )


def pin_of(row: Row[Any]) -> Pin:
    return Pin(
        id=row.id,
        remark=Remark(face=Face(arm=row.arm, draw=row.draw), x=row.x, y=row.y, words=row.words),
        author=row.author,
        created=row.created,
        item=row.item,
        reviewer=row.reviewer,
        resolved=row.resolved,
        resolved_by=row.resolved_by,
    )


def pin_row(pin: Pin) -> dict[str, object]:
    remark = pin.remark
    place = {"arm": remark.face.arm, "draw": remark.face.draw, "x": remark.x, "y": remark.y, "words": remark.words}
    names = ("id", "author", "created", "item", "reviewer", "resolved", "resolved_by")
    return place | {name: getattr(pin, name) for name in names}


def decision_of(row: Row[Any]) -> Decision:
    return Decision(
        state=Standing(row.state),
        who=row.who,
        words=row.words,
        at=row.at,
        hashes=tuple(json.loads(row.hashes)),
    )
