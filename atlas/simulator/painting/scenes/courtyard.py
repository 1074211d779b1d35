"""A plastered wall in the sun: shutters, a flowering vine, the shade of leaves."""

import math

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.indoors import plaster, wall_colour
from atlas.simulator.painting.shapes import (
    Outline,
    Point,
    leaf,
    moved,
    points,
    rectangle,
    smooth,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("wall")
def sunny_wall(stage: Stage) -> Setting:
    """A plastered wall outdoors, with the shadow of leaves and a shuttered window."""
    canvas, dice = stage.canvas, stage.dice.child("sunny wall")
    colour = wall_colour(stage, "#f3ead9")
    top = canvas.h * dice.between(0.8, 0.84)
    plaster(stage, colour.mix(stage.light.gently_on(colour), 0.5))
    side = dice.pick((-1, 1))
    if dice.chance(0.75):
        _shutters(stage, canvas.w * (0.5 + side * 0.3), canvas.h * 0.3)
    _leaf_shadows(stage, -side)
    if stage.detail and not stage.asks("minimal"):
        _vine(stage, -side)
    stone = stage.light.on(stage.hue("pavement", "#cdb89a"))
    canvas.fill(rectangle(0, top, canvas.w, canvas.h), down(top, canvas.h, stone.lighter(0.12), stone.darker(0.14)))
    joints = [
        points(
            [
                (x * canvas.w, top),
                (x * canvas.w + canvas.u * 0.3, top),
                ((x - 0.5) * canvas.w * 1.4 + canvas.w * 0.5 + canvas.u * 0.5, canvas.h),
                ((x - 0.5) * canvas.w * 1.4 + canvas.w * 0.5, canvas.h),
            ]
        )
        for x in (0.06, 0.26, 0.44, 0.63, 0.82, 0.97)
    ]
    canvas.fill(
        [*joints, rectangle(0, top + (canvas.h - top) * 0.4, canvas.w, top + (canvas.h - top) * 0.4 + canvas.u * 0.3)],
        stone.darker(0.35),
        alpha=0.45,
    )
    canvas.fill(
        rectangle(0, top - canvas.u * 0.4, canvas.w, top + canvas.u * 0.8),
        stage.light.shadow,
        alpha=0.3,
        blur=canvas.u * 0.5,
    )
    return Setting(
        floor=top + (canvas.h - top) * 0.3,
        centre=canvas.w * dice.pick((0.42, 0.5, 0.58)),
        height=min(canvas.h * 0.62, canvas.w * 0.66),
        shadow="wall",
    )


def _shutters(stage: Stage, x: float, y: float) -> None:
    canvas = stage.canvas
    wide, tall = canvas.u * 10, canvas.u * 16
    blue = stage.light.gently_on(stage.hue("shutters", "#3f7fae"))
    canvas.fill(rectangle(x - wide, y - tall, x + wide, y + tall), hexed("#3a4a55"))
    for left in (x - wide * 1.55, x + wide * 0.05):
        panel = rectangle(left, y - tall, left + wide * 1.5, y + tall)
        canvas.fill(
            moved(panel, -stage.light.towards[0] * canvas.u * 1.4, canvas.u),
            stage.light.shadow,
            alpha=0.3,
            blur=canvas.u * 0.5,
        )
        canvas.fill(panel, blue)
        slats = [
            rectangle(
                left + canvas.u,
                y - tall + canvas.u * (1.2 + step * 1.9),
                left + wide * 1.5 - canvas.u,
                y - tall + canvas.u * (2.2 + step * 1.9),
            )
            for step in range(16)
        ]
        canvas.fill(slats, blue.darker(0.25), within=panel)
        canvas.fill([slat - (0, canvas.u * 0.3) for slat in slats], blue.lighter(0.3), alpha=0.6, within=panel)
    canvas.fill(rectangle(x - wide * 1.7, y + tall, x + wide * 1.7, y + tall + canvas.u * 1.6), WHITE.mix(blue, 0.08))


def _branch(dice: Dice, root: Point, tip: Point, size: float, count: int) -> list[Outline]:
    """Leaves on both sides of a bending twig."""
    bend = (
        (root[0] + tip[0]) / 2 + dice.between(-1, 1) * size * 2,
        (root[1] + tip[1]) / 2 + size * dice.between(-2, 0),
    )
    twig = smooth([root, bend, tip], closed=False, steps=max(count // 2, 2))
    leaves = []
    for place, (x, y) in enumerate(twig[1:]):
        turn = dice.between(0.5, 1.3) * (1 if place % 2 else -1) + math.atan2(tip[1] - root[1], tip[0] - root[0])
        reach = size * dice.between(0.7, 1.2)
        leaves.append(leaf((x, y), (x + math.cos(turn) * reach, y + math.sin(turn) * reach), reach * 0.36))
    return leaves


def _vine(stage: Stage, side: int) -> None:
    """Bougainvillea hanging in from one side."""
    canvas, dice = stage.canvas, stage.dice.child("vine")
    edge = 0.0 if side < 0 else canvas.w
    for colour, size, count in (("#3f6f3c", 3.6, 22), ("#6f9f50", 3.0, 18), ("#c9357c", 2.4, 24), ("#ee74ac", 2.0, 18)):
        clumps: list[Outline] = []
        for drop in dice.spread(10):
            reach = (1 - drop * 0.75) * canvas.w * dice.between(0.12, 0.27)
            root = (edge - side * reach * dice.between(-0.3, 0.4), canvas.h * (0.5 * drop - 0.08))
            clumps += _branch(
                dice, root, (edge - side * reach, root[1] + canvas.u * dice.between(6, 15)), canvas.u * size, count
            )
        canvas.fill(
            [moved(clump, -stage.light.towards[0] * canvas.u * 1.6, canvas.u * 1.4) for clump in clumps],
            hexed("#4a5680"),
            alpha=0.22,
            blur=canvas.u * 0.4,
        )
        canvas.model(clumps, stage.light.gently_on(hexed(colour)), towards=stage.light.towards, depth=canvas.u * 0.35)


def _leaf_shadows(stage: Stage, side: int) -> None:
    """The shade of a roof and of a tree nobody sees."""
    canvas, dice = stage.canvas, stage.dice.child("leaf shadows")
    edge, inward = (0.0, 1) if side < 0 else (canvas.w, -1)
    eaves = points(
        [
            (edge, -2),
            (edge + inward * canvas.w * 1.1, -2),
            (edge + inward * canvas.w * 1.1, canvas.h * 0.06),
            (edge, canvas.h * 0.2),
        ]
    )
    twigs: list[Outline] = []
    for _ in range(7):
        root = (edge + inward * canvas.w * dice.between(-0.05, 0.3), canvas.h * dice.between(-0.1, 0.2))
        tip = (root[0] + inward * canvas.u * dice.between(16, 34), root[1] + canvas.u * dice.between(14, 34))
        twigs += _branch(dice, root, tip, canvas.u * 6, 14)
    canvas.fill([eaves, *twigs], hexed("#4a5a8a"), alpha=0.2, blur=canvas.u * 0.4)
