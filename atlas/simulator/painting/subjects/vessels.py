"""Bottles, cups, glasses and jars: things of glass and glaze that live from their highlights."""

import numpy as np

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, mirrored, path, rectangle, smooth
from atlas.simulator.painting.subjects.registry import subject


@subject("perfume", tones="#e0a45c #c9a4d8 #e58f86 #7fb9b4 #d9b36b", home="studio", width=0.56, size=1.0)
def perfume(pen: Pen) -> None:
    glass, liquid = rectangle(23, 38, 77, 100, 6), rectangle(29, 50, 71, 93, 3)
    pen.body(glass, pen.tone.lighter(0.4).vivid(0.7), depth=5)
    pen.flat(liquid, pen.fade((29, 50), (71, 93), pen.tone.lighter(0.25), pen.tone, pen.tone.darker(0.3)))
    pen.flat("M29 50 L71 50 L71 56 Q50 60 29 56 Z", WHITE, alpha=0.35, within=liquid)
    pen.shine("M26 42 L33 42 L31 96 L26 96 Z", alpha=0.65, within=glass, blur=0.8)
    pen.shine("M62 50 L68 50 L50 93 L42 93 Z", alpha=0.22, within=liquid, blur=0.6)
    pen.shine(rectangle(27, 95, 73, 96.5), alpha=0.6, within=glass)
    _label(pen)
    _golden_cap(pen)


def _label(pen: Pen) -> None:
    pen.flat(rectangle(39, 64, 61, 81, 1), WHITE.mix(pen.tone, 0.08), alpha=0.92)
    pen.line("M43 70 L57 70", 1.1, pen.tone.darker(0.6))
    pen.line("M46 75 L54 75", 0.7, pen.tone.darker(0.4))


def _golden_cap(pen: Pen) -> None:
    metal = pen.trim
    pen.body(rectangle(42, 30, 58, 39, 1), metal.darker(0.12), depth=3, contrast=1.3)
    cap = rectangle(37, 8, 63, 31, 3)
    pen.flat(
        cap,
        pen.fade(
            (37, 0),
            (63, 0),
            metal.darker(0.4),
            metal.lighter(0.55),
            metal,
            metal.darker(0.25),
            metal.lighter(0.25),
            metal.darker(0.5),
        ),
    )
    pen.shine(rectangle(38, 8.6, 62, 10), alpha=0.6, within=cap)
    for x in (41, 45.5, 50, 54.5, 59):
        pen.line([(x, 13), (x, 29)], 0.5, metal.darker(0.5), alpha=0.35)


@subject("bottle", tones="#2f6b4a #7b3b2a #3d6f8f #c98a3c #6a4a7a", home="table", width=0.36, size=1.05)
def bottle(pen: Pen) -> None:
    glass = mirrored(path("M50 3 L56 3 L56 27 C57 36 67 37 67 49 L67 95 Q67 100 62 100 L50 100"))
    pen.body(glass, pen.tone, depth=5, contrast=1.2)
    pen.flat("M36 46 C36 42 39 40 41 37 L42 96 L37 94 Z", WHITE, alpha=0.4, within=glass, blur=0.8)
    pen.flat(
        rectangle(33, 56, 67, 82),
        pen.fade((33, 0), (67, 0), hexed("#cdbf9f"), hexed("#fbf4e2"), hexed("#e6d9bb"), hexed("#b9a985")),
        within=glass,
    )
    pen.line("M41 65 L59 65", 1.6, pen.tone.darker(0.3))
    pen.line("M44 72 L56 72", 0.8, pen.tone.darker(0.2))
    pen.body(rectangle(43, 1, 57, 17, 1.5), pen.trim, depth=3)
    pen.shine("M60 50 L62.5 50 L62.5 92 L60 92 Z", alpha=0.3, within=glass)


@subject("cup", tones="#f3ede1 #d9714f #3f6f73 #e2b04a #32405e #b9c7b0", home="table", width=0.9, size=0.72)
def cup(pen: Pen) -> None:
    pen.body(ellipse(48, 92, 42, 8.5), pen.tone.lighter(0.1), depth=3)
    pen.shade(ellipse(48, 90, 26, 5), alpha=0.4, within=ellipse(48, 91, 36, 6))
    pen.body([stroke("M75 47 C94 42 95 69 70 73", 6.5)], pen.tone, depth=3)
    bowl = path("M18 38 C18 70 28 91 38 91 L58 91 C68 91 78 70 78 38 Z")
    pen.body(bowl, pen.tone, depth=9)
    pen.body(ellipse(48, 38, 30, 8), pen.tone.lighter(0.25), depth=2)
    pen.flat(ellipse(48, 39, 26.5, 6.3), pen.orb((44, 38), 28, hexed("#8a5a33"), hexed("#5a3319"), hexed("#3a1f10")))
    pen.flat(
        smooth([(40, 38), (48, 35.5), (56, 38), (52, 41), (48, 43), (44, 41)]), hexed("#e8c79a"), alpha=0.85, blur=0.35
    )
    pen.shine("M24 46 C25 62 29 76 34 84 C29 76 27 60 27 46 Z", alpha=0.6, within=bowl)
    steam(pen, 48, 32)


