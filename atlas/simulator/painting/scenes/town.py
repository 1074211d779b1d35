"""Streets, skylines and night markets."""

import numpy as np

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.pen import Frame
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.landscape import distant, mist
from atlas.simulator.painting.shapes import Outline, Stroke, ellipse, points, rectangle
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
        _row_of_towers(stage, dice.child(layer), ground, layer, tone)
        mist(stage, ground - canvas.u * (9 - 3 * layer), canvas.u * 12, 0.3)
    _wet_ground(stage, ground, land)
    return Setting(floor=canvas.h * 0.94, centre=canvas.w * dice.pick((0.36, 0.5, 0.62)), height=canvas.u * 40, gloss=0.4)


def _row_of_towers(stage: Stage, dice: Dice, ground: float, layer: int, tone: Colour) -> None:
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
    flanks = [rectangle(left + (right - left) * (0.62 if side < 0 else 0.0), top, right - (right - left) * (0.0 if side < 0 else 0.62), ground) for left, top, right in towers]
    canvas.fill(flanks, tone.darker(0.25), alpha=0.4)
    if layer:
        _windows(stage, dice, towers, ground, tone)
    if layer and stage.light.hour == "neon":
        _signs(stage, dice, towers)


def _tower(dice: Dice, left: float, top: float, right: float, ground: float, unit: float) -> list[Outline]:
    """A block, sometimes stepped, sometimes with a spire."""
    middle, wide = (left + right) / 2, right - left
    parts = [rectangle(left, top, right, ground)]
    crown = dice.whole(0, 4)
    if crown == 1:
        parts += [rectangle(left + wide * 0.2, top - unit * 3, right - wide * 0.2, top), rectangle(middle - unit * 0.15, top - unit * 8, middle + unit * 0.15, top)]
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
        columns, rows = max(int((right - left - step * 0.8) / step), 1), max(int((ground - top - step) / (step * 1.35)), 1)
        glowing = dice.numbers.random((rows, columns))
        for row, column in np.argwhere(glowing < (0.42 if stage.detail else 0.22)):
            x, y = left + step * (0.6 + column), top + step * (0.9 + row * 1.35)
            pane = rectangle(x, y, x + step * 0.5, y + step * 0.72)
            (lit if glowing[row, column] < 0.2 else dim).append(pane)
    bright = hexed("#ffd98a") if stage.light.gain < 0.9 or stage.light.hour == "sunset" else stage.light.sky[2].lighter(0.5)
    canvas.fill(dim, tone.mix(bright, 0.3), alpha=0.7)
    canvas.fill(lit, bright, alpha=0.9)


def _signs(stage: Stage, dice: Dice, towers: list[tuple[float, float, float]]) -> None:
    """Vertical neon signs and lit edges."""
    canvas = stage.canvas
    for left, top, right in towers:
        if not dice.chance(0.45):
            continue
        colour = hexed(dice.pick(NEONS))
        x, y = dice.between(left, right - canvas.u * 1.5), top + canvas.u * dice.between(3, 9)
        tall = canvas.u * dice.between(6, 13)
        canvas.glow((x, y + tall / 2), tall * 1.15, colour, 0.7)
        canvas.fill(rectangle(x - canvas.u * 0.8, y, x + canvas.u * 0.8, y + tall, canvas.u * 0.3), colour.darker(0.55))
        strokes = [rectangle(x - canvas.u * 0.45, y + canvas.u * (0.5 + 1.4 * mark), x + canvas.u * dice.between(0.1, 0.45), y + canvas.u * (0.9 + 1.4 * mark)) for mark in range(int(tall / canvas.u / 1.4))]
        canvas.fill([*strokes, Stroke(points=rectangle(x - canvas.u * 0.8, y, x + canvas.u * 0.8, y + tall), width=canvas.u * 0.14)], colour.lighter(0.45))


