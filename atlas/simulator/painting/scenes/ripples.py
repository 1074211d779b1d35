"""Still and moving water: mirrored light, ripples, glints."""

import numpy as np
from PIL import Image

from atlas.simulator.painting.colours import Colour
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import sun_spot
from atlas.simulator.painting.shapes import rectangle, speck
from atlas.simulator.painting.stage import Stage


def water_surface(stage: Stage, horizon: float, colour: Colour) -> None:
    """A lake from the horizon to the bottom edge that mirrors what stands above it."""
    canvas, light = stage.canvas, stage.light
    low, deep = light.on(colour).mix(light.sky[2], 0.45), light.on(colour.darker(0.3))
    canvas.fill(rectangle(0, horizon, canvas.w, canvas.h), down(horizon, canvas.h, low, deep))
    canvas.reflect(horizon, depth=canvas.h - horizon, strength=0.8, blur=canvas.u * 0.12)
    _waver(stage, horizon)
    canvas.fill(rectangle(0, horizon, canvas.w, canvas.h), down(horizon, canvas.h, (deep, 0.0), (deep, 0.55)))
    canvas.fill(
        rectangle(0, horizon - canvas.u * 0.15, canvas.w, horizon + canvas.u * 0.2),
        light.sky[2].lighter(0.4),
        alpha=0.5,
        blur=canvas.u * 0.2,
    )
    glints(stage, horizon)
    strokes_of_water(stage, horizon, light.sky[2], deep)


def _waver(stage: Stage, horizon: float) -> None:
    """Shift the rows of the mirror sideways, more the nearer they are."""
    canvas, dice = stage.canvas, stage.dice.child("waver")
    top = round(horizon)
    pixels = np.array(canvas.image)
    rows = np.arange(top, pixels.shape[0])
    near = (rows - top) / max(len(rows), 1)
    sway = np.sin(rows / (canvas.u * 0.35) / (0.4 + 2.2 * near) + dice.between(0, 6)) * canvas.u * (0.15 + 1.1 * near)
    sway += dice.numbers.normal(0, 0.4, len(rows)) * canvas.u * 0.3 * near
    for row, shift in zip(rows, np.round(sway).astype(int), strict=True):
        pixels[row] = np.roll(pixels[row], shift, axis=0)
    canvas.image = Image.fromarray(pixels, "RGB")


def glints(stage: Stage, horizon: float, *, strength: float = 0.8) -> None:
    """The path of light that lies below the sun or the moon."""
    canvas, dice, light = stage.canvas, stage.dice.child("glints"), stage.light
    x, _ = sun_spot(stage, horizon)
    canvas.glow(
        (x, horizon + (canvas.h - horizon) * 0.2), canvas.w * 0.22, light.sky[2].mix(light.glow, 0.5), 0.45, squash=1.1
    )
    depths, sides, sizes = dice.spread(150) ** 1.6, dice.numbers.normal(0, 1, 150), dice.spread(150, 0.5, 1.5)
    count = (70, 110, 150)[stage.detail]
    lenses = [
        speck(
            x + side * canvas.w * (0.015 + 0.075 * depth),
            horizon + canvas.u * 0.5 + (canvas.h - horizon) * depth,
            canvas.u * (0.5 + 2.6 * depth) * size,
            canvas.u * (0.08 + 0.16 * depth),
        )
        for depth, side, size in list(zip(depths, sides, sizes, strict=True))[:count]
    ]
    canvas.fill(lenses, light.glow.mix(light.sky[2], 0.25).lighter(0.2), alpha=strength)


def strokes_of_water(stage: Stage, horizon: float, bright: Colour, deep: Colour) -> None:
    """Long flat strokes of lighter and darker water."""
    canvas, dice = stage.canvas, stage.dice.child("water strokes")
    for colour, alpha in ((bright, 0.28), (deep.darker(0.15), 0.3)):
        depths, sides, sizes = dice.spread(160) ** 1.4, dice.spread(160), dice.spread(160, 0.4, 1.6)
        count = (50, 100, 160)[stage.detail]
        waves = [
            speck(
                side * canvas.w,
                horizon + canvas.u + (canvas.h - horizon) * depth,
                canvas.u * (1.2 + 8 * depth) * size,
                canvas.u * (0.07 + 0.2 * depth),
            )
            for depth, side, size in list(zip(depths, sides, sizes, strict=True))[:count]
        ]
        canvas.fill(waves, colour, alpha=alpha)
