"""Shoes, bags, watches, umbrellas: things a brand would photograph."""

import math

from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, path, rectangle, smooth
from atlas.simulator.painting.subjects.registry import subject

CANVAS_SOLE = hexed("#f4f0e6")


@subject("sneaker", tones="#f6f5f2 #d8432f #2a4f9e #2f7f62 #f0b63c", home="studio", width=1.0, size=0.8)
def sneaker(pen: Pen) -> None:
    upper = path("M8 82 C5 68 8 50 12 40 C20 46 30 46 36 38 C42 44 52 56 64 62 C78 67 92 68 95 80 L95 84 L8 84 Z")
    sole = path("M6 80 L95 80 C99 84 98 94 92 96 L14 96 C6 96 4 88 6 80 Z")
    pen.body(upper, pen.tone, depth=8)
    pen.flat("M12 41 C20 46 30 46 36 38 L33 34 C27 40 18 40 13 34 Z", pen.tone.darker(0.45))
    pen.flat("M68 63 C80 66 92 68 95 80 L72 81 C66 76 65 69 68 63 Z", pen.tone.darker(0.07), within=upper)
    pen.flat("M8 82 C6 72 7 58 10 48 C18 54 22 70 22 82 Z", pen.trim, within=upper)
    pen.flat("M24 74 C38 76 54 72 62 62 C58 76 44 84 30 82 Z", pen.trim, alpha=0.9, within=upper)
    pen.body(sole, CANVAS_SOLE, depth=3)
    pen.line("M7 88 C30 90 70 90 97 88", 1.0, hexed("#c9c2b4"))
    for step in range(5):
        x, y = 40 + step * 5.2, 43 + step * 4.4
        pen.line([(x - 5, y + 5), (x + 3, y - 1.5)], 1.9, CANVAS_SOLE if pen.tone.l < 0.8 else hexed("#d6d3cc"))
    pen.shade("M8 78 L95 78 L95 84 L8 84 Z", alpha=0.25, within=upper, blur=2)


@subject("watch", tones="#c9a45a #b8bcc4 #2b2d33 #d49a89", home="studio", width=0.6, size=1.0)
def watch(pen: Pen) -> None:
    strap = hexed("#5a3a28") if pen.tone.l > 0.4 else hexed("#33363c")
    pen.body("M36 4 L64 4 L67 36 L33 36 Z", strap, depth=4)
    pen.body("M33 64 L67 64 L64 97 L36 97 Z", strap, depth=4)
    for edge in ("M39 6 L36.5 34", "M61 6 L63.5 34", "M36.5 66 L39 95", "M63.5 66 L61 95"):
        pen.line(edge, 0.6, strap.lighter(0.4), alpha=0.7)
    pen.body(rectangle(75, 46, 81, 54, 1.5), pen.tone, depth=2)
    pen.body(ellipse(50, 50, 27), pen.tone, depth=4, contrast=1.4)
    pen.flat(ellipse(50, 50, 22.5), pen.orb((44, 43), 30, hexed("#fbf8f0"), hexed("#e5ded0")))
    for hour in range(12):
        angle = math.radians(hour * 30)
        inner = 17.5 if hour % 3 else 15.5
        pen.line(
            [(50 + math.sin(angle) * reach, 50 - math.cos(angle) * reach) for reach in (inner, 20)],
            1.1,
            pen.tone.darker(0.55),
        )
    pen.line("M50 50 L41 43", 1.9, hexed("#26252b"))
    pen.line("M50 50 L61 38", 1.3, hexed("#26252b"))
    pen.line("M46 54 L58 62", 0.6, pen.trim)
    pen.flat(ellipse(50, 50, 1.8), pen.tone.darker(0.3))
    pen.shine("M31 44 C34 34 42 28 52 28 L36 64 C31 58 30 50 31 44 Z", alpha=0.22)


@subject("bag", tones="#b5472f #2f4a3f #d9a08a #7a2f45 #d8b15a #2d2b31", home="studio", width=0.9, size=0.9)
def bag(pen: Pen) -> None:
    pen.line("M30 46 C30 4 70 4 70 46", 4.2, pen.tone.darker(0.3))
    pen.line("M31 46 C31 7 69 7 69 46", 1.2, pen.tone.lighter(0.25), alpha=0.7)
    shell = path("M18 42 L82 42 C86 60 92 80 92 94 Q92 100 84 100 L16 100 Q8 100 8 94 C8 80 14 60 18 42 Z")
    pen.body(shell, pen.tone, depth=9)
    pen.body("M17 42 L83 42 L86 60 C70 74 30 74 14 60 Z", pen.tone.lighter(0.06), depth=4)
    pen.shade("M14 60 C30 76 70 76 86 60 L87 66 C70 80 30 80 13 66 Z", alpha=0.28, within=shell, blur=1.5)
    pen.line("M17 95 C40 98 60 98 83 95", 0.6, pen.tone.lighter(0.5), alpha=0.7)
    pen.body(rectangle(43, 62, 57, 76, 2), pen.trim, depth=2, contrast=1.4)
    pen.flat(ellipse(50, 69, 2.6), pen.trim.darker(0.5))
    pen.body([ellipse(30, 46, 3.2), ellipse(70, 46, 3.2)], pen.trim, depth=1)


