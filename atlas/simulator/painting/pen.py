"""The vocabulary subjects are drawn with: a box of 100 by 100 that stands anywhere in a picture."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from atlas.simulator.painting.canvas import Surface
from atlas.simulator.painting.colours import WHITE, Colour
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.light import Light
from atlas.simulator.painting.paints import Linear, Paint, Radial, Stop, stops
from atlas.simulator.painting.shapes import Outline, Point, Shape, Stroke, moved, path, points

Sketch = str | Shape | Sequence["str | Shape"]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where the box lies: its bottom centre and size in pixels, mirrored or tilted (degrees) around its middle."""

    x: float
    y: float
    size: float
    flip: bool = False
    tilt: float = 0.0

    @property
    def scale(self) -> float:
        return self.size / 100

    def place(self, outline: Outline) -> Outline:
        local = (outline - (50.0, 50.0)) * self.scale
        if self.flip:
            local = local * (-1.0, 1.0)
        turn = math.radians(self.tilt)
        turned = local @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
        return moved(turned, self.x, self.y - self.size / 2)

    def spot(self, point: Point) -> Point:
        x, y = self.place(np.array([point]))[0].tolist()
        return x, y


@dataclass(frozen=True, kw_only=True)
class Pen:
    """Draws in the box of its frame; colours are seen in the light of the picture."""

    surface: Surface
    frame: Frame
    light: Light
    dice: Dice
    tone: Colour
    trim: Colour
    cloth: Colour
    wears: tuple[str, ...] = ()
    detail: int = 1

    def body(self, sketch: Sketch, colour: Colour, *, depth: float = 6.0, contrast: float = 1.0) -> None:
        """A rounded body, lit from the side of the light."""
        self.surface.model(
            self._placed(sketch),
            self.light.gently_on(colour),
            towards=self.light.towards,
            depth=depth * self.frame.scale,
            contrast=contrast,
        )

    def flat(
        self, sketch: Sketch, paint: Paint, *, alpha: float = 1.0, within: Sketch | None = None, blur: float = 0.0
    ) -> None:
        """A plain area; gradients come from ``fade`` and ``orb``."""
        seen = self.light.gently_on(paint) if isinstance(paint, Colour) else paint
        inside = None if within is None else self._placed(within)
        self.surface.fill(self._placed(sketch), seen, alpha=alpha, within=inside, blur=blur * self.frame.scale)

    def line(
        self,
        course: str | Iterable[Sequence[float]],
        width: float,
        colour: Colour,
        *,
        alpha: float = 1.0,
        within: Sketch | None = None,
    ) -> None:
        self.flat(stroke(course, width), colour, alpha=alpha, within=within)

    def shine(self, sketch: Sketch, *, alpha: float = 0.6, within: Sketch | None = None, blur: float = 0.6) -> None:
        """A highlight."""
        inside = None if within is None else self._placed(within)
        self.surface.fill(self._placed(sketch), WHITE, alpha=alpha, within=inside, blur=blur * self.frame.scale)

    def shade(self, sketch: Sketch, *, alpha: float = 0.3, within: Sketch | None = None, blur: float = 2.0) -> None:
        """A soft shadow."""
        inside = None if within is None else self._placed(within)
        self.surface.fill(
            self._placed(sketch), self.light.shadow, alpha=alpha, within=inside, blur=blur * self.frame.scale
        )

    def emit(self, sketch: Sketch, colour: Colour, *, alpha: float = 1.0, blur: float = 0.0) -> None:
        """An area that shines by itself, whatever the light."""
        self.surface.fill(self._placed(sketch), colour, alpha=alpha, blur=blur * self.frame.scale)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        self.surface.glow(self.frame.spot((x, y)), radius * self.frame.scale, colour, strength)

    def fade(self, start: Point, end: Point, *colours: Colour | tuple[Colour, float]) -> Linear:
        """A gradient between two places of the box."""
        return Linear(start=self.frame.spot(start), end=self.frame.spot(end), stops=self._lit(stops(*colours)))

    def orb(self, centre: Point, radius: float, *colours: Colour | tuple[Colour, float]) -> Radial:
        return Radial(
            centre=self.frame.spot(centre), radius=radius * self.frame.scale, stops=self._lit(stops(*colours))
        )

    def inset(self, x: float, y: float, size: float, *, tone: Colour | None = None) -> "Pen":
        """A pen for a smaller box standing at x, y inside this one."""
        centre_x, base = self.frame.spot((x, y))
        frame = replace(self.frame, x=centre_x, y=base, size=size * self.frame.scale)
        return replace(self, frame=frame, tone=tone or self.tone)

    def _lit(self, steps: tuple[Stop, ...]) -> tuple[Stop, ...]:
        return tuple(replace(step, colour=self.light.gently_on(step.colour)) for step in steps)

    def _placed(self, sketch: Sketch) -> list[Shape]:
        if isinstance(sketch, (str, np.ndarray, Stroke)):
            return [self._one(sketch)]
        return [self._one(part) for part in sketch]

    def _one(self, sketch: str | Shape) -> Shape:
        if isinstance(sketch, Stroke):
            return Stroke(points=self.frame.place(sketch.points), width=sketch.width * self.frame.scale)
        return self.frame.place(path(sketch) if isinstance(sketch, str) else sketch)


def stroke(course: str | Iterable[Sequence[float]], width: float) -> Stroke:
    return Stroke(points=path(course) if isinstance(course, str) else points(course), width=width)
