"""The product studio: a paper backdrop, a surface, plinths and thrown light."""

from atlas.simulator.painting.colours import WHITE, Colour, lch
from atlas.simulator.painting.paints import Radial, across, down, stops
from atlas.simulator.painting.scenes import surfaces
from atlas.simulator.painting.shapes import Outline, ellipse, leaf, moved, points, rectangle
from atlas.simulator.painting.stage import Setting, Stage, scene


def backdrop_colour(stage: Stage) -> Colour:
    """The wall behind a product: named, or one of the studio's papers, darker behind dark stone."""
    named = (
        stage.brief.bound.get("background")
        or stage.brief.bound.get("scene:studio")
        or stage.brief.bound.get("scene:poster")
    )
    if named is not None:
        return named
    if stage.brief.palette:
        return stage.brief.palette[-1]
    surface = stage.brief.bound.get("surface")
    dice = stage.dice.child("backdrop")
    if (surface is not None and surface.l < 0.4) or stage.light.dark:
        return lch(0.27, dice.between(0.02, 0.05), dice.between(0, 360))
    return lch(dice.between(0.78, 0.88), dice.between(0.035, 0.075), dice.between(0, 360))


def backdrop(stage: Stage, colour: Colour) -> None:
    """A wall with the pool of a soft lamp on it."""
    canvas = stage.canvas
    x = canvas.w * (0.5 + 0.22 * stage.light.towards[0])
    pool = Radial(
        centre=(x, canvas.h * 0.36),
        radius=max(canvas.w, canvas.h) * 0.85,
        stops=stops(
            colour.lighter(0.3 if colour.l < 0.5 else 0.16), colour, colour, colour.darker(0.22), colour.darker(0.4)
        ),
    )
    canvas.wash(pool)


