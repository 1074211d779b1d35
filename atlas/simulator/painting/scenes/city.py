"""Skylines, by day and in neon."""

import numpy as np

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.ground import distant, mist
from atlas.simulator.painting.shapes import Outline, Stroke, moved, points, rectangle, speck
from atlas.simulator.painting.stage import Setting, Stage, scene

NEONS = ("#ff3fa4", "#28e0ff", "#a05bff", "#ffd23f", "#4dffb8")


@scene("city")
def skyline(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("skyline")
    ground = canvas.h * dice.between(0.76, 0.8)
    heavens(stage, ground)
    land = stage.land("#4a5f86")
    if stage.light.dark:
        canvas.glow((canvas.w * stage.light.sun[0], ground), canvas.w * 0.55, stage.light.sky[2], 0.7, squash=0.8)
    for layer in range(3):
        tone = distant(stage, land.darker(0.16 * layer), (0.35, 0.62, 0.95)[layer])
        if stage.light.hour == "neon":
            tone = tone.mix(hexed(("#3f4fd0", "#1f5f9a", "#141a44")[layer]), (0.4, 0.45, 0.5)[layer])
        row_of_towers(stage, dice.child(layer), ground, layer, tone)
        mist(stage, ground - canvas.u * (9 - 3 * layer), canvas.u * 12, 0.3)
    _wet_ground(stage, ground, land)
    return Setting(
        floor=canvas.h * 0.94, centre=canvas.w * dice.pick((0.36, 0.5, 0.62)), height=canvas.u * 40, gloss=0.4
    )


def row_of_towers(stage: Stage, dice: Dice, ground: float, layer: int, tone: Colour) -> None:
    canvas = stage.canvas
    x, towers = -canvas.w * 0.03, []
    peak = dice.between(0.3, 0.7)
    while x < canvas.w * 1.02:
        wide = canvas.u * dice.between(5, 10) * (0.8 + 0.25 * layer)
        lift = 1.25 - 1.1 * abs(x / canvas.w - peak)
        tall = canvas.h * dice.between(0.2, 0.46) * lift * (1.12 - 0.24 * layer)
        towers.append((x, ground - tall, x + wide))
        x += wide * dice.between(0.92, 1.25)
    shapes = [shape for tower in towers for shape in _tower(dice, *tower, ground, canvas.u)]
    canvas.fill(shapes, down(canvas.h * 0.2, ground, tone.darker(0.1), tone.lighter(0.12)))
    side = stage.light.towards[0]
    flanks = [
        rectangle(
            left + (right - left) * (0.62 if side < 0 else 0.0),
            top,
            right - (right - left) * (0.0 if side < 0 else 0.62),
            ground,
        )
        for left, top, right in towers
    ]
    canvas.fill(flanks, tone.darker(0.25), alpha=0.4)
    if layer:
        _windows(stage, dice, towers, ground, tone)
    if stage.light.hour == "neon":
        _signs(stage, dice, towers)


def _tower(dice: Dice, left: float, top: float, right: float, ground: float, unit: float) -> list[Outline]:
    """A block, sometimes stepped, sometimes with a spire."""
    middle, wide = (left + right) / 2, right - left
    parts = [rectangle(left, top, right, ground)]
    crown = dice.whole(0, 4)
    if crown == 1:
        parts += [
            rectangle(left + wide * 0.2, top - unit * 3, right - wide * 0.2, top),
            rectangle(middle - unit * 0.15, top - unit * 8, middle + unit * 0.15, top),
        ]
    elif crown == 2:
        parts.append(points([(left, top + 1), (right, top + 1), (right, top - wide * 0.45)]))
    elif crown == 3:
        parts.append(points([(left, top + 1), (middle, top - wide * 0.9), (right, top + 1)]))
    return parts


def _windows(stage: Stage, dice: Dice, towers: list[tuple[float, float, float]], ground: float, tone: Colour) -> None:
    canvas = stage.canvas
    step = canvas.u * 1.15
    lit: list[Outline] = []
    dim: list[Outline] = []
    for left, top, right in towers:
        columns, rows = (
            max(int((right - left - step * 0.8) / step), 1),
            max(int((ground - top - step) / (step * 1.35)), 1),
        )
        glowing = dice.numbers.random((rows, columns))
        for row, column in np.argwhere(glowing < (0.42 if stage.detail else 0.22)):
            x, y = left + step * (0.6 + column), top + step * (0.9 + row * 1.35)
            pane = rectangle(x, y, x + step * 0.5, y + step * 0.72)
            (lit if glowing[row, column] < 0.2 else dim).append(pane)
    bright = (
        hexed("#ffd98a") if stage.light.gain < 0.9 or stage.light.hour == "sunset" else stage.light.sky[2].lighter(0.5)
    )
    canvas.fill(dim, tone.mix(bright, 0.3), alpha=0.7)
    canvas.fill(lit, bright, alpha=0.9)


def _signs(stage: Stage, dice: Dice, towers: list[tuple[float, float, float]]) -> None:
    """Vertical neon signs and lit edges."""
    canvas = stage.canvas
    for left, top, right in towers:
        if not dice.chance(0.7):
            continue
        colour = hexed(dice.pick(NEONS))
        x, y = dice.between(left + canvas.u, right - canvas.u), top + canvas.u * dice.between(2, 12)
        tall = canvas.u * dice.between(6, 14)
        canvas.glow((x, y + tall / 2), tall * 1.15, colour, 0.85)
        board = rectangle(x - canvas.u * 0.9, y, x + canvas.u * 0.9, y + tall)
        canvas.fill(board, colour.darker(0.6))
        strokes = [
            rectangle(
                x - canvas.u * 0.5,
                y + canvas.u * (0.5 + 1.4 * mark),
                x + canvas.u * dice.between(0.1, 0.5),
                y + canvas.u * (1.0 + 1.4 * mark),
            )
            for mark in range(int(tall / canvas.u / 1.4))
        ]
        rim = Stroke(points=np.vstack([board, board[:1]]), width=canvas.u * 0.22)
        crown = Stroke(points=points([(left, top), (right, top)]), width=canvas.u * 0.25)
        canvas.fill([*strokes, rim, crown], colour.lighter(0.4))


def _wet_ground(stage: Stage, ground: float, land: Colour) -> None:
    canvas = stage.canvas
    base = stage.light.on(land.darker(0.5))
    canvas.fill(rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, base.lighter(0.1), base.darker(0.3)))
    wet = "rain" in stage.brief.weather or stage.light.dark
    canvas.reflect(ground, depth=canvas.h - ground, strength=0.75 if wet else 0.45, blur=canvas.u * 0.55)
    dice = stage.dice.child("puddles")
    streaks = [
        speck(x, y, canvas.u * size * 3, canvas.u * 0.16)
        for x, y, size in zip(
            dice.spread(70, 0, canvas.w), dice.spread(70, ground, canvas.h), dice.spread(70, 0.4, 1.6), strict=True
        )
    ]
    canvas.fill(streaks, base.darker(0.35), alpha=0.35)
    canvas.fill(
        [moved(streak, canvas.u, canvas.u * 0.4) for streak in streaks[::2]], stage.light.sky[2].lighter(0.3), alpha=0.3
    )
