"""Pictures drawn from the words of a prompt, so that the simulator has something worth showing.

``words`` reads the prompt into a brief, ``composition`` sets a scene and places the things in it,
``styles`` and ``hand`` finish it, ``marks`` says that it is simulated.
"""

import math

from PIL import Image

from atlas.simulator.painting.canvas import Size
from atlas.simulator.painting.composition import compose
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.hand import finished, hand_of
from atlas.simulator.painting.marks import sign
from atlas.simulator.painting.styles import styled
from atlas.simulator.painting.words import read

__all__ = ["paint"]

DETAIL = {"low": 0, "draft": 0, "high": 2, "xhigh": 2, "max": 2, "hd": 2, "4k": 2}
# Drawing grows with the pixels; above this many the drawing is enlarged and only its grain is made at full size.
MOST_PIXELS = 1_200_000


def paint(
    prompt: str, *, model: str, draw: int, width: int, height: int, quality: str = "medium", seed: int | None = None
) -> Image.Image:
    """An RGB picture of exactly width x height pixels drawn from the prompt; the same for the same arguments."""
    brief, detail = read(prompt), DETAIL.get(quality.lower(), 1)
    canvas = compose(brief, _working_size(width, height), model=model, draw=draw, seed=seed, detail=detail)
    picture = styled(canvas.image, brief.styles, Dice("style", brief.geometry, model, draw, seed))
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    picture = finished(picture, hand_of(model), detail=detail)
    sign(picture)
    return picture


def _working_size(width: int, height: int) -> Size:
    shrink = min(1.0, math.sqrt(MOST_PIXELS / (width * height)))
    return round(width * shrink), round(height * shrink)
