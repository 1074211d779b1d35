"""WebP: an EXIF and an XMP chunk behind the pixels, which the simple forms of the file have no place for.

Those become the extended form (a VP8X chunk in front, with the size and whether there is alpha). Our record
says whether we did that, or else which flags stood there, so that it can be undone to the byte.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studio.embedding import exif, xmp
from studio.embedding.described import TEXT_LIMIT, Carried, Described, Unreadable, fields_of, record_of

SIGNATURE = b"RIFF"

_EXTENDED, _EXIF, _XMP = b"VP8X", b"EXIF", b"XMP "
_PICTURE = frozenset({_EXTENDED, b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_ALPHA, _HAS_EXIF, _HAS_XMP = 0x10, 0x08, 0x04
_NONE = -1  # there was no VP8X chunk
_MOST_CHUNKS = 20_000


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    kind: bytes
    raw: bytes  # with length and padding, as it stood in the file

    @property
    def data(self) -> bytes:
        return self.raw[8 : 8 + int.from_bytes(self.raw[4:8], "little")]


def embedded(content: bytes, about: Described) -> bytes:
    """A copy with our chunks, or with what they say added to chunks that were there."""
    chunks, tail = _parts(content)
    record = record_of(about, vp8x=chunks[0].data[0] if chunks[0].kind == _EXTENDED else _NONE)
    chunks = _with_xmp(_with_exif(chunks, about), about, record)
    flags = sum(
        flag for kind, flag in ((_EXIF, _HAS_EXIF), (_XMP, _HAS_XMP)) if any(one.kind == kind for one in chunks)
    )
    return _joined(_extended(chunks, flags), tail)


def plain(content: bytes) -> bytes:
    """A copy without what ``embedded`` added."""
    chunks, tail = _parts(content)
    records = [record for one in chunks if one.kind == _XMP for record in xmp.records(one.data)]
    kept = [kept for one in chunks for kept in _without_ours(one)]
    flags = fields_of(records[0]).get("vp8x") if records else None
    if kept and kept[0].kind == _EXTENDED and flags == _NONE:
        kept = kept[1:]
    elif kept and kept[0].kind == _EXTENDED and type(flags) is int and 0 <= flags <= 0xFF:
        kept[0] = _made(_EXTENDED, bytes([flags]) + kept[0].data[1:])
    return _joined(kept, tail)


def stripped(content: bytes) -> bytes:
    """A copy with the pixels, their colours and how to turn them, and nothing else."""
    chunks, _ = _parts(content)
    turned = next((exif.orientation_in(one.data) for one in chunks if one.kind == _EXIF), 1)
    kept = [one for one in chunks if one.kind in _PICTURE]
    if kept[0].kind == _EXTENDED:
        kept[0] = _made(_EXTENDED, bytes([kept[0].data[0] & ~(_HAS_EXIF | _HAS_XMP)]) + kept[0].data[1:])
    if turned > 1:
        kept = _extended([*kept, _made(_EXIF, exif.only_orientation(turned))], _HAS_EXIF)
    return _joined(kept, b"")


def carried(content: bytes) -> Carried:
    """The texts that can be settings."""
    chunks, _ = _parts(content)
    packets = [one.data for one in chunks if one.kind == _XMP and len(one.data) <= TEXT_LIMIT]
    return Carried(
        records=tuple(record for packet in packets for record in xmp.records(packet)),
        texts=tuple(exif.comment_in(one.data) for one in chunks if one.kind == _EXIF),
    )


def _parts(content: bytes) -> tuple[list[_Chunk], bytes]:
    """The chunks, and what stands behind the file's own end."""
    if content[8:12] != b"WEBP":
        raise Unreadable("the file is RIFF but not WebP")
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Unreadable("the WebP file ends too early")
    found: list[_Chunk] = []
    at = 12
    while at < end:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        after = at + 8 + length + length % 2
        if after > end or len(found) >= _MOST_CHUNKS:
            raise Unreadable("a part of the WebP file is longer than the file")
        found.append(_Chunk(kind=content[at : at + 4], raw=content[at:after]))
        at = after
    if not found or found[0].kind not in {b"VP8 ", b"VP8L", _EXTENDED}:
        raise Unreadable("the WebP file does not begin with a picture")
    if found[0].kind == _EXTENDED and len(found[0].data) < 10:
        raise Unreadable("the header of the WebP file is too short")
    return found, content[end:]


