"""Trees, flowers, plants, butterflies and stones of the sky."""

import math

from atlas.simulator.painting.colours import WHITE, Colour, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import Stroke, blob, ellipse, leaf, mirrored, path, rectangle, smooth
from atlas.simulator.painting.subjects.registry import subject

LEAVES = hexed("#4e8a4a")


@subject("tree", tones="#4f8f43 #d9822f #7fae3f #2f7a5a #e59aa8", home="field", width=0.9, size=1.15)
def tree(pen: Pen) -> None:
    pen.body("M46 100 C48 80 47 66 44 54 L50 60 L56 50 C53 66 53 82 56 100 Z", hexed("#6b4630"), depth=3)
    crown = [(50, 36, 25), (30, 46, 18), (70, 45, 19), (40, 24, 17), (61, 23, 18), (50, 52, 17)]
    masses = [blob(pen.dice, x, y, radius, wobble=0.12, knots=11) for x, y, radius in crown]
    pen.body(masses, pen.tone, depth=9, contrast=1.1)
    for x, y, radius in crown[:5]:
        side = 5 * pen.light.towards[0]
        pen.flat(
            blob(pen.dice, x + side, y - 5, radius * 0.6, wobble=0.25),
            pen.tone.lighter(0.25),
            alpha=0.4,
            within=masses,
            blur=2,
        )
    dabs = [ellipse(x, y, 1.5) for x, y in zip(pen.dice.spread(70, 22, 78), pen.dice.spread(70, 10, 62), strict=True)]
    pen.flat(dabs, pen.tone.lighter(0.45), alpha=0.55, within=masses)


def petals(pen: Pen, x: float, y: float, radius: float, colour: Colour) -> None:
    """A rose seen from above: turning petals from the rim to the heart."""
    turn = pen.dice.between(0, 60)
    for ring, (reach, count) in enumerate(((1.0, 6), (0.74, 5), (0.5, 4), (0.28, 3))):
        tint = colour.lighter(0.2 - 0.04 * ring) if ring % 2 == 0 else colour.darker(0.1 + 0.05 * ring)
        shapes = []
        for step in range(count):
            angle = math.radians(turn + step * 360 / count + ring * 37)
            out = radius * reach * 0.42
            shapes.append(ellipse(x + math.cos(angle) * out, y + math.sin(angle) * out, radius * reach * 0.58))
        pen.body(shapes, tint, depth=radius * 0.16, contrast=0.9)
    swirl = [
        (x + math.cos(t) * radius * 0.05 * t, y + math.sin(t) * radius * 0.05 * t)
        for t in (0.4 * step for step in range(12))
    ]
    pen.line(swirl, radius * 0.06, colour.darker(0.45), alpha=0.8)


@subject("flower", tones="#d8324a #f2b53a #e77fa8 #8f5fc0 #f5efe6", home="field", width=0.7, size=0.95)
def flower(pen: Pen) -> None:
    pen.line("M50 40 C46 60 54 80 50 100", 2.6, LEAVES.darker(0.1))
    pen.body([leaf((50, 82), (20, 60), 14), leaf((51, 74), (80, 54), 13)], LEAVES, depth=3)
    petals(pen, 50, 26, 24, pen.tone)


@subject("bouquet", tones="#d5405a #e88aa0 #f0b37e #c85a8c", home="table", width=0.8, size=1.05)
def bouquet(pen: Pen) -> None:
    stems = [
        stroke(smooth([(x, 40), ((x + 50) / 2, 68), (100 - x * 0.9 - 5, 96)], closed=False), 1.5)
        for x in (38, 44, 50, 56, 62)
    ]
    sprays = [
        leaf((50, 50), (50 + math.cos(angle) * 46, 44 + math.sin(angle) * 40), 9)
        for angle in pen.dice.spread(11, math.pi * 0.95, math.pi * 2.05)
    ]
    pen.body(sprays, LEAVES, depth=3)
    pen.body([leaf((50, 46), (22, 62), 10), leaf((50, 46), (80, 60), 10)], LEAVES.darker(0.2), depth=3)
    _vase(pen, stems)
    heads = [(28, 42, 13), (72, 40, 13), (50, 48, 14), (36, 24, 13), (64, 22, 14), (50, 33, 15), (50, 11, 11)]
    hues = (pen.tone, pen.tone.lighter(0.35), pen.tone.darker(0.15), pen.tone.mix(WHITE, 0.55))
    for place, (x, y, radius) in enumerate(heads):
        petals(pen, x + pen.dice.between(-3, 3), y + pen.dice.between(-2, 2), radius, hues[place % len(hues)])
    buds = [ellipse(x, y, 1.3) for x, y in zip(pen.dice.spread(20, 10, 90), pen.dice.spread(20, 4, 50), strict=True)]
    pen.flat(buds, WHITE, alpha=0.85)


