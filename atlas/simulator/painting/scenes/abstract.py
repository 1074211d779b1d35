"""For prompts without a picture in them: compositions of colour alone."""

import numpy as np

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import Linear, down, stops
from atlas.simulator.painting.shapes import Outline, blob, down_to, ellipse, hills, points, rectangle, smooth
from atlas.simulator.painting.stage import Setting, Stage, scene

# Darkest first.
SCHEMES = (
    "#1f2a44 #2f6f8f #f08a5d #f9c784 #fdf3e1",
    "#2b193d #7a3b8f #e0607e #f6a6b2 #fdeef0",
    "#0f3d3e #2a9d8f #f4a261 #e9c46a #fff5e4",
    "#22223b #4a4e8f #9a8fd0 #f2b5d4 #f7f0fa",
    "#3a1f2b #a63446 #f27a54 #fbc490 #fff1e0",
    "#12355b #3c6fbf #7fc8f8 #ffe08a #fffdf0",
    "#1d3b2a #4f8a5b #a7c957 #f2e8a0 #fbf9ec",
    "#2e2a4f #ef476f #ffa07a #ffd166 #fff7e8",
    "#0b3954 #087e8b #ff5a5f #f9b9b7 #f5f1ed",
)


def harmony(stage: Stage) -> list[Colour]:
    """Five colours that belong together, darkest first; named ones take part."""
    dice = stage.dice.child("harmony")
    turn = dice.between(-16, 16)
    made = [hexed(code).turned(turn) for code in dice.pick(SCHEMES).split()]
    for colour in stage.brief.palette:
        nearest = min(range(5), key=lambda place: abs(made[place].l - colour.l))
        made[nearest] = colour
    return made


@scene("abstract")
def abstract(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("abstract")
    colours = harmony(stage)
    dice.pick((_dunes, _orbits, _paper_cut, _ribbons))(stage, dice, colours)
    return Setting(
        floor=canvas.h * 0.84, centre=canvas.w * dice.pick((0.4, 0.5, 0.6)), height=min(canvas.w, canvas.h) * 0.55
    )


def _dunes(stage: Stage, dice: Dice, colours: list[Colour]) -> None:
    """A dreamt landscape: a sun over bands of hills."""
    canvas = stage.canvas
    canvas.wash(down(0, canvas.h, colours[4], colours[3], colours[2]))
    x, y, radius = (
        canvas.w * dice.pick((0.3, 0.66)),
        canvas.h * dice.between(0.26, 0.38),
        canvas.u * dice.between(11, 17),
    )
    canvas.glow((x, y), radius * 3.4, colours[3], 0.6)
    canvas.fill(ellipse(x, y, radius), down(y - radius, y + radius, colours[4].lighter(0.3), colours[2]))
    for step in range(5 + stage.detail):
        line = hills(
            dice.child(step), width=canvas.w, base=canvas.h * (0.5 + 0.085 * step), height=canvas.u * 13, waves=3
        )
        tone = colours[2].mix(colours[0], step / 6) if step % 2 == 0 else colours[1].mix(colours[0], step / 8)
        canvas.fill(down_to(line - (0, canvas.u * 0.8), canvas.h), colours[0], alpha=0.3, blur=canvas.u * 1.6)
        canvas.fill(
            down_to(line, canvas.h + 2), down(float(line[:, 1].min()), canvas.h, tone.lighter(0.2), tone.darker(0.22))
        )


def _orbits(stage: Stage, dice: Dice, colours: list[Colour]) -> None:
    """Half discs and rings on a grid, in the manner of a Bauhaus print."""
    canvas = stage.canvas
    canvas.wash(colours[4])
    cell = max(canvas.w, canvas.h) / 5
    for column in range(int(canvas.w / cell) + 1):
        for row in range(int(canvas.h / cell) + 1):
            x, y, own = column * cell, row * cell, dice.child(column, row)
            canvas.fill(rectangle(x, y, x + cell, y + cell), own.pick(colours).lighter(own.between(0, 0.2)))
            ink, turn = own.pick(colours), own.pick((0, 90, 180, 270))
            corner = (x + cell * (turn in {90, 180}), y + cell * (turn in {180, 270}))
            wedge = points([corner, *ellipse(*corner, cell, start=turn, end=turn + 90)])
            if own.chance(0.3):
                wedge = ellipse(x + cell / 2, y + cell / 2, cell * 0.36)
            shadow = wedge + cell * 0.025
            canvas.fill(shadow, colours[0], alpha=0.22, blur=cell * 0.02, within=rectangle(x, y, x + cell, y + cell))
            canvas.model(wedge, ink, towards=stage.light.towards, depth=cell * 0.06, contrast=0.6)


def _paper_cut(stage: Stage, dice: Dice, colours: list[Colour]) -> None:
    """Sheets of cut paper around a lit hollow."""
    canvas = stage.canvas
    canvas.wash(down(0, canvas.h, colours[4].lighter(0.2), colours[3]))
    x, y = canvas.w * dice.between(0.36, 0.64), canvas.h * dice.between(0.38, 0.6)
    canvas.glow((x, y), canvas.u * 40, colours[4].lighter(0.3), 0.8)
    for step, colour in enumerate(
        (
            colours[3],
            colours[2],
            colours[2].mix(colours[1], 0.5),
            colours[1],
            colours[1].mix(colours[0], 0.5),
            colours[0],
        )
    ):
        hole = blob(dice.child(step), x, y, canvas.u * (20 + 9.5 * step), wobble=0.2, knots=8)
        sheet = _frame_around(hole, canvas.w, canvas.h)
        canvas.fill(sheet + canvas.u * 0.9, colours[0].darker(0.4), alpha=0.35, blur=canvas.u * 1.3)
        canvas.fill(sheet, down(0, canvas.h, colour.lighter(0.1), colour.darker(0.12)))


def _frame_around(hole: Outline, width: float, height: float) -> Outline:
    """Everything but the hole, as one outline cut open at the hole's rightmost point."""
    start = int(np.argmax(hole[:, 0]))
    turned = np.roll(hole, -start, axis=0)
    edge = (width * 2, float(turned[0, 1]))
    around = points(
        [edge, (width * 2, height * 2), (-width, height * 2), (-width, -height), (width * 2, -height), edge]
    )
    return np.concatenate([turned, turned[:1], around])


def _ribbons(stage: Stage, dice: Dice, colours: list[Colour]) -> None:
    """Bands of silk flowing across the sheet."""
    canvas = stage.canvas
    canvas.wash(
        Linear(start=(0, 0), end=(canvas.w, canvas.h), stops=stops(colours[0].darker(0.2), colours[0], colours[1]))
    )
    for step in range(8 + 2 * stage.detail):
        own = dice.child(step)
        level = canvas.h * (step + 0.5) / 9
        knots = [(canvas.w * t, level + own.between(-1, 1) * canvas.u * 17) for t in np.linspace(-0.1, 1.1, 6)]
        upper = smooth(knots, closed=False, steps=12)
        thick = canvas.u * own.between(4, 12) * (0.55 + 0.45 * np.sin(np.linspace(0, 7, len(upper)) + step))[:, None]
        band = np.concatenate([upper, (upper + thick * (0, 1))[::-1]])
        colour = colours[1 + step % 4]
        canvas.fill(band + canvas.u * 1.1, colours[0].darker(0.4), alpha=0.35, blur=canvas.u * 1.4)
        canvas.model(band, colour, towards=stage.light.towards, depth=canvas.u * 2, contrast=1.0)
