"""Cats, dogs, birds and fish."""

from atlas.simulator.painting.colours import BLACK, WHITE, Colour, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, leaf, path, smooth
from atlas.simulator.painting.subjects.attire import helmet, life_support
from atlas.simulator.painting.subjects.registry import subject

DARK = hexed("#241d22")


@subject("cat", tones="#e08a3c #4a4a55 #d9c3a3 #2c2a30 #8f8a88", home="room", width=0.7, size=0.9)
def cat(pen: Pen) -> None:
    suited = "spacesuit" in pen.wears
    coat = pen.cloth if suited else pen.tone
    pen.body([stroke("M70 92 C92 94 96 72 86 62 C82 57 88 52 91 55", 7)], pen.tone, depth=3)
    pen.body("M30 100 C22 78 30 52 50 48 C70 52 80 78 72 100 Z", coat, depth=9)
    pen.body([ellipse(37, 95, 10, 5.5), ellipse(62, 95, 10, 5.5)], coat.lighter(0.1), depth=3)
    pen.body([stroke("M42 66 L40 94", 9), stroke("M58 66 L60 94", 9)], coat.lighter(0.05), depth=3)
    if suited:
        life_support(pen)
    elif pen.tone.l < 0.9:
        pen.flat("M43 56 C46 74 54 74 57 56 C54 52 46 52 43 56 Z", pen.tone.lighter(0.6), alpha=0.85, blur=0.6)
    _cat_head(pen)
    if suited:
        helmet(pen, 50, 32, 32)


def _cat_head(pen: Pen) -> None:
    pen.body(
        ["M27 32 C25 18 27 8 30 7 C36 9 41 14 45 19 Z", "M73 32 C75 18 73 8 70 7 C64 9 59 14 55 19 Z"],
        pen.tone,
        depth=3,
    )
    pen.flat(
        ["M31 25 C30 18 30 14 31 13 C35 15 38 18 40 21 Z", "M69 25 C70 18 70 14 69 13 C65 15 62 18 60 21 Z"],
        hexed("#e8a5a0"),
        alpha=0.85,
    )
    head = path("M50 15 C66 15 76 25 75 37 C74 49 62 54 50 54 C38 54 26 49 25 37 C24 25 34 15 50 15 Z")
    pen.body(head, pen.tone, depth=7)
    stripes = [
        stroke(course, 1.7)
        for course in (
            "M50 16 L50 23",
            "M44 17 L45 23",
            "M56 17 L55 23",
            "M26 36 L33 37",
            "M74 36 L67 37",
            "M27 42 L33 41",
            "M73 42 L67 41",
        )
    ]
    pen.flat(stripes, pen.tone.darker(0.4), alpha=0.7, within=head)
    pen.flat([ellipse(45, 45, 7, 5.5), ellipse(55, 45, 7, 5.5)], pen.tone.lighter(0.65), alpha=0.95)
    iris = hexed("#8fc04a") if pen.tone.l < 0.75 else hexed("#4a9ec0")
    _eyes(pen, (39, 61), 35, 5.2, iris)
    pen.flat("M47.4 41 L52.6 41 L50 44.4 Z", hexed("#d9747a"))
    pen.flat([stroke("M50 44 C50 48 45 49 43 46.5", 0.8), stroke("M50 44 C50 48 55 49 57 46.5", 0.8)], DARK)
    whiskers = [stroke(course, 0.45) for course in ("M40 45 L22 42", "M40 47 L22 48", "M60 45 L78 42", "M60 47 L78 48")]
    pen.flat(whiskers, WHITE, alpha=0.9)


def _eyes(pen: Pen, places: tuple[float, float], y: float, radius: float, iris: Colour) -> None:
    for x in places:
        pen.flat(ellipse(x, y, radius, radius * 0.95), iris)
        pen.flat(ellipse(x, y, radius * 0.5, radius * 0.85), DARK)
        pen.shine(ellipse(x - radius * 0.3, y - radius * 0.35, radius * 0.28), alpha=1, blur=0.1)


