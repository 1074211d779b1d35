"""What tables and floors are made of."""

import itertools

import numpy as np

from atlas.simulator.painting.canvas import Canvas
from atlas.simulator.painting.colours import BLACK, WHITE, Colour
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.shapes import Outline, Stroke, ellipse, hills, moved, points, rectangle, smooth
from atlas.simulator.painting.stage import Stage
from atlas.simulator.painting.texture import mottled

USUAL = {
    "marble": "#efece8",
    "wood": "#9a6a42",
    "concrete": "#a8a6a2",
    "sand": "#e2c79a",
    "water": "#5fa9b8",
    "velvet": "#7a2f45",
    "glass": "#d5e4e8",
}
GLOSS = {"marble": 0.42, "glass": 0.6, "water": 0.65, "wood": 0.1, "velvet": 0.0, "sand": 0.0, "concrete": 0.08}


def lay(stage: Stage, kind: str, top: float) -> float:
    """Cover the picture below ``top`` with a material; answers how much it mirrors."""
    canvas = stage.canvas
    colour = stage.light.gently_on(stage.hue("surface", USUAL[kind], names=("scene:table",)))
    floor = rectangle(0, top, canvas.w, canvas.h + 2)
    canvas.fill(floor, down(top, canvas.h, colour.darker(0.12), colour.lighter(0.06), colour.darker(0.16)))
    draw = {"marble": _marble, "wood": _planks, "velvet": _folds, "water": _rings}.get(kind, _speckle)
    draw(canvas, stage.dice.child("surface"), floor, top, colour, stage.detail)
    canvas.fill(
        rectangle(0, top, canvas.w, top + canvas.u * 0.35), colour.lighter(0.5), alpha=0.5, blur=canvas.u * 0.12
    )
    return GLOSS[kind]


def _marble(canvas: Canvas, dice: Dice, floor: Outline, top: float, colour: Colour, detail: int) -> None:
    vein = WHITE.mix(colour, 0.25) if colour.l < 0.5 else colour.darker(0.42)
    cloud = mottled(dice, canvas.image.size, coarse=4, octaves=4, stretch=1.6).point(
        [max(0, step - 120) for step in range(256)]
    )
    mask = canvas.image.getchannel("R").point([0] * 256)
    mask.paste(cloud.crop((0, round(top), *canvas.image.size)), (0, round(top)))
    canvas.wash(vein, alpha=0.35, mask=mask)
    for place in range(9):
        walker = dice.child(place)
        x, y = walker.between(-0.2, 1.0) * canvas.w, top + walker.between(0.0, 0.8) * (canvas.h - top)
        course = _vein(walker, x, y, canvas.u)
        if place < 3 + 3 * detail:
            canvas.fill(Stroke(points=course, width=canvas.u * 0.5), vein, alpha=0.2, within=floor, blur=canvas.u * 0.3)
            canvas.fill(
                Stroke(points=course, width=max(canvas.u * walker.between(0.06, 0.2), 1.0)),
                vein,
                alpha=0.6,
                within=floor,
            )


def _vein(dice: Dice, x: float, y: float, unit: float) -> Outline:
    steps = dice.numbers.normal(0, 1, (26, 2)) * (unit * 1.6, unit * 0.9) + (
        unit * 2.6,
        unit * 0.75 * dice.pick((-1, 1)),
    )
    return smooth(np.cumsum(np.vstack([[(x, y)], steps]), axis=0), closed=False, steps=4)


def _planks(canvas: Canvas, dice: Dice, floor: Outline, top: float, colour: Colour, detail: int) -> None:
    """Boards running away from the eye."""
    edges = np.concatenate([[-0.9], np.sort(dice.spread(5, 0.0, 0.18)) + np.linspace(-0.55, 1.35, 5), [1.9]])
    depth, lines, seams = canvas.h - top, [], []
    for left, right in itertools.pairwise(edges):
        board = points(
            [
                (_far(left) * canvas.w, top),
                (_far(right) * canvas.w, top),
                (right * canvas.w, canvas.h),
                (left * canvas.w, canvas.h),
            ]
        )
        tone = colour.lighter(dice.between(0, 0.12)) if dice.chance(0.5) else colour.darker(dice.between(0, 0.14))
        canvas.fill(board, tone, alpha=0.6)
        for share in dice.spread(22)[: 6 + 8 * detail]:
            foot, wave = left + (right - left) * share, dice.between(-0.012, 0.012)
            course = [
                ((_far(foot) + (foot - _far(foot)) * t + wave * np.sin(t * 7 + share * 9)) * canvas.w, top + depth * t)
                for t in np.linspace(0, 1, 17)
            ]
            lines.append(Stroke(points=points(course), width=max(canvas.u * 0.12, 1)))
        seams.append(Stroke(points=board[[0, 3]], width=canvas.u * 0.28))
    canvas.fill(lines, colour.darker(0.45), alpha=0.28, within=floor)
    canvas.fill(seams, colour.darker(0.65), alpha=0.8, within=floor)


def _far(share: float) -> float:
    return 0.5 + (share - 0.5) * 0.55


def _folds(canvas: Canvas, dice: Dice, floor: Outline, top: float, colour: Colour, detail: int) -> None:
    for step in range(6 + 2 * detail):
        line = hills(
            dice.child(step), width=canvas.w, base=top + (canvas.h - top) * (step + 0.6) / 8, height=canvas.u * 5
        )
        fold = np.vstack([line, (moved(line, 0, canvas.u * 5))[::-1]])
        canvas.fill(fold, colour.darker(0.45), alpha=0.3, within=floor, blur=canvas.u * 1.2)
        canvas.fill(moved(fold, 0, -canvas.u * 2.6), colour.lighter(0.4), alpha=0.22, within=floor, blur=canvas.u * 1.0)


def _rings(canvas: Canvas, dice: Dice, floor: Outline, top: float, colour: Colour, detail: int) -> None:
    x, y = canvas.w * 0.5, top + (canvas.h - top) * 0.35
    rings = [
        Stroke(points=ellipse(x, y, canvas.u * reach, canvas.u * reach * 0.22), width=canvas.u * 0.25)
        for reach in np.linspace(14, 64, 4 + 2 * detail) + dice.between(0, 3)
    ]
    canvas.fill(rings, WHITE, alpha=0.4, within=floor)
    canvas.fill(
        [Stroke(points=moved(ring.points, 0, canvas.u * 0.5), width=ring.width) for ring in rings],
        colour.darker(0.3),
        alpha=0.35,
        within=floor,
    )


def _speckle(canvas: Canvas, dice: Dice, floor: Outline, top: float, colour: Colour, detail: int) -> None:
    for ink, alpha in ((BLACK, 0.18), (WHITE, 0.3)):
        spots = zip(dice.spread(420, 0, canvas.w), dice.spread(420, top, canvas.h), strict=True)
        dots = [rectangle(x, y, x + canvas.u * 0.16, y + canvas.u * 0.1) for x, y in list(spots)[: 120 + 150 * detail]]
        canvas.fill(dots, ink.mix(colour, 0.3), alpha=alpha, within=floor)


def named(stage: Stage) -> str | None:
    """The material the prompt asks for; a glass vase is not a glass table."""
    held = {thing.kind for thing in stage.brief.things} & {"bouquet", "perfume", "bottle", "wineglass", "jar"}
    return next((kind for kind in stage.brief.surfaces if kind != "glass" or not held), None)
