"""The sea, its beaches and its depths."""

import numpy as np

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.paints import Radial, down, stops
from atlas.simulator.painting.scenes.air import heavens
from atlas.simulator.painting.scenes.ground import distant
from atlas.simulator.painting.scenes.ripples import glints, strokes_of_water
from atlas.simulator.painting.shapes import down_to, ellipse, leaf, moved, points, rectangle, ridge, smooth, speck
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("sea")
def sea(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("sea")
    horizon = canvas.h * dice.between(0.5, 0.6)
    _open_water(stage, horizon)
    return Setting(
        floor=horizon + (canvas.h - horizon) * 0.4,
        centre=canvas.w * dice.pick((0.33, 0.5, 0.64)),
        height=canvas.u * 46,
        shadow="water",
        gloss=0.6,
    )


@scene("beach")
def beach(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("beach")
    horizon = canvas.h * dice.between(0.44, 0.52)
    _open_water(stage, horizon)
    lean = dice.pick((-1, 1))
    shore = smooth(
        [
            (-0.05, 0.83 - 0.06 * lean),
            (0.25, 0.8 - 0.02 * lean),
            (0.5, 0.82),
            (0.75, 0.78 + 0.02 * lean),
            (1.05, 0.82 + 0.06 * lean),
        ],
        closed=False,
    ) * (canvas.w, canvas.h)
    sand = stage.light.on(
        stage.hue("surface", "#ecd2a0") if "sand" in stage.brief.surfaces else stage.hue("sand", "#ecd2a0")
    )
    glow = stage.light.sky[2]
    for shift, colour, alpha in (
        (-1.6, WHITE, 0.35),
        (-0.7, WHITE, 0.9),
        (0.2, sand.darker(0.28), 0.85),
        (2.2, sand, 1.0),
    ):
        wash = down_to(moved(shore, 0, shift * canvas.u), canvas.h + 2)
        canvas.fill(wash, down(canvas.h * 0.78, canvas.h, colour.mix(glow, 0.2), colour.darker(0.12)), alpha=alpha)
    pebbles = zip(dice.spread(90, 0, canvas.w), dice.spread(90, 0.88, 1.0) * canvas.h, strict=True)
    canvas.fill([speck(x, y, canvas.u * 0.22, canvas.u * 0.12) for x, y in pebbles], sand.darker(0.3), alpha=0.5)
    _palm(stage, canvas.w * (0.06 if lean > 0 else 0.94), canvas.h * 1.02, canvas.h * 0.72, lean)
    return Setting(floor=canvas.h * 0.92, centre=canvas.w * dice.pick((0.4, 0.55, 0.62)), height=canvas.u * 36)


def _open_water(stage: Stage, horizon: float) -> None:
    canvas, light = stage.canvas, stage.light
    heavens(stage, horizon)
    island = ridge(
        stage.dice.child("island"), width=canvas.w, base=horizon + 2, height=canvas.u * 7, roughness=0.45, peaks=5
    )
    side = stage.dice.child("island side").pick((0.0, 0.62))
    island = (island - (0, horizon)) * (0.38, 1.0) + (side * canvas.w, horizon)
    blue = stage.land("#1f6f93")
    canvas.fill(down_to(island, horizon + 2), distant(stage, blue.darker(0.2), 0.42))
    near, far = light.on(blue.darker(0.3)), light.on(blue).mix(light.sky[2], 0.55)
    canvas.fill(rectangle(0, horizon, canvas.w, canvas.h), down(horizon, canvas.h, far, far.mix(near, 0.6), near))
    canvas.reflect(horizon, depth=(canvas.h - horizon) * 0.85, strength=0.66, blur=canvas.u * 0.6)
    strokes_of_water(stage, horizon, light.sky[2], near)
    glints(stage, horizon)


def _palm(stage: Stage, x: float, y: float, height: float, lean: int) -> None:
    canvas, dice = stage.canvas, stage.dice.child("palm")
    dark = stage.light.on(hexed("#2f4a34")).darker(0.35)
    bend = [(x, y), (x + lean * height * 0.06, y - height * 0.5), (x + lean * height * 0.18, y - height)]
    spine = smooth(bend, closed=False)
    wide = canvas.u * np.linspace(1.3, 0.6, len(spine))[:, None] * (1, 0)
    canvas.fill(np.concatenate([spine - wide, (spine + wide)[::-1]]), dark.lighter(0.06))
    top_x, top_y = bend[-1]
    fronds = []
    for angle in (-200, -165, -130, -95, -60, -25, 10, 35):
        reach, turn = height * dice.between(0.3, 0.4), np.radians(angle + dice.between(-8, 8))
        tip = (top_x + np.cos(turn) * reach, top_y + np.sin(turn) * reach * 0.55 + reach * 0.32)
        knee = ((top_x + tip[0]) / 2, min(top_y, tip[1]) - reach * 0.12)
        fronds.append(_frond((top_x, top_y), knee, tip, reach * 0.17))
    canvas.fill(fronds, dark)


def _frond(
    root: tuple[float, float], knee: tuple[float, float], tip: tuple[float, float], width: float
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """A feathered leaf: teeth along a bent rib."""
    rib = smooth([root, knee, tip], closed=False, steps=9)
    teeth = np.sin(np.linspace(0.15, np.pi, len(rib))) * width
    lower = rib + np.column_stack([np.zeros(len(rib)), teeth * (np.arange(len(rib)) % 2 * 0.8 + 0.25)])
    upper = rib - np.column_stack([np.zeros(len(rib)), teeth * 0.3])
    return np.concatenate([upper, lower[::-1]])


@scene("underwater")
def underwater(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("underwater")
    blue = stage.land("#0f7f9f")
    canvas.wash(
        Radial(
            centre=(canvas.w * stage.light.sun[0], -canvas.h * 0.1),
            radius=canvas.h * 1.3,
            stops=stops(blue.lighter(0.75), blue.lighter(0.25), blue.darker(0.15), blue.darker(0.55)),
        )
    )
    ends = dice.spread(8, -0.3, 1.3) * canvas.w
    beams = [
        points([(canvas.w * stage.light.sun[0], -canvas.h * 0.25), (end, canvas.h), (end + canvas.w * 0.07, canvas.h)])
        for end in ends
    ]
    canvas.fill(beams, down(0, canvas.h * 0.9, (WHITE, 0.3), (WHITE, 0.0)), blur=canvas.u)
    for x, y in list(zip(dice.spread(14, 0.08, 0.92) * canvas.w, dice.spread(14, 0.12, 0.5) * canvas.h, strict=True))[
        : 6 + 4 * stage.detail
    ]:
        long = canvas.u * dice.between(1.2, 2.6)
        tail = points([(x - long, y), (x - long * 1.5, y - long * 0.4), (x - long * 1.5, y + long * 0.4)])
        canvas.fill([leaf((x - long * 1.1, y), (x + long, y), long * 0.5), tail], blue.darker(0.45), alpha=0.6)
    bubbles = [
        ellipse(x, y, canvas.u * size)
        for x, y, size in zip(
            dice.spread(24, 0, canvas.w), dice.spread(24, 0, canvas.h), dice.spread(24, 0.2, 0.9), strict=True
        )
    ]
    canvas.fill(bubbles, WHITE, alpha=0.28)
    canvas.fill(
        [(bubble - bubble.mean(axis=0)) * 0.4 + bubble.mean(axis=0) - canvas.u * 0.18 for bubble in bubbles],
        WHITE,
        alpha=0.5,
    )
    _seabed(stage)
    return Setting(
        floor=canvas.h * 0.76, centre=canvas.w * dice.pick((0.38, 0.5, 0.6)), height=canvas.u * 46, shadow="none"
    )


def _seabed(stage: Stage) -> None:
    canvas, dice = stage.canvas, stage.dice.child("seabed")
    for step, base in enumerate((0.84, 0.92)):
        floor = ridge(
            dice, width=canvas.w, base=canvas.h * base + canvas.u * 6, height=canvas.u * 9, roughness=0.4, peaks=5
        )
        canvas.fill(down_to(floor, canvas.h + 2), hexed("#0c4f66").darker(0.2 * step).mix(stage.land("#0f7f9f"), 0.3))
        for x in dice.spread(16, 0, canvas.w):
            tall = canvas.u * dice.between(9, 30)
            sway = [leaf((x, canvas.h), (x + dice.between(-3, 3) * canvas.u, canvas.h - tall), canvas.u * 2.2)]
            canvas.fill(
                sway,
                hexed(dice.pick(("#1f8a6a", "#e0607a", "#f08a4a", "#6a5ac0", "#15697a"))).darker(0.15 + 0.2 * step),
                alpha=0.9,
            )
