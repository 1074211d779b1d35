"""The surface everything is drawn on: antialiased shapes, soft shapes, modelled bodies, glows and reflections."""

import math
from functools import lru_cache
from typing import Protocol

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from atlas.simulator.painting.colours import BLACK, Colour
from atlas.simulator.painting.paints import Box, Linear, Paint, down, rendered, stops
from atlas.simulator.painting.shapes import Point, Shape, Shapes, Stroke, listed

Size = tuple[int, int]


class Surface(Protocol):
    """What a subject needs to be drawn; a canvas shows it, a stencil only remembers where it was."""

    def fill(
        self, shapes: Shapes, paint: Paint, *, alpha: float = 1.0, within: Shapes | None = None, blur: float = 0.0
    ) -> None: ...

    def model(self, shapes: Shapes, colour: Colour, *, towards: Point, depth: float, contrast: float = 1.0) -> None: ...

    def glow(
        self, centre: Point, radius: float, colour: Colour, strength: float = 1.0, *, squash: float = 1.0
    ) -> None: ...


def bounds(shapes: list[Shape], margin: float, size: Size, *, beyond: int = 0) -> Box | None:
    """The pixels the shapes may touch, at most ``beyond`` outside the canvas; None when they lie elsewhere."""
    if not shapes:
        return None
    spots = np.concatenate([shape.points if isinstance(shape, Stroke) else shape for shape in shapes])
    reach = margin + max((shape.width / 2 for shape in shapes if isinstance(shape, Stroke)), default=0.0)
    low, high = spots.min(axis=0) - reach, spots.max(axis=0) + reach
    left, top = max(math.floor(low[0]), -beyond), max(math.floor(low[1]), -beyond)
    right, bottom = min(math.ceil(high[0]) + 1, size[0] + beyond), min(math.ceil(high[1]) + 1, size[1] + beyond)
    return (left, top, right, bottom) if right > left and bottom > top else None


def coverage(shapes: list[Shape], box: Box, *, blur: float = 0.0, alpha: float = 1.0) -> Image.Image:
    """How much of each pixel in the box the shapes cover; soft shapes are drawn small, hard ones large and shrunk."""
    width, height = box[2] - box[0], box[3] - box[1]
    area = width * height
    scale = 1 / max(int(blur / 2), 1) if blur > 0 else 4 if area < 15_000 else 3 if area < 150_000 else 2
    drawn = Image.new("L", (math.ceil(width * scale), math.ceil(height * scale)))
    pencil = ImageDraw.Draw(drawn)
    for shape in shapes:
        _trace(pencil, shape, box, scale, round(255 * alpha))
    if blur <= 0:
        return drawn.reduce(round(scale))
    soft = drawn.filter(ImageFilter.GaussianBlur(blur * scale))
    return soft if scale == 1 else soft.resize((width, height), Image.Resampling.BILINEAR)


def _trace(pencil: ImageDraw.ImageDraw, shape: Shape, box: Box, scale: float, ink: int) -> None:
    outline = shape.points if isinstance(shape, Stroke) else shape
    moved = (outline - (box[0], box[1])) * scale
    if not isinstance(shape, Stroke):
        pencil.polygon(moved.ravel().tolist(), fill=ink)
        return
    spots = list(map(tuple, moved.tolist()))
    width = max(shape.width * scale, 1.0)
    pencil.line(spots, fill=ink, width=round(width), joint="curve")
    if width > 3:
        for x, y in (spots[0], spots[-1]):
            pencil.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)


def softened(mask: Image.Image, radius: float) -> Image.Image:
    """A blurred mask; wide blurs are made small first, because nobody sees the difference."""
    fold = max(int(radius / 2.5), 1)
    if fold == 1:
        return mask.filter(ImageFilter.GaussianBlur(radius))
    return (
        mask.reduce(fold).filter(ImageFilter.GaussianBlur(radius / fold)).resize(mask.size, Image.Resampling.BILINEAR)
    )


def shifted(mask: Image.Image, dx: float, dy: float) -> Image.Image:
    moved = Image.new("L", mask.size)
    moved.paste(mask, (round(dx), round(dy)))
    return moved


@lru_cache(maxsize=1024)
def dimmed(alpha: float) -> list[int]:
    """A table that multiplies a mask."""
    return [round(step * alpha) for step in range(256)]


@lru_cache(maxsize=1)
def _falloff() -> Image.Image:
    """Light fading from a point, 0 at the rim."""
    line = np.linspace(-1, 1, 128)
    reach = np.clip(1 - np.hypot(line[None], line[:, None]), 0, 1)
    return Image.fromarray(np.asarray(reach**2.2 * 255, dtype=np.uint8), "L")


