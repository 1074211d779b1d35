"""Prompt and settings inside a copy of an image, put in, read and taken out without touching a pixel.

PNG, JPEG and WebP are sequences of labelled parts. Ours are added between those that hold the pixels, or
merged into EXIF and XMP that other programs left there, which stays. Each copy says the same thing three
times: in the form other programs look for (A1111 ``parameters``), as XMP with the IPTC mark of an
AI-made image, and as our own record, which reads back equal.

Adding anything breaks the seal of a C2PA manifest, as any change to a file does; the manifest stays.
"""

from dataclasses import dataclass
from typing import Protocol

from studio.embedding import jpeg, png, text, webp
from studio.embedding.described import Carried, Described, Unreadable, described, parsed
from studio.embedding.text import Settings

__all__ = ["Described", "Found", "Settings", "Unreadable", "described", "embedded", "plain", "read", "stripped"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an image says about itself: ours exactly, or another program's settings, or nothing."""

    described: Described | None = None
    settings: Settings | None = None


class _Container(Protocol):
    def embedded(self, content: bytes, about: Described, /) -> bytes: ...
    def plain(self, content: bytes, /) -> bytes: ...
    def stripped(self, content: bytes, /) -> bytes: ...
    def carried(self, content: bytes, /) -> Carried: ...


def embedded(content: bytes, about: Described) -> bytes:
    """A copy that says how it was made; an older description of ours is replaced.

    Raises Unreadable, also for a file so unusual that it could not be restored to the byte.
    """
    bare = plain(content)
    copy = _container(bare).embedded(bare, about)
    if plain(copy) != bare or read(copy).described != about:
        raise Unreadable("the file is laid out so unusually that nothing can be added to it and taken out again")
    return copy


def plain(content: bytes) -> bytes:
    """A copy without what ``embedded`` added, equal to the original byte for byte. Raises Unreadable."""
    return _container(content).plain(content)


def stripped(content: bytes) -> bytes:
    """A copy without text, EXIF, XMP, comments, thumbnails, C2PA and anything behind the image's end.

    The colour profile stays. So does the EXIF orientation, alone in a new EXIF block of 26 bytes, because
    the image would lie on its side without it; an upright image has no EXIF left. Raises Unreadable.
    """
    return _container(content).stripped(content)


def read(content: bytes) -> Found:
    """The settings in a file from anywhere. Raises Unreadable and nothing else."""
    carried = _container(content).carried(content)
    for record in carried.records:
        if about := parsed(record):
            return Found(described=about)
    for written in carried.texts:
        if settings := text.parsed(written):
            return Found(settings=settings)
    return Found()


def _container(content: bytes) -> _Container:
    if content.startswith(png.SIGNATURE):
        return png
    if content.startswith(jpeg.SIGNATURE):
        return jpeg
    if content.startswith(webp.SIGNATURE):
        return webp
    raise Unreadable("the file is no PNG, JPEG or WebP image")
