"""Noise that looks like mist, paper, pigment or film."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from atlas.simulator.painting.canvas import Size
from atlas.simulator.painting.dice import Dice

TILE = 256


def mottled(dice: Dice, size: Size, *, coarse: int = 3, octaves: int = 4, stretch: float = 1.0) -> Image.Image:
    """Cloudy noise from 0 to 255; ``stretch`` above 1 draws it out sideways."""
    columns, rows = min(size[0], TILE), min(size[1], TILE)
    total = np.zeros((rows, columns))
    for octave in range(octaves):
        cells = coarse * 2**octave
        grain = dice.numbers.random((cells + 1, max(round(cells / stretch), 1) + 1))
        layer = Image.fromarray((grain * 255).astype(np.uint8), "L").resize((columns, rows), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float64) / 2**octave
    total = (total - total.min()) / max(float(np.ptp(total)), 1e-6) * 255
    return Image.fromarray(total.astype(np.uint8), "L").resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=16)
def _tile(kind: str, seed: int) -> Image.Image:
    """A seamless tile of grain around middle grey."""
    noise = Dice("tile", kind, seed).numbers.normal(0, 1, (TILE, TILE))
    if kind == "paper":
        noise = _blurred(noise, 1.2) * 2.6 + noise * 0.35
    elif kind == "weave":
        threads = np.sin(np.arange(TILE) / TILE * np.pi * 2 * 64)
        noise = noise * 0.5 + threads[None, :] * 0.8 + threads[:, None] * 0.8
    elif kind == "brush":
        noise = np.asarray(sum(np.roll(noise, step, axis=1) for step in range(14))) / 3.4
    return Image.fromarray(np.clip(128 + noise * 22, 0, 255).astype(np.uint8), "L")


def _blurred(
    noise: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", radius: float
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    wrapped = np.pad(noise, 8, mode="wrap")
    grey = Image.fromarray(np.clip(128 + wrapped * 30, 0, 255).astype(np.uint8), "L").filter(
        ImageFilter.GaussianBlur(radius)
    )
    return (np.asarray(grey, dtype=np.float64)[8:-8, 8:-8] - 128) / 30


def grain(kind: str, size: Size, *, seed: int = 0) -> Image.Image:
    """A sheet of grain ("film", "paper", "weave" or "brush") around middle grey."""
    tile = np.asarray(_tile(kind, seed))
    sheet = np.tile(tile, (size[1] // TILE + 1, size[0] // TILE + 1))[: size[1], : size[0]]
    return Image.fromarray(np.ascontiguousarray(sheet), "L")
