"""Reviewers that this program makes up, for a demo and to show that the statistics are right: known taste, known noise.

They vote through the same desk as people do. Only a review of simulated images takes them, and everything that comes
of it says SIMULATED.
"""

import hashlib
import math
import random
from dataclasses import dataclass, field

from atlas.language import tr
from studio.reviews.ballots import REASONS, Choice, Review, Reviewer
from studio.reviews.chain import Late
from studio.reviews.desk import Reviews
from studio.reviews.plan import Question
from studio.reviews.schedule import Face, Item
from studio.reviews.sitting import Sitting

_ROLES = ("Design", "Marketing", "Sales")
_WHY = 0.4  # chance that somebody gives a reason


@dataclass(frozen=True, kw_only=True)
class Taste:
    """How a panel decides; all strengths in logits, where 0.85 is a preference of 70:30.

    ``liking`` of each arm, ``luck`` the standard deviation of how well a single image turned out, ``left`` the pull of
    the left side, ``ties`` and ``bad`` the chances of those answers.
    """

    liking: tuple[float, ...] = ()
    luck: float = 0.5
    left: float = 0.0
    ties: float = 0.08
    bad: float = 0.03

    def of(self, arm: int) -> float:
        return self.liking[arm] if arm < len(self.liking) else 0.0


@dataclass(kw_only=True)
class Panel:
    """``seed`` makes it answer the same each time."""

    taste: Taste
    seed: str = "a panel"
    _lucks: dict[Face, float] = field(default_factory=dict)

    def vote(self, reviews: Reviews, review: Review, *, people: int) -> int:
        """Let so many new reviewers vote on everything they are shown, until the review closes; how many voted.

        Raises ValueError for a review of real images.
        """
        if not review.plan.simulated:
            raise ValueError(tr("Simulated reviewers vote on simulated images only."))
        known = len(reviews.reviewers(review.id))
        for number in range(known, known + people):
            chance = random.Random(f"{self.seed}|{number}")  # noqa: S311 - a demo, not a secret
            try:
                reviewer = reviews.join(
                    review.id,
                    f"{self.seed}|{number}",
                    name=tr("Simulated reviewer {number}").format(number=number + 1),
                    role=_ROLES[number % len(_ROLES)],
                    synthetic=True,
                )
                self._vote(reviews, review, reviewer, chance)
                reviews.finish(review.id, reviewer)
            except Late:
                return number - known
        return people

    def answer(self, item: Item, question: Question, chance: random.Random) -> Choice:
        """One answer about one pair."""
        drawn = chance.random()
        if drawn < self.taste.bad:
            return Choice.BAD
        if drawn < self.taste.bad + self.taste.ties:
            return Choice.TIE
        lean = self._worth(item.left) - self._worth(item.right)
        if question is Question.ARTIFICIAL:
            lean = -lean
        likely = 1 / (1 + math.exp(-(lean + self.taste.left)))
        return Choice.LEFT if chance.random() < likely else Choice.RIGHT

    def _vote(self, reviews: Reviews, review: Review, reviewer: Reviewer, chance: random.Random) -> None:
        for step in Sitting(review=review, reviewer=reviewer).steps:
            choice = self.answer(step.item, step.asked.kind, chance)
            reviews.cast(
                review.id,
                reviewer,
                step.item,
                step.asked.kind,
                choice,
                reasons=[chance.choice(REASONS)] if chance.random() < _WHY else [],
                seconds=2 + chance.expovariate(0.4),
            )

    def _worth(self, face: Face) -> float:
        """The liking of its arm, and how well this very image turned out."""
        if face not in self._lucks:
            digest = hashlib.sha256(f"{self.seed}|{face}".encode()).hexdigest()
            self._lucks[face] = random.Random(digest).gauss(0, self.taste.luck)  # noqa: S311 - as above
        return self.taste.of(face.arm) + self._lucks[face]