class Canvas:
    """An RGB picture in pixels; ``u`` is a hundredth of its geometric size, the unit for strokes and blurs."""

    def __init__(self, size: Size, ground: Colour = BLACK) -> None:
        self.image = Image.new("RGB", size, ground.rgb)
        self.w, self.h = float(size[0]), float(size[1])
        self.u = math.sqrt(self.w * self.h) / 100

    def fill(
        self, shapes: Shapes, paint: Paint, *, alpha: float = 1.0, within: Shapes | None = None, blur: float = 0.0
    ) -> None:
        """Fill the union of the shapes, softly when ``blur`` (pixels) is given, only inside ``within``."""
        drawn = listed(shapes)
        box = bounds(drawn, blur * 2.5, self.image.size)
        if box is None:
            return
        mask = coverage(drawn, box, blur=blur, alpha=alpha)
        if within is not None:
            mask = ImageChops.multiply(mask, coverage(listed(within), box))
        self._lay(mask, box, paint)

    def wash(self, paint: Paint, *, alpha: float = 1.0, mask: Image.Image | None = None) -> None:
        """Paint over everything, or over everything a mask of the picture's size lets through."""
        box = (0, 0, *self.image.size) if mask is None else mask.getbbox()
        if box is not None:
            full = Image.new("L", self.image.size, round(255 * alpha))
            self._lay(full if mask is None else mask.crop(box).point(dimmed(alpha)), box, paint)

    def model(self, shapes: Shapes, colour: Colour, *, towards: Point, depth: float, contrast: float = 1.0) -> None:
        """Fill a body and round it: lit on the side towards the light, shaded on the other, ``depth`` pixels deep."""
        drawn = listed(shapes)
        margin = math.ceil(depth * 1.5) + 1
        box, wide = bounds(drawn, 0, self.image.size), bounds(drawn, margin, self.image.size, beyond=margin)
        if box is None or wide is None:
            return
        # The margin reaches beyond the canvas, so that a body cut by its edge is not lit along the cut.
        mask = coverage(drawn, wide)
        soft = softened(mask, max(depth * 0.6, 0.5))
        dx, dy = towards[0] * depth, towards[1] * depth
        inner = (box[0] - wide[0], box[1] - wide[1], box[2] - wide[0], box[3] - wide[1])
        shade = ImageChops.subtract(mask, shifted(soft, dx, dy), scale=1 / (0.55 * contrast)).crop(inner)
        light = ImageChops.subtract(mask, shifted(soft, -dx, -dy), scale=1 / (0.5 * contrast)).crop(inner)
        self._lay(mask.crop(inner), box, self._slope(box, colour, towards, contrast))
        self._lay(shade, box, colour.darker(0.55).turned(-8))
        self._lay(light, box, colour.lighter(0.7))

    @staticmethod
    def _slope(box: Box, colour: Colour, towards: Point, contrast: float) -> Linear:
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        reach = max(box[2] - box[0], box[3] - box[1]) / 2
        start = (middle[0] + towards[0] * reach, middle[1] + towards[1] * reach)
        end = (middle[0] - towards[0] * reach, middle[1] - towards[1] * reach)
        lit, shaded = colour.lighter(0.14 * contrast), colour.darker(0.2 * contrast)
        return Linear(start=start, end=end, stops=stops(lit, colour, colour, shaded))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0, *, squash: float = 1.0) -> None:
        """Add light around a point."""
        disc = np.array(
            [[centre[0] - radius, centre[1] - radius * squash], [centre[0] + radius, centre[1] + radius * squash]]
        )
        box = bounds([disc], 0, self.image.size)
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        scale = 127 / (2 * radius)
        region = tuple(
            float(np.clip(edge, 0, 127))
            for edge in (
                (box[0] - disc[0, 0]) * scale,
                (box[1] - disc[0, 1]) * scale / squash,
                (box[2] - disc[0, 0]) * scale,
                (box[3] - disc[0, 1]) * scale / squash,
            )
        )
        bands = [_falloff().point(dimmed(round(band * strength / 255, 3))) for band in colour.rgb]
        light = Image.merge("RGB", bands).resize(
            size, Image.Resampling.BILINEAR, box=(region[0], region[1], region[2], region[3])
        )
        self.image.paste(ImageChops.screen(self.image.crop(box), light), box)

    def reflect(
        self, level: float, *, depth: float, strength: float, mask: Image.Image | None = None, blur: float = 0.0
    ) -> None:
        """Mirror what stands above a level into the ``depth`` pixels below it, fading downwards."""
        top, reach = round(level), round(min(depth, self.h - level, level))
        if reach < 2:
            return
        above = (0, top - reach, self.image.width, top)
        below = (0, top, self.image.width, top + reach)
        mirror = self.image.crop(above).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        if blur > 0:
            mirror = mirror.filter(ImageFilter.GaussianBlur(blur))
        _, fade = rendered(down(top, top + reach, (BLACK, strength), (BLACK, 0.0)), below)
        if mask is not None and fade is not None:
            fade = ImageChops.multiply(fade, mask.crop(above).transpose(Image.Transpose.FLIP_TOP_BOTTOM))
        self.image.paste(mirror, below, fade)

    def _lay(self, mask: Image.Image, box: Box, paint: Paint) -> None:
        if isinstance(paint, Colour):
            self.image.paste(paint.rgb, box, mask)
            return
        picture, opacity = rendered(paint, box)
        self.image.paste(picture, box, mask if opacity is None else ImageChops.multiply(mask, opacity))


class Stencil:
    """A surface that keeps only where things were drawn, for shadows and reflections."""

    def __init__(self, size: Size) -> None:
        self.mask = Image.new("L", size)

    def fill(
        self, shapes: Shapes, paint: Paint, *, alpha: float = 1.0, within: Shapes | None = None, blur: float = 0.0
    ) -> None:
        """Remember a shape, unless it is only a soft or faint touch on another."""
        if blur > 0 or alpha < 0.4 or within is not None or not isinstance(paint, Colour | Linear):
            return
        self._keep(listed(shapes))

    def model(self, shapes: Shapes, _colour: Colour, *, towards: Point, depth: float, contrast: float = 1.0) -> None:
        del towards, depth, contrast
        self._keep(listed(shapes))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0, *, squash: float = 1.0) -> None:
        """Light leaves no silhouette."""

    def _keep(self, shapes: list[Shape]) -> None:
        box = bounds(shapes, 0, self.mask.size)
        if box is not None:
            self.mask.paste(255, box, coverage(shapes, box))
