"""What reviewers answered, and who they are."""

from dataclasses import dataclass
from enum import StrEnum

from atlas.language import later
from studio.reviews.plan import Plan, Question
from studio.reviews.schedule import Face, Kind


class Choice(StrEnum):
    """The answer to a question about a pair. About publishing, ``TIE`` means both, ``BAD`` means neither."""

    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BAD = "bad"


REASONS = (
    later("Colours"),
    later("Composition"),
    later("Light"),
    later("Subject"),
    later("Details"),
    later("Text"),
    later("Mood"),
    later("On brand"),
    later("Looks artificial"),
)


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """What people decided, draft → in review → one of the others."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    CHANGES_ASKED = "changes asked"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Review:
    """A plan and how far it is; times are epoch milliseconds. ``seed`` is nobody's business before the review closes.

    ``closed_by``: the rule of the plan that closed it, or "hand".
    """

    id: str
    plan: Plan
    seed: str
    created: int
    state: State
    opened: int | None = None
    closed: int | None = None
    closed_by: str = ""
    deleted: int | None = None

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED

    @property
    def by_plan(self) -> bool:
        """Closed by its own rule; by a rule that looks only once, the tests for one look may be used."""
        return self.is_closed and self.closed_by == self.plan.stop.rule


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """Somebody who votes; ``id`` and ``seat`` are secrets, R1, R2, … is how others see them."""

    id: str
    seat: str
    ordinal: int
    name: str = ""
    role: str = ""
    language: str = ""
    joined: int = 0
    finished: int | None = None
    synthetic: bool = False

    @property
    def label(self) -> str:
        return f"R{self.ordinal + 1}"


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One answer of one reviewer to one question about one pair; the last one they gave.

    ``seconds`` from the moment both images were there; ``given`` first and ``changed`` last, in epoch milliseconds.
    """

    reviewer: int  # the ordinal
    item: str
    number: int
    kind: Kind
    question: Question
    left: Face
    right: Face
    choice: Choice
    reasons: tuple[str, ...] = ()
    words: str = ""
    seconds: float | None = None
    given: int = 0
    changed: int = 0

    @property
    def winner(self) -> Face | None:
        """The image that was chosen; None for a tie or both bad."""
        return {Choice.LEFT: self.left, Choice.RIGHT: self.right}.get(self.choice)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Words at a place of an image: ``x`` and ``y`` from 0 to 1, from its left and upper edge."""

    face: Face
    x: float
    y: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A remark that is kept; ``reviewer`` made it while blind, on the ballot ``item``."""

    id: str
    remark: Remark
    author: str
    created: int
    item: str = ""  # of the ballot it was made on
    reviewer: int | None = None
    resolved: int | None = None
    resolved_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    state: Standing
    who: str
    words: str
    at: int
    hashes: tuple[str, ...]  # of the images it is about
