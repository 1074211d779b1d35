"""Colour as the eye measures it: OKLab (Björn Ottosson, 2020), so that mixes stay clean."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RGB = tuple[int, int, int]

TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FROM_LAB = np.linalg.inv(TO_LAB)
FROM_LMS = np.linalg.inv(TO_LMS)


def lab_of_rgb(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab of sRGB values in 0..255, along the last axis."""
    share = np.asarray(rgb, dtype=np.float64) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ TO_LMS.T) @ TO_LAB.T)


def rgb_of_lab(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """sRGB bytes of OKLab values, along the last axis; what lies outside sRGB is clipped."""
    linear = np.clip(((np.asarray(lab) @ FROM_LAB.T) ** 3) @ FROM_LMS.T, 0.0, 1.0)
    share = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(share * 255.0), dtype=np.uint8)


class Colour(NamedTuple):
    """A point in OKLab; its methods answer new colours."""

    l: float  # noqa: E741 (the field's name for lightness)
    a: float
    b: float

    @property
    def rgb(self) -> RGB:
        return _rgb(self)

    @property
    def chroma(self) -> float:
        return math.hypot(self.a, self.b)

    @property
    def hue(self) -> float:
        return math.degrees(math.atan2(self.b, self.a)) % 360

    def mix(self, other: "Colour", share: float) -> "Colour":
        """This colour with a share (0..1) of the other."""
        keep = 1.0 - share
        return Colour(self.l * keep + other.l * share, self.a * keep + other.a * share, self.b * keep + other.b * share)

    def lighter(self, amount: float) -> "Colour":
        """Lighter by an amount of the way that is left to white."""
        return Colour(self.l + (1.0 - self.l) * amount, self.a * (1 - amount * 0.5), self.b * (1 - amount * 0.5))

    def darker(self, amount: float) -> "Colour":
        """Darker by a share of its lightness, keeping most of its colour."""
        return Colour(self.l * (1 - amount), self.a * (1 - amount * 0.45), self.b * (1 - amount * 0.45))

    def at(self, lightness: float) -> "Colour":
        return Colour(lightness, self.a, self.b)

    def vivid(self, factor: float) -> "Colour":
        return Colour(self.l, self.a * factor, self.b * factor)

    def turned(self, degrees: float) -> "Colour":
        return lch(self.l, self.chroma, self.hue + degrees)

    def distance(self, other: "Colour") -> float:
        """ΔE in OKLab: 0.02 is just visible, 1 is black to white."""
        return math.dist(self, other)


@lru_cache(maxsize=4096)
def _rgb(colour: Colour) -> RGB:
    red, green, blue = rgb_of_lab(np.array(colour)).tolist()
    return red, green, blue


def lch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour from lightness 0..1, chroma 0..0.37 and hue in degrees."""
    return Colour(lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue)))


@lru_cache(maxsize=1024)
def hexed(code: str) -> Colour:
    """The colour of #RGB or #RRGGBB."""
    digits = code.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    rgb = np.array([int(digits[place : place + 2], 16) for place in (0, 2, 4)], dtype=np.float64)
    return Colour(*lab_of_rgb(rgb).tolist())


WHITE = hexed("#ffffff")
PAPER = hexed("#f7f1e5")
BLACK = hexed("#000000")
