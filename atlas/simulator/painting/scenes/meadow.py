"""Open land: fields in flower and dunes."""

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.ground import distant, meadow_grass
from atlas.simulator.painting.shapes import (
    Outline,
    down_to,
    ellipse,
    hills,
    leaf,
    points,
    rectangle,
    ridge,
    smooth,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("field")
def field(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("field")
    horizon = canvas.h * dice.between(0.5, 0.58)
    heavens(stage, horizon * 1.05)
    green = stage.land("#6fa04a")
    far = ridge(dice, width=canvas.w, base=horizon + canvas.u * 2, height=canvas.u * 9, roughness=0.4)
    canvas.fill(down_to(far, canvas.h), distant(stage, green.darker(0.2).turned(30), 0.4))
    for step in range(4):
        line = hills(
            dice.child(step),
            width=canvas.w,
            base=horizon + (canvas.h - horizon) * (0.08 + 0.22 * step),
            height=canvas.u * 5,
        )
        colour = distant(stage, green.turned(-6 * step).darker(0.06 * step), 0.62 + 0.12 * step)
        canvas.fill(
            down_to(line, canvas.h + 2),
            down(float(line[:, 1].min()), canvas.h, colour.lighter(0.2), colour.darker(0.15)),
        )
        if step < 2:
            _copse(stage, line, colour)
    meadow_grass(stage, canvas.h * 0.8, green)
    _wild_flowers(stage, horizon + (canvas.h - horizon) * 0.5)
    return Setting(floor=canvas.h * 0.86, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 46)


def _copse(stage: Stage, line: Outline, colour: Colour) -> None:
    canvas, dice = stage.canvas, stage.dice.child("copse", round(float(line[0, 1])))
    crowns = []
    for place in dice.numbers.integers(2, len(line) - 2, 9):
        x, y = line[place]
        size = canvas.u * dice.between(1.6, 3.4)
        crowns += [
            ellipse(x + dx * size, y - size * (0.7 + dy), size * 0.75) for dx, dy in ((-0.5, 0), (0.4, 0.1), (0, 0.6))
        ]
    canvas.model(crowns, colour.darker(0.35), towards=stage.light.towards, depth=canvas.u * 0.9)


def _wild_flowers(stage: Stage, top: float) -> None:
    canvas, dice = stage.canvas, stage.dice.child("wild flowers")
    for colour in ("#f4f0e4", "#f0b53c", "#d9566a", "#a78bd0"):
        spots = zip(dice.spread(60, 0, canvas.w), dice.spread(60) ** 0.7, strict=True)
        heads = [
            ellipse(x, top + (canvas.h - top) * y, canvas.u * (0.2 + 0.6 * y), canvas.u * (0.16 + 0.45 * y))
            for x, y in list(spots)[: 20 + 20 * stage.detail]
        ]
        canvas.fill(heads, stage.light.on(hexed(colour)))


@scene("desert")
def desert(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("desert")
    horizon = canvas.h * dice.between(0.5, 0.58)
    heavens(stage, horizon)
    sand = stage.land("#e0a868")
    canvas.fill(rectangle(0, horizon - canvas.u, canvas.w, canvas.h), distant(stage, sand, 0.4))
    for step in range(4):
        _dune(
            stage,
            dice.child(step),
            horizon + (canvas.h - horizon) * (0.02, 0.18, 0.42, 0.74)[step],
            distant(stage, sand.darker(0.05 * step), 0.5 + 0.17 * step),
        )
    return Setting(floor=canvas.h * 0.84, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 40)


def _dune(stage: Stage, dice: Dice, top: float, colour: Colour) -> None:
    """A crest: one flank in the light, the other in shade."""
    canvas = stage.canvas
    crest, tall, side = (
        dice.between(0.15, 0.85),
        canvas.u * dice.between(7, 13),
        -1 if stage.light.towards[0] > 0 else 1,
    )
    knots = [
        (-0.1, top + tall * 0.9),
        (crest - 0.3, top + tall * 0.55),
        (crest - 0.1, top + tall * 0.14),
        (crest, top),
        (crest + 0.12, top + tall * 0.2),
        (crest + 0.34, top + tall * 0.62),
        (1.1, top + tall * 0.8),
    ]
    line = smooth(sorted(knots), closed=False) * (canvas.w, 1.0)
    mass = down_to(line, canvas.h + 2)
    canvas.fill(mass, down(top, top + tall * 5, colour.lighter(0.3), colour, colour.darker(0.12)))
    foot = crest + side * 0.3
    spine = smooth(
        [
            (crest, top),
            (crest + side * 0.02, top + tall * 0.5),
            (crest - side * 0.03, top + tall * 1.3),
            (crest + side * 0.14, top + tall * 2.4),
            (foot, top + tall * 3),
        ],
        closed=False,
    ) * (canvas.w, 1.0)
    lee = points([*spine, ((foot + side * 0.5) * canvas.w, top + tall * 2), ((crest + side * 0.4) * canvas.w, top)])
    canvas.fill(lee, down(top, top + tall * 3, (colour.darker(0.4), 0.8), (colour.darker(0.3), 0.0)), within=mass)
    ripples = [
        smooth([(x, y), (x + 0.06, y + canvas.u * 0.5), (x + 0.13, y)], closed=False) * (canvas.w, 1.0)
        for x, y in zip(dice.spread(26), dice.spread(26, top + tall, canvas.h), strict=True)
    ]
    lenses = [leaf((wave[0, 0], wave[0, 1]), (wave[-1, 0], wave[-1, 1]), canvas.u * 0.16) for wave in ripples]
    canvas.fill(lenses, colour.darker(0.28), alpha=0.25, within=mass)
