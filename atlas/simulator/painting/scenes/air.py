"""The sky and what is above it: clouds, stars, the sun and the moon, open space."""

import math
from collections.abc import Iterable

import numpy as np

from atlas.simulator.painting.colours import WHITE, Colour, hexed, lch
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import Radial, down, stops
from atlas.simulator.painting.shapes import Outline, ellipse, hills, leaf, moved, points, rectangle, speck
from atlas.simulator.painting.shapes import down_to as area
from atlas.simulator.painting.stage import Setting, Stage, scene
from atlas.simulator.painting.texture import mottled


def heavens(stage: Stage, horizon: float, *, clouds: bool = True) -> None:
    """Sky from the top edge down to the horizon, with the light of the hour in it."""
    canvas, light = stage.canvas, stage.light
    canvas.fill(rectangle(0, 0, canvas.w, horizon + 2), down(0, horizon, *light.sky))
    if light.dark:
        scatter_stars(stage, horizon)
    if light.hour == "neon":
        return
    _sun_or_moon(stage, horizon)
    if clouds and not stage.asks("minimal"):
        (streaks if light.hour in {"dawn", "sunset", "golden", "night", "backlit"} else cumulus)(stage, horizon)


def sun_spot(stage: Stage, horizon: float) -> tuple[float, float]:
    return stage.light.sun[0] * stage.canvas.w, stage.light.sun[1] * horizon


def _sun_or_moon(stage: Stage, horizon: float) -> None:
    canvas, light = stage.canvas, stage.light
    x, y = sun_spot(stage, horizon)
    radius = canvas.u * (4.2 if light.hour in {"dawn", "sunset", "night"} else 2.8)
    if light.dark:
        canvas.glow((x, y), radius * 7, hexed("#8fa8e0"), 0.55)
        disc = ellipse(x, y, radius)
        canvas.fill(disc, hexed("#f6f1dc"))
        craters = [
            ellipse(x + dx * radius, y + dy * radius, radius * r)
            for dx, dy, r in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.3), (0.35, -0.35, 0.13))
        ]
        canvas.fill(craters, hexed("#cfc8b4"), alpha=0.5, within=disc, blur=radius * 0.06)
        return
    canvas.glow((x, y), canvas.u * 60, light.sky[2].lighter(0.2), 0.5)
    canvas.glow((x, y), radius * 4.5, light.glow, 0.7)
    if light.hour not in {"soft", "morning"}:
        canvas.fill(ellipse(x, y, radius), light.glow.lighter(0.35), blur=radius * 0.04)


def scatter_stars(stage: Stage, floor: float, *, density: float = 1.0) -> None:
    canvas, dice = stage.canvas, stage.dice.child("stars")
    count = round((90, 190, 320)[stage.detail] * density)
    xs, ys, sizes = dice.spread(320 * 2, 0, canvas.w), dice.spread(640, 0, 1) ** 1.4 * floor, dice.spread(640) ** 4
    small = [
        speck(x, y, canvas.u * (0.07 + 0.13 * s)) for x, y, s in zip(xs[:count], ys[:count], sizes[:count], strict=True)
    ]
    canvas.fill(small, WHITE, alpha=0.85)
    for x, y in zip(xs[-7:], ys[-7:], strict=True):
        canvas.glow((x, y), canvas.u * 1.8, hexed("#dfe8ff"), 0.9)
        rays = [
            leaf((x - canvas.u, y), (x + canvas.u, y), canvas.u * 0.1),
            leaf((x, y - canvas.u), (x, y + canvas.u), canvas.u * 0.1),
        ]
        canvas.fill(rays, WHITE, alpha=0.9)


def streaks(stage: Stage, horizon: float) -> None:
    """Long thin clouds, lit from below."""
    canvas, dice, light = stage.canvas, stage.dice.child("streaks"), stage.light
    warm = light.sky[2].mix(light.glow, 0.35) if not light.dark else light.sky[2]
    for _ in range(9):
        x, y = dice.between(0, canvas.w), dice.between(0.12, 0.86) * horizon
        long, high = canvas.w * dice.between(0.14, 0.42), canvas.u * dice.between(0.6, 1.8)
        puffs = [
            ellipse(
                x + dice.between(-0.8, 0.8) * long,
                y + dice.between(-1, 1) * high,
                long * dice.between(0.25, 0.6),
                high * dice.between(0.4, 1.0),
            )
            for _ in range(5)
        ]
        colour = warm.mix(light.sky[0], 0.75 * (1 - y / horizon))
        canvas.fill(puffs, colour, alpha=0.34, blur=canvas.u * 0.5)
        rims = [moved(puff, 0, high * 0.5) for puff in puffs[:3]]
        canvas.fill(rims, colour.lighter(0.3), alpha=0.3, blur=canvas.u * 0.35)


