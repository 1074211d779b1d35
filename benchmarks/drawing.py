"""What pictures cost a processor: one that the simulator draws, and both previews of one that was fetched.

Processor time of one thread, the median over different prompts. The baseline of previews is the shortest way to them
in Pillow, `thumbnail` and `save` with their own settings; of a drawing, making its PNG.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from PIL import Image

from atlas.simulator.painting import paint
from benchmarks.measurement import Measurement, compared
from studio.images import GRID, VIEW, decoded, previewed

_PROMPTS = (
    "a perfume bottle on black marble, soft studio light, gold accents",
    "three red mugs on a wooden table, watercolour",
    "a bicycle by the sea at sunset",
    "紅茶罐, flat illustration",
    "a lamp on a white shelf, photograph",
)
_SIDE, _LARGE = 1024, 4096
_MODEL = "google/nano-banana-2/text-to-image"


class _Watch:
    """Milliseconds of processor time for each thing that was done."""

    def __init__(self) -> None:
        self._took: dict[str, list[float]] = {}

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        began = time.thread_time()
        yield
        self._took.setdefault(what, []).append(1000 * (time.thread_time() - began))

    def usual(self, what: str) -> float:
        return median(self._took[what])


def measure() -> list[Measurement]:
    watch = _Watch()
    paint(_PROMPTS[0], model=_MODEL, draw=0, width=256, height=256)  # fonts and tables are read once
    for prompt in _PROMPTS:
        _draw(watch, prompt)
    drawn = f"{_SIDE} x {_SIDE}"
    return [
        compared(f"drawing, simulator, {drawn}", watch.usual("paint"), watch.usual("png"), unit="ms"),
        *(
            compared(
                f"drawing, previews of {side} x {side}", watch.usual(f"{side}"), watch.usual(f"{side} plain"), unit="ms"
            )
            for side in (_SIDE, _LARGE)
        ),
    ]


def _draw(watch: _Watch, prompt: str) -> None:
    with watch.timing("paint"):
        picture = paint(prompt, model=_MODEL, draw=0, width=_SIDE, height=_SIDE)
    with watch.timing("png"):
        _bytes(picture, "PNG")
    for side in (_SIDE, _LARGE):
        content = _bytes(picture.resize((side, side), Image.Resampling.BICUBIC), "JPEG")
        with decoded(content) as image:
            with watch.timing(f"{side}"):
                previewed(image)
            with watch.timing(f"{side} plain"):
                for long_side in (GRID, VIEW):
                    _plain(image, long_side)


def _plain(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side))
    return _bytes(small, "WEBP")


def _bytes(picture: Image.Image, format_: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_)
    return buffer.getvalue()
