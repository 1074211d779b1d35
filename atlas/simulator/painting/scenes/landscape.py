"""Mountains, lakes, woods, dunes and meadows: layers that grow paler with distance."""

import numpy as np

from atlas.simulator.painting.colours import WHITE, Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens, sun_spot
from atlas.simulator.painting.scenes.ripples import water_surface
from atlas.simulator.painting.shapes import Outline, down_to, ellipse, hills, leaf, points, rectangle, ridge, smooth
from atlas.simulator.painting.stage import Setting, Stage, scene


def distant(stage: Stage, colour: Colour, nearness: float) -> Colour:
    """A colour seen through air: 0 is the horizon, 1 is here."""
    air = stage.light.sky[2].mix(stage.light.sky[1], 0.45)
    return air.mix(stage.light.on(colour), nearness)


def mist(stage: Stage, level: float, height: float, strength: float = 0.55) -> None:
    colour = stage.light.sky[2].mix(WHITE, 0.25)
    band = rectangle(0, level - height, stage.canvas.w, level + height)
    stage.canvas.fill(band, down(level - height, level + height, (colour, 0.0), (colour, strength), (colour, 0.0)))


def range_of_mountains(stage: Stage, horizon: float, land: Colour, *, layers: int = 4) -> None:
    canvas = stage.canvas
    for layer in range(layers):
        dice = stage.dice.child("range", layer)
        nearness = 0.28 + 0.62 * layer / max(layers - 1, 1)
        height = canvas.h * (0.36, 0.3, 0.2, 0.12)[layer] * dice.between(0.85, 1.1)
        line = ridge(dice, width=canvas.w, base=horizon - canvas.u * (4 - layer) * 0.8, height=height, roughness=0.52 - 0.04 * layer, peaks=3 + layer)
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
        lit.append(points([(x, y), (x - side * drop * 0.55, y + drop * 0.6), (x - side * drop * 0.24, y + drop * 0.5), (x - side * drop * 0.2, y + drop * 0.95), spine[4], spine[2]]))
        if snow:
            caps.append(_cap(dice, x, y, drop * 0.42))
    canvas.fill(lit, colour.mix(stage.light.sky[2].mix(stage.light.glow, 0.5), 0.4), alpha=0.55, within=mass)
    if caps:
        canvas.fill(caps, stage.light.on(WHITE).mix(stage.light.sky[2], 0.25), alpha=0.85, within=mass)
    canvas.fill(shaded, colour.darker(0.3), alpha=0.5, within=mass)


def _cap(dice: Dice, x: float, y: float, size: float) -> Outline:
    steps = np.linspace(-1, 1, 9)
    hem = [(x + step * size * 0.95, y + size * (abs(step) * 0.55 + 0.3 + (0.28 if place % 2 else -0.05) * dice.between(0.6, 1.3))) for place, step in enumerate(steps)]
    return points([(x, y - size * 0.2), *reversed(hem)])


def conifer(dice: Dice, x: float, y: float, height: float) -> Outline:
    """A fir tree with ragged boughs."""
    tiers, lean = 7, dice.between(-0.02, 0.02) * height
    right, left = [], []
    for tier in range(tiers):
        level = y - height * (1 - tier / tiers)
        reach = height * 0.26 * (tier + 1.1) / tiers * dice.between(0.82, 1.15)
        right += [(x + lean + reach * 0.3, level), (x + reach, level + height / tiers * dice.between(1.05, 1.35))]
        left += [(x + lean - reach * 0.3, level), (x - reach * dice.between(0.9, 1.1), level + height / tiers * dice.between(1.05, 1.35))]
    trunk = height * 0.02
    return points([(x + lean, y - height * 1.04), *right, (x + trunk, y), (x + trunk, y + height * 0.04), (x - trunk, y + height * 0.04), (x - trunk, y), *reversed(left)])


