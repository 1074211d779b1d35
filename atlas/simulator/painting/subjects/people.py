"""Persons, portraits and robots."""

from atlas.simulator.painting.colours import WHITE, Colour, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, path, rectangle, smooth
from atlas.simulator.painting.subjects.attire import glasses, hat, helmet, life_support
from atlas.simulator.painting.subjects.fashion import umbrella
from atlas.simulator.painting.subjects.registry import subject

# Skin with hair.
LOOKS = (
    ("#f0c4a0", "#5a3420"),
    ("#dba477", "#2a1d1a"),
    ("#a86b45", "#1c1a20"),
    ("#7d4d33", "#1c1518"),
    ("#f5d3b8", "#a8642f"),
    ("#e8b48c", "#2a1d1a"),
)


@subject("person", tones="#d9573f #2f6f8f #e0b13c #4f7f5a #7a5a9a", home="field", width=0.4, size=1.0)
def person(pen: Pen) -> None:
    skin, hair = map(hexed, pen.dice.pick(LOOKS))
    suited = "spacesuit" in pen.wears
    coat = pen.cloth if {"coat", "top", "spacesuit"} & set(pen.wears) else pen.tone
    trousers = coat if suited else hexed("#34405a")
    pen.body(["M42 60 L49.5 60 L48 97 L41 97 Z", "M50.5 60 L58 60 L60 97 L53 97 Z"], trousers, depth=2.5)
    pen.body(
        ["M38 100 C38 95 44 94 48.5 95 L48.5 100 Z", "M62.5 100 C62.5 95 57 94 52.5 95 L52.5 100 Z"],
        hexed("#2a2528"),
        depth=1,
    )
    pen.body(
        [stroke("M38 34 C33 44 33 52 34 60", 6), stroke("M62 34 C67 44 67 52 66 60", 6)], coat.darker(0.08), depth=2
    )
    pen.body([ellipse(34, 62, 2.8), ellipse(66, 62, 2.8)], skin, depth=1)
    pen.body("M37 33 C40 27 60 27 63 33 L64 66 C56 69 44 69 36 66 Z", coat, depth=5)
    pen.body(rectangle(46.5, 22, 53.5, 31, 2), skin.darker(0.1), depth=2)
    pen.body(ellipse(50, 15, 8.4, 9.6), skin, depth=4)
    if "back" in pen.wears:
        pen.body("M41 17 C39 1 61 1 59 17 C59 24 55 26 50 26 C45 26 41 24 41 17 Z", hair, depth=3)
    else:
        pen.body("M41 17 C39 2 61 2 59 17 C58 11 54 9 50 9.5 C46 9 42 11 41 17 Z", hair, depth=2)
    if suited:
        life_support(pen.inset(50, 78, 62))
        helmet(pen, 50, 15, 14)
    if "hat" in pen.wears:
        hat(pen, 50, 9, 20)
    if "umbrella" in pen.wears:
        umbrella(pen.inset(61, 54, 84, tone=pen.cloth))


@subject("portrait", tones="#c95a45 #3f6f8f #d9a83c #4a7a63 #7d5a94", home="portrait", width=1.0, size=1.0)
def portrait(pen: Pen) -> None:
    skin, hair = map(hexed, pen.dice.pick(LOOKS))
    cloth = pen.cloth if pen.wears else pen.tone
    hooded = "coat" in pen.wears
    if hooded:
        pen.body(
            "M50 3 C82 3 88 34 84 58 C80 70 74 76 66 80 L34 80 C26 76 20 70 16 58 C12 34 18 3 50 3 Z", cloth, depth=9
        )
        pen.flat(
            "M50 11 C74 11 79 36 75 56 C71 68 64 74 50 74 C36 74 29 68 25 56 C21 36 26 11 50 11 Z", cloth.darker(0.5)
        )
    else:
        pen.body(
            "M50 7 C76 7 78 32 76 50 C76 64 82 74 78 84 L22 84 C18 74 24 64 24 50 C22 32 24 7 50 7 Z", hair, depth=7
        )
    _shoulders(pen, cloth, skin)
    _head(pen, skin, hair)
    if hooded:
        _raincoat_front(pen, cloth)
    if "glasses" in pen.wears:
        glasses(pen, 41.5, 58.5, 41, 6.4)
    if "hat" in pen.wears:
        hat(pen, 50, 23, 56)
    if "scarf" in pen.wears:
        pen.body(smooth([(34, 68), (50, 74), (66, 68), (68, 78), (50, 84), (32, 78)]), pen.cloth, depth=4)


