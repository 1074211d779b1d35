"""One reviewer at their ballots: which steps there are, and which image is sent under which name."""

from dataclasses import dataclass

from studio.reviews.ballots import Review, Reviewer
from studio.reviews.plan import Asked
from studio.reviews.schedule import Item, schedule, token
from studio.reviews.staging import Stage, Staged

SIDES = ("left", "right")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One question about one pair."""

    item: Item
    asked: Asked

    @property
    def key(self) -> tuple[str, str]:
        return self.item.key, self.asked.kind


@dataclass(frozen=True, kw_only=True)
class Sitting:
    review: Review
    reviewer: Reviewer

    @property
    def items(self) -> tuple[Item, ...]:
        return schedule(self.review.plan, self.review.seed, self.reviewer.ordinal)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every question about a pair before the next pair."""
        return tuple(Step(item=item, asked=asked) for item in self.items for asked in self.review.plan.questions)

    def name(self, item: Item, what: str) -> str:
        """A name for an image of this item, or for one of its ballots, that tells nobody else anything."""
        return token(self.review.seed, self.reviewer.seat, item.number, what)

    def staged(self, item: Item, stage: Stage) -> Staged:
        """Raises Missing."""
        plan = self.review.plan
        return stage.pair(*(plan.picture(face.arm, face.draw) for face in (item.left, item.right)))

    def image(self, name: str, stage: Stage) -> bytes:
        """The image of this name. Raises KeyError, Missing."""
        for item in self.items:
            for side in SIDES:
                if self.name(item, side) == name:
                    return self.staged(item, stage).of(side)
        raise KeyError(name)
