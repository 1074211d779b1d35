"""The images of a ballot as reviewers get them: nothing about a file says which arm it is.

Both images of a pair are drawn into the same box, in the same colours, with the same encoder, to the same number of
bytes, without metadata; and both are made together, so that neither is ready before the other.
"""

import hashlib
import io
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from studio.images import ImageFiles, decoded, eight_bits, write_whole

LIMIT = 1_048_576  # bytes; Streamlit can mix up larger media
_LONG_SIDE = 1280
_QUALITIES = (90, 80, 65, 50, 30)
_GROUND = (238, 238, 238)
_ROUND = 4096


class Missing(Exception):
    """An image of the review is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Two images made alike: WebP of ``width`` × ``height`` pixels, both of the same number of bytes."""

    left: bytes
    right: bytes
    width: int
    height: int

    def of(self, side: str) -> bytes:
        return self.left if side == "left" else self.right


class Stage:
    """Pairs of images made alike, kept in a folder; what is lost from it is made again."""

    def __init__(self, files: ImageFiles, folder: Path) -> None:
        """Raises OSError when the folder cannot be written."""
        self._files = files
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._making = threading.Lock()

    def pair(self, left: str, right: str) -> Staged:
        """The images of these two hashes, made alike. Raises Missing, OSError."""
        low, high = sorted((left, right))
        with self._making:
            paths = self._paths(low, high)
            if not all(path.is_file() for path in paths):
                for path, content in zip(paths, alike(self._original(low), self._original(high)), strict=True):
                    write_whole(path, content, through=self._folder)
        made = [path.read_bytes() for path in paths]
        with Image.open(io.BytesIO(made[0])) as image:
            width, height = image.size
        shown = made if left == low else made[::-1]
        return Staged(left=shown[0], right=shown[1], width=width, height=height)

    def _paths(self, low: str, high: str) -> tuple[Path, Path]:
        name = hashlib.sha256(f"{low}|{high}".encode()).hexdigest()
        return self._folder / f"{name}.1.webp", self._folder / f"{name}.2.webp"

    def _original(self, sha256: str) -> bytes:
        path = self._files.find(sha256)
        if path is None:
            raise Missing(sha256)
        return path.read_bytes()


def alike(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """Two pictures as WebP of the same pixel size and the same number of bytes, at most LIMIT.

    The smaller one is enlarged, and where shapes differ both stand in the middle of the smallest box that holds
    either. Raises NotAnImage.
    """
    drawn = [_drawn(first), _drawn(second)]
    side = min(_LONG_SIDE, max(max(image.size) for image in drawn))
    scaled = [_scaled(image, side) for image in drawn]
    box = max(image.width for image in scaled), max(image.height for image in scaled)
    boxed = [_boxed(image, box) for image in scaled]
    for quality in _QUALITIES:
        encoded = [_encoded(image, quality) for image in boxed]
        length = -(-(max(map(len, encoded)) + 8) // _ROUND) * _ROUND
        if length <= LIMIT:
            break
    return padded(encoded[0], length), padded(encoded[1], length)


def padded(webp: bytes, length: int) -> bytes:
    """The same picture in a file of exactly ``length`` bytes (even, at least 8 more): a chunk that decoders skip."""
    filling = length - len(webp) - 8
    chunk = b"PADS" + struct.pack("<I", filling) + hashlib.shake_256(webp).digest(filling)
    return webp[:4] + struct.pack("<I", length - 8) + webp[8:] + chunk


def _drawn(content: bytes) -> Image.Image:
    """Upright, opaque, in sRGB."""
    with decoded(content) as image:
        upright = eight_bits(ImageOps.exif_transpose(image))
        colours = _in_srgb(upright, image.info.get("icc_profile"))
        if not colours.has_transparency_data:
            return colours.convert("RGB")
        ground = Image.new("RGB", colours.size, _GROUND)
        layer = colours.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A colour profile is metadata that would tell arms apart, so it is applied instead of kept."""
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that cannot be read says nothing about the colours
    return changed or image


def _scaled(image: Image.Image, side: int) -> Image.Image:
    factor = side / max(image.size)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def _boxed(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    if image.size == box:
        return image
    ground = Image.new("RGB", box, _GROUND)
    ground.paste(image, ((box[0] - image.width) // 2, (box[1] - image.height) // 2))
    return ground


def _encoded(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return buffer.getvalue()