def _vase(pen: Pen, stems: list[Stroke]) -> None:
    glass = mirrored(path("M50 56 L61 56 C60 64 68 72 68 84 C68 95 62 100 56 100 L50 100"))
    pen.flat(glass, hexed("#dcebee"), alpha=0.5)
    pen.flat(stems, LEAVES.darker(0.15), within=glass, alpha=0.9)
    water = mirrored(path("M50 74 L66.5 74 C69 92 64 99 56 99 L50 99"))
    pen.flat(water, pen.fade((0, 74), (0, 100), (hexed("#bfe0e6"), 0.45), (hexed("#6fa9b5"), 0.6)))
    pen.shine("M36 62 C32 76 32 88 38 97 C35 86 35 72 40 60 Z", alpha=0.75, within=glass)
    pen.line("M39 56 L61 56", 1.0, WHITE, alpha=0.8)


@subject("plant", tones="#3f8a55 #5aa06a #7a9a4a", home="room", width=0.8, size=0.9)
def plant(pen: Pen) -> None:
    for step, angle in enumerate((-160, -20, -140, -45, -118, -68, -92)):
        reach = 46 + (step % 3) * 5
        tip = (50 + math.cos(math.radians(angle)) * reach * 0.8, 68 + math.sin(math.radians(angle)) * reach * 1.25)
        colour = pen.tone.darker(0.18) if step < 3 else pen.tone.lighter(0.08 * (step % 3))
        pen.body(leaf((50, 72), tip, 17), colour, depth=4)
        pen.line([(50, 72), ((50 + tip[0]) / 2, (72 + tip[1]) / 2), tip], 0.6, colour.lighter(0.5), alpha=0.6)
    pen.body("M30 70 L70 70 L64 97 Q63 100 60 100 L40 100 Q37 100 36 97 Z", pen.trim, depth=7)
    pen.body(rectangle(28, 67, 72, 75, 2), pen.trim.lighter(0.15), depth=2)


@subject("butterfly", tones="#f08a2c #4a7fd0 #c95a9c #f2c53c", home="field", width=1.0, size=0.6, floats=True)
def butterfly(pen: Pen) -> None:
    for flip in (1, -1):
        upper = path("M50 52 C56 20 84 2 96 14 C102 30 84 54 52 58 Z") * (flip, 1) + (50 - 50 * flip, 0)
        lower = path("M51 56 C70 54 90 62 86 80 C80 96 58 84 51 64 Z") * (flip, 1) + (50 - 50 * flip, 0)
        pen.body([upper, lower], pen.tone, depth=4)
        pen.flat([stroke(upper, 2), stroke(lower, 2)], hexed("#2a2022"))
        spots = [ellipse(50 + flip * x, y, r) for x, y, r in ((40, 14, 2), (44, 22, 1.6), (30, 74, 3))]
        pen.flat(spots, WHITE, alpha=0.9)
        pen.flat(
            [stroke([(50, 55), (50 + flip * x, y)], 0.8) for x, y in ((38, 18), (40, 36), (28, 76))],
            hexed("#2a2022"),
            alpha=0.7,
        )
    pen.body(ellipse(50, 58, 2.8, 18), hexed("#2a2022"), depth=2)
    pen.flat([stroke("M50 42 C46 32 42 28 38 26", 0.8), stroke("M50 42 C54 32 58 28 62 26", 0.8)], hexed("#2a2022"))