def row_of_conifers(stage: Stage, name: str, level: float, height: float, colour: Colour, *, count: int, gap: tuple[float, float] | None = None, snow: bool = False) -> None:
    """Firs along a level; nothing grows inside the gap (shares of the width)."""
    canvas, dice = stage.canvas, stage.dice.child("firs", name)
    spots = np.sort(dice.spread(count, -0.02, 1.02))
    trees = []
    for spot in spots:
        tree = conifer(dice, spot * canvas.w, level + dice.between(-0.04, 0.04) * height, height * dice.between(0.6, 1.15))
        if gap is None or not gap[0] < spot < gap[1]:
            trees.append(tree)
    if not trees:
        return
    canvas.fill(trees, down(level - height, level, colour, colour.darker(0.22)))
    if snow:
        fallen = [(tree - tree.mean(axis=0)) * (0.86, 0.96) + tree.mean(axis=0) + (stage.light.towards[0] * height * 0.035, -height * 0.03) for tree in trees]
        white = stage.light.on(hexed("#eef4fb"))
        canvas.fill(fallen, down(level - height, level, (white, 0.9), (white, 0.25)), within=trees)
        inner = [(tree - tree.mean(axis=0)) * (0.8, 0.93) + tree.mean(axis=0) + (-stage.light.towards[0] * height * 0.02, height * 0.035) for tree in trees]
        canvas.fill(inner, colour.darker(0.15), alpha=0.85, within=trees)