def cumulus(stage: Stage, horizon: float) -> None:
    dice = stage.dice.child("cumulus")
    for _ in range(2 + stage.detail):
        x, y = dice.between(0.02, 0.98) * stage.canvas.w, dice.between(0.18, 0.72) * horizon
        cloud(stage, dice, x, y, stage.canvas.u * dice.between(9, 19), fade=0.9 - 0.35 * y / horizon)


def cloud(stage: Stage, dice: Dice, x: float, y: float, size: float, *, fade: float = 0.9) -> None:
    """A heap of vapour with a flat foot, rounded by the light; fading into the sky when far."""
    canvas, light = stage.canvas, stage.light
    puffs = []
    for place in (0.04, 0.18, 0.32, 0.44, 0.56, 0.7, 0.84, 0.97):
        bulge = math.sin(place * math.pi)
        radius = size * (0.16 + 0.32 * bulge) * dice.between(0.8, 1.2)
        puffs.append(
            ellipse(x + (place - 0.5) * size * 2.3, y - bulge * size * dice.between(0.2, 0.42), radius, radius * 0.86)
        )
    foot = y + size * 0.16
    heap = [np.minimum(puff, (math.inf, foot)) for puff in puffs]
    white = light.on(WHITE).mix(light.sky[2], 0.12).mix(light.sky[1], 1 - fade)
    canvas.model(heap, white, towards=(light.towards[0] * 0.6, -0.85), depth=size * 0.16, contrast=0.42)
    side = light.towards[0]
    for puff in heap[1:-1:2]:
        middle = puff.mean(axis=0)
        lit = (puff - middle) * 0.66 + middle + (side * size * 0.05, -size * 0.08)
        canvas.fill(lit, white.lighter(0.8), alpha=0.55, within=heap, blur=size * 0.05)
    canvas.fill([ellipse(x, foot, size * 1.2, size * 0.12)], light.sky[1], alpha=0.35, within=heap, blur=size * 0.05)


@scene("sky")
def open_sky(stage: Stage) -> Setting:
    """Above the clouds."""
    canvas, dice = stage.canvas, stage.dice.child("open sky")
    heavens(stage, canvas.h * 1.1, clouds=False)
    for _ in range(3 + stage.detail):
        cloud(
            stage,
            dice,
            dice.between(0, 1) * canvas.w,
            dice.between(0.15, 0.6) * canvas.h,
            canvas.u * dice.between(6, 12),
            fade=0.6,
        )
    centre = canvas.w * dice.pick((0.36, 0.5, 0.63))

    def bank() -> None:
        for _ in range(7):
            cloud(
                stage,
                dice,
                dice.between(-0.05, 1.05) * canvas.w,
                canvas.h * dice.between(0.88, 1.02),
                canvas.u * dice.between(15, 27),
            )

    if not stage.light.dark:
        far = hills(dice, width=canvas.w, base=canvas.h * 0.9, height=canvas.u * 6)
        canvas.fill(area(far, canvas.h), stage.light.sky[1].mix(stage.light.sky[0], 0.4), alpha=0.45)
    return Setting(
        floor=canvas.h * 0.74, centre=centre, height=min(canvas.w, canvas.h) * 0.5, shadow="none", before=bank
    )


def nebula(stage: Stage, colours: tuple[Colour, ...]) -> None:
    """Veils of coloured gas."""
    canvas = stage.canvas
    for place, colour in enumerate(colours):
        veil = mottled(stage.dice.child("nebula", place), canvas.image.size, coarse=2, octaves=5)
        canvas.wash(
            colour,
            alpha=0.75,
            mask=veil.point([max(0, round((step - 118) * 1.75)) if step > 118 else 0 for step in range(256)]),
        )


