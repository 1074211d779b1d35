"""Things that carry people: on wheels, on water and through the air."""

import math

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, mirrored, path, rectangle
from atlas.simulator.painting.subjects.registry import subject

RUBBER = hexed("#26262b")
STEEL = hexed("#b9bec6")
PANE = hexed("#a9d3e6")


@subject("bicycle", tones="#d8352c #2f6fb0 #2f8a6a #f0b32c #3a3a40", home="wall", width=1.0, size=0.85)
def bicycle(pen: Pen) -> None:
    for x in (20, 80):
        _spoked_wheel(pen, x, 79, 19.5)
    pen.line("M45 81 L20 79", 1.1, RUBBER.lighter(0.2))
    tubes = [
        stroke(course, 3.2)
        for course in (
            "M45 81 L37 48",
            "M45 81 L68 51",
            "M38 52 L67 48",
            "M20 79 L38 53",
            "M20 79 L45 81",
            "M80 79 L66 42",
        )
    ]
    pen.body(tubes, pen.tone, depth=1.6, contrast=1.1)
    pen.line("M66 42 L64.5 36", 2, STEEL)
    pen.line("M64.5 36 C66 31 74 30 78 33 C80 36 77 39 74 38", 2, STEEL)
    pen.line("M73 38.5 L79 37", 3, hexed("#7a4a2c"))
    pen.body("M28 45 C32 42 42 43 46 44 C44 48 38 47 36 50 C32 50 28 49 28 45 Z", hexed("#6b3f26"), depth=2)
    pen.body(ellipse(45, 81, 6), STEEL.darker(0.2), depth=2)
    pen.flat(ellipse(45, 81, 3.4), RUBBER)
    pen.line("M45 81 L50 91", 1.7, STEEL)
    pen.line("M47 91.5 L54 91.5", 2, RUBBER)
    pen.body("M72 40 L90 40 L87 55 L75 55 Z", hexed("#c49a62"), depth=3)
    pen.flat([stroke([(73 + step, 41), (75.5 + step * 0.75, 54)], 0.5) for step in range(2, 17, 3)], hexed("#7d5a30"))
    blooms = [ellipse(x, y, 2.6) for x, y in ((75, 38), (80, 36), (85, 37), (88, 39), (78, 40), (83, 40))]
    pen.body(blooms, hexed("#f3e6d8"), depth=1.5)


def _spoked_wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    spokes = [
        stroke([(x, y), (x + math.cos(angle) * radius, y + math.sin(angle) * radius)], 0.35)
        for angle in (math.tau * step / 20 for step in range(20))
    ]
    pen.flat(spokes, STEEL, alpha=0.9)
    pen.flat(stroke(ellipse(x, y, radius), 2.6), RUBBER)
    pen.flat(stroke(ellipse(x, y, radius - 1.8), 0.8), STEEL)
    pen.flat(ellipse(x, y, 2), STEEL.darker(0.3))


@subject("car", tones="#c9302c #2f6fa8 #e9b63c #3f8f7a #ece6da", home="street", width=1.1, size=0.8)
def car(pen: Pen) -> None:
    pen.body("M22 66 C28 48 36 42 46 42 L62 42 C72 42 78 54 82 66 Z", pen.tone.lighter(0.05), depth=5)
    for window in ("M29 64 C33 53 38 47 46 47 L50 47 L50 64 Z", "M54 47 L62 47 C68 47 73 56 76 64 L54 64 Z"):
        pen.flat(window, pen.fade((30, 46), (70, 66), PANE.lighter(0.4), PANE, PANE.darker(0.35)))
        pen.shine("M38 46 L44 46 L34 66 L28 66 Z", alpha=0.4, within=window)
    hull = path("M3 86 C1 74 6 66 22 65 L82 65 C94 66 99 72 98 86 Q97 90 92 90 L8 90 Q4 90 3 86 Z")
    pen.body(hull, pen.tone, depth=7)
    pen.line("M4 78 L97 78", 0.8, WHITE, alpha=0.5)
    pen.line("M52 66 L51 88", 0.6, pen.tone.darker(0.4))
    pen.flat(rectangle(57, 71, 63, 73, 1), pen.tone.darker(0.5))
    pen.emit(ellipse(95, 75, 2.6, 3.4), hexed("#fff0b8"))
    pen.emit(rectangle(3, 72, 6.5, 78, 1), hexed("#e0463a"))
    pen.shine("M8 68 C30 66 70 66 94 69 C70 68 30 68 8 68 Z", alpha=0.7, within=hull)
    for x in (24, 77):
        pen.flat(ellipse(x, 89, 11.5), pen.tone.darker(0.65))
        pen.body(ellipse(x, 90, 10), RUBBER, depth=3)
        pen.body(ellipse(x, 90, 5.6), STEEL, depth=2)
        pen.flat(ellipse(x, 90, 1.6), RUBBER)


