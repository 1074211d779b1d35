"""Who sees which pair, in which order, on which side: computed from the plan and its seed, the same on every rerun.

Counterbalanced, because a liking for one side cannot be seen in a few dozen votes, but can be prevented (product
study §4.5): every reviewer sees the first arm on the left in half of the pairs ± 1, and every pair is shown that way to
half of its reviewers ± 1. Orders come from SHA-256, so that another machine or Python finds the same.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from studio.reviews.plan import Plan

_Thing = TypeVar("_Thing")


class Kind(StrEnum):
    PAIR = "pair"
    REPEAT = "repeat"  # a pair once more, with the sides swapped
    CONTROL = "control"  # two draws of the same arm


@dataclass(frozen=True, kw_only=True)
class Face:
    """One image of the experiment: which arm's, and which draw of it."""

    arm: int
    draw: int

    def __str__(self) -> str:
        return f"{self.arm}.{self.draw}"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One pair as one reviewer sees it, at place ``number`` (from 1) of their ballots."""

    number: int
    kind: Kind
    left: Face
    right: Face

    @property
    def key(self) -> str:
        """The same for everybody who is shown this pair, whatever the sides."""
        first, second = sorted((str(self.left), str(self.right)))
        return f"{self.kind}:{first}:{second}"

    def face(self, side: str) -> Face:
        return self.left if side == "left" else self.right


def schedule(plan: Plan, seed: str, ordinal: int) -> tuple[Item, ...]:
    """What the reviewer who joined at place ``ordinal`` (from 0) is shown, first to last."""
    shown = _ordered(_window(plan, seed, ordinal) + _controls(plan, seed, ordinal), seed, ordinal, "order")
    early = shown[: max(1, len(shown) // 2 - 1)]
    doubled = [pair for pair in _ordered(early, seed, ordinal, "repeats") if pair[0] is Kind.PAIR][: plan.repeats]
    repeats = [(Kind.REPEAT, right, left) for _, left, right in doubled]
    half = len(shown) // 2
    late = _ordered(shown[half:] + repeats, seed, ordinal, "late") if repeats else shown[half:]
    return tuple(
        Item(number=number, kind=kind, left=left, right=right)
        for number, (kind, left, right) in enumerate(shown[:half] + late, 1)
    )


def token(seed: str, seat: str, number: int, side: str) -> str:
    """The name under which one image of one item is sent to one reviewer: says nothing, and is nobody else's."""
    return hmac.new(seed.encode(), f"{seat}|{number}|{side}".encode(), hashlib.sha256).hexdigest()[:32]


_Shown = tuple[Kind, Face, Face]


def _window(plan: Plan, seed: str, ordinal: int) -> list[_Shown]:
    """Reviewers take the pairs in turns, round after round, so that all pairs are shown equally often ± 1.

    Sides alternate along the way and are the other way round in the next round.
    """
    pairs = _ordered(
        [
            (Kind.PAIR, Face(arm=first, draw=each.number), Face(arm=second, draw=each.number))
            for each in plan.pictures
            for first, second in plan.arm_pairs
        ],
        seed,
        0,
        "pairs",
    )
    count = min(plan.per_reviewer, len(pairs))
    places = range(ordinal * count, (ordinal + 1) * count)
    flipped = _number(seed, 0, "first side") % 2
    shown = []
    for place in places:
        turn, index = divmod(place, len(pairs))
        kind, first, second = pairs[index]
        swapped = (turn + index + flipped) % 2 == 1
        shown.append((kind, second, first) if swapped else (kind, first, second))
    return shown


def _controls(plan: Plan, seed: str, ordinal: int) -> list[_Shown]:
    """Two different draws of one arm, arm after arm; which draws, and on which side, by lot."""
    shown = []
    for number in range(plan.controls):
        arm = (ordinal + number) % len(plan.arms)
        draws = [Face(arm=arm, draw=each.number) for each in plan.pictures]
        left, right = _ordered(draws, seed, ordinal, f"control {number // len(plan.arms)} {number}")[:2]
        shown.append((Kind.CONTROL, left, right))
    return list(dict.fromkeys(shown))


def _ordered(things: Iterable[_Thing], seed: str, ordinal: int, what: str) -> list[_Thing]:
    """By lot."""
    return sorted(things, key=lambda thing: _number(seed, ordinal, f"{what} {thing}"))


def _number(seed: str, ordinal: int, what: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|{ordinal}|{what}".encode()).digest()[:8])