def _shoulders(pen: Pen, cloth: Colour, skin: Colour) -> None:
    pen.body("M0 101 C2 84 18 78 36 74 L64 74 C82 78 98 84 100 101 Z", cloth, depth=9)
    pen.body("M42 58 L58 58 L59 74 C56 81 44 81 41 74 Z", skin.darker(0.12), depth=4)
    pen.shade("M41 62 C46 68 54 68 59 62 L59 72 L41 72 Z", alpha=0.35, within="M42 58 L58 58 L59 76 L41 76 Z")


def _head(pen: Pen, skin: Colour, hair: Colour) -> None:
    face = path("M50 16 C64 16 69 27 68 40 C67 54 59 66 50 67 C41 66 33 54 32 40 C31 27 36 16 50 16 Z")
    pen.body(face, skin, depth=8, contrast=0.9)
    pen.flat([ellipse(38, 51, 5.5, 4), ellipse(62, 51, 5.5, 4)], hexed("#e0685c"), alpha=0.35, within=face, blur=2)
    for x in (41.5, 58.5):
        almond = f"M{x - 4.6} 42.4 C{x - 2} 39.4 {x + 2} 39.4 {x + 4.6} 42 C{x + 2} 44.4 {x - 2} 44.6 {x - 4.6} 42.4 Z"
        pen.flat(ellipse(x, 39.6, 5.4, 2.6), skin.darker(0.22), alpha=0.5, within=face, blur=0.8)
        pen.flat(almond, hexed("#fbf6f0"))
        pen.flat(ellipse(x, 41.7, 2.5), hexed("#4a3222"), within=almond)
        pen.flat(ellipse(x, 41.7, 1.2), hexed("#17100e"), within=almond)
        pen.shine(ellipse(x - 0.8, 40.9, 0.6), alpha=1, blur=0.1)
        pen.line(f"M{x - 5} 42.4 C{x - 2} 38.8 {x + 2} 38.8 {x + 5} 41.6", 1.1, hair.darker(0.4))
        pen.line(f"M{x - 5.2} 36.4 C{x - 2} 34 {x + 2} 34 {x + 5.2} 35.8", 1.1, hair.darker(0.1), alpha=0.9)
    side = 1 if pen.light.towards[0] < 0 else -1
    pen.shade(
        f"M50 40 C{50 + side * 1.5} 46 {50 + side * 5} 51 {50 + side * 3.4} 52.6 C{50 + side} 53.6 50 53 50 52 Z",
        alpha=0.3,
        within=face,
        blur=0.5,
    )
    pen.flat([ellipse(48.6, 52.4, 0.7, 0.45), ellipse(51.4, 52.4, 0.7, 0.45)], skin.darker(0.5), alpha=0.7)
    pen.flat(
        "M44.4 57.4 C47 55.9 49 56.3 50 56.9 C51 56.3 53 55.9 55.6 57.4 C53.6 60.8 46.4 60.8 44.4 57.4 Z",
        hexed("#c2505a"),
    )
    pen.line("M43.6 56.9 C47 58.6 53 58.6 56.4 56.9", 0.5, hexed("#7a2a34"))
    pen.shine("M47 59 C49 59.7 51 59.7 53 59 C51 60.4 49 60.4 47 59 Z", alpha=0.4, blur=0.2)
    pen.body("M31 42 C29 20 40 12 51 13 C64 13 71 22 69 42 C67 32 62 27 54 24 C46 30 35 30 31 42 Z", hair, depth=4)
    locks = [
        stroke(course, 0.7)
        for course in ("M52 15 C42 19 35 26 33 36", "M55 15 C64 18 68 26 68 36", "M50 16 C44 22 38 26 35 32")
    ]
    pen.flat(locks, hair.lighter(0.3), alpha=0.5)


