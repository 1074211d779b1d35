"""Source images as a job remembers them: the size, and a thumbnail that is small enough to be written down."""

import base64
import binascii
import io
from dataclasses import dataclass, field

from PIL import Image

from atlas.simulator.sizes import Size

FIELDS = ("images", "image", "image_urls")
_THUMBNAIL = (96, 96)  # pixels; two to three KB as JPEG
_MOST_PIXELS = 40_000_000  # a decoded picture takes three bytes for each
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source image; the thumbnail is a JPEG file in base64."""

    size: Size
    thumbnail: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """The source images of a request that could be read; ``problem`` names one that is gone, else it is empty."""

    sources: list[Source] = field(default_factory=list)
    problem: str = ""


def seen(data: bytes) -> Source | None:
    """What is in a picture file; None where it is none."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            size = image.size
            if size[0] * size[1] > _MOST_PIXELS:
                return None
            image.draft("RGB", _THUMBNAIL)
            small = image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    small.thumbnail(_THUMBNAIL)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return Source(size=size, thumbnail=base64.b64encode(buffer.getvalue()).decode())


def inlined(uri: str) -> bytes:
    """The bytes in a data URI; empty where it holds none."""
    try:
        return base64.b64decode(uri.partition(",")[2], validate=False)
    except binascii.Error:
        return b""


def opened(thumbnail: str) -> Image.Image:
    """The picture of a thumbnail."""
    with Image.open(io.BytesIO(base64.b64decode(thumbnail)), formats=("JPEG",)) as image:
        return image.convert("RGB")
