"""The plan of a review: what is asked, about which pictures, and when it ends. Frozen and hashed before the first vote.

Protocol: product study §4.1. A plan never changes; a changed plan is another review.
"""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from atlas.language import later, tr
from atlas.models import Parameters

VERSION = 1
MOST_VOTES = 20_000
MOST_REPEATS = MOST_CONTROLS = 10
FEWEST_PAIRS = 6  # below, no exact sign-flip test over pairs can reach p = 0.05 (2 / 2^5 = 0.0625)
_WORDS_LIMIT = 2_000


class Question(StrEnum):
    """What is asked about a pair, each with a tally of its own; ``PUBLISH`` asks about each image for itself."""

    PREFERENCE = "preference"
    BRIEF = "brief"
    ARTIFICIAL = "artificial"
    PUBLISH = "publish"


ASKED = {
    Question.PREFERENCE: later("Which do you prefer?"),
    Question.BRIEF: later("Which fits the brief better?"),
    Question.ARTIFICIAL: later("Which looks more artificial?"),
    Question.PUBLISH: later("Would you publish them?"),
}


class Ends(StrEnum):
    """When a review closes by itself."""

    VOTES = "votes"  # after a number of votes on the first question
    EVIDENCE = "evidence"  # when the peek-safe number reaches 1 / alpha, or after that number of votes
    DATE = "date"


class Reveal(StrEnum):
    """When somebody may see the tally."""

    OWN_VOTE = "own vote"  # whoever has finished their own ballots
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True)
class Asked:
    kind: Question
    words: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    """``votes``: how many, or at most how many, on the first question; ``until``: epoch milliseconds."""

    rule: Ends
    votes: int = 0
    until: int = 0


@dataclass(frozen=True, kw_only=True)
class Arm:
    """What made the pictures of one arm."""

    label: str
    model: str
    prompt: str
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Draw ``number`` of every arm: the SHA-256 of each arm's image, in the order of the arms."""

    number: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``margin``: the smallest difference that matters, in points of share from one half (0.1 is 60:40).

    ``per_reviewer``: how many pairs one person is asked at most. ``repeats``: hidden second looks with the sides
    swapped; ``controls``: hidden pairs of two draws of the same arm. ``seed_hash`` commits to the order and sides of
    everything before anybody has voted. ``picked``: the pictures were chosen by hand, so nothing can be said about
    prompts. ``simulated``: the images, or the reviewers, are made up by this program.
    """

    experiment: str
    name: str
    arms: tuple[Arm, ...]
    pictures: tuple[Pictures, ...]
    questions: tuple[Asked, ...]
    stop: Stop
    seed_hash: str
    brief: str = ""
    who: str = ""
    margin: float = 0.1
    alpha: float = 0.05
    per_reviewer: int = 24
    repeats: int = 1
    controls: int = 0
    reveal: Reveal = Reveal.CLOSE
    picked: bool = False
    simulated: bool = False
    version: int = VERSION

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(arm.label for arm in self.arms)

    @property
    def main(self) -> Asked:
        """The question that the verdict is about."""
        return self.questions[0]

    @property
    def draws(self) -> frozenset[int]:
        """The numbers of the draws that have pictures."""
        return frozenset(each.number for each in self.pictures)

    @property
    def hashes(self) -> list[str]:
        """Of all images that it names, sorted."""
        return sorted({sha256 for each in self.pictures for sha256 in each.hashes})

    @property
    def pairs(self) -> int:
        """How many different pairs there are: draws × pairs of arms."""
        return len(self.pictures) * len(self.arm_pairs)

    @property
    def arm_pairs(self) -> tuple[tuple[int, int], ...]:
        return tuple(itertools.combinations(range(len(self.arms)), 2))

    @property
    def problem(self) -> str | None:
        """Why this cannot be asked, as a sentence that says what to do; None when it can."""
        return next((words for words, wrong in _problems(self) if wrong), None)

    def picture(self, arm: int, draw: int) -> str:
        """The hash of this arm's image of this draw. Raises KeyError."""
        return {each.number: each.hashes for each in self.pictures}[draw][arm]

    def text(self) -> str:
        """The plan as canonical JSON: equal plans are equal texts, on every machine."""
        return canonical(asdict(self))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()

    @classmethod
    def parse(cls, text: str) -> "Plan":
        """What text() wrote. Raises ValueError when this is no plan, or one of a later version."""
        try:
            told = json.loads(text)
            if told["version"] > VERSION:
                raise ValueError(tr("This review was planned by a newer version of Atlas Studio."))
            return _parsed(told)
        except (KeyError, TypeError, AttributeError) as broken:
            raise ValueError(tr("This is not the plan of a review ({broken!r}).").format(broken=broken)) from None


def canonical(value: object) -> str:
    """One text for one value. Raises ValueError for what JSON cannot say, which nobody could verify."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _problems(plan: Plan) -> Sequence[tuple[str, bool]]:
    kinds = [asked.kind for asked in plan.questions]
    return (
        (tr("There is no pair to vote on yet. Wait until every arm has an image of the same draw."), not plan.pictures),
        (tr("A review compares two to four arms."), not 2 <= len(plan.arms) <= 4),
        (tr("Choose a question that compares the two images."), not kinds or kinds[0] is Question.PUBLISH),
        (tr("Each question can be asked once."), len(set(kinds)) != len(kinds)),
        (tr("Write the question down."), any(not asked.words.strip() for asked in plan.questions)),
        (tr("Write the brief that the images are to fit."), Question.BRIEF in kinds and not plan.brief.strip()),
        (tr("The brief is too long: take at most 2,000 characters."), len(plan.brief) > _WORDS_LIMIT),
        (
            tr("Choose between 1 and {most_votes:,} votes.").format(most_votes=MOST_VOTES),
            plan.stop.rule is not Ends.DATE and not 1 <= plan.stop.votes <= MOST_VOTES,
        ),
        (tr("Choose the day on which the review closes."), plan.stop.rule is Ends.DATE and plan.stop.until <= 0),
        (tr("The smallest difference that matters lies between 1 and 40 points."), not 0.01 <= plan.margin <= 0.4),
        (tr("The chance of a false alarm lies above 0 and is at most one in five."), not 0 < plan.alpha <= 0.2),
        (tr("Ask each reviewer at least one pair."), plan.per_reviewer < 1),
        (
            tr("Take at most {most_repeats} hidden repeats.").format(most_repeats=MOST_REPEATS),
            not 0 <= plan.repeats <= MOST_REPEATS,
        ),
        (
            tr("Take at most {most_controls} control pairs.").format(most_controls=MOST_CONTROLS),
            not 0 <= plan.controls <= MOST_CONTROLS,
        ),
        (tr("Control pairs need two draws of each arm. Draw more, or leave them out."), _lacks_draws(plan)),
    )


def _lacks_draws(plan: Plan) -> bool:
    return plan.controls > 0 and len(plan.pictures) < 2


def _parsed(told: Mapping[str, Any]) -> Plan:
    return Plan(
        **{
            **told,
            "arms": tuple(Arm(**arm) for arm in told["arms"]),
            "pictures": tuple(
                Pictures(number=each["number"], hashes=tuple(each["hashes"])) for each in told["pictures"]
            ),
            "questions": tuple(Asked(kind=Question(each["kind"]), words=each["words"]) for each in told["questions"]),
            "stop": Stop(**{**told["stop"], "rule": Ends(told["stop"]["rule"])}),
            "reveal": Reveal(told["reveal"]),
        }
    )