def _wet_ground(stage: Stage, ground: float, land: Colour) -> None:
    canvas = stage.canvas
    base = stage.light.on(land.darker(0.5))
    canvas.fill(rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, base.lighter(0.1), base.darker(0.3)))
    wet = "rain" in stage.brief.weather or stage.light.dark
    canvas.reflect(ground, depth=canvas.h - ground, strength=0.75 if wet else 0.45, blur=canvas.u * 0.55)
    dice = stage.dice.child("puddles")
    streaks = [ellipse(x, y, canvas.u * size * 3, canvas.u * 0.16)[::4] for x, y, size in zip(dice.spread(70, 0, canvas.w), dice.spread(70, ground, canvas.h), dice.spread(70, 0.4, 1.6), strict=True)]
    canvas.fill(streaks, base.darker(0.35), alpha=0.35)
    canvas.fill([streak + (canvas.u, canvas.u * 0.4) for streak in streaks[::2]], stage.light.sky[2].lighter(0.3), alpha=0.3)


@scene("street")
def street(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("street")
    ground = canvas.h * 0.74
    heavens(stage, ground)
    vanishing = canvas.w * dice.between(0.42, 0.58)
    _row_of_towers(stage, dice.child("far"), ground, 0, distant(stage, stage.land("#7a86a0"), 0.45))
    for side in (-1, 1):
        _terrace(stage, dice.child(side), side, vanishing, ground)
    road = stage.light.on(hexed("#6f7078"))
    canvas.fill(rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, road.lighter(0.22), road.darker(0.15)))
    if stage.light.dark or "rain" in stage.brief.weather:
        canvas.reflect(ground, depth=canvas.h - ground, strength=0.6, blur=canvas.u * 0.7)
    kerb = [points([(vanishing, ground), (side * canvas.w * 1.2 + vanishing, canvas.h * 0.94), (side * canvas.w * 1.2 + vanishing, canvas.h * 0.985)]) for side in (-1, 1)]
    canvas.fill(kerb, road.lighter(0.45), alpha=0.8)
    return Setting(floor=canvas.h * 0.92, centre=canvas.w * dice.pick((0.4, 0.5, 0.6)), height=min(canvas.h * 0.6, canvas.w * 0.72), gloss=0.25)


def _terrace(stage: Stage, dice: Dice, side: int, vanishing: float, ground: float) -> None:
    """House fronts along one side of a street, shrinking towards the vanishing point."""
    canvas = stage.canvas
    edge = 0.0 if side < 0 else canvas.w
    shares = (0.0, 0.34, 0.6, 0.78)
    for near, far in reversed(list(zip(shares[:-1], shares[1:], strict=True))):
        left, right = edge + (vanishing - edge) * near, edge + (vanishing - edge) * far
        tall_near, tall_far = ground * (0.86 - near * 0.75), ground * (0.86 - far * 0.75)
        front = points([(left, ground - tall_near), (right, ground - tall_far), (right, ground), (left, ground + canvas.h * 0.12 * (1 - near) ** 2)])
        paint = distant(stage, hexed(dice.pick(("#d9a98a", "#c9bfa0", "#a9b8b0", "#d98f6f", "#b9a0b0"))), 0.9 - 0.35 * near)
        canvas.fill(front, down(ground - tall_near, ground, paint.lighter(0.08), paint.darker(0.3 if side * stage.light.towards[0] > 0 else 0.1)))
        for row in (0.2, 0.45):
            for column in (0.2, 0.6):
                _pane(stage, dice, front, row, column)
        awning = _quad(front, 0.68, 0.05, 0.1, 0.9)
        canvas.fill(awning, distant(stage, hexed(dice.pick(("#c9402f", "#2f6f63", "#d9a03c", "#3f5f8f"))), 0.95))
        canvas.fill(_quad(front, 0.78, 0.1, 0.22, 0.8), hexed("#ffc870") if stage.light.dark else paint.darker(0.5), alpha=0.9)


def _quad(front: Outline, row: float, column: float, tall: float, wide: float) -> Outline:
    """A rectangle on a wall seen at an angle, in shares of the wall."""

    def spot(across: float, downwards: float) -> Outline:
        upper, lower = front[0] + (front[1] - front[0]) * across, front[3] + (front[2] - front[3]) * across
        return np.asarray(upper + (lower - upper) * downwards)

    return np.array([spot(column, row), spot(column + wide, row), spot(column + wide, row + tall), spot(column, row + tall)])


