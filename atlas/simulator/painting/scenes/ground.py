"""What landscapes share: the paleness of distance, mist, grass."""

from atlas.simulator.painting.colours import WHITE, Colour
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.shapes import (
    leaf,
    rectangle,
)
from atlas.simulator.painting.stage import Stage


def distant(stage: Stage, colour: Colour, nearness: float) -> Colour:
    """A colour seen through air: 0 is the horizon, 1 is here."""
    air = stage.light.sky[2].mix(stage.light.sky[1], 0.45)
    seen = air.mix(stage.light.on(colour), nearness)
    # Complementary palettes would turn to mud on the way: keep the land's own hue, take only the lightness of the air.
    return seen.mix(stage.light.on(colour).at(seen.l), 0.6) if stage.brief.palette else seen


def mist(stage: Stage, level: float, height: float, strength: float = 0.55) -> None:
    colour = stage.light.sky[2].mix(WHITE, 0.25)
    band = rectangle(0, level - height, stage.canvas.w, level + height)
    stage.canvas.fill(band, down(level - height, level + height, (colour, 0.0), (colour, strength), (colour, 0.0)))


def meadow_grass(stage: Stage, top: float, green: Colour) -> None:
    canvas, dice = stage.canvas, stage.dice.child("grass")
    for shade in (0.3, 0.12, 0.0):
        count = (90, 170, 300)[stage.detail]
        roots = zip(
            dice.spread(300, 0, canvas.w)[:count],
            dice.spread(300)[:count],
            dice.spread(300, -1, 1)[:count],
            strict=True,
        )
        blades = [
            leaf(
                (x, top + (canvas.h - top) * y),
                (x + lean * canvas.u * 1.4, top + (canvas.h - top) * y - canvas.u * (1.5 + 3.2 * y)),
                canvas.u * 0.22,
            )
            for x, y, lean in roots
        ]
        canvas.fill(blades, stage.light.on(green.darker(shade)), alpha=0.6)