def _joined(chunks: Iterable[_Chunk], tail: bytes) -> bytes:
    body = b"WEBP" + b"".join(one.raw for one in chunks)
    return SIGNATURE + struct.pack("<I", len(body)) + body + tail


def _made(kind: bytes, data: bytes) -> _Chunk:
    return _Chunk(kind=kind, raw=kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2))


def _extended(chunks: list[_Chunk], flags: int) -> list[_Chunk]:
    """The same in the extended form, with these flags set."""
    first = chunks[0]
    if first.kind == _EXTENDED:
        return [_made(_EXTENDED, bytes([first.data[0] | flags]) + first.data[1:]), *chunks[1:]]
    width, height, alpha = _lossless(first.data) if first.kind == b"VP8L" else _lossy(first.data)
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return [_made(_EXTENDED, bytes([flags | alpha, 0, 0, 0]) + size), *chunks]


def _lossy(data: bytes) -> tuple[int, int, int]:
    """Width, height and the flag for alpha, which this form has none of (RFC 6386, section 9.1)."""
    if data[3:6] != b"\x9d\x01\x2a" or len(data) < 10:
        raise Unreadable("the picture in the WebP file has no size")
    width, height = struct.unpack_from("<HH", data, 6)
    return _sized(width & 0x3FFF, height & 0x3FFF, 0)


def _lossless(data: bytes) -> tuple[int, int, int]:
    """Width, height and the flag for alpha (RFC 9649, section 3.4)."""
    if data[:1] != b"\x2f" or len(data) < 5:
        raise Unreadable("the picture in the WebP file has no size")
    (bits,) = struct.unpack_from("<I", data, 1)
    return _sized((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, _ALPHA if bits >> 28 & 1 else 0)


def _sized(width: int, height: int, alpha: int) -> tuple[int, int, int]:
    if not width or not height:
        raise Unreadable("the picture in the WebP file has no size")
    return width, height, alpha


def _with_exif(chunks: list[_Chunk], about: Described) -> list[_Chunk]:
    place = next((place for place, one in enumerate(chunks) if one.kind == _EXIF), None)
    if place is not None:
        longer = _made(_EXIF, exif.added(chunks[place].data, about))
        return [*chunks[:place], longer, *chunks[place + 1 :]]
    before_xmp = next((place for place, one in enumerate(chunks) if one.kind == _XMP), len(chunks))
    return [*chunks[:before_xmp], _made(_EXIF, exif.added(b"", about)), *chunks[before_xmp:]]


def _with_xmp(chunks: list[_Chunk], about: Described, record: str) -> list[_Chunk]:
    """Where a foreign packet has no place for ours, ours is a second chunk: readers may overlook it, we do not."""
    place = next((place for place, one in enumerate(chunks) if one.kind == _XMP), None)
    merged = None if place is None else xmp.added(chunks[place].data, about, record)
    if place is None or merged is None:
        return [*chunks, _made(_XMP, xmp.added(None, about, record) or b"")]
    return [*chunks[:place], _made(_XMP, merged), *chunks[place + 1 :]]


def _without_ours(one: _Chunk) -> Iterator[_Chunk]:
    removed = {_EXIF: exif.removed, _XMP: xmp.removed}.get(one.kind)
    rest = removed(one.data) if removed else None
    if rest is None or rest == one.data:
        yield one
    elif rest:
        yield _made(one.kind, rest)
