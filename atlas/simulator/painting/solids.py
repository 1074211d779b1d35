"""Styles that turn the picture into a thing: a block seen from above, a surface of triangles."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.sheets import unit


def isometric(image: Image.Image, _dice: Dice) -> Image.Image:
    """The picture as the lid of a block seen from above at thirty degrees."""
    wide, high = image.size
    side = min(wide / 1.78, high / 1.18)
    tile = ImageOps.fit(image, (round(side), round(side)), Image.Resampling.BICUBIC)
    centre, top, thick = wide / 2, high * 0.5 - side * 0.56, side * 0.1
    cos, sin = math.cos(math.pi / 6), 0.5
    # Inverse of (u, v) -> (centre + (u - v) cos, top + (u + v) sin).
    back = (
        0.5 / cos,
        0.5 / sin,
        -centre * 0.5 / cos - top * 0.5 / sin,
        -0.5 / cos,
        0.5 / sin,
        centre * 0.5 / cos - top * 0.5 / sin,
    )
    lid = tile.transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", tile.size, 255).transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
    average = tile.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    base = average if isinstance(average, tuple) else (200, 200, 200)
    sheet = Image.new("RGB", image.size, tuple(round(225 + band * 0.1) for band in base))
    low = (centre, top + 2 * side * sin)
    left, right = (centre - side * cos, top + side * sin), (centre + side * cos, top + side * sin)
    shadow = Image.new("L", image.size)
    ImageDraw.Draw(shadow).polygon(
        [
            (left[0], left[1] + thick),
            (low[0], low[1] + thick * 2.2),
            (right[0], right[1] + thick * 1.6),
            (centre, top + thick),
        ],
        fill=110,
    )
    sheet.paste((40, 38, 60), (0, 0), shadow.filter(ImageFilter.GaussianBlur(unit(image) * 1.6)))
    pencil = ImageDraw.Draw(sheet)
    for corner, shade in ((left, 0.62), (right, 0.42)):
        pencil.polygon(
            [corner, low, (low[0], low[1] + thick), (corner[0], corner[1] + thick)],
            fill=tuple(round(band * shade) for band in base),
        )
    sheet.paste(lid, (0, 0), mask)
    return sheet


def lowpoly(image: Image.Image, dice: Dice) -> Image.Image:
    """Triangles over a jittered grid, each in the colour of its middle."""
    step = max(unit(image) * 2.7, 8)
    columns, rows = math.ceil(image.width / step) + 1, math.ceil(image.height / step) + 1
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(np.float64)
    inner = dice.numbers.uniform(-0.38, 0.38, grid.shape)
    inner[0], inner[-1], inner[:, 0], inner[:, -1] = 0, 0, 0, 0
    corners = (grid + inner) * step
    pixels = np.asarray(image.filter(ImageFilter.BoxBlur(step * 0.16)))
    drawn = image.copy()
    pencil = ImageDraw.Draw(drawn)
    for triangle in _triangles(corners):
        x, y = triangle.mean(axis=0)
        colour = pixels[min(max(int(y), 0), image.height - 1), min(max(int(x), 0), image.width - 1)].astype(int)
        shade = round(float((triangle[1] - triangle[0])[1] - (triangle[2] - triangle[0])[1]) / step * 9)
        pencil.polygon(triangle.ravel().tolist(), fill=tuple(int(band) for band in (colour + shade).clip(0, 255)))
    return drawn


def _triangles(corners: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    found = []
    for row in range(corners.shape[0] - 1):
        for column in range(corners.shape[1] - 1):
            a, b, c, d = (
                corners[row, column],
                corners[row, column + 1],
                corners[row + 1, column],
                corners[row + 1, column + 1],
            )
            found += (
                [np.array([a, b, c]), np.array([b, d, c])]
                if (row + column) % 2
                else [np.array([a, b, d]), np.array([a, d, c])]
            )
    return found
