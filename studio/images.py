"""Image files by content hash, and the previews people look at.

A file is written whole (temporary name, fsync, rename, fsync of the folder) before anything
refers to it, and never changes afterwards: its name is the SHA-256 of its bytes.
"""

import errno
import hashlib
import io
import os
import re
import secrets
import shutil
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from atlas.language import tr
from studio.generations import Picture

GRID, VIEW = 384, 1280  # pixels of a preview's long side
PREVIEW_LIMIT: Final = 1_048_576  # bytes; Streamlit can mix up larger media
_PIXEL_LIMIT = 50_000_000
_SIDE_LIMIT = 16_384
_LEFT_OVER_S = 3600
_FORMATS = ("PNG", "JPEG", "WEBP")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotAnImage(Exception):
    """Bytes that are no complete PNG, JPEG or WebP picture of a sane size."""


class ImageFiles:
    """Originals and previews under one folder."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder cannot be written."""
        self._folder = folder
        self._incoming = folder / "incoming"
        self._shelves: set[Path] = set()
        self._lock = threading.Lock()
        make_folder(folder)
        make_folder(self._incoming)
        self._sweep()

    def keep(self, content: bytes, *, sensitive: bool = False, previews: Mapping[int, bytes] | None = None) -> Picture:
        """Check, store and preview a picture; storing the same bytes twice is one file.

        ``previews`` of pictures that come with the program are there already, by their side.
        Raises NotAnImage, and OSError when it cannot be written.
        """
        with decoded(content) as image:
            sha256 = hashlib.sha256(content).hexdigest()
            name = (image.format or "").lower()
            self._write(self._original(sha256, name), content)
            for side, made in (previews or previewed(image)).items():
                self._write(self.preview(sha256, side), made)
            width, height = image.size
        return Picture(sha256=sha256, format=name, width=width, height=height, bytes=len(content), sensitive=sensitive)

    def original(self, picture: Picture) -> Path:
        return self._original(picture.sha256, picture.format)

    def find(self, sha256: str) -> Path | None:
        """The original of this hash in whichever format it has."""
        candidates = (self._original(sha256, name.lower()) for name in _FORMATS)
        return next((path for path in candidates if path.is_file()), None)

    def preview(self, sha256: str, side: int) -> Path:
        """Raises ValueError for anything but a hash: no caller can name a path."""
        return self._shelf(sha256) / f"{sha256}.{side}.webp"

    def shape(self, sha256: str) -> tuple[int, int] | None:
        """Width and height of the preview people look at; None when there is none."""
        try:
            with Image.open(self.preview(sha256, VIEW)) as image:
                return image.size
        except FileNotFoundError:
            return None

    def hashes(self) -> set[str]:
        """Of every file there is."""
        return {path.name[:64] for shelf in self._folder.glob("??") for path in shelf.iterdir()}

    def remove(self, sha256: str) -> bool:
        """Remove original and previews; False for what was kept within the last hour: its row may not be written yet.

        A file is set aside before its age is judged, so that keep() either finds it or writes it anew.
        """
        removed = False
        for path in self._shelf(sha256).glob(f"{sha256}.*"):
            aside = self._incoming / secrets.token_hex(16)
            path.rename(aside)
            if time.time() - aside.stat().st_mtime > _LEFT_OVER_S:
                aside.unlink()
                removed = True
            else:
                aside.rename(path)
        return removed

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    def _original(self, sha256: str, name: str) -> Path:
        return self._shelf(sha256) / f"{sha256}.{name}"

    def _shelf(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(tr("not a SHA-256"))
        return self._folder / sha256[:2]

    def _sweep(self) -> None:
        """Removes what killed processes left half-written; a younger file may still be somebody's."""
        for left_over in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - left_over.stat().st_mtime > _LEFT_OVER_S:
                    left_over.unlink()

    def _write(self, path: Path, content: bytes) -> None:
        self._make_shelf(path.parent)
        try:
            os.utime(path)  # young again: remove() leaves it alone
        except FileNotFoundError:
            write_whole(path, content, through=self._incoming)
        sync_folder(path.parent)  # also of a file that a killed process had renamed but not synced

    def _make_shelf(self, shelf: Path) -> None:
        """Another process may have made it and been killed before its name was on the disk."""
        with self._lock:
            if shelf not in self._shelves or not shelf.is_dir():
                make_folder(shelf)
                self._shelves.add(shelf)


@contextmanager
def decoded(content: bytes) -> Iterator[Image.Image]:
    """The picture, decoded to its last pixel: ``open`` alone notices no truncation. Raises NotAnImage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=_FORMATS)
        _refuse_outsized(image)
        image.load()
    except NotAnImage:
        raise
    except Exception as broken:  # noqa: BLE001 - decoders raise anything from SyntaxError to struct.error
        raise NotAnImage(tr("not a picture that can be read ({name__})").format(name__=type(broken).__name__)) from None
    with image:
        yield image


def _refuse_outsized(image: Image.Image) -> None:
    width, height = image.size
    if width * height > _PIXEL_LIMIT or max(width, height) > _SIDE_LIMIT:
        raise NotAnImage(tr("{width} × {height} pixels are too many").format(width=width, height=height))
    if getattr(image, "n_frames", 1) > 1:
        raise NotAnImage(tr("it is an animation"))


def eight_bits(image: Image.Image) -> Image.Image:
    """The picture with 8 bits a channel; 16 bits of grey are scaled, where Pillow would clip them to white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value / 256).convert("L")


def on_white(image: Image.Image) -> Image.Image:
    """The picture upright in RGB, as it looks on a white page."""
    upright = eight_bits(ImageOps.exif_transpose(image))
    if not upright.has_transparency_data:
        return upright if upright.mode == "RGB" else upright.convert("RGB")
    page = Image.new("RGBA", upright.size, "white")
    page.alpha_composite(upright.convert("RGBA"))
    return page.convert("RGB")


def previewed(image: Image.Image) -> dict[int, bytes]:
    """By long side: WebP of at most PREVIEW_LIMIT bytes, upright, with the original's profile and no other metadata."""
    small, mode = eight_bits(ImageOps.exif_transpose(image)), "RGBA" if image.has_transparency_data else "RGB"
    if small.mode != mode:
        small = small.convert(mode)
    made = {}
    for side in (VIEW, GRID):  # the small one is made of the large one
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        made[side] = _webp(small, image.info.get("icc_profile"))
    return made


def _webp(picture: Image.Image, profile: bytes | None) -> bytes:
    for quality in (86, 70, 50, 25):
        buffer = io.BytesIO()
        # Half the time of the usual method 4, for a fifteenth more bytes.
        picture.save(buffer, "WEBP", quality=quality, method=2, icc_profile=profile, exif=b"")
        if buffer.tell() <= PREVIEW_LIMIT:
            break
    return buffer.getvalue()


def write_whole(path: Path, content: bytes, *, through: Path) -> None:
    """The file is there whole, synced, or not at all; ``through`` is a folder on the same disk."""
    temporary = through / secrets.token_hex(16)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Where it is not there yet, with those above it; afterwards its name is on the disk."""
    missing = [each for each in folder.parents if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in (folder, *missing):
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """What was made or renamed in it is on disk afterwards; a file system that knows no such thing needs none."""
    with suppress(PermissionError):  # Windows cannot open a folder, and needs no sync of it
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as trouble:
            if trouble.errno != errno.EINVAL:
                raise
        finally:
            os.close(descriptor)