@subject("dog", tones="#c98a4b #6a4430 #e6cfa6 #3a3435 #b9a18a", home="field", width=0.75, size=0.95)
def dog(pen: Pen) -> None:
    pen.body([stroke("M72 86 C88 84 92 68 88 60", 6)], pen.tone, depth=3)
    pen.body("M30 100 C24 76 32 52 50 48 C70 52 78 78 74 100 Z", pen.tone, depth=9)
    pen.flat("M40 56 C40 80 60 80 60 56 C56 50 44 50 40 56 Z", pen.tone.lighter(0.6), alpha=0.9, blur=1)
    pen.body([stroke("M41 66 L40 95", 10), stroke("M59 66 L60 95", 10)], pen.tone.lighter(0.06), depth=3)
    pen.body([ellipse(38, 96, 8, 4), ellipse(62, 96, 8, 4)], pen.tone.lighter(0.4), depth=2)
    pen.body("M50 10 C66 10 73 20 72 34 C71 48 62 56 50 56 C38 56 29 48 28 34 C27 20 34 10 50 10 Z", pen.tone, depth=7)
    pen.flat(
        "M46 12 L54 12 C54 24 62 32 62 44 C62 54 38 54 38 44 C38 32 46 24 46 12 Z",
        pen.tone.lighter(0.65),
        alpha=0.9,
        blur=0.5,
    )
    pen.body(
        ["M32 14 C18 14 14 34 18 48 C26 50 32 38 34 24 Z", "M68 14 C82 14 86 34 82 48 C74 50 68 38 66 24 Z"],
        pen.tone.darker(0.3),
        depth=4,
    )
    _eyes(pen, (40.5, 59.5), 31, 3.6, hexed("#6b3f22"))
    pen.body("M44 40 C44 36 56 36 56 40 C56 44 52 46 50 46 C48 46 44 44 44 40 Z", DARK, depth=2)
    pen.line("M43 50 C46 53 54 53 57 50", 1, DARK)
    pen.body("M47 51 L53 51 L53 57 C53 60 47 60 47 57 Z", hexed("#e2747c"), depth=1)
    pen.line("M36 57 C44 62 56 62 64 57", 3.2, pen.trim)
    pen.body(ellipse(50, 63, 2.6), hexed("#e0b34a"), depth=1)


@subject("bird", tones="#2f7fc0 #e0553a #f0b13c #3f9a7a #8a6fc0", home="sky", width=0.95, size=0.62, floats=True)
def bird(pen: Pen) -> None:
    pen.body("M8 58 C2 66 0 74 -4 80 C10 80 18 76 26 70 Z", pen.tone.darker(0.2), depth=3)
    body = path("M20 66 C24 46 48 34 66 34 C70 22 88 20 92 34 C94 56 72 84 44 82 C32 80 22 74 20 66 Z")
    pen.body(body, pen.tone, depth=8)
    pen.flat("M92 36 C92 58 70 84 46 82 C60 74 72 58 74 44 Z", hexed("#fbeedb"), alpha=0.9, within=body, blur=1.2)
    wing = path("M62 46 C48 30 24 14 6 6 C8 34 22 62 44 68 C56 68 64 58 62 46 Z")
    pen.body(wing, pen.tone.darker(0.1), depth=5)
    feathers = [
        stroke(course, 0.9)
        for course in ("M56 52 C40 40 26 26 14 16", "M52 58 C38 48 26 38 15 30", "M48 62 C38 58 30 52 22 45")
    ]
    pen.flat(feathers, pen.tone.lighter(0.5), alpha=0.7, within=wing)
    pen.body("M91 30 L104 35 L91 39 Z", hexed("#f0a02c"), depth=1)
    pen.flat(ellipse(83, 31, 2.2), BLACK)
    pen.shine(ellipse(82.3, 30.2, 0.8), alpha=1, blur=0.1)


@subject("fish", tones="#f0762c #2f8fb5 #e0b43c #d94f5c", home="underwater", width=1.0, size=0.7, floats=True)
def fish(pen: Pen) -> None:
    pen.body(
        [
            "M24 52 C14 40 6 28 0 26 C4 42 4 60 0 78 C10 74 18 64 26 56 Z",
            "M44 30 C52 14 68 14 74 20 C70 26 66 30 64 34 Z",
            "M50 72 C52 84 60 88 68 86 C66 80 66 76 64 72 Z",
        ],
        pen.tone.darker(0.12),
        depth=4,
    )
    body = path("M20 54 C34 26 70 20 96 50 C72 82 36 80 20 54 Z")
    pen.body(body, pen.tone, depth=10)
    pen.flat("M20 54 C40 70 72 70 96 50 C72 84 36 80 20 54 Z", pen.tone.lighter(0.55), alpha=0.7, within=body, blur=2)
    pen.flat(
        [
            "M70 26 C64 40 64 60 70 76 L78 72 C73 58 73 44 78 30 Z",
            "M44 30 C39 44 39 60 44 74 L50 76 C46 60 46 44 50 28 Z",
        ],
        pen.trim.lighter(0.5),
        alpha=0.9,
        within=body,
    )
    scales = [stroke(ellipse(x, y, 4, start=-60, end=60), 0.6) for x in (30, 36, 54, 60) for y in (44, 51, 58)]
    pen.flat(scales, pen.tone.darker(0.35), alpha=0.45, within=body)
    pen.flat(ellipse(85, 45, 4), WHITE)
    pen.flat(ellipse(86, 45, 2.2), DARK)
    pen.body(leaf((62, 56), (46, 68), 7), pen.tone.darker(0.2), depth=2)
    pen.shine(smooth([(40, 36), (60, 28), (76, 32), (58, 33)]), alpha=0.45, within=body, blur=1)
