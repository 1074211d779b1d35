"""The votes of a review as the rows of a CSV file, for people and their spreadsheets.

One row per answer that counts. Reviewers are R1, R2, …; nothing in it names a person or a browser.
"""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from studio.reviews.ballots import Ballot, Reviewer
from studio.reviews.plan import Plan
from studio.reviews.schedule import Face
from studio.spreadsheets import guarded

COLUMNS = (
    "reviewer",
    "role",
    "language",
    "synthetic",
    "place",
    "kind",
    "question",
    "left_arm",
    "left_draw",
    "left_sha256",
    "right_arm",
    "right_draw",
    "right_sha256",
    "choice",
    "chosen_arm",
    "reasons",
    "words",
    "seconds",
    "given",
    "changed",
    "simulated",
)


def sheet(plan: Plan, ballots: Iterable[Ballot], reviewers: Iterable[Reviewer]) -> bytes:
    """The whole file, in the order of the ballots, after the mark by which Excel knows UTF-8."""
    people = {reviewer.ordinal: reviewer for reviewer in reviewers}
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for ballot in ballots:
        writer.writerow(map(guarded, _cells(plan, ballot, people[ballot.reviewer])))
    return ("\ufeff" + written.getvalue()).encode("utf-8", "replace")


def _cells(plan: Plan, ballot: Ballot, reviewer: Reviewer) -> tuple[str, ...]:
    return (
        reviewer.label,
        reviewer.role,
        reviewer.language,
        _yes(reviewer.synthetic),
        str(ballot.number),
        ballot.kind.value,
        ballot.question.value,
        *_side(plan, ballot.left),
        *_side(plan, ballot.right),
        ballot.choice.value,
        plan.labels[ballot.winner.arm] if ballot.winner else "",
        ", ".join(ballot.reasons),
        ballot.words,
        "" if ballot.seconds is None else f"{ballot.seconds:.3f}",
        _moment(ballot.given),
        _moment(ballot.changed),
        "SIMULATED" if plan.simulated or reviewer.synthetic else "",
    )


def _side(plan: Plan, face: Face) -> tuple[str, str, str]:
    return plan.labels[face.arm], str(face.draw), plan.picture(face.arm, face.draw)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _moment(at: int) -> str:
    """Of epoch milliseconds; a moment beyond the calendar as its number."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return str(at)
