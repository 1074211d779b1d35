"""JPEG: an EXIF and an XMP segment of ours, in front of the pixels.

A segment holds at most 65,533 bytes. What is longer goes whole into what can carry it: the EXIF comment
stands without the description beside it, and without room for itself it is left out; the XMP segment
keeps the AI mark and names an extended packet (XMP specification, part 3), which is spread over as many
segments as it needs and holds the prompt and our record.
"""

import hashlib
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from studio.embedding import exif, xmp
from studio.embedding.described import TEXT_LIMIT, Carried, Described, Unreadable, record_of

SIGNATURE = b"\xff\xd8"

_SCAN, _END, _APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_PACKET_LIMIT, _PORTION = 65_502, 65_400  # bytes, as the XMP specification sets them
_EXIF_LIMIT = 65_533 - len(_EXIF)
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_MOST_SEGMENTS = 20_000


@dataclass(frozen=True, kw_only=True)
class _Segment:
    marker: int
    payload: bytes  # without marker and length
    raw: bytes  # as it stood in the file, with the pixels that follow it


def embedded(content: bytes, about: Described) -> bytes:
    """A copy with our segments, or with what they say added to segments that were there."""
    segments = _with_exif(_segments(content), about)
    record = record_of(about)
    packet = next((one.payload[len(_XMP) :] for one in segments if one.payload.startswith(_XMP)), None)
    whole = xmp.added(packet, about, record)
    if whole and len(whole) <= _PACKET_LIMIT:
        return _joined(_put(segments, _XMP, whole))
    rest = xmp.extended(about, record)
    name = _digest(rest)
    main = xmp.referring(packet, about, name.decode())
    if main and len(main) <= _PACKET_LIMIT:
        segments = _put(segments, _XMP, main)
    place = _place(segments)
    return _joined([*segments[:place], *_portions(name, rest), *segments[place:]])


def plain(content: bytes) -> bytes:
    """A copy without what ``embedded`` added."""
    segments = _segments(content)
    ours = {name for name, packet in _extensions(segments).items() if xmp.records(packet)}
    return _joined(kept for one in segments for kept in _without_ours(one, ours))


def stripped(content: bytes) -> bytes:
    """A copy with the pixels, their colours and how to turn them, and nothing else."""
    segments = _segments(content)
    blocks = [one.payload for one in segments if _is_exif(one)]
    turned = exif.orientation_in(blocks[0]) if blocks else 1
    kept = [_bare(one) for one in segments if _is_picture(one)]
    return _joined(_put(kept, _EXIF, exif.only_orientation(turned)) if turned > 1 else kept)


def carried(content: bytes) -> Carried:
    """The texts that can be settings."""
    segments = _segments(content)
    packets = [one.payload for one in segments if one.marker == _APP1 and one.payload.startswith(_XMP)]
    packets += _extensions(segments).values()
    return Carried(
        records=tuple(record for packet in packets for record in xmp.records(packet)),
        texts=tuple(exif.comment_in(one.payload) for one in segments if _is_exif(one)),
    )


def _segments(content: bytes) -> list[_Segment]:
    found = [_Segment(marker=0xD8, payload=b"", raw=content[:2])]
    at = 2
    while at < len(content) and found[-1].marker != _END:
        if len(found) >= _MOST_SEGMENTS:
            raise Unreadable("the JPEG file has too many parts")
        found.append(_segment(content, at))
        at += len(found[-1].raw)
    if not any(one.marker == _SCAN for one in found):
        raise Unreadable("the JPEG file ends before its pixels")
    return found


def _segment(content: bytes, start: int) -> _Segment:
    marker = _MARKER.match(content, start)
    if not marker:
        raise Unreadable("a part of the JPEG file does not begin as it must")
    code, at = marker[1][0], marker.end()
    if code == _END:
        return _Segment(marker=code, payload=b"", raw=content[start:])
    if code == 0x01 or 0xD0 <= code <= 0xD8:
        return _Segment(marker=code, payload=b"", raw=content[start:at])
    length = int.from_bytes(content[at : at + 2], "big")
    end = at + length
    if length < 2 or end > len(content):
        raise Unreadable("a part of the JPEG file is longer than the file")
    payload = content[at + 2 : end]
    if code == _SCAN:
        following = _AFTER_SCAN.search(content, end)
        end = following.start() if following else len(content)
    return _Segment(marker=code, payload=payload, raw=content[start:end])


