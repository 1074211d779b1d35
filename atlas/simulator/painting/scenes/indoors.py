"""Tables and rooms: window light, walls, small things that make a home."""

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.paints import Linear, down, stops
from atlas.simulator.painting.pen import Frame
from atlas.simulator.painting.scenes import surfaces
from atlas.simulator.painting.shapes import ellipse, points, rectangle
from atlas.simulator.painting.stage import Setting, Stage, scene


def wall_colour(stage: Stage, base: str) -> Colour:
    own = (
        stage.brief.bound.get("scene:wall")
        or stage.brief.bound.get("background")
        or stage.brief.bound.get("scene:room")
    )
    if own is None and stage.brief.palette:
        own = max(stage.brief.palette, key=lambda colour: colour.l)
    return stage.light.gently_on(own or stage.hue("wall", base))


def plaster(stage: Stage, colour: Colour) -> None:
    canvas, side = stage.canvas, stage.light.towards[0]
    start, end = ((0.0, 0.0), (canvas.w, canvas.h)) if side < 0 else ((canvas.w, 0.0), (0.0, canvas.h))
    canvas.wash(Linear(start=start, end=end, stops=stops(colour.lighter(0.45), colour, colour.darker(0.17))))


def _window(stage: Stage, x: float, top: float, wide: float, tall: float) -> None:
    """A window with a blurred garden, and the light it throws."""
    canvas, light, dice = stage.canvas, stage.light, stage.dice.child("window")
    pane = rectangle(x, top, x + wide, top + tall)
    canvas.fill(
        rectangle(x - canvas.u * 2, top - canvas.u * 2, x + wide + canvas.u * 2, top + tall + canvas.u * 2),
        light.on(hexed("#f4ede0")),
    )
    canvas.fill(pane, down(top, top + tall, light.sky[1], light.sky[2].lighter(0.25)))
    green = light.on(hexed("#7f9f6a"))
    for step in range(9):
        spot = (x + dice.between(0, 1) * wide, top + tall * dice.between(0.55, 1.05))
        canvas.fill(
            ellipse(*spot, canvas.u * dice.between(3, 7)),
            green.lighter(0.1 * (step % 4)),
            alpha=0.6,
            within=pane,
            blur=canvas.u * 1.5,
        )
    if light.dark:
        for spot in zip(dice.spread(12, x, x + wide), dice.spread(12, top + tall * 0.4, top + tall), strict=True):
            canvas.fill(ellipse(*spot, canvas.u * 1.1), hexed("#ffcf85"), alpha=0.55, within=pane, blur=canvas.u * 0.4)
    bar = light.on(hexed("#f4ede0")).darker(0.04)
    canvas.fill(
        [
            rectangle(x + wide / 2 - canvas.u * 0.6, top, x + wide / 2 + canvas.u * 0.6, top + tall),
            rectangle(x, top + tall * 0.42, x + wide, top + tall * 0.42 + canvas.u),
        ],
        bar,
    )
    canvas.fill(
        rectangle(x - canvas.u * 3, top + tall, x + wide + canvas.u * 3, top + tall + canvas.u * 2.6), bar.darker(0.1)
    )
    canvas.glow((x + wide / 2, top + tall / 2), canvas.u * 55, light.glow if not light.dark else hexed("#31407a"), 0.4)


def _shafts(stage: Stage, x: float, top: float, wide: float) -> None:
    """Parallel beams slanting down from a window."""
    canvas, light = stage.canvas, stage.light
    slant = -light.towards[0] * canvas.w * 0.5
    reach = canvas.h * 0.95
    beams = [
        points(
            [
                (x + wide * a, top),
                (x + wide * b, top),
                (x + wide * b + slant * 1.2, reach),
                (x + wide * a + slant, reach),
            ]
        )
        for a, b in ((0.02, 0.45), (0.55, 0.98))
    ]
    canvas.fill(beams, down(top, reach, (light.glow, 0.3), (light.glow, 0.05)), blur=canvas.u * 1.4)