@subject("umbrella", tones="#d8392f #f2b632 #2f6fb0 #2f8f7a #e58fa6", home="street", width=1.0, size=0.95)
def umbrella(pen: Pen) -> None:
    pen.line("M50 12 L50 88 C50 99 38 99 38 90", 2.4, hexed("#6b4a33"))
    canopy = path(
        "M4 50 C6 22 28 8 50 8 C72 8 94 22 96 50 C88 43 78 43 72 50 "
        "C66 43 56 43 50 50 C44 43 34 43 28 50 C22 43 12 43 4 50 Z"
    )
    pen.body(canopy, pen.tone, depth=9)
    for panel in (
        "M50 8 C36 14 29 30 28 50 C34 43 44 43 50 50 Z",
        "M50 8 C64 14 71 30 72 50 C80 43 88 43 96 50 C94 22 72 8 50 8 Z",
    ):
        pen.flat(panel, pen.tone.lighter(0.22), alpha=0.5, within=canopy)
    pen.shade("M4 50 C20 36 80 36 96 50 L96 56 L4 56 Z", alpha=0.25, within=canopy, blur=3)
    pen.line("M50 8 L50 3", 2, hexed("#6b4a33"))


@subject("headphones", tones="#26262c #e9e4da #d9573f #3c6fa8", home="studio", width=0.9, size=0.9)
def headphones(pen: Pen) -> None:
    pen.body([stroke("M16 64 C10 -4 90 -4 84 64", 8)], pen.tone, depth=3)
    pen.line("M22 54 C20 6 80 6 78 54", 2, pen.trim, alpha=0.8)
    for x, inner in ((17, 27), (83, 73)):
        pen.body(ellipse(inner, 73, 8, 20), hexed("#3a3a40"), depth=4)
        pen.body(ellipse(x, 73, 13, 22), pen.tone, depth=6)
        pen.flat([stroke(ellipse(x, 73, 8, 15), 1.2)], pen.trim)


@subject("book", tones="#b3402f #2f5d73 #d9a441 #4a6b4f #6d4a7d", home="table", width=1.0, size=0.6)
def book(pen: Pen) -> None:
    pen.body("M4 84 L50 92 L96 84 L96 92 L50 100 L4 92 Z", pen.tone, depth=2)
    for side in (-1, 1):
        page = path("M50 38 C40 26 20 26 6 32 L6 82 C20 76 40 78 50 90 Z")
        page = page if side < 0 else page * (-1, 1) + (100, 0)
        pen.body(page, hexed("#f8f1e1"), depth=5, contrast=0.8)
        lines = [
            stroke([(50 + side * 38, y + 1), (50 + side * 24, y), (50 + side * 10, y + 6)], 0.8)
            for y in range(42, 76, 6)
        ]
        pen.flat(lines, hexed("#8d8577"), alpha=0.55)
    pen.shade("M46 36 L54 36 L54 90 L46 90 Z", alpha=0.3, within="M40 30 L60 30 L60 90 L40 90 Z", blur=2)
    pen.flat("M60 30 L66 28 L66 98 L63 94 L60 99 Z", pen.trim)


@subject("chair", tones="#d98f3f #3f7f78 #b5533c #3c4f7a #d8b7a0", home="room", width=0.8, size=1.0)
def chair(pen: Pen) -> None:
    legs = [stroke(course, 3) for course in ("M24 82 L18 100", "M76 82 L82 100", "M34 80 L32 96", "M66 80 L68 96")]
    pen.body(legs, hexed("#8a5c38"), depth=1)
    pen.body("M24 64 C18 30 24 6 50 6 C76 6 82 30 76 64 Z", pen.tone, depth=8)
    for x in (38, 50, 62):
        pen.line([(x, 14), (x + (x - 50) * 0.1, 60)], 0.7, pen.tone.darker(0.3), alpha=0.5)
    pen.body(rectangle(20, 60, 80, 78, 7), pen.tone.lighter(0.12), depth=5)
    for arm in (rectangle(10, 46, 25, 84, 7), rectangle(75, 46, 90, 84, 7)):
        pen.body(arm, pen.tone, depth=5)
    pen.body(rectangle(18, 74, 82, 86, 4), pen.tone.darker(0.12), depth=3)
    pen.shine(smooth([(30, 63), (50, 62), (70, 63), (50, 65)]), alpha=0.3, blur=1)
