"""What a shape is filled with: a colour, or a gradient mixed in OKLab whose stops may be see-through."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from atlas.simulator.painting.colours import Colour, rgb_of_lab
from atlas.simulator.painting.shapes import Point

Box = tuple[int, int, int, int]
COARSEST = 96


@dataclass(frozen=True, kw_only=True)
class Stop:
    at: float
    colour: Colour
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Linear:
    start: Point
    end: Point
    stops: tuple[Stop, ...]

    def shares(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far along the gradient each crossing of the columns x and rows y lies."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = max(dx * dx + dy * dy, 1e-9)
        return ((x - self.start[0]) * dx)[None, :] / length + ((y - self.start[1]) * dy)[:, None] / length


@dataclass(frozen=True, kw_only=True)
class Radial:
    centre: Point
    radius: float
    stops: tuple[Stop, ...]
    squash: float = 1.0

    def shares(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far from the centre each crossing of the columns x and rows y lies."""
        across, down = (x - self.centre[0])[None, :], (y - self.centre[1])[:, None] / self.squash
        return np.asarray(np.sqrt(across**2 + down**2) / max(self.radius, 1e-6))


Paint = Colour | Linear | Radial


def stops(*colours: Colour | tuple[Colour, float]) -> tuple[Stop, ...]:
    """Evenly spaced stops; a pair is a colour with its opacity."""
    last = max(len(colours) - 1, 1)
    pairs = [(colour, 1.0) if isinstance(colour, Colour) else colour for colour in colours]
    return tuple(Stop(at=place / last, colour=colour, opacity=opacity) for place, (colour, opacity) in enumerate(pairs))


def down(top: float, bottom: float, *colours: Colour | tuple[Colour, float]) -> Linear:
    """A gradient from one height to another."""
    return Linear(start=(0.0, top), end=(0.0, bottom), stops=stops(*colours))


def across(left: float, right: float, *colours: Colour | tuple[Colour, float]) -> Linear:
    return Linear(start=(left, 0.0), end=(right, 0.0), stops=stops(*colours))


@lru_cache(maxsize=512)
def _ladder(steps: tuple[Stop, ...]) -> NDArray[np.uint8]:
    """256 RGBA rungs from the first stop to the last."""
    places = [stop.at for stop in steps]
    rungs = np.linspace(0.0, 1.0, 256)
    channels = np.array([[*stop.colour, stop.opacity] for stop in steps])
    mixed = np.stack([np.interp(rungs, places, channels[:, channel]) for channel in range(4)], axis=1)
    return np.column_stack([rgb_of_lab(mixed[:, :3]), np.round(mixed[:, 3] * 255).astype(np.uint8)])


def rendered(paint: Linear | Radial, box: Box) -> tuple[Image.Image | tuple[int, ...], Image.Image | None]:
    """The gradient inside the box and its opacity (None where nothing shows through), computed coarsely."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    columns, rows = min(size[0], COARSEST), min(size[1], COARSEST)
    x = left + (np.arange(columns) + 0.5) * size[0] / columns
    y = top + (np.arange(rows) + 0.5) * size[1] / rows
    rungs = np.clip(paint.shares(x, y) * 255, 0, 255).astype(np.uint8)
    ladder = _ladder(paint.stops)
    see_through = any(stop.opacity < 1 for stop in paint.stops)
    opacity = _enlarged(ladder[:, 3][rungs], size) if see_through else None
    if len({stop.colour for stop in paint.stops}) == 1:
        return paint.stops[0].colour.rgb, opacity
    return _enlarged(ladder[:, :3][rungs], size), opacity


def _enlarged(coarse: NDArray[np.uint8], size: tuple[int, int]) -> Image.Image:
    small = Image.fromarray(np.ascontiguousarray(coarse))
    return small if small.size == size else small.resize(size, Image.Resampling.BILINEAR)
