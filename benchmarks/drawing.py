"""What pictures cost a processor: one that the simulator draws, and the previews of one that was fetched.

Processor time of one thread, the median over different prompts. The baseline of a preview is the shortest way to one
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
            compared(f"drawing, preview of {side} from {of}", watch.usual(ours), watch.usual(plain), unit="ms")
            for of in (_SIDE, _LARGE)
            for side in (GRID, VIEW)
            for ours, plain in [(f"{of} to {side}", f"{of} to {side}, plain")]
        ),
    ]


def _draw(watch: _Watch, prompt: str) -> None:
    with watch.timing("paint"):
        picture = paint(prompt, model=_MODEL, draw=0, width=_SIDE, height=_SIDE)
    with watch.timing("png"):
        _bytes(picture, "PNG")
    for side_of in (_SIDE, _LARGE):
        content = _bytes(picture.resize((side_of, side_of), Image.Resampling.BICUBIC), "JPEG")
        with decoded(content) as image:
            for side in (GRID, VIEW):
                with watch.timing(f"{side_of} to {side}"):
                    previewed(image, side)
                with watch.timing(f"{side_of} to {side}, plain"):
                    _plain(image, side)


def _plain(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side))
    return _bytes(small, "WEBP")


def _bytes(picture: Image.Image, format_: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_)
    return buffer.getvalue()
