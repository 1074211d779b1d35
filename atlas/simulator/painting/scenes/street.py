"""A street between two rows of houses."""

import itertools

import numpy as np

from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.city import row_of_towers
from atlas.simulator.painting.scenes.ground import distant
from atlas.simulator.painting.shapes import (
    Outline,
    points,
    rectangle,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("street")
def street(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("street")
    ground = canvas.h * 0.74
    heavens(stage, ground)
    vanishing = canvas.w * dice.between(0.42, 0.58)
    row_of_towers(stage, dice.child("far"), ground, 0, distant(stage, stage.land("#7a86a0"), 0.45))
    for side in (-1, 1):
        terrace(stage, dice.child(side), side, vanishing, ground)
    road = stage.light.on(hexed("#6f7078"))
    canvas.fill(rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, road.lighter(0.22), road.darker(0.15)))
    if stage.light.dark or "rain" in stage.brief.weather:
        canvas.reflect(ground, depth=canvas.h - ground, strength=0.6, blur=canvas.u * 0.7)
    kerb = [
        points(
            [
                (vanishing, ground),
                (side * canvas.w * 1.2 + vanishing, canvas.h * 0.94),
                (side * canvas.w * 1.2 + vanishing, canvas.h * 0.985),
            ]
        )
        for side in (-1, 1)
    ]
    canvas.fill(kerb, road.lighter(0.45), alpha=0.8)
    return Setting(
        floor=canvas.h * 0.92,
        centre=canvas.w * dice.pick((0.4, 0.5, 0.6)),
        height=min(canvas.h * 0.6, canvas.w * 0.72),
        gloss=0.25,
    )


def terrace(stage: Stage, dice: Dice, side: int, vanishing: float, ground: float) -> None:
    """House fronts along one side of a street, shrinking towards the vanishing point."""
    canvas = stage.canvas
    edge = 0.0 if side < 0 else canvas.w
    shares = (0.0, 0.34, 0.6, 0.78)
    for near, far in reversed(list(itertools.pairwise(shares))):
        left, right = edge + (vanishing - edge) * near, edge + (vanishing - edge) * far
        tall_near, tall_far = ground * (0.86 - near * 0.75), ground * (0.86 - far * 0.75)
        front = points(
            [
                (left, ground - tall_near),
                (right, ground - tall_far),
                (right, ground),
                (left, ground + canvas.h * 0.12 * (1 - near) ** 2),
            ]
        )
        paint = distant(
            stage, hexed(dice.pick(("#d9a98a", "#c9bfa0", "#a9b8b0", "#d98f6f", "#b9a0b0"))), 0.9 - 0.35 * near
        )
        canvas.fill(
            front,
            down(
                ground - tall_near,
                ground,
                paint.lighter(0.08),
                paint.darker(0.3 if side * stage.light.towards[0] > 0 else 0.1),
            ),
        )
        for row in (0.2, 0.45):
            for column in (0.2, 0.6):
                _pane(stage, dice, front, row, column)
        awning = _quad(front, 0.68, 0.05, 0.1, 0.9)
        canvas.fill(awning, distant(stage, hexed(dice.pick(("#c9402f", "#2f6f63", "#d9a03c", "#3f5f8f"))), 0.95))
        canvas.fill(
            _quad(front, 0.78, 0.1, 0.22, 0.8), hexed("#ffc870") if stage.light.dark else paint.darker(0.5), alpha=0.9
        )


def _quad(front: Outline, row: float, column: float, tall: float, wide: float) -> Outline:
    """A rectangle on a wall seen at an angle, in shares of the wall."""

    def spot(across: float, downwards: float) -> Outline:
        upper, lower = front[0] + (front[1] - front[0]) * across, front[3] + (front[2] - front[3]) * across
        return np.asarray(upper + (lower - upper) * downwards)

    return np.array(
        [spot(column, row), spot(column + wide, row), spot(column + wide, row + tall), spot(column, row + tall)]
    )


def _pane(stage: Stage, dice: Dice, front: Outline, row: float, column: float) -> None:
    lit = stage.light.dark and dice.chance(0.65)
    pane = _quad(front, row, column, 0.14, 0.22)
    stage.canvas.fill(pane, hexed("#ffcf7a") if lit else stage.light.on(hexed("#5f7488")))
    if lit:
        x, y = pane.mean(axis=0).tolist()
        stage.canvas.glow((x, y), stage.canvas.u * 6, hexed("#ffb454"), 0.35)