def _raincoat_front(pen: Pen, cloth: Colour) -> None:
    pen.body("M25 62 C30 74 40 80 49 82 L49 101 L10 101 C12 84 18 72 25 62 Z", cloth, depth=5)
    pen.body("M75 62 C70 74 60 80 51 82 L51 101 L90 101 C88 84 82 72 75 62 Z", cloth.darker(0.05), depth=5)
    pen.flat([ellipse(54.5, y, 1.2) for y in (87, 95)], cloth.darker(0.5))
    pen.flat([stroke("M42 79 L41 93", 0.9), stroke("M60 79 L61 92", 0.9)], WHITE, alpha=0.9)
    drops = [
        ellipse(x, y, 0.7, 1.1) for x, y in zip(pen.dice.spread(26, 18, 82), pen.dice.spread(26, 6, 98), strict=True)
    ]
    pen.flat(
        drops,
        WHITE,
        alpha=0.65,
        within=[
            "M50 3 C82 3 88 34 84 58 L75 56 C79 36 74 11 50 11 C26 11 21 36 25 56 L16 58 C12 34 18 3 50 3 Z",
            "M25 62 L49 82 L51 82 L75 62 L90 101 L10 101 Z",
        ],
    )


@subject("robot", tones="#8fb0c0 #e0d6c4 #e0703f #5f6f8f #d9b13c", home="studio", width=0.75, size=1.0)
def robot(pen: Pen) -> None:
    steel = pen.tone.darker(0.3)
    pen.body(
        [
            stroke("M40 80 L38 96", 6),
            stroke("M60 80 L62 96", 6),
            stroke("M27 52 C18 58 18 66 21 74", 5),
            stroke("M73 52 C82 58 82 66 79 74", 5),
        ],
        steel,
        depth=2,
    )
    pen.body(
        [rectangle(29, 93, 46, 100, 3), rectangle(54, 93, 71, 100, 3), ellipse(21, 76, 5), ellipse(79, 76, 5)],
        pen.tone,
        depth=3,
    )
    pen.body(rectangle(28, 46, 72, 84, 9), pen.tone, depth=8)
    pen.flat(rectangle(37, 56, 63, 72, 3), hexed("#22303a"))
    pen.emit(
        [rectangle(40 + step * 4.2, 68 - level, 42.6 + step * 4.2, 69) for step, level in enumerate((3, 7, 5, 9, 4))],
        hexed("#6ff0d0"),
    )
    pen.line("M50 20 L50 8", 1.8, steel)
    pen.emit(ellipse(50, 7, 3), hexed("#ff6a4d"))
    pen.glow(50, 7, 12, hexed("#ff6a4d"), 0.6)
    pen.body([rectangle(22, 26, 30, 38, 2), rectangle(70, 26, 78, 38, 2)], steel, depth=2)
    head = rectangle(26, 16, 74, 46, 10)
    pen.body(head, pen.tone.lighter(0.1), depth=8)
    pen.flat(rectangle(32, 22, 68, 40, 8), hexed("#1b2430"))
    pen.emit([ellipse(42, 31, 4), ellipse(58, 31, 4)], hexed("#7ff5ff"))
    pen.glow(50, 31, 22, hexed("#4fd8e8"), 0.5)
    pen.shine("M33 24 L46 22 L38 40 L33 38 Z", alpha=0.16)
