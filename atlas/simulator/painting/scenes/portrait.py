"""The backdrop behind a face."""

from atlas.simulator.painting.colours import lch
from atlas.simulator.painting.scenes.studio import backdrop, backdrop_colour
from atlas.simulator.painting.shapes import (
    blob,
    ellipse,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("portrait")
def portrait_backdrop(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("portrait")
    colour = backdrop_colour(stage)
    if "background" not in stage.brief.bound and not stage.brief.palette:
        colour = lch(dice.between(0.5, 0.64), 0.07, dice.between(170, 300))
    backdrop(stage, colour)
    halo = canvas.u * dice.between(30, 38)
    centre = canvas.w * dice.pick((0.42, 0.5, 0.58))
    canvas.model(
        ellipse(centre, canvas.h * 0.46, halo),
        colour.turned(dice.pick((-50, 40, 160))).lighter(0.22),
        towards=stage.light.towards,
        depth=canvas.u * 2,
        contrast=0.5,
    )
    for step in range(4 + stage.detail * 2):
        spot = (dice.between(0, 1) * canvas.w, dice.between(0, 0.9) * canvas.h)
        canvas.fill(
            blob(dice.child(step), *spot, canvas.u * dice.between(6, 13)),
            colour.lighter(0.3),
            alpha=0.16,
            blur=canvas.u * 2.4,
        )
    return Setting(floor=canvas.h * 1.005, centre=centre, height=min(canvas.h * 0.86, canvas.w * 0.95), shadow="none")
