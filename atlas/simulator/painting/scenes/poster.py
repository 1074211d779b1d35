"""A printed sheet: flat ground, a few large forms in the ink's colour."""

from atlas.simulator.painting.colours import PAPER, Colour, hexed
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.shapes import (
    ellipse,
    rectangle,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("poster")
def poster(stage: Stage) -> Setting:
    """A printed sheet: flat ground, a few large forms in the ink's colour."""
    canvas, dice = stage.canvas, stage.dice.child("poster")
    ground, ink = poster_colours(stage)
    canvas.wash(down(0, canvas.h, ground.lighter(0.1), ground))
    unit, side = canvas.u, dice.pick((-1, 1))
    middle = canvas.w * (0.5 + side * 0.2)
    pale = ground.mix(ink, 0.16)
    forms = dice.pick(("sun", "arcs", "bars"))
    if forms == "sun":
        canvas.fill(ellipse(middle, canvas.h * 0.3, unit * 25), pale)
        canvas.fill(ellipse(canvas.w * (0.5 - side * 0.27), canvas.h * 0.2, unit * 8), ink)
    elif forms == "arcs":
        for reach in (44, 34, 24, 14):
            canvas.fill(ellipse(canvas.w * (0.5 + side * 0.5), 0, unit * reach), pale if reach in {44, 24} else ground)
        canvas.fill(ellipse(canvas.w * (0.5 - side * 0.3), canvas.h * 0.2, unit * 7), ink)
    else:
        for step in range(6):
            canvas.fill(
                rectangle(
                    0,
                    canvas.h * 0.08 + unit * step * 4.4,
                    canvas.w,
                    canvas.h * 0.08 + unit * (step * 4.4 + 0.5 + step * 0.55),
                ),
                pale,
            )
        canvas.fill(ellipse(middle, canvas.h * 0.2, unit * 9), ink)
    canvas.fill(rectangle(0, canvas.h * 0.86, canvas.w, canvas.h), pale)
    rules = [
        rectangle(canvas.w * 0.08, level, canvas.w * 0.92, level + unit * 0.35)
        for level in (canvas.h * 0.06, canvas.h * 0.86)
    ]
    canvas.fill(rules, ink)
    return Setting(floor=canvas.h * 0.86, centre=canvas.w * 0.5, height=min(canvas.h * 0.5, canvas.w * 0.7))


def poster_colours(stage: Stage) -> tuple[Colour, Colour]:
    """Ground and ink: of two named colours the first is the ink."""
    named = list(stage.brief.palette)
    ink = stage.brief.bound.get("lettering") or (named[0] if named else None)
    ground = stage.brief.bound.get("background") or (named[1] if len(named) > 1 else None)
    dice = stage.dice.child("inks")
    ground = ground or (
        PAPER
        if ink is not None and ink.l < 0.75
        else hexed(dice.pick(("#f3e7d0", "#e9e4f0", "#f6d9cf", "#dbe7e0", "#1f2a44")))
    )
    if ink is None:
        ink = hexed(dice.pick(("#d8432f", "#1f4f8f", "#0f6f5f", "#8f2f5f"))) if ground.l > 0.5 else hexed("#f2c14e")
    return ground, ink