def _pane(stage: Stage, dice: Dice, front: Outline, row: float, column: float) -> None:
    lit = stage.light.dark and dice.chance(0.65)
    pane = _quad(front, row, column, 0.14, 0.22)
    stage.canvas.fill(pane, hexed("#ffcf7a") if lit else stage.light.on(hexed("#5f7488")))
    if lit:
        x, y = pane.mean(axis=0).tolist()
        stage.canvas.glow((x, y), stage.canvas.u * 6, hexed("#ffb454"), 0.35)


@scene("market")
def market(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("market")
    ground = canvas.h * dice.between(0.66, 0.7)
    vanishing = canvas.w * dice.between(0.42, 0.58)
    heavens(stage, ground)
    for side in (-1, 1):
        _terrace(stage, dice.child("row", side), side, vanishing, ground)
    canvas.glow((vanishing, ground - canvas.u * 4), canvas.u * 46, hexed("#ff9a45"), 0.75 if stage.light.dark else 0.25)
    stone = stage.light.on(hexed("#5f5560"))
    canvas.fill(rectangle(0, ground, canvas.w, canvas.h), down(ground, canvas.h, stone.lighter(0.2), stone.darker(0.35)))
    for depth in (0.25, 0.5, 0.78):
        _pair_of_stalls(stage, dice.child(depth), vanishing, ground, depth)
        _crowd(stage, dice.child("crowd", depth), vanishing, ground, depth)
    canvas.reflect(canvas.h * 0.86, depth=canvas.h * 0.14, strength=0.34, blur=canvas.u * 0.8)
    _strings_of_lanterns(stage, vanishing)
    return Setting(floor=canvas.h * 0.93, centre=vanishing, height=min(canvas.h * 0.5, canvas.w * 0.62), gloss=0.15)


def _pair_of_stalls(stage: Stage, dice: Dice, vanishing: float, ground: float, depth: float) -> None:
    canvas = stage.canvas
    size = canvas.u * (14 + 40 * depth)
    base = ground + (canvas.h - ground) * depth * 0.82
    for side in (-1, 1):
        x = vanishing + side * canvas.w * (0.1 + 0.42 * depth)
        if 0 - size * 0.4 < x < canvas.w + size * 0.4:
            stage.extra("stall", Frame(x=x, y=base, size=size, flip=side > 0))
    canvas.fill(ellipse(vanishing, base, canvas.w * 0.3 * depth, canvas.u * 2.4), hexed("#ffb060"), alpha=0.16, blur=canvas.u * 2)



def _crowd(stage: Stage, dice: Dice, vanishing: float, ground: float, depth: float) -> None:
    canvas = stage.canvas
    for _ in range(2 + stage.detail):
        size = canvas.u * (9 + 22 * depth) * dice.between(0.9, 1.08)
        x = vanishing + dice.between(-0.2, 0.2) * canvas.w * (0.4 + depth)
        stage.extra("person", Frame(x=x, y=ground + (canvas.h - ground) * depth * 0.9, size=size, flip=dice.chance(0.5)))


def _strings_of_lanterns(stage: Stage, vanishing: float) -> None:
    """Lanterns on sagging lines, from the far end of the street to over our heads."""
    canvas, dice = stage.canvas, stage.dice.child("strings")
    thing = next((thing for thing in stage.brief.things if thing.kind == "lantern"), None)
    hues = thing.colours if thing is not None and thing.colours else (hexed("#e2402c"), hexed("#f08a2c"), hexed("#f4b94a"))
    for row, near in enumerate((0.3, 0.55, 0.85)):
        reach, top = canvas.w * (0.22 + 0.5 * near), canvas.h * (0.42 - 0.42 * near)
        line = [(vanishing + reach * t, top + canvas.u * 14 * near * (1 - t * t) + canvas.u * 2 * t) for t in np.linspace(-1, 1, 17)]
        canvas.fill(Stroke(points=points(line), width=max(canvas.u * 0.15, 1)), hexed("#2a1f26"), alpha=0.8)
        for place, (x, y) in enumerate(line[1:-1:2]):
            size = canvas.u * (4 + 11 * near) * dice.between(0.9, 1.1)
            stage.extra("lantern", Frame(x=x, y=y + size, size=size), tone=hues[(place + row) % len(hues)])


