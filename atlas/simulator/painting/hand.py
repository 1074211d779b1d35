"""The hand of a model: a warmth, a contrast, a grain and an edge that stay its own from picture to picture."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageEnhance

from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.sheets import blended
from atlas.simulator.painting.texture import grain

GRAIN_STRENGTH = (0.0, 0.22, 0.42)


@dataclass(frozen=True, kw_only=True)
class Hand:
    """What tells one model's pictures from another's."""

    warmth: float
    saturation: float
    contrast: float
    texture: str
    crispness: float
    vignette: float
    lift: float


def hand_of(model: str) -> Hand:
    dice = Dice("hand", model)
    return Hand(
        warmth=dice.between(-1, 1),
        saturation=dice.between(0.86, 1.18),
        contrast=dice.between(0.97, 1.07),
        texture=dice.pick(("film", "paper", "weave", "brush")),
        crispness=dice.between(-0.6, 0.9),
        vignette=dice.between(0.06, 0.38),
        lift=dice.between(0, 20),
    )


def finished(image: Image.Image, hand: Hand, *, detail: int) -> Image.Image:
    """The last pass over a picture: tone, edges, vignette and grain."""
    toned = ImageEnhance.Color(_toned(image, hand)).enhance(hand.saturation)
    edged = _edged(toned, hand.crispness, detail)
    return blended(_vignetted(edged, hand.vignette), grain(hand.texture, image.size), GRAIN_STRENGTH[detail])


def _toned(image: Image.Image, hand: Hand) -> Image.Image:
    """Warmer or cooler, with more or less contrast around the middle, with deep or faded blacks."""
    gains = (1 + 0.03 * hand.warmth, 1.0, 1 - 0.045 * hand.warmth)
    return image.point(
        [
            round(((step - 128) * hand.contrast + 128) * gain + hand.lift * (1 - step / 255) ** 2)
            for gain in gains
            for step in range(256)
        ]
    )


def _edged(image: Image.Image, crispness: float, detail: int) -> Image.Image:
    if crispness < -0.2:
        return Image.blend(image, _soft(image), min(-crispness, 0.6))
    if detail == 0 or crispness < 0.2:
        return image
    return Image.blend(_soft(image), image, 1 + crispness * (0.5 + 0.4 * detail))


def _soft(image: Image.Image) -> Image.Image:
    return image.reduce(2).resize(image.size, Image.Resampling.BILINEAR)


def _vignetted(image: Image.Image, strength: float) -> Image.Image:
    line = np.linspace(-1, 1, 64)
    reach = np.clip(np.hypot(line[None], line[:, None]) - 0.55, 0, 1)
    light = Image.fromarray((255 * (1 - strength * reach**1.6)).astype(np.uint8), "L").resize(
        image.size, Image.Resampling.BILINEAR
    )
    return ImageChops.multiply(image, Image.merge("RGB", (light,) * 3))