@scene("space")
def outer_space(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("space")
    hue = dice.between(200, 340)
    deep = stage.hue("scene:space", "#0b0d26", names=("background",))
    own = stage.brief.palette or (lch(0.42, 0.14, hue), lch(0.5, 0.15, hue + 60), lch(0.36, 0.11, hue - 60))
    canvas.wash(down(0, canvas.h, deep.darker(0.35), deep, deep.mix(own[0], 0.35)))
    nebula(stage, tuple(own[:3]))
    scatter_stars(stage, canvas.h, density=1.5)
    side = dice.pick((-1, 1))
    planet(
        stage,
        canvas.w * (0.5 + side * 0.3),
        canvas.h * dice.between(0.18, 0.3),
        canvas.u * dice.between(9, 14),
        lch(0.68, 0.13, hue + 120),
        rings=True,
    )
    planet(
        stage,
        canvas.w * (0.5 - side * 0.36),
        canvas.h * dice.between(0.5, 0.64),
        canvas.u * dice.between(2.5, 4.5),
        lch(0.6, 0.1, hue - 90),
        rings=False,
    )
    top = canvas.h * 0.86
    _crust(stage, top, lch(0.5, 0.09, hue + 40))
    return Setting(
        floor=top + canvas.u * 4,
        centre=canvas.w * (0.5 - side * 0.06),
        height=min(canvas.w * 0.8, canvas.h * 0.62),
        shadow="floor",
    )


def planet(stage: Stage, x: float, y: float, radius: float, colour: Colour, *, rings: bool) -> None:
    canvas, dice = stage.canvas, stage.dice.child("planet", round(x))
    body = ellipse(x, y, radius)
    canvas.glow((x, y), radius * 2.1, colour, 0.5)
    canvas.model(body, colour, towards=stage.light.towards, depth=radius * 0.5, contrast=1.4)
    bands = [
        leaf((x - radius * 1.1, y + shift * radius), (x + radius * 1.1, y + (shift + 0.2) * radius), radius * 0.22)
        for shift in dice.spread(3, -0.7, 0.6)
    ]
    canvas.fill(bands, colour.lighter(0.4), alpha=0.4, within=body, blur=radius * 0.03)
    canvas.fill(
        ellipse(x - stage.light.towards[0] * radius * 0.7, y + radius * 0.5, radius),
        hexed("#070818"),
        alpha=0.5,
        within=body,
        blur=radius * 0.2,
    )
    if rings:
        outer = ellipse(0, 0, radius * 1.9, radius * 0.42, start=-18, end=198)
        inner = ellipse(0, 0, radius * 1.4, radius * 0.26, start=198, end=-18)
        canvas.fill(_tilted([*outer, *inner], x, y, -14), colour.lighter(0.6), alpha=0.75)


def _tilted(ring: Iterable[Outline], x: float, y: float, degrees: float) -> Outline:
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    return points([(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in ring])


def _crust(stage: Stage, top: float, colour: Colour) -> None:
    """The ground of a small world, with craters."""
    canvas, dice = stage.canvas, stage.dice.child("crust")
    ground = ellipse(canvas.w / 2, top + canvas.w * 1.6, canvas.w * 1.65)
    canvas.glow((canvas.w / 2, top + canvas.u * 6), canvas.w * 0.6, colour.lighter(0.3), 0.5, squash=0.3)
    reach = canvas.w * 1.65
    canvas.fill(
        ground,
        Radial(
            centre=(canvas.w / 2, top + canvas.w * 1.6),
            radius=reach,
            stops=stops(
                colour.darker(0.6), colour.darker(0.5), colour.darker(0.4), colour.darker(0.3), colour.lighter(0.15)
            ),
        ),
    )
    for x, y, size in zip(dice.spread(9, 0, canvas.w), dice.spread(9, 0.25, 0.9), dice.spread(9, 1.5, 5), strict=True):
        spot = (x, top + canvas.u * 4 + (canvas.h - top) * y)
        rim = ellipse(*spot, canvas.u * size, canvas.u * size * 0.28)
        canvas.fill(rim, colour.darker(0.62), within=ground)
        canvas.fill(moved(rim, 0, canvas.u * 0.35), colour.darker(0.3), within=rim)