@scene("table")
def table(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("table")
    top = canvas.h * dice.between(0.6, 0.67)
    plaster(stage, wall_colour(stage, "#d9c5a8"))
    left = stage.light.towards[0] < 0
    wide, tall = canvas.u * dice.between(34, 42), top * 0.72
    x = canvas.w * 0.06 if left else canvas.w * 0.94 - wide
    _window(stage, x, top * 0.08, wide, tall)
    if dice.chance(0.6) and stage.detail:
        stage.furnish("plant", Frame(x=canvas.w * (0.86 if left else 0.14), y=top + canvas.u * 2, size=canvas.u * 34))
    gloss = surfaces.lay(stage, surfaces.named(stage) or "wood", top)
    centre = canvas.w * (dice.pick((0.5, 0.58, 0.64)) if left else dice.pick((0.36, 0.42, 0.5)))
    if not stage.light.dark:
        _shafts(stage, x, top * 0.08, wide)
        _light_on_table(stage, top, left)
    _laid(stage, centre, top)
    return Setting(
        floor=top + (canvas.h - top) * 0.55, centre=centre, height=min(canvas.h * 0.62, canvas.w * 0.66), gloss=gloss
    )


def _light_on_table(stage: Stage, top: float, left: bool) -> None:
    canvas = stage.canvas
    patch = points([(0.12, 0.05), (0.34, 0.05), (0.62, 0.95), (0.24, 0.95)])
    both = [patch, points([(0.4, 0.05), (0.62, 0.05), (1.05, 0.95), (0.7, 0.95)])]
    placed = [(shape if left else shape * (-1, 1) + (1, 0)) * (canvas.w, canvas.h - top) + (0, top) for shape in both]
    canvas.fill(placed, stage.light.glow, alpha=0.26, blur=canvas.u * 0.9)


def _laid(stage: Stage, centre: float, top: float) -> None:
    """A second, smaller thing on the table, behind the hero and away from it."""
    canvas, dice = stage.canvas, stage.dice.child("laid")
    own = {thing.kind for thing in stage.brief.things}
    others = [kind for kind in ("book", "apple", "lemon", "orange") if kind not in own]
    if stage.detail == 0 or stage.asks("minimal") or len(stage.brief.things) > 1:
        return
    side = -1 if centre > canvas.w / 2 else 1
    kind = dice.pick(others)
    size = canvas.u * (24 if kind == "book" else 11)
    x, y = centre + side * canvas.u * 31, top + (canvas.h - top) * 0.34
    canvas.fill(
        ellipse(x - stage.light.towards[0] * size * 0.15, y, size * 0.5, size * 0.08),
        stage.light.shadow,
        alpha=0.5,
        blur=size * 0.05,
    )
    stage.furnish(kind, Frame(x=x, y=y, size=size))


@scene("room")
def room(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("room")
    top = canvas.h * dice.between(0.68, 0.74)
    plaster(stage, wall_colour(stage, dice.pick(("#c9d3c0", "#e3c9b0", "#b9c7d3", "#d9b8a8"))))
    left = stage.light.towards[0] < 0
    _window(stage, canvas.w * (0.08 if left else 0.62), canvas.h * 0.1, canvas.w * 0.3, top * 0.56)
    if not stage.asks("minimal"):
        _picture(stage, canvas.w * (0.76 if left else 0.24), canvas.h * 0.27)
    floor = stage.light.on(stage.hue("floor", "#a9764a"))
    canvas.fill(rectangle(0, top, canvas.w, canvas.h), down(top, canvas.h, floor.darker(0.15), floor.lighter(0.08)))
    canvas.fill(rectangle(0, top - canvas.u * 2.4, canvas.w, top), stage.light.on(hexed("#f3ece0")), alpha=0.85)
    centre = canvas.w * dice.pick((0.42, 0.5, 0.6))
    rug = stage.light.on(hexed(dice.pick(("#b5533c", "#3f6f78", "#d9a95a"))))
    canvas.fill(ellipse(centre, top + (canvas.h - top) * 0.55, canvas.u * 40, canvas.u * 8), rug)
    canvas.fill(ellipse(centre, top + (canvas.h - top) * 0.55, canvas.u * 34, canvas.u * 6.4), rug.lighter(0.3))
    if not stage.asks("minimal"):
        stage.furnish("plant", Frame(x=canvas.w * (0.92 if left else 0.08), y=top + canvas.u * 5, size=canvas.u * 40))
    if not stage.light.dark:
        _shafts(stage, canvas.w * (0.08 if left else 0.62), canvas.h * 0.1, canvas.w * 0.3)
    else:
        stage.furnish("lamp", Frame(x=canvas.w * (0.8 if left else 0.2), y=top + canvas.u * 4, size=canvas.u * 40))
    return Setting(floor=top + (canvas.h - top) * 0.6, centre=centre, height=min(canvas.h * 0.54, canvas.w * 0.7))


def _picture(stage: Stage, x: float, y: float) -> None:
    canvas, dice = stage.canvas, stage.dice.child("picture")
    wide, tall = canvas.u * 11, canvas.u * 14
    frame = rectangle(x - wide, y - tall, x + wide, y + tall)
    canvas.fill(frame + canvas.u * 0.9, stage.light.shadow, alpha=0.35, blur=canvas.u * 0.9)
    canvas.fill(frame, stage.light.on(hexed("#7a5233")))
    sheet = rectangle(x - wide * 0.88, y - tall * 0.9, x + wide * 0.88, y + tall * 0.9)
    canvas.fill(sheet, stage.light.on(hexed("#f5eee0")))
    canvas.fill(
        ellipse(x + wide * 0.2, y - tall * 0.3, wide * 0.36),
        stage.light.on(hexed(dice.pick(("#e0703f", "#e0b13c", "#c9505f")))),
    )
    hill = points(
        [
            (x - wide, y + tall),
            (x - wide, y + tall * 0.2),
            (x, y - tall * 0.05),
            (x + wide, y + tall * 0.35),
            (x + wide, y + tall),
        ]
    )
    canvas.fill(hill, stage.light.on(hexed(dice.pick(("#3f6f63", "#35506f", "#8a5a4a")))), within=sheet)
