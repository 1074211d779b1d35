"""Numbers that say how alike two pictures are, and never which is better."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.images import decoded, on_white

_Numbers: TypeAlias = NDArray[np.float64]

SIDE, WINDOW = 256, 7  # pixels of the compared square, and of the window that slides over it
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_HASH_SIDE, _HASH_LOW = 32, 8
HASH_BITS: Final = _HASH_LOW**2
_PALETTE_SIDE, _PALETTE_STEPS = 100, 5
_ONE_COLOUR = 24.0  # RGB distance below which two swatches look like one


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """``ssim`` is 1 for the same picture and about 0 for unrelated ones; ``phash_distance`` is 0 to 64."""

    ssim: float
    phash_distance: int


@dataclass(frozen=True, kw_only=True)
class Swatch:
    """A colour as ``#rrggbb`` and the part of the picture, 0 to 1, that has about this colour."""

    hex: str
    share: float


def likeness(a: Path, b: Path) -> Likeness:
    """Of two PNG, JPEG or WebP files. Raises NotAnImage, and OSError when one cannot be read."""
    with decoded(a.read_bytes()) as one, decoded(b.read_bytes()) as other:
        return Likeness(ssim=ssim(one, other), phash_distance=distance(phash(one), phash(other)))


def palette_of(path: Path) -> tuple[Swatch, ...]:
    """Of a PNG, JPEG or WebP file. Raises NotAnImage, and OSError when it cannot be read."""
    with decoded(path.read_bytes()) as image:
        return palette(image)


def ssim(a: Image.Image, b: Image.Image) -> float:
    """The mean structural similarity of the two in grey, each stretched to 256 × 256 pixels whatever its shape was.

    Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity"
    (IEEE Transactions on Image Processing 13, 2004), equation 13 with K1 = 0.01, K2 = 0.03 and L = 255; windows
    are even boxes of 7 × 7 pixels that lie wholly inside, with sample variances, as scikit-image does by default.
    """
    x, y = _grey(a, SIDE), _grey(b, SIDE)
    mean_x, mean_y = _window_means(x), _window_means(y)
    sample = WINDOW**2 / (WINDOW**2 - 1)
    variance_x = sample * (_window_means(x * x) - mean_x * mean_x)
    variance_y = sample * (_window_means(y * y) - mean_y * mean_y)
    covariance = sample * (_window_means(x * y) - mean_x * mean_y)
    alike = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    return float((alike / ((mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2))).mean())


def phash(image: Image.Image) -> int:
    """64 bits, one for each of the 8 × 8 slowest waves (DCT) in a 32-pixel grey square: is it above their median?"""
    waves = _cosines() @ _grey(image, _HASH_SIDE) @ _cosines().T
    low = np.round(waves, 6).ravel()  # else rounding errors would decide the bits of an even picture
    bits = low > np.median(low)
    return int("".join("1" if bit else "0" for bit in bits), 2)


def distance(a: int, b: int) -> int:
    """How many of their 64 bits differ."""
    return (a ^ b).bit_count()


def palette(image: Image.Image, count: int = 6) -> tuple[Swatch, ...]:
    """At most ``count`` colours, the largest share first; the shares add up to 1.

    Median cut and a few steps of k-means over 100 × 100 pixels at most; they are picked and not blended, so that
    edges bring in no colours of their own.
    """
    sample = on_white(image)
    sample.thumbnail((_PALETTE_SIDE, _PALETTE_SIDE), Image.Resampling.NEAREST)
    pixels = np.asarray(sample, dtype=np.float64).reshape(-1, 3)
    nearest = np.asarray(sample.quantize(count, Image.Quantize.MEDIANCUT)).ravel()
    for _ in range(_PALETTE_STEPS):
        nearest = _nearest(pixels, _centres(pixels, nearest)[0])
    centres, sizes = _merged(*_centres(pixels, nearest))
    swatches = (
        Swatch(hex=_hex(centre), share=float(size / len(pixels))) for centre, size in zip(centres, sizes, strict=True)
    )
    return tuple(sorted(swatches, key=lambda swatch: (-swatch.share, swatch.hex)))


def _grey(image: Image.Image, side: int) -> _Numbers:
    square = on_white(image).convert("L").resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(square, dtype=np.float64)


def _window_means(values: _Numbers) -> _Numbers:
    """The mean of every 7 × 7 window; sums of whole numbers this small are exact."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    sums[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    boxes = sums[WINDOW:, WINDOW:] - sums[:-WINDOW, WINDOW:] - sums[WINDOW:, :-WINDOW] + sums[:-WINDOW, :-WINDOW]
    means: _Numbers = boxes / WINDOW**2
    return means


@cache
def _cosines() -> _Numbers:
    """The first eight rows of the DCT-II matrix for 32 samples."""
    waves, samples = np.arange(_HASH_LOW)[:, None], np.arange(_HASH_SIDE)[None, :]
    matrix: _Numbers = np.cos(np.pi * waves * (2 * samples + 1) / (2 * _HASH_SIDE))
    return matrix


def _nearest(pixels: _Numbers, centres: _Numbers) -> NDArray[np.intp]:
    """Per pixel the number of its nearest centre."""
    distances = (centres**2).sum(axis=1) - 2 * pixels @ centres.T  # the pixel's own square is the same for all
    return np.asarray(distances.argmin(axis=1))


def _centres(pixels: _Numbers, nearest: NDArray[np.integer]) -> tuple[_Numbers, NDArray[np.integer]]:
    """The mean colour of each group that has pixels, and how many it has."""
    _, groups, sizes = np.unique(nearest, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(groups, weights=channel) for channel in pixels.T], axis=1)
    return sums / sizes[:, None], sizes


def _merged(centres: _Numbers, sizes: NDArray[np.integer]) -> tuple[_Numbers, NDArray[np.integer]]:
    """The same with the closest two joined until all look different."""
    while len(centres) > 1:
        gaps = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.diag(np.full(len(centres), np.inf))
        one, other = sorted(int(place) for place in np.unravel_index(gaps.argmin(), gaps.shape))
        if gaps[one, other] >= _ONE_COLOUR:
            break
        groups = np.arange(len(centres))
        groups[other] = one
        centres, sizes = _centres(np.repeat(centres, sizes, axis=0), np.repeat(groups, sizes))
    return centres, sizes


def _hex(centre: _Numbers) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in centre)
