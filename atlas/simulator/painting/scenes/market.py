"""A street food market: stalls, a crowd, strings of lanterns."""

import numpy as np

from atlas.simulator.painting.canvas import Canvas
from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.pen import Frame
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.street import terrace
from atlas.simulator.painting.shapes import (
    Outline,
    Stroke,
    ellipse,
    rectangle,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("market")
def market(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("market")
    ground = canvas.h * dice.between(0.66, 0.7)
    vanishing = canvas.w * dice.between(0.42, 0.58)
    heavens(stage, ground)
    for side in (-1, 1):
        terrace(stage, dice.child("row", side), side, vanishing, ground)
    canvas.glow((vanishing, ground - canvas.u * 4), canvas.u * 46, hexed("#ff9a45"), 0.75 if stage.light.dark else 0.25)
    stone = stage.light.on(hexed("#5f5560"))
    canvas.fill(
        rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, stone.lighter(0.2), stone.darker(0.35))
    )
    for depth in (0.25, 0.5, 0.78):
        _pair_of_stalls(stage, vanishing, ground, depth)
        _crowd(stage, dice.child("crowd", depth), vanishing, ground, depth)
    canvas.reflect(canvas.h * 0.86, depth=canvas.h * 0.14, strength=0.34, blur=canvas.u * 0.8)
    _strings_of_lanterns(stage, vanishing)
    return Setting(floor=canvas.h * 0.93, centre=vanishing, height=min(canvas.h * 0.5, canvas.w * 0.62), gloss=0.15)


def _pair_of_stalls(stage: Stage, vanishing: float, ground: float, depth: float) -> None:
    canvas = stage.canvas
    size = canvas.u * (14 + 40 * depth)
    base = ground + (canvas.h - ground) * depth * 0.82
    for side in (-1, 1):
        x = vanishing + side * canvas.w * (0.1 + 0.42 * depth)
        if 0 - size * 0.4 < x < canvas.w + size * 0.4:
            stage.furnish("stall", Frame(x=x, y=base, size=size, flip=side > 0), fine=depth > 0.6)
    canvas.fill(
        ellipse(vanishing, base, canvas.w * 0.3 * depth, canvas.u * 2.4),
        hexed("#ffb060"),
        alpha=0.16,
        blur=canvas.u * 2,
    )


def _crowd(stage: Stage, dice: Dice, vanishing: float, ground: float, depth: float) -> None:
    canvas = stage.canvas
    for _ in range((2, 3, 4)[stage.detail] - (depth < 0.5)):
        size = canvas.u * (9 + 22 * depth) * dice.between(0.9, 1.08)
        x = vanishing + dice.between(-0.2, 0.2) * canvas.w * (0.4 + depth)
        stage.furnish(
            "person",
            Frame(x=x, y=ground + (canvas.h - ground) * depth * 0.9, size=size, flip=dice.chance(0.5)),
            wears=("back",),
        )


def _strings_of_lanterns(stage: Stage, vanishing: float) -> None:
    """Lanterns on sagging lines, from the far end of the street to over our heads."""
    canvas, dice = stage.canvas, stage.dice.child("strings")
    thing = next((thing for thing in stage.brief.things if thing.kind == "lantern"), None)
    hues = (
        thing.colours if thing is not None and thing.colours else (hexed("#e2402c"), hexed("#f08a2c"), hexed("#f4b94a"))
    )
    for row, (near, count) in enumerate(((0.3, 8), (0.55, 6), (0.85, 6))):
        line = _sagging(canvas, vanishing, near, 4 * count + 1)
        canvas.fill(Stroke(points=line, width=max(canvas.u * 0.15, 1)), hexed("#2a1f26"), alpha=0.8)
        for place, (x, y) in enumerate(line[2::4].tolist()):
            size = canvas.u * (4 + 11 * near) * dice.between(0.9, 1.1)
            tone = hues[(place + row) % len(hues)]
            stage.furnish("lantern", Frame(x=x, y=y + size, size=size), tone=tone, fine=near > 0.4)


def _sagging(canvas: Canvas, vanishing: float, near: float, knots: int) -> Outline:
    """A line across the street, hanging deeper the nearer it is."""
    t = np.linspace(-1, 1, knots)
    drop = canvas.u * (14 * near * (1 - t * t) + 2 * t)
    return np.column_stack([vanishing + canvas.w * (0.22 + 0.5 * near) * t, canvas.h * 0.42 * (1 - near) + drop])
