"""Outlines as arrays of points: SVG-like paths, smooth curves, ellipses, ridges, leaves."""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atlas.simulator.painting.dice import Dice

Point = tuple[float, float]
Outline = NDArray[np.float64]

TOKEN = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")
CURVE_STEPS = np.linspace(0.0, 1.0, 25)[1:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stroke:
    """A line with round ends and joints."""

    points: Outline
    width: float


Shape = Outline | Stroke
Shapes = Shape | Sequence[Shape]


def listed(shapes: Shapes) -> list[Shape]:
    return [shapes] if isinstance(shapes, (np.ndarray, Stroke)) else list(shapes)


def points(pairs: Iterable[Sequence[float]]) -> Outline:
    return np.array(list(pairs), dtype=np.float64)


@lru_cache(maxsize=1024)
def path(data: str) -> Outline:
    """The points of an absolute SVG path with M, L, Q, C and Z."""
    tokens = TOKEN.findall(data)
    traced: list[Outline] = []
    command, place = "M", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
            continue
        size = {"C": 6, "Q": 4}.get(command, 2)
        numbers = np.array([float(token) for token in tokens[place : place + size]]).reshape(-1, 2)
        traced.append(_curve(traced[-1][-1], numbers) if size > 2 else numbers)
        place += size
    return np.concatenate(traced)


def _curve(start: Outline, controls: Outline) -> Outline:
    """A Bézier curve of any degree, by De Casteljau's construction."""
    rungs = [np.broadcast_to(knot, (len(CURVE_STEPS), 2)) for knot in (start, *controls)]
    while len(rungs) > 1:
        rungs = [a + (b - a) * CURVE_STEPS for a, b in itertools.pairwise(rungs)]
    return rungs[0]


def smooth(pairs: Iterable[Sequence[float]], *, closed: bool = True, steps: int = 8) -> Outline:
    """A Catmull-Rom curve through the points."""
    knots = points(pairs)
    knots = np.vstack([knots[-1:], knots, knots[:2]]) if closed else np.vstack([knots[:1], knots, knots[-1:]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = knots[:-3, None], knots[1:-2, None], knots[2:-1, None], knots[3:, None]
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    traced = np.asarray(curve.reshape(-1, 2))
    return traced if closed else np.vstack([traced, knots[-1:]])


def ellipse(
    x: float, y: float, rx: float, ry: float | None = None, *, start: float = 0.0, end: float = 360.0
) -> Outline:
    """An ellipse, or the part of it between two angles in degrees (clockwise from the right)."""
    ry = rx if ry is None else ry
    steps = 24 if max(rx, ry) < 3 else 36 if max(rx, ry) < 16 else 120
    return np.asarray(_arc(start, end, steps) * (rx, ry) + (x, y))


@lru_cache(maxsize=256)
def _arc(start: float, end: float, steps: int) -> Outline:
    angles = np.radians(np.linspace(start, end, steps + 1))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def moved(outline: Outline, dx: float, dy: float) -> Outline:
    return np.asarray(outline + np.array((dx, dy)))


def speck(x: float, y: float, rx: float, ry: float | None = None) -> Outline:
    """A tiny ellipse of eight points, for what is drawn by the hundred."""
    return np.asarray(_arc(0.0, 360.0, 8) * (rx, rx if ry is None else ry) + (x, y))


def rectangle(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> Outline:
    if radius <= 0:
        return points([(left, top), (right, top), (right, bottom), (left, bottom)])
    corners = (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
    )
    turned = [*corners, (left + radius, top + radius, 180)]
    return np.concatenate([ellipse(x, y, radius, start=angle, end=angle + 90) for x, y, angle in turned])


def mirrored(half: Outline, axis: float = 50.0) -> Outline:
    """The outline whose right half is given, from top to bottom."""
    return np.concatenate([half, np.column_stack([2 * axis - half[:, 0], half[:, 1]])[::-1]])


def leaf(start: Point, end: Point, width: float) -> Outline:
    """A lens between two points."""
    (ax, ay), (bx, by) = start, end
    bulge = width / max(math.dist(start, end), 1e-6)
    return np.asarray(_lens() @ np.array([(ax, ay), (bx, by), ((ay - by) * bulge, (bx - ax) * bulge)]))


@lru_cache(maxsize=1)
def _lens() -> Outline:
    """The parts of start, end and bulge in each point of a leaf: there along one parabola, and back along the other."""
    there = np.linspace(0.0, 1.0, 9)
    along = np.concatenate([there, there[-2::-1]])
    side = np.repeat([2, -2], [9, 8])
    return np.column_stack([1 - along, along, side * along * (1 - along)])


def ridge(dice: Dice, *, width: float, base: float, height: float, roughness: float = 0.5, peaks: int = 4) -> Outline:
    """A mountain-like line from the left edge to the right, by midpoint displacement."""
    heights = dice.numbers.random(peaks + 1)
    swing = 0.5
    for _ in range(6):
        middles = (heights[:-1] + heights[1:]) / 2 + dice.spread(len(heights) - 1, -1, 1) * swing * 0.5
        heights = (
            np.insert(middles, np.arange(len(heights)), heights)
            if len(heights) == len(middles)
            else _woven(heights, middles)
        )
        swing *= roughness
    heights = (heights - heights.min()) / max(float(np.ptp(heights)), 1e-6)
    return np.column_stack([np.linspace(-0.02 * width, 1.02 * width, len(heights)), base - heights * height])


def _woven(outer: Outline, inner: Outline) -> Outline:
    both = np.empty(len(outer) + len(inner))
    both[0::2], both[1::2] = outer, inner
    return both


def hills(dice: Dice, *, width: float, base: float, height: float, waves: int = 3) -> Outline:
    """A soft rolling line from the left edge to the right."""
    x = np.linspace(0.0, 1.0, 65)
    rolled = sum(np.sin((x * wave + dice.between(0, 1)) * math.tau * 0.6) / wave for wave in range(1, waves + 1))
    return np.column_stack([(x * 1.04 - 0.02) * width, base - np.asarray(rolled) * height * 0.5])


def down_to(line: Outline, bottom: float) -> Outline:
    """The area between a line and a level below it."""
    return np.vstack([line, [line[-1, 0], bottom], [line[0, 0], bottom]])


def blob(
    dice: Dice, x: float, y: float, radius: float, *, wobble: float = 0.25, knots: int = 9, squash: float = 1.0
) -> Outline:
    """An uneven rounded shape."""
    angles = np.arange(knots) / knots * math.tau + dice.between(0, 1)
    reach = radius * (1 + dice.spread(knots, -wobble, wobble))
    return smooth(np.column_stack([x + np.cos(angles) * reach, y + np.sin(angles) * reach * squash]))


def star(x: float, y: float, radius: float, *, tips: int = 5, waist: float = 0.45, turn: float = -90.0) -> Outline:
    angles = np.radians(turn + np.arange(tips * 2) * 180 / tips)
    reach = np.where(np.arange(tips * 2) % 2 == 0, radius, radius * waist)
    return np.column_stack([x + np.cos(angles) * reach, y + np.sin(angles) * reach])