def steam(pen: Pen, x: float, y: float) -> None:
    """Three curls of warm air."""
    for offset, height in ((-9, 20), (1, 30), (10, 18)):
        left = x + offset
        curl = smooth(
            [
                (left, y),
                (left - 3, y - height * 0.3),
                (left + 2, y - height * 0.6),
                (left - 2, y - height * 0.85),
                (left + 1, y - height * 1.1),
            ],
            closed=False,
        )
        wisp = np.concatenate([curl, (curl + np.linspace(3.2, 0.2, len(curl))[:, None] * (1, 0))[::-1]])
        pen.flat(wisp, WHITE, alpha=0.5, blur=1.1)


@subject("wineglass", tones="#8e1a3c #e9c46a #d98a8a #b5443c", home="table", width=0.5, size=1.0)
def wineglass(pen: Pen) -> None:
    bowl = mirrored(path("M50 4 L70 4 C75 34 70 52 53 55 L50 55"))
    wine = mirrored(path("M50 25 L71.6 25 C72 42 66 52 53 54 L50 54"))
    pen.flat(bowl, WHITE, alpha=0.24)
    pen.body(wine, pen.tone, depth=6)
    pen.flat(ellipse(50, 25, 21.6, 3.6), pen.tone.lighter(0.25))
    pen.body(mirrored(path("M50 54 L53 54 C52 66 51.5 80 53 92 L72 97 Q72 100 50 100")), hexed("#dfe7ec"), depth=2)
    pen.flat([stroke(ellipse(50, 4, 20, 2.6), 0.7)], WHITE, alpha=0.8)
    pen.shine("M33 9 C30 24 32 38 38 48 C35 36 35 20 36 9 Z", alpha=0.7, within=bowl)
    pen.shine("M64 9 C67 22 66 34 63 42 C65 30 64 18 62 9 Z", alpha=0.35, within=bowl)


@subject("jar", tones="#f2e4d8 #cfe3dc #e9c2c0 #2f3a4a #d8cdea", home="studio", width=0.8, size=0.62)
def jar(pen: Pen) -> None:
    base = path("M14 52 L86 52 L83 94 Q82 100 74 100 L26 100 Q18 100 17 94 Z")
    pen.body(base, pen.tone, depth=9)
    pen.shine("M19 54 L26 54 L28 97 L22 97 Z", alpha=0.55, within=base)
    lid = rectangle(11, 26, 89, 54, 4)
    metal = pen.trim
    pen.flat(
        lid,
        pen.fade(
            (11, 0),
            (89, 0),
            metal.darker(0.45),
            metal.lighter(0.45),
            metal,
            metal.darker(0.15),
            metal.lighter(0.2),
            metal.darker(0.5),
        ),
    )
    pen.shine(rectangle(13, 27, 87, 29), alpha=0.5, within=lid)
    pen.shade(rectangle(12, 53, 88, 57), alpha=0.35, within=base, blur=1)
    pen.line("M36 74 L64 74", 2.0, pen.tone.darker(0.45) if pen.tone.l > 0.5 else WHITE)
    pen.line("M42 81 L58 81", 1.0, pen.tone.darker(0.35) if pen.tone.l > 0.5 else WHITE)


@subject("lipstick", tones="#c4183c #e0567a #a03050 #d8604a", home="studio", width=0.34, size=1.0)
def lipstick(pen: Pen) -> None:
    metal = pen.trim
    bullet = path("M41 47 L41 24 C41 14 52 5 59 4 L59 47 Z")
    pen.body(bullet, pen.tone, depth=5, contrast=1.2)
    pen.flat("M41 26 C43 15 53 6 59 4.5 L59 10 C52 12 45 18 41 26 Z", pen.tone.lighter(0.35), alpha=0.8, within=bullet)
    pen.flat(
        rectangle(39, 45, 61, 66),
        pen.fade((39, 0), (61, 0), metal.darker(0.4), metal.lighter(0.6), metal, metal.darker(0.45)),
    )
    case = rectangle(34, 62, 66, 100, 2)
    pen.body(case, hexed("#1f1d24"), depth=5, contrast=1.5)
    pen.shine("M38 63 L42 63 L42 99 L38 99 Z", alpha=0.35, within=case)
    pen.flat(rectangle(34, 66, 66, 68.5), metal)