@scene("mountains", "lake")
def mountains(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("mountains")
    horizon = canvas.h * dice.between(0.52, 0.6)
    land = stage.land("#3f6f86")
    heavens(stage, horizon)
    range_of_mountains(stage, horizon, land, layers=(3, 4, 4)[stage.detail])
    row_of_conifers(stage, "shore", horizon + canvas.u, canvas.u * 5, distant(stage, land.darker(0.45), 0.85), count=(40, 70, 110)[stage.detail])
    if "lake" in stage.brief.scenes or not stage.brief.things and "mountains" not in stage.brief.scenes:
        water_surface(stage, horizon, stage.hue("surface", "#2f6f86") if not stage.brief.palette else land)
        _banks(stage, land)
        return Setting(floor=canvas.h * 0.84, centre=canvas.w * dice.pick((0.36, 0.5, 0.62)), height=canvas.u * 30, shadow="water", gloss=0.5)
    _slopes(stage, horizon, land)
    return Setting(floor=canvas.h * 0.88, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 44)


def _banks(stage: Stage, land: Colour) -> None:
    """A dark near shore that frames the picture."""
    canvas, dice = stage.canvas, stage.dice.child("banks")
    side = dice.pick((0, 1))
    dark = stage.light.on(land.darker(0.62))
    shore = points([(0, 0.0), (0.3, 0.15), (0.5, 0.5), (0.62, 0.8), (0.66, 1), (0, 1)]) * (canvas.w * 0.62, canvas.h * 0.17) + (0, canvas.h * 0.84)
    shore = smooth(shore[:-1], closed=False)
    bank = down_to(shore, canvas.h + 4)
    bank = bank if side == 0 else bank * (-1, 1) + (canvas.w, 0)
    trees = [conifer(dice, canvas.w * (spot if side == 0 else 1 - spot), canvas.h * (0.86 + spot * 0.22), canvas.u * tall) for spot, tall in zip(dice.spread(6, 0.0, 0.22), dice.spread(6, 18, 40), strict=True)]
    canvas.fill(trees, down(canvas.h * 0.5, canvas.h, dark.lighter(0.06), dark.darker(0.3)))
    canvas.fill(bank, dark.darker(0.2))
    grass = [leaf((x, canvas.h + 2), (x + dice.between(-1.5, 1.5) * canvas.u, canvas.h - dice.between(2, 7) * canvas.u), canvas.u * 0.25) for x in dice.spread(40 + 50 * stage.detail, 0, canvas.w)]
    canvas.fill(grass, dark.darker(0.35))


def _slopes(stage: Stage, horizon: float, land: Colour) -> None:
    canvas = stage.canvas
    green = hexed("#5f8a4a").mix(land, 0.6 if stage.brief.palette else 0.25)
    for step in range(3):
        line = hills(stage.dice.child("slope", step), width=canvas.w, base=horizon + (canvas.h - horizon) * (0.12 + 0.3 * step), height=canvas.u * 6)
        colour = distant(stage, green.darker(0.1 * step), 0.7 + 0.15 * step)
        canvas.fill(down_to(line, canvas.h + 2), down(float(line[:, 1].min()), canvas.h, colour.lighter(0.15), colour.darker(0.2)))
    _meadow_grass(stage, canvas.h * 0.86, green)


@scene("forest")
def forest(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("forest")
    snow = "snow" in stage.brief.weather
    level = canvas.h * dice.between(0.62, 0.68)
    centre = dice.pick((0.36, 0.5, 0.62))
    heavens(stage, level * 1.05)
    land = stage.land("#2f5f5a" if snow else "#3f6f45")
    for row, nearness in enumerate((0.35, 0.55, 0.78)):
        colour = distant(stage, land.darker(0.1 + 0.12 * row), nearness)
        row_of_conifers(stage, f"row{row}", level + canvas.u * 2 * row, canvas.u * (26 + 9 * row), colour, count=(40, 30, 24)[row], gap=(centre - 0.1 * row, centre + 0.1 * row) if row else None, snow=snow and row > 0)
        mist(stage, level + canvas.u * row * 2, canvas.u * 9, 0.4)
    _forest_floor(stage, level, snow=snow)
    if not stage.light.dark:
        _sunbeams(stage, level)

    def frame() -> None:
        near = distant(stage, land.darker(0.55), 1.0)
        row_of_conifers(stage, "near", canvas.h * 1.0, canvas.h * 0.62, near, count=14, gap=(max(centre - 0.33, 0.09), min(centre + 0.33, 0.91)), snow=snow)

    return Setting(floor=level + (canvas.h - level) * 0.42, centre=canvas.w * centre, height=canvas.u * 40, before=frame)


def _forest_floor(stage: Stage, level: float, *, snow: bool) -> None:
    canvas = stage.canvas
    ground = stage.light.on(hexed("#e9f1f9" if snow else "#6f8a4f"))
    for step in range(3):
        line = hills(stage.dice.child("floor", step), width=canvas.w, base=level + (canvas.h - level) * 0.3 * step, height=canvas.u * 3.5)
        tone = ground.darker(0.06 * step).mix(stage.light.sky[1], 0.24 - 0.06 * step)
        canvas.fill(down_to(line, canvas.h + 2), down(float(line[:, 1].min()), canvas.h, tone.lighter(0.14), tone.darker(0.25)))
    if not snow:
        _meadow_grass(stage, canvas.h * 0.82, ground)


def _sunbeams(stage: Stage, level: float) -> None:
    canvas, dice = stage.canvas, stage.dice.child("beams")
    x, y = sun_spot(stage, level)
    ends = dice.spread(6, -0.6, 1.6) * canvas.w
    beams = [points([(x, y - canvas.u * 10), (end, canvas.h * 0.9), (end + canvas.w * 0.09, canvas.h * 0.9)]) for end in ends]
    warm = stage.light.glow
    canvas.fill(beams, down(0, canvas.h * 0.9, (warm, 0.32), (warm, 0.0)), blur=canvas.u * 1.2)


@scene("desert")
def desert(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("desert")
    horizon = canvas.h * dice.between(0.5, 0.58)
    heavens(stage, horizon)
    sand = stage.land("#e0a868")
    for step in range(4):
        _dune(stage, dice.child(step), horizon + (canvas.h - horizon) * (0.02, 0.18, 0.42, 0.74)[step], distant(stage, sand.darker(0.05 * step), 0.5 + 0.17 * step))
    return Setting(floor=canvas.h * 0.84, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 40)


def _dune(stage: Stage, dice: Dice, top: float, colour: Colour) -> None:
    """A crest: one flank in the light, the other in shade."""
    canvas = stage.canvas
    crest, tall = dice.between(0.2, 0.8), canvas.u * dice.between(5, 11)
    line = smooth([(-0.05, top + tall * 0.6), (crest * 0.5, top + tall * 0.5), (crest, top), (crest + (1 - crest) * 0.5, top + tall * 0.75), (1.05, top + tall * 0.4)], closed=False) * (canvas.w, 1.0)
    mass = down_to(line, canvas.h + 2)
    canvas.fill(mass, down(top, top + tall * 5, colour.lighter(0.3), colour, colour.darker(0.12)))
    spine = smooth([(crest, top), (crest + 0.03, top + tall), (crest - 0.08, top + tall * 2.2), (crest + 0.04, top + tall * 4)], closed=False) * (canvas.w, 1.0)
    edge = canvas.w * 1.1 if stage.light.towards[0] < 0 else -canvas.w * 0.1
    flank = points([*spine, (edge, canvas.h), (edge, top)])
    canvas.fill(flank, down(top, top + tall * 4, (colour.darker(0.38), 0.75), (colour.darker(0.25), 0.15)), within=mass, blur=canvas.u * 0.15)
    ripples = [smooth([(x, y), (x + 0.06, y + canvas.u * 0.5), (x + 0.13, y)], closed=False) * (canvas.w, 1.0) for x, y in zip(dice.spread(26), dice.spread(26, top + tall, canvas.h), strict=True)]
    lenses = [leaf((wave[0, 0], wave[0, 1]), (wave[-1, 0], wave[-1, 1]), canvas.u * 0.16) for wave in ripples]
    canvas.fill(lenses, colour.darker(0.28), alpha=0.25, within=mass)


@scene("field")
def field(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("field")
    horizon = canvas.h * dice.between(0.5, 0.58)
    heavens(stage, horizon * 1.05)
    green = stage.land("#6fa04a")
    far = ridge(dice, width=canvas.w, base=horizon + canvas.u * 2, height=canvas.u * 9, roughness=0.4)
    canvas.fill(down_to(far, canvas.h), distant(stage, green.darker(0.2).turned(30), 0.4))
    for step in range(4):
        line = hills(dice.child(step), width=canvas.w, base=horizon + (canvas.h - horizon) * (0.08 + 0.22 * step), height=canvas.u * 5)
        colour = distant(stage, green.turned(-6 * step).darker(0.06 * step), 0.62 + 0.12 * step)
        canvas.fill(down_to(line, canvas.h + 2), down(float(line[:, 1].min()), canvas.h, colour.lighter(0.2), colour.darker(0.15)))
        if step < 2:
            _copse(stage, line, colour)
    _meadow_grass(stage, canvas.h * 0.8, green)
    _wild_flowers(stage, horizon + (canvas.h - horizon) * 0.5)
    return Setting(floor=canvas.h * 0.86, centre=canvas.w * dice.pick((0.34, 0.5, 0.66)), height=canvas.u * 46)


def _copse(stage: Stage, line: Outline, colour: Colour) -> None:
    canvas, dice = stage.canvas, stage.dice.child("copse", round(float(line[0, 1])))
    crowns = []
    for place in dice.numbers.integers(2, len(line) - 2, 9):
        x, y = line[place]
        size = canvas.u * dice.between(1.6, 3.4)
        crowns += [ellipse(x + dx * size, y - size * (0.7 + dy), size * 0.75) for dx, dy in ((-0.5, 0), (0.4, 0.1), (0, 0.6))]
    canvas.model(crowns, colour.darker(0.35), towards=stage.light.towards, depth=canvas.u * 0.9)


def _meadow_grass(stage: Stage, top: float, green: Colour) -> None:
    canvas, dice = stage.canvas, stage.dice.child("grass")
    for shade in (0.3, 0.12, 0.0):
        count = (90, 170, 300)[stage.detail]
        roots = zip(dice.spread(300, 0, canvas.w)[:count], dice.spread(300)[:count], dice.spread(300, -1, 1)[:count], strict=True)
        blades = [leaf((x, top + (canvas.h - top) * y), (x + lean * canvas.u * 1.4, top + (canvas.h - top) * y - canvas.u * (1.5 + 3.2 * y)), canvas.u * 0.22) for x, y, lean in roots]
        canvas.fill(blades, stage.light.on(green.darker(shade)), alpha=0.6)


def _wild_flowers(stage: Stage, top: float) -> None:
    canvas, dice = stage.canvas, stage.dice.child("wild flowers")
    for colour in ("#f4f0e4", "#f0b53c", "#d9566a", "#a78bd0"):
        spots = zip(dice.spread(60, 0, canvas.w), dice.spread(60) ** 0.7, strict=True)
        heads = [ellipse(x, top + (canvas.h - top) * y, canvas.u * (0.2 + 0.6 * y), canvas.u * (0.16 + 0.45 * y)) for x, y in list(spots)[: 20 + 20 * stage.detail]]
        canvas.fill(heads, stage.light.on(hexed(colour)))