def _joined(segments: Iterable[_Segment]) -> bytes:
    return b"".join(one.raw for one in segments)


def _made(identifier: bytes, rest: bytes) -> _Segment:
    payload = identifier + rest
    return _Segment(marker=_APP1, payload=payload, raw=struct.pack(">BBH", 0xFF, _APP1, len(payload) + 2) + payload)


def _put(segments: list[_Segment], identifier: bytes, rest: bytes) -> list[_Segment]:
    """In place of the segment that begins so, or as a new one."""
    new = _made(identifier, rest)
    for place, one in enumerate(segments):
        if one.marker == _APP1 and one.payload.startswith(identifier):
            return [*segments[:place], new, *segments[place + 1 :]]
    place = _place(segments)
    return [*segments[:place], new, *segments[place:]]


def _place(segments: list[_Segment]) -> int:
    """Behind what programs expect first: JFIF, then EXIF, then XMP."""
    place = 1
    while segments[place].marker == _APP0 or (
        segments[place].marker == _APP1 and segments[place].payload.startswith((_EXIF, _XMP))
    ):
        place += 1
    return place


def _with_exif(segments: list[_Segment], about: Described) -> list[_Segment]:
    block = next((one.payload[len(_EXIF) :] for one in segments if _is_exif(one)), b"")
    longer = exif.added(block, about, limit=_EXIF_LIMIT)
    return segments if longer == block else _put(segments, _EXIF, longer)


def _without_ours(one: _Segment, extensions: set[bytes]) -> Iterator[_Segment]:
    if _extension_name(one) in extensions:
        return
    for identifier, removed in ((_EXIF, exif.removed), (_XMP, xmp.removed)):
        if one.marker == _APP1 and one.payload.startswith(identifier):
            before = one.payload[len(identifier) :]
            rest = removed(before)
            if rest != before:
                if rest:
                    yield _made(identifier, rest)
                return
    yield one


def _is_exif(one: _Segment) -> bool:
    return one.marker == _APP1 and one.payload.startswith(_EXIF)


def _is_picture(one: _Segment) -> bool:
    """Not an application's segment nor a comment, except those that decide how the pixels look."""
    if not (_APP0 <= one.marker <= _APP15 or one.marker == _COMMENT):
        return True
    looks = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}.get(one.marker)
    return bool(looks and one.payload.startswith(looks))


def _bare(one: _Segment) -> _Segment:
    """JFIF without its thumbnail, and an end with nothing behind it."""
    if one.marker == _END:
        return replace(one, raw=b"\xff\xd9")
    if one.marker == _APP0 and len(one.payload) > 14:
        payload = one.payload[:12] + b"\0\0"
        return replace(one, raw=struct.pack(">BBH", 0xFF, _APP0, 16) + payload)
    return one


def _portions(name: bytes, packet: bytes) -> Iterator[_Segment]:
    for start in range(0, len(packet), _PORTION):
        head = name + struct.pack(">II", len(packet), start)
        yield _made(_EXTENSION, head + packet[start : start + _PORTION])


def _extension_name(one: _Segment) -> bytes:
    start = len(_EXTENSION)
    is_one = one.marker == _APP1 and one.payload.startswith(_EXTENSION) and len(one.payload) >= start + 40
    return one.payload[start : start + 32] if is_one else b""


def _extensions(segments: list[_Segment]) -> dict[bytes, bytes]:
    """The extended packets by name, each put together from its portions."""
    portions: dict[bytes, dict[int, bytes]] = {}
    for one in segments:
        if name := _extension_name(one):
            start = len(_EXTENSION) + 40
            (offset,) = struct.unpack_from(">I", one.payload, start - 4)
            portions.setdefault(name, {})[offset] = one.payload[start:]
    packets = {name: b"".join(parts[offset] for offset in sorted(parts)) for name, parts in portions.items()}
    return {name: packet for name, packet in packets.items() if len(packet) <= TEXT_LIMIT}


def _digest(packet: bytes) -> bytes:
    return hashlib.md5(packet, usedforsecurity=False).hexdigest().upper().encode()
