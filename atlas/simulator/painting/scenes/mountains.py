"""Mountains and the lakes that mirror them: layers that grow paler with distance."""

import numpy as np

from atlas.simulator.painting.colours import WHITE, Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.firs import conifer, row_of_conifers
from atlas.simulator.painting.scenes.ground import distant, meadow_grass, mist
from atlas.simulator.painting.scenes.ripples import water_surface
from atlas.simulator.painting.shapes import Outline, down_to, hills, leaf, points, rectangle, ridge, smooth
from atlas.simulator.painting.stage import Setting, Stage, scene


def range_of_mountains(stage: Stage, horizon: float, land: Colour, *, layers: int = 4) -> None:
    canvas = stage.canvas
    for layer in range(layers):
        dice = stage.dice.child("range", layer)
        nearness = 0.28 + 0.62 * layer / max(layers - 1, 1)
        height = canvas.h * (0.36, 0.3, 0.2, 0.12)[layer] * dice.between(0.85, 1.1)
        line = ridge(
            dice,
            width=canvas.w,
            base=horizon - canvas.u * (4 - layer) * 0.8,
            height=height,
            roughness=0.52 - 0.04 * layer,
            peaks=3 + layer,
        )
        colour = distant(stage, land.darker(0.12 * layer), nearness)
        mass = down_to(line, horizon + 2)
        canvas.fill(mass, down(float(line[:, 1].min()), horizon, colour, colour.mix(stage.light.sky[2], 0.35)))
        if layer < 3:
            _facets(stage, dice, line, mass, colour, snow=layer < 2)
        mist(stage, horizon - canvas.u * (3.5 - layer), canvas.u * 7, 0.42)


def _facets(stage: Stage, dice: Dice, line: Outline, mass: Outline, colour: Colour, *, snow: bool) -> None:
    """Give every peak a lit and a shaded flank, and snow where it is high."""
    canvas, side = stage.canvas, -1 if stage.light.towards[0] > 0 else 1
    tops = [place for place in range(3, len(line) - 3) if line[place, 1] == line[place - 3 : place + 4, 1].min()]
    floor = float(line[:, 1].max())
    shaded, lit, caps = [], [], []
    for place in tops:
        x, y = line[place]
        drop = (floor - y) * 0.9 + canvas.u * 6
        spine = [(x + dice.between(-0.08, 0.12) * drop * step * side, y + drop * step / 5) for step in range(6)]
        shaded.append(points([*spine, (x + side * drop * 1.15, y + drop), (x + side * drop * 0.3, y + drop * 0.2)]))
        lit.append(
            points(
                [
                    (x, y),
                    (x - side * drop * 0.55, y + drop * 0.6),
                    (x - side * drop * 0.24, y + drop * 0.5),
                    (x - side * drop * 0.2, y + drop * 0.95),
                    spine[4],
                    spine[2],
                ]
            )
        )
        if snow:
            caps.append(_cap(dice, x, y, drop * 0.42))
    canvas.fill(lit, colour.mix(stage.light.sky[2].mix(stage.light.glow, 0.5), 0.4), alpha=0.55, within=mass)
    if caps:
        canvas.fill(caps, stage.light.on(WHITE).mix(stage.light.sky[2], 0.25), alpha=0.85, within=mass)
    canvas.fill(shaded, colour.darker(0.3), alpha=0.5, within=mass)


def _cap(dice: Dice, x: float, y: float, size: float) -> Outline:
    steps = np.linspace(-1, 1, 9)
    hem = [
        (
            x + step * size * 0.95,
            y + size * (abs(step) * 0.55 + 0.3 + (0.28 if place % 2 else -0.05) * dice.between(0.6, 1.3)),
        )
        for place, step in enumerate(steps)
    ]
    return points([(x, y - size * 0.2), *reversed(hem)])


@scene("mountains", "lake")
def mountains(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("mountains")
    horizon = canvas.h * dice.between(0.47, 0.65)
    land = stage.land("#3f6f86")
    heavens(stage, horizon)
    range_of_mountains(stage, horizon, land, layers=(3, 4, 4)[stage.detail])
    row_of_conifers(
        stage,
        "shore",
        horizon + canvas.u,
        canvas.u * 5,
        distant(stage, land.darker(0.45), 0.85),
        count=(40, 70, 110)[stage.detail],
    )
    if "lake" in stage.brief.scenes or (not stage.brief.things and "mountains" not in stage.brief.scenes):
        water_surface(stage, horizon, stage.hue("surface", "#2f6f86") if not stage.brief.palette else land)
        _banks(stage, land)
        return Setting(
            floor=canvas.h * 0.84,
            centre=canvas.w * dice.pick((0.36, 0.5, 0.62)),
            height=canvas.u * 30,
            shadow="water",
            gloss=0.5,
        )
    _slopes(stage, horizon, land)
    return Setting(floor=canvas.h * 0.88, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 44)


def _banks(stage: Stage, land: Colour) -> None:
    """A dark near shore that frames the picture."""
    canvas, dice = stage.canvas, stage.dice.child("banks")
    side = dice.pick((0, 1))
    dark = stage.light.on(land.darker(0.62))
    shore = points([(0, 0.0), (0.3, 0.15), (0.5, 0.5), (0.62, 0.8), (0.66, 1), (0, 1)]) * (
        canvas.w * 0.62,
        canvas.h * 0.17,
    ) + (0, canvas.h * 0.84)
    shore = smooth(shore[:-1], closed=False)
    bank = down_to(shore, canvas.h + 4)
    bank = bank if side == 0 else bank * (-1, 1) + (canvas.w, 0)
    trees = [
        conifer(dice, canvas.w * (spot if side == 0 else 1 - spot), canvas.h * (0.86 + spot * 0.22), canvas.u * tall)
        for spot, tall in zip(dice.spread(6, 0.0, 0.22), dice.spread(6, 18, 40), strict=True)
    ]
    canvas.fill(trees, down(canvas.h * 0.5, canvas.h, dark.lighter(0.06), dark.darker(0.3)))
    canvas.fill(bank, dark.darker(0.2))
    grass = [
        leaf(
            (x, canvas.h + 2),
            (x + dice.between(-1.5, 1.5) * canvas.u, canvas.h - dice.between(2, 7) * canvas.u),
            canvas.u * 0.25,
        )
        for x in dice.spread(40 + 50 * stage.detail, 0, canvas.w)
    ]
    canvas.fill(grass, dark.darker(0.35))


def _slopes(stage: Stage, horizon: float, land: Colour) -> None:
    canvas = stage.canvas
    green = hexed("#dbe7f4" if "snow" in stage.brief.weather else "#5f8a4a").mix(
        land, 0.6 if stage.brief.palette else 0.12
    )
    canvas.fill(rectangle(0, horizon, canvas.w, canvas.h), distant(stage, green, 0.65))
    for step in range(3):
        line = hills(
            stage.dice.child("slope", step),
            width=canvas.w,
            base=horizon + (canvas.h - horizon) * (0.12 + 0.3 * step),
            height=canvas.u * 6,
        )
        colour = distant(stage, green.darker(0.1 * step), 0.7 + 0.15 * step)
        canvas.fill(
            down_to(line, canvas.h + 2),
            down(float(line[:, 1].min()), canvas.h, colour.lighter(0.15), colour.darker(0.2)),
        )
    if "snow" not in stage.brief.weather:
        meadow_grass(stage, canvas.h * 0.86, green)
