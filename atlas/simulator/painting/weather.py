"""What falls through the picture: rain, snow, mist, leaves."""

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.shapes import Stroke, ellipse, leaf, points, rectangle, speck
from atlas.simulator.painting.stage import Stage


def fall(stage: Stage) -> None:
    """Everything the brief's weather lets fall."""
    for kind, draw in (("fog", _fog), ("rain", _rain), ("snow", _snow), ("leaves", _leaves)):
        if kind in stage.brief.weather:
            draw(stage)


def _fog(stage: Stage) -> None:
    canvas, pale = stage.canvas, stage.light.sky[2].mix(stage.light.sky[1], 0.4).lighter(0.25)
    canvas.fill(rectangle(0, 0, canvas.w, canvas.h), down(0, canvas.h, (pale, 0.25), (pale, 0.5), (pale, 0.35)))
    for place, level in enumerate((0.45, 0.62, 0.8)):
        dice = stage.dice.child("fog", place)
        drifts = [
            ellipse(
                dice.between(0, 1) * canvas.w,
                canvas.h * level + dice.between(-3, 3) * canvas.u,
                canvas.u * dice.between(22, 46),
                canvas.u * dice.between(2, 5),
            )
            for _ in range(4)
        ]
        canvas.fill(drifts, pale.lighter(0.3), alpha=0.4, blur=canvas.u * 3)


def _rain(stage: Stage) -> None:
    canvas = stage.canvas
    colour = stage.light.sky[2].lighter(0.55)
    for near, count, alpha in ((0.5, 170, 0.34), (1.0, 110, 0.5), (1.8, 34, 0.42)):
        dice = stage.dice.child("rain", near)
        heads = zip(dice.spread(count, -0.05, 1.1) * canvas.w, dice.spread(count, -0.1, 1.0) * canvas.h, strict=True)
        drops = [
            Stroke(
                points=points([(x, y), (x - canvas.u * 0.9 * near, y + canvas.u * 4.6 * near)]),
                width=max(canvas.u * 0.11 * near, 0.7),
            )
            for x, y in heads
        ]
        canvas.fill(drops, colour, alpha=alpha)


def _snow(stage: Stage) -> None:
    canvas = stage.canvas
    for near, count, alpha in ((0.16, 220, 0.75), (0.32, 90, 0.85), (0.75, 20, 0.55)):
        dice = stage.dice.child("snow", near)
        spots = zip(dice.spread(count, 0, canvas.w), dice.spread(count, 0, canvas.h), strict=True)
        canvas.fill(
            [speck(x, y, canvas.u * near) for x, y in spots],
            WHITE,
            alpha=alpha,
            blur=canvas.u * 0.2 if near > 0.5 else 0,
        )


def _leaves(stage: Stage) -> None:
    canvas = stage.canvas
    for colour in ("#e0703f", "#d9a03c", "#b5432f"):
        dice = stage.dice.child("falling", colour)
        shapes = []
        for x, y in zip(dice.spread(12, 0, canvas.w), dice.spread(12, 0, canvas.h), strict=True):
            size = canvas.u * dice.between(1.2, 2.8)
            shapes.append(leaf((x, y), (x + size * dice.between(-1, 1), y + size), size * 0.6))
        canvas.model(shapes, stage.light.on(hexed(colour)), towards=stage.light.towards, depth=canvas.u * 0.4)
