"""Fruit, cakes and street food."""

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, leaf, path, rectangle, smooth
from atlas.simulator.painting.subjects.registry import subject

LEAF = hexed("#4f8a3d")


@subject("apple", tones="#c9252b #8fb53a #d94a3a", home="table", width=0.86, size=0.5)
def apple(pen: Pen) -> None:
    flesh = path(
        "M50 24 C62 12 92 14 92 46 C92 76 72 100 58 99 C53 98 47 98 42 99 C28 100 8 76 8 46 C8 14 38 12 50 24 Z"
    )
    pen.body(flesh, pen.tone, depth=14, contrast=1.1)
    pen.flat(ellipse(34, 52, 16, 30), pen.tone.mix(hexed("#f7c64a"), 0.55), alpha=0.35, within=flesh, blur=8)
    pen.shade(ellipse(50, 24, 16, 5), alpha=0.5, within=flesh, blur=2)
    pen.line("M50 27 C50 18 52 10 57 4", 3, hexed("#5b3a22"))
    pen.body(leaf((54, 13), (82, 4), 12), LEAF, depth=3)
    pen.shine(smooth([(24, 34), (33, 26), (36, 31), (27, 44)]), alpha=0.7, blur=1.2)


@subject("orange", tones="#f08a1d #f5a02c", home="table", width=0.9, size=0.46)
def orange(pen: Pen) -> None:
    pen.body(ellipse(50, 56, 44), pen.tone, depth=14, contrast=1.1)
    pores = [ellipse(x, y, 0.9) for x, y in zip(pen.dice.spread(46, 16, 84), pen.dice.spread(46, 22, 92), strict=True)]
    pen.flat(pores, pen.tone.darker(0.25), alpha=0.4, within=ellipse(50, 56, 42))
    pen.flat(ellipse(50, 16, 4, 2.4), hexed("#5d6b2c"))
    pen.body(leaf((50, 16), (80, 4), 11), LEAF, depth=3)
    pen.shine(smooth([(26, 38), (36, 28), (38, 33), (30, 44)]), alpha=0.6, blur=1.5)


@subject("lemon", tones="#f5d327 #efe04a", home="table", width=1.0, size=0.42)
def lemon(pen: Pen) -> None:
    rind = path(
        "M3 58 C8 50 12 48 18 42 C34 16 66 16 82 42 "
        "C88 48 92 50 97 58 C92 64 88 68 82 74 C66 100 34 100 18 74 C12 68 8 66 3 58 Z"
    )
    pen.body(rind, pen.tone, depth=13)
    pores = [ellipse(x, y, 0.9) for x, y in zip(pen.dice.spread(40, 20, 80), pen.dice.spread(40, 28, 88), strict=True)]
    pen.flat(pores, pen.tone.darker(0.2), alpha=0.4, within=rind)
    pen.shine(smooth([(28, 42), (42, 30), (46, 34), (32, 48)]), alpha=0.65, blur=1.5)
    pen.body(leaf((86, 46), (98, 20), 10), LEAF, depth=3)


@subject("cake", tones="#f2a9b5 #8a5233 #f3e2c0 #b9d8c2", home="table", width=0.9, size=0.8)
def cake(pen: Pen) -> None:
    pen.body(ellipse(50, 95, 48, 5), hexed("#f3efe8"), depth=2)
    sponge = path("M14 52 L86 52 L86 90 C86 97 14 97 14 90 Z")
    pen.body(sponge, hexed("#e4b878"), depth=8)
    pen.flat(path("M14 70 C30 75 70 75 86 70 L86 76 C70 81 30 81 14 76 Z"), hexed("#fff3e4"), within=sponge)
    icing = path(
        "M12 50 C12 40 88 40 88 50 L88 62 C86 70 80 70 78 62 C76 58 72 58 70 64 "
        "C68 74 60 74 58 64 C56 60 52 60 50 64 C48 71 41 71 39 63 C37 59 33 59 31 65 "
        "C28 74 20 72 19 63 C18 60 12 64 12 58 Z"
    )
    pen.body(icing, pen.tone, depth=5)
    pen.body(ellipse(50, 48, 38, 8), pen.tone.lighter(0.2), depth=3)
    for x, y in ((26, 46), (42, 43), (58, 43), (74, 46), (50, 50)):
        pen.body(ellipse(x, y - 3, 5.2), hexed("#c8242f"), depth=3)
        pen.shine(ellipse(x - 1.6, y - 5, 1.3), alpha=0.8, blur=0.3)
    _candle(pen, 50)


def _candle(pen: Pen, x: float) -> None:
    pen.body(rectangle(x - 1.6, 18, x + 1.6, 44, 1), pen.trim, depth=1)
    pen.glow(x, 13, 22, hexed("#ffb347"), 0.75)
    pen.emit(path(f"M{x} 4 C{x + 5} 11 {x + 3} 17 {x} 17 C{x - 3} 17 {x - 5} 11 {x} 4 Z"), hexed("#ffd86b"))


@subject("burger", tones="#d98f3f #c97c33", home="table", width=1.0, size=0.62)
def burger(pen: Pen) -> None:
    pen.body(rectangle(10, 82, 90, 99, 8), pen.tone, depth=5)
    pen.body(rectangle(7, 68, 93, 84, 7), hexed("#5a2f1c"), depth=4)
    pen.body("M6 66 L94 66 L84 72 L72 82 L60 71 L40 71 L30 78 L20 70 Z", hexed("#f6b92f"), depth=2)
    pen.body(rectangle(10, 59, 90, 67, 4), hexed("#c93a2c"), depth=2)
    frill = [(4 + step * 9.2, 57 + (step % 2) * 6) for step in range(11)]
    pen.body(smooth([*frill, (94, 52), (6, 52)]), hexed("#7bb04a"), depth=2)
    bun = path("M8 54 C6 20 30 10 50 10 C70 10 94 20 92 54 Z")
    pen.body(bun, pen.tone, depth=11)
    seeds = [
        ellipse(x, y, 1.9, 1.2)
        for x, y in ((30, 28), (42, 20), (55, 18), (68, 26), (48, 30), (60, 34), (37, 38), (76, 38))
    ]
    pen.flat(seeds, hexed("#fbe9c2"))
    pen.shine(smooth([(22, 34), (34, 20), (40, 20), (27, 38)]), alpha=0.4, blur=1.5)


def bowl(pen: Pen) -> None:
    """A steaming bowl for a stall's counter."""
    pen.body("M10 60 C12 92 34 100 50 100 C66 100 88 92 90 60 Z", pen.tone, depth=8)
    pen.flat(ellipse(50, 60, 40, 9), WHITE.mix(hexed("#d9843f"), 0.7))
    pen.flat([stroke("M60 58 L92 20", 2.5), stroke("M66 60 L98 24", 2.5)], hexed("#6d3d22"))
