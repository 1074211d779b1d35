"""Houses and market stalls."""

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, path, rectangle
from atlas.simulator.painting.subjects.food import bowl
from atlas.simulator.painting.subjects.registry import subject

WARM = hexed("#ffc765")


@subject("house", tones="#8a5638 #b5533c #d8c7a8 #5f7f8a #a9473a", home="field", width=1.0, size=0.85)
def house(pen: Pen) -> None:
    snowy = "snow" in pen.wears
    pen.body(rectangle(66, 14, 76, 44, 1), hexed("#7a4a3a"), depth=2)
    wall = rectangle(16, 50, 84, 100)
    pen.body(wall, pen.tone, depth=6)
    pen.flat([stroke([(16, y), (84, y)], 0.7) for y in range(55, 100, 6)], pen.tone.darker(0.4), alpha=0.6, within=wall)
    pen.shade("M16 50 L84 50 L84 57 L16 57 Z", alpha=0.4, within=wall)
    roof = path("M50 14 L94 52 L88 57 L12 57 L6 52 Z")
    pen.body(roof, hexed("#eef3f8") if snowy else pen.trim.darker(0.15), depth=5)
    pen.body("M20 57 L50 28 L80 57 Z", pen.tone.lighter(0.06), depth=4)
    pen.flat(
        [stroke("M8 54 L50 17", 3.4), stroke("M92 54 L50 17", 3.4)], hexed("#f7fafc") if snowy else pen.trim.darker(0.4)
    )
    for pane in ((23, 66, 39, 84), (61, 66, 77, 84)):
        _window(pen, *pane)
    _window(pen, 44, 40, 56, 50)
    pen.body(rectangle(43, 68, 57, 100, 1), hexed("#5a2f22"), depth=2)
    pen.flat(ellipse(54, 85, 1), hexed("#e0b34a"))
    if pen.light.dark or snowy:
        pen.glow(50, 78, 70, WARM, 0.4)
    smoke = [ellipse(71 + step * 4, 8 - step * 7, 4 + step * 1.8) for step in range(4)]
    pen.flat(smoke, WHITE, alpha=0.22, blur=3)


def _window(pen: Pen, left: float, top: float, right: float, bottom: float) -> None:
    pane = rectangle(left, top, right, bottom)
    pen.flat(rectangle(left - 1.6, top - 1.6, right + 1.6, bottom + 1.6), hexed("#f1e7d6"))
    if pen.light.dark or pen.light.hour in {"sunset", "golden", "dawn"} or "snow" in pen.wears:
        pen.emit(pane, WARM)
        pen.emit(rectangle(left, (top + bottom) / 2, right, bottom), hexed("#ffdf9a"), alpha=0.6)
        pen.glow((left + right) / 2, (top + bottom) / 2, 26, WARM, 0.6)
    else:
        pen.flat(pane, pen.fade((left, top), (right, bottom), hexed("#dff0f6"), hexed("#6f9fb8")))
    middle = (left + right) / 2
    pen.flat(
        [
            stroke([(middle, top), (middle, bottom)], 1),
            stroke([(left, (top + bottom) / 2), (right, (top + bottom) / 2)], 1),
        ],
        hexed("#f1e7d6"),
    )


@subject("stall", tones="#d9402f #2f7f78 #e0992c #3f5f9a", home="market", width=1.05, size=0.8)
def stall(pen: Pen) -> None:
    pen.body([stroke("M10 30 L10 100", 2.4), stroke("M90 30 L90 100", 2.4)], hexed("#5a3826"), depth=1)
    pen.emit(rectangle(11, 30, 89, 66), hexed("#ffb454"), alpha=0.85)
    pen.flat(rectangle(11, 30, 89, 66), pen.fade((0, 30), (0, 66), (hexed("#fff0c0"), 0.6), (hexed("#8a3a1c"), 0.55)))
    shelf = [rectangle(16 + step * 9, 44 + (step % 3) * 2, 22 + step * 9, 54) for step in range(8)]
    pen.flat(shelf, hexed("#7a2f1c"), alpha=0.75)
    pen.line("M11 55 L89 55", 1.2, hexed("#5a2f1c"))
    _awning(pen)
    pen.body(rectangle(5, 66, 95, 100, 1), hexed("#7a4a2f"), depth=5)
    pen.body(rectangle(2, 63, 98, 69, 1), hexed("#a9703f"), depth=2)
    pen.glow(50, 50, 50, hexed("#ffb454"), 0.4)
    if pen.detail == 0:
        return
    pen.flat([stroke([(x, 70), (x, 100)], 0.6) for x in range(14, 95, 9)], hexed("#4a2a1a"), alpha=0.7)
    for x, colour in ((22, "#f0e4d0"), (42, "#3f6f8f"), (62, "#f0e4d0"), (80, "#c9402c")):
        bowl(pen.inset(x, 64, 14, tone=hexed(colour)))


def _awning(pen: Pen) -> None:
    strips = []
    for step in range(8):
        top, left, right = 12 + step * 9.5, 2 + step * 12, 14 + step * 12
        strips.append(f"M{top} 14 L{top + 9.5} 14 L{right} 34 C{right} 40 {left} 40 {left} 34 Z")
    pen.body(strips[::2], pen.tone, depth=2, contrast=0.8)
    pen.body(strips[1::2], hexed("#f6ead2"), depth=2, contrast=0.8)
