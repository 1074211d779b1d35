"""Fir trees, one by one and in rows."""

import numpy as np

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import Linear, down
from atlas.simulator.painting.shapes import (
    Outline,
    moved,
    points,
)
from atlas.simulator.painting.stage import Stage


def conifer(dice: Dice, x: float, y: float, height: float) -> Outline:
    """A fir tree with ragged boughs."""
    tiers, lean = 7, dice.between(-0.02, 0.02) * height
    right, left = [], []
    for tier in range(tiers):
        level = y - height * (1 - tier / tiers)
        reach = height * 0.26 * (tier + 1.1) / tiers * dice.between(0.82, 1.15)
        right += [(x + lean + reach * 0.3, level), (x + reach, level + height / tiers * dice.between(1.05, 1.35))]
        left += [
            (x + lean - reach * 0.3, level),
            (x - reach * dice.between(0.9, 1.1), level + height / tiers * dice.between(1.05, 1.35)),
        ]
    trunk = height * 0.02
    return points(
        [
            (x + lean, y - height * 1.04),
            *right,
            (x + trunk, y),
            (x + trunk, y + height * 0.04),
            (x - trunk, y + height * 0.04),
            (x - trunk, y),
            *reversed(left),
        ]
    )


def row_of_conifers(
    stage: Stage,
    name: str,
    level: float,
    height: float,
    colour: Colour,
    *,
    count: int,
    gap: tuple[float, float] | None = None,
    snow: bool = False,
) -> None:
    """Firs along a level; nothing grows inside the gap (shares of the width)."""
    canvas, dice = stage.canvas, stage.dice.child("firs", name)
    spots = np.sort(dice.spread(count, -0.02, 1.02))
    trees = []
    for spot in spots:
        tree = conifer(
            dice, spot * canvas.w, level + dice.between(-0.04, 0.04) * height, height * dice.between(0.6, 1.15)
        )
        if gap is None or not gap[0] < spot < gap[1]:
            trees.append(tree)
    if not trees:
        return
    canvas.fill(trees, down(level - height, level, colour, colour.darker(0.22)))
    if snow:
        canvas.fill(
            _shrunk(trees, (0.86, 0.96), stage.light.towards[0] * height * 0.035, -height * 0.03),
            _snow(stage, level, height),
            within=trees,
        )
        canvas.fill(
            _shrunk(trees, (0.8, 0.93), -stage.light.towards[0] * height * 0.02, height * 0.035),
            colour.darker(0.15),
            alpha=0.85,
        )


def _shrunk(trees: list[Outline], scale: tuple[float, float], dx: float, dy: float) -> list[Outline]:
    """The trees made smaller around their middles and moved."""
    return [moved((tree - tree.mean(axis=0)) * scale + tree.mean(axis=0), dx, dy) for tree in trees]


def _snow(stage: Stage, level: float, height: float) -> Linear:
    white = stage.light.gently_on(hexed("#eef4fb"))
    return down(level - height, level, (white, 0.9), (white, 0.25))
