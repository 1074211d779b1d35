"""Lamps, lanterns, phones and laptops: things that shine by themselves."""

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, rectangle
from atlas.simulator.painting.subjects.registry import subject


@subject("lantern", tones="#e2402c #f08a2c #f2b84a", home="market", width=0.7, size=0.62, floats=True)
def lantern(pen: Pen) -> None:
    pen.glow(50, 50, 78, pen.tone.mix(hexed("#ffb347"), 0.5), 0.7)
    pen.line("M50 -10 L50 14", 0.8, hexed("#3a2a22"))
    paper = ellipse(50, 48, 36, 33)
    pen.flat(paper, pen.orb((50, 52), 44, hexed("#fff0b8"), pen.tone.lighter(0.35), pen.tone, pen.tone.darker(0.3)))
    pen.body([rectangle(36, 11, 64, 18, 2), rectangle(36, 78, 64, 85, 2)], hexed("#4a2a1c"), depth=2)
    if pen.detail == 0:
        return
    ribs = [stroke(ellipse(50, 48, reach, 33), 0.7) for reach in (8, 18, 27)]
    pen.flat(
        [*ribs, *(stroke([(16, y), (84, y)], 0.5) for y in (34, 48, 62))],
        pen.tone.darker(0.45),
        alpha=0.45,
        within=paper,
    )
    pen.flat([stroke([(x, 85), (x, 98)], 1.2) for x in (45, 50, 55)], pen.trim)


@subject("lamp", tones="#e0a93c #d9573f #3f7f7a #ece4d4", home="room", width=0.7, size=0.9)
def lamp(pen: Pen) -> None:
    pen.glow(50, 40, 110, hexed("#ffcf85"), 0.55)
    pen.body(ellipse(50, 95, 20, 5), hexed("#8a6a3c"), depth=2)
    pen.body(rectangle(48, 44, 52, 94, 1), hexed("#a9854a"), depth=1.5)
    pen.flat(
        "M26 46 L74 46 L92 96 L8 96 Z", pen.fade((50, 46), (50, 96), (hexed("#ffe2a3"), 0.35), (hexed("#ffe2a3"), 0.0))
    )
    cone = "M34 8 L66 8 L82 46 L18 46 Z"
    pen.body(cone, pen.tone, depth=8)
    pen.flat(cone, pen.fade((50, 8), (50, 46), (hexed("#fff1c4"), 0.05), (hexed("#fff1c4"), 0.75)))
    pen.emit(ellipse(50, 46, 32, 3), hexed("#fff3cf"), alpha=0.9)
    pen.line("M64 48 L64 62", 0.7, hexed("#6b5330"))
    pen.flat(ellipse(64, 63, 1.5), hexed("#6b5330"))


@subject("phone", tones="#26262c #e9e4da #b9a6d8 #9fc3b8", home="studio", width=0.5, size=1.0)
def phone(pen: Pen) -> None:
    pen.body(rectangle(26, 2, 74, 99, 8), pen.tone, depth=3, contrast=1.3)
    screen = rectangle(28.6, 4.6, 71.4, 96.4, 6)
    hue = pen.trim
    pen.flat(screen, pen.fade((30, 5), (70, 96), hue.turned(40).lighter(0.2), hue, hue.turned(-50).darker(0.35)))
    pen.flat(ellipse(64, 68, 26, 30), hue.turned(70).lighter(0.35), alpha=0.5, within=screen, blur=4)
    pen.flat("M28 78 C40 66 56 84 72 70 L72 97 L28 97 Z", hue.turned(-70).darker(0.4), alpha=0.75, within=screen)
    pen.flat(rectangle(42, 7, 58, 11, 2), hexed("#0e0e12"))
    icons = [
        rectangle(33 + column * 9.4, 20 + row * 10, 39.4 + column * 9.4, 26.4 + row * 10, 1.6)
        for column in range(4)
        for row in range(3)
    ]
    pen.flat(icons, WHITE, alpha=0.8)
    pen.shine("M29 5 L50 5 L29 60 Z", alpha=0.14, within=screen)


@subject("laptop", tones="#b9bec6 #3a3c44 #d9c3a8", home="table", width=1.1, size=0.7)
def laptop(pen: Pen) -> None:
    pen.body(rectangle(14, 22, 86, 84, 3.5), pen.tone.darker(0.45), depth=2)
    screen = rectangle(17, 25, 83, 80, 1)
    hue = pen.trim
    pen.flat(
        screen,
        pen.fade((17, 25), (83, 80), hue.turned(60).lighter(0.25), hue.lighter(0.1), hue.turned(-60).darker(0.4)),
    )
    pen.flat("M17 66 C36 50 54 74 83 56 L83 80 L17 80 Z", hue.turned(-40).darker(0.45), alpha=0.7, within=screen)
    pen.flat(ellipse(66, 42, 7), hexed("#fff0c0"), alpha=0.9, within=screen)
    pen.shine("M17 25 L44 25 L22 80 L17 80 Z", alpha=0.12, within=screen)
    pen.body("M10 84 L90 84 L99 97 Q99 100 94 100 L6 100 Q1 100 1 97 Z", pen.tone, depth=3)
    keys = [stroke([(15 - row * 1.6, 87 + row * 2.6), (85 + row * 1.6, 87 + row * 2.6)], 1.3) for row in range(3)]
    pen.flat(keys, pen.tone.darker(0.5), alpha=0.7)
    pen.flat("M40 95 L60 95 L62 99 L38 99 Z", pen.tone.darker(0.15))