@scene("studio")
def studio(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("studio")
    colour = backdrop_colour(stage)
    top = canvas.h * dice.between(0.66, 0.72)
    centre = canvas.w * dice.pick((0.42, 0.5, 0.58))
    backdrop(stage, colour)
    if not stage.asks("minimal"):
        dice.pick((_arch, _disc, _screens))(stage, centre, top, colour)
    material = surfaces.named(stage)
    gloss = _sweep(stage, top, colour) if material is None else surfaces.lay(stage, material, top)
    _gobo(stage, dice.pick(("leaves", "window", "none")))
    floor = top + (canvas.h - top) * 0.42
    if dice.chance(0.55) and material is None:
        floor = _podium(stage, centre, floor, colour)
    _companions(stage, centre, floor, colour)
    return Setting(floor=floor, centre=centre, height=min(canvas.h * 0.56, canvas.w * 0.72), gloss=gloss)


def _sweep(stage: Stage, top: float, colour: Colour) -> float:
    canvas = stage.canvas
    canvas.fill(
        rectangle(0, top, canvas.w, canvas.h + 2),
        down(top, canvas.h, (colour.darker(0.12), 0.0), (colour.lighter(0.12), 0.9), (colour.darker(0.1), 1.0)),
    )
    return 0.14


def _accented(stage: Stage, colour: Colour) -> Colour:
    return (
        stage.accent
        if "accent" in stage.brief.bound
        else colour.turned(stage.dice.child("prop").pick((-40, 25, 150))).darker(0.12).vivid(1.3)
    )


def _arch(stage: Stage, centre: float, top: float, colour: Colour) -> None:
    canvas = stage.canvas
    wide, tall = canvas.u * 27, min(canvas.u * 50, top * 0.86)
    door = _doorway(centre, top, wide, tall)
    canvas.fill(moved(door, canvas.u * 1.6, canvas.u), stage.light.shadow, alpha=0.25, blur=canvas.u * 1.6)
    inner = colour.darker(0.26) if colour.l > 0.4 else colour.lighter(0.1)
    canvas.fill(door, down(top - tall, top, inner.darker(0.12), inner.lighter(0.1)))
    rim = _accented(stage, colour)
    for reach, alpha in ((1.0, 0.95), (0.985, 0.5)):
        outer, within = (
            _doorway(centre, top, wide * reach, tall * reach),
            _doorway(centre, top + 2, wide * reach - canvas.u * 0.8, tall * reach - canvas.u * 0.8),
        )
        canvas.fill(
            points([*outer, *within[::-1]]),
            across(centre - wide, centre + wide, rim.lighter(0.4), rim, rim.darker(0.3)),
            alpha=alpha,
        )


def _doorway(centre: float, floor: float, wide: float, tall: float) -> Outline:
    return points(
        [
            (centre - wide, floor),
            *ellipse(centre, floor - tall + wide, wide, start=180, end=360),
            (centre + wide, floor),
        ]
    )


def _disc(stage: Stage, centre: float, top: float, colour: Colour) -> None:
    canvas = stage.canvas
    radius = canvas.u * 30
    x, y = centre + canvas.u * 7 * stage.light.towards[0], top - canvas.u * 26
    disc = _accented(stage, colour)
    canvas.fill(ellipse(x + canvas.u * 2, y + canvas.u * 2, radius), stage.light.shadow, alpha=0.3, blur=canvas.u * 2)
    canvas.model(
        ellipse(x, y, radius),
        disc.mix(colour, 0.1 if stage.accent == disc else 0.35),
        towards=stage.light.towards,
        depth=canvas.u * 3,
        contrast=1.1 if stage.accent == disc else 0.7,
    )


def _screens(stage: Stage, centre: float, top: float, colour: Colour) -> None:
    """Standing panels, one behind the other."""
    canvas = stage.canvas
    for shift, tall, wide, shade in ((-24, 46, 13, 0.2), (20, 56, 15, 0.1), (-2, 38, 20, 0.0)):
        x = centre + canvas.u * shift
        panel = rectangle(x - canvas.u * wide, top - canvas.u * tall, x + canvas.u * wide, top, canvas.u * 1.2)
        tone = _accented(stage, colour).mix(colour, 0.5).darker(shade)
        canvas.fill(panel + canvas.u * 1.2, stage.light.shadow, alpha=0.25, blur=canvas.u * 1.5)
        canvas.model(panel, tone, towards=stage.light.towards, depth=canvas.u * 1.2, contrast=0.7)


def _podium(stage: Stage, centre: float, floor: float, colour: Colour) -> float:
    """A round plinth; answers the height of its top."""
    canvas = stage.canvas
    wide, tall = canvas.u * 26, canvas.u * 7
    tone = colour.lighter(0.3) if colour.l > 0.45 else colour.lighter(0.16)
    drum = points(
        [
            *ellipse(centre, floor + tall, wide, wide * 0.18, start=0, end=180),
            *ellipse(centre, floor, wide, wide * 0.18, start=180, end=360),
        ]
    )
    canvas.fill(
        ellipse(centre - stage.light.towards[0] * canvas.u * 5, floor + tall + canvas.u, wide * 1.1, wide * 0.2),
        stage.light.shadow,
        alpha=0.4,
        blur=canvas.u * 1.8,
    )
    lit, dark = (tone, tone.darker(0.35)) if stage.light.towards[0] < 0 else (tone.darker(0.35), tone)
    canvas.fill(drum, across(centre - wide, centre + wide, lit.darker(0.1), lit, dark.mix(lit, 0.4), dark))
    canvas.fill(
        ellipse(centre, floor, wide, wide * 0.18),
        down(floor - wide * 0.18, floor + wide * 0.18, tone.lighter(0.1), tone.lighter(0.35)),
    )
    return floor + wide * 0.06


def _gobo(stage: Stage, kind: str) -> None:
    """Light through something outside the picture, thrown onto the wall."""
    canvas, dice = stage.canvas, stage.dice.child("gobo")
    if kind == "none" or stage.asks("minimal"):
        return
    if kind == "window":
        panes = [
            points([(x, y), (x + 13, y - 5), (x + 13, y + 17), (x, y + 22)]) * canvas.u
            for x in (8, 24)
            for y in (10, 36)
        ]
        edge = canvas.w * 0.08 if stage.light.towards[0] < 0 else canvas.w - canvas.u * 52
        canvas.fill([moved(pane, edge, 0) for pane in panes], WHITE, alpha=0.17, blur=canvas.u * 0.9)
        return
    side = canvas.w if stage.light.towards[0] > 0 else 0.0
    root = (side, -canvas.u * 4)
    fronds = []
    for step in range(11):
        reach = canvas.u * dice.between(28, 58)
        turn = dice.between(0.1, 1.25)
        inward = -1 if side else 1
        tip = (root[0] + inward * reach * (1 - turn * 0.45), root[1] + reach * turn)
        fronds.append(leaf((root[0] + inward * canvas.u * step, root[1]), tip, canvas.u * dice.between(2, 4.5)))
    canvas.fill(fronds, stage.light.shadow, alpha=0.22, blur=canvas.u * 0.9)


def _companions(stage: Stage, centre: float, floor: float, colour: Colour) -> None:
    """Small quiet forms beside the product: spheres and stones."""
    canvas, dice = stage.canvas, stage.dice.child("companions")
    if stage.asks("minimal") or stage.detail == 0:
        return
    for side in dice.pick(((-1,), (1,), (-1, 1))):
        radius = canvas.u * dice.between(2.6, 5.0)
        x, y = centre + side * canvas.u * dice.between(30, 37), floor + canvas.u * dice.between(1, 4)
        tone = stage.accent if dice.chance(0.5) else colour.lighter(0.35)
        canvas.fill(
            ellipse(x - stage.light.towards[0] * radius * 0.7, y, radius * 1.2, radius * 0.28),
            stage.light.shadow,
            alpha=0.5,
            blur=radius * 0.22,
        )
        canvas.model(
            ellipse(x, y - radius * 0.95, radius), tone, towards=stage.light.towards, depth=radius * 0.45, contrast=1.2
        )
        canvas.fill(
            ellipse(x + stage.light.towards[0] * radius * 0.4, y - radius * 1.4, radius * 0.2),
            WHITE,
            alpha=0.6,
            blur=radius * 0.1,
        )