@subject("boat", tones="#b5402f #f3efe4 #2f5f8f #d98f3c", home="sea", width=0.85, size=0.85)
def boat(pen: Pen) -> None:
    pen.line("M50 6 L50 84", 1.4, hexed("#7d5a3c"))
    main = path("M52 8 C66 32 78 56 82 76 L52 78 Z")
    jib = path("M48 14 C42 40 30 62 18 76 L48 78 Z")
    cream = hexed("#fbf3e2")
    pen.body(main, cream, depth=6)
    pen.body(jib, cream.darker(0.06), depth=6)
    pen.flat("M52 52 L75.5 52 L78.6 60 L52 61 Z", pen.tone if pen.tone.l < 0.85 else pen.trim, alpha=0.9, within=main)
    pen.flat(
        [stroke("M52 30 L63 30", 0.4), stroke("M52 68 L80 67", 0.4), stroke("M48 60 L32 60", 0.4)], cream.darker(0.3)
    )
    hull = path("M8 82 C30 86 70 86 94 80 C90 92 84 99 76 100 L26 100 C18 98 12 92 8 82 Z")
    pen.body(hull, pen.tone, depth=5)
    pen.line("M10 85 C32 89 70 89 92 83.5", 1.3, pen.trim)
    pen.flat("M50 6 L61 9 L50 12 Z", pen.tone.vivid(1.2))


@subject("rocket", tones="#ece7df #d9483a #3f6fb0 #f0b43c", home="space", width=0.5, size=1.0, floats=True)
def rocket(pen: Pen) -> None:
    pen.glow(50, 92, 34, hexed("#ff9a3c"), 0.9)
    pen.emit("M41 76 C38 90 46 96 50 108 C54 96 62 90 59 76 Z", hexed("#ff8a2c"), blur=0.8)
    pen.emit("M45 76 C43 86 48 92 50 99 C52 92 57 86 55 76 Z", hexed("#fff0a8"), blur=0.5)
    pen.body(["M36 52 C24 60 22 72 24 84 L38 74 Z", "M64 52 C76 60 78 72 76 84 L62 74 Z"], pen.trim, depth=3)
    hull = mirrored(path("M50 2 C62 14 68 34 66 54 C65 64 63 72 60 78 L50 78"))
    pen.body(hull, pen.tone, depth=7, contrast=1.1)
    pen.flat("M50 2 C58 10 62 18 64 26 L36 26 C38 18 42 10 50 2 Z", pen.trim, within=hull)
    pen.shine("M40 24 C37 40 38 60 42 74 C40 58 40 40 44 22 Z", alpha=0.5, within=hull)
    pen.body(ellipse(50, 42, 9), STEEL, depth=3)
    pen.flat(ellipse(50, 42, 6.4), pen.orb((47, 39), 9, hexed("#bff0ff"), hexed("#2f6f9a")))
    pen.body("M48 60 L52 60 L52 88 L48 88 Z", pen.trim.darker(0.15), depth=2)
    pen.line("M37 66 C46 69 54 69 63 66", 1, pen.tone.darker(0.4), alpha=0.6)


@subject("plane", tones="#f2f0ea #2f6fb0 #d9483a", home="sky", width=1.1, size=0.6, floats=True)
def plane(pen: Pen) -> None:
    pen.body("M58 50 L40 18 L48 16 L74 46 Z", pen.tone.darker(0.2), depth=2)
    pen.body("M8 46 L2 20 L12 20 L26 44 Z", pen.trim, depth=3)
    hull = path("M4 48 C20 42 74 36 92 46 C100 51 98 58 88 61 C66 68 26 64 8 54 Z")
    pen.body(hull, pen.tone, depth=7)
    pen.flat("M4 50 C30 62 76 64 97 54 C96 60 90 61 86 62 C60 68 26 64 8 54 Z", pen.trim, alpha=0.9, within=hull)
    pen.flat([ellipse(x, 49.5, 1.5) for x in range(28, 80, 5)], hexed("#35506a"))
    pen.flat("M86 44 C90 44 94 46 95 48 L85 49 Z", hexed("#35506a"))
    pen.body("M60 55 L38 92 L48 92 L76 58 Z", pen.tone.lighter(0.1), depth=3)
    pen.body(rectangle(52, 70, 66, 77, 3.4), STEEL, depth=2)


@subject("balloon", tones="#e0453a #f0b02c #2f8fb0 #e88aa6 #7a5fb0", home="sky", width=0.75, size=0.9, floats=True)
def balloon(pen: Pen) -> None:
    envelope = path("M50 2 C78 2 88 22 86 38 C84 54 66 66 58 76 L42 76 C34 66 16 54 14 38 C12 22 22 2 50 2 Z")
    pen.body(envelope, pen.tone, depth=11)
    light = pen.tone.lighter(0.62)
    gores = [
        "M50 2 C38 12 36 54 46 76 L54 76 C64 54 62 12 50 2 Z",
        "M50 2 C20 8 16 44 36 69 L40 74 C24 46 28 14 50 2 Z",
        "M50 2 C80 8 84 44 64 69 L60 74 C76 46 72 14 50 2 Z",
    ]
    pen.flat(gores, light, alpha=0.85, within=envelope)
    pen.shade(
        "M86 38 C84 54 66 66 58 76 L48 76 C66 60 76 40 70 6 C84 14 88 26 86 38 Z"
        if pen.light.towards[0] < 0
        else "M14 38 C16 54 34 66 42 76 L52 76 C34 60 24 40 30 6 C16 14 12 26 14 38 Z",
        alpha=0.3,
        within=envelope,
        blur=5,
    )
    pen.shine("M28 16 C22 26 22 36 26 46 C27 34 29 24 36 13 Z", alpha=0.35, within=envelope, blur=1.5)
    pen.flat([stroke(course, 0.5) for course in ("M42 76 L44 88", "M58 76 L56 88", "M50 76 L50 88")], hexed("#5a4030"))
    pen.body(rectangle(42.5, 87, 57.5, 99, 2), hexed("#a9743f"), depth=2.5)
    pen.line("M42.5 90 L57.5 90", 1.2, hexed("#6b4426"))
