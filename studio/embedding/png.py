"""PNG: three iTXt chunks of ours after IHDR (``parameters``, ``atlas_studio``, XMP); pixels are in other chunks."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studio.embedding import exif, xmp
from studio.embedding.described import TEXT_LIMIT, Carried, Described, Unreadable, record_of
from studio.embedding.text import written

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_RECORD, _PARAMETERS, _XMP = b"atlas_studio", b"parameters", b"XML:com.adobe.xmp"
_OURS = b"Atlas Studio"  # as the translated keyword: tells our ``parameters`` from another program's
_MOST_CHUNKS = 200_000
# What decides how the pixels look. Everything else can hold text, a place or a name.
_PICTURE = frozenset(
    "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs".encode().split()  # noqa: UP012
)


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    kind: bytes
    raw: bytes  # with length and checksum, as it stood in the file

    @property
    def data(self) -> bytes:
        return self.raw[8:-4]


@dataclass(frozen=True, kw_only=True)
class _Text:
    """What a tEXt, zTXt or iTXt chunk says."""

    keyword: bytes
    translated: bytes
    text: bytes  # UTF-8, or Latin-1 where ``kind`` is not iTXt
    kind: bytes

    @property
    def words(self) -> str:
        return self.text.decode("utf-8" if self.kind == b"iTXt" else "latin-1", "replace")


def embedded(content: bytes, about: Described) -> bytes:
    """A copy with our chunks; other programs' parameters stay, and ours of that name are left out then."""
    chunks, tail = _parts(content)
    texts = {text.keyword: chunk for chunk in chunks if (text := _text(chunk, {_PARAMETERS, _XMP}))}
    record = record_of(about)
    ours = [_itxt(_RECORD, record.encode())]
    if _PARAMETERS not in texts:
        ours.insert(0, _itxt(_PARAMETERS, written(about).encode("utf-8", "replace")))
    if _XMP in texts:
        chunks = [_with_xmp(chunk, about, record) if chunk is texts[_XMP] else chunk for chunk in chunks]
    elif packet := xmp.added(None, about, record):
        ours.append(_itxt(_XMP, packet))
    return _joined([chunks[0], *ours, *chunks[1:]], tail)


def plain(content: bytes) -> bytes:
    """A copy without what ``embedded`` added."""
    chunks, tail = _parts(content)
    return _joined((kept for chunk in chunks for kept in _without_ours(chunk)), tail)


def stripped(content: bytes) -> bytes:
    """A copy with the pixels, their colours and how to turn them, and nothing else."""
    chunks, _ = _parts(content)
    turned = next((exif.orientation_in(chunk.data) for chunk in chunks if chunk.kind == b"eXIf"), 1)
    kept = [chunk for chunk in chunks if chunk.kind in _PICTURE]
    extra = [_made(b"eXIf", exif.only_orientation(turned))] if turned > 1 else []
    return _joined([kept[0], *extra, *kept[1:]], b"")


def carried(content: bytes) -> Carried:
    """The texts that can be settings."""
    chunks, _ = _parts(content)
    texts = [text for chunk in chunks if (text := _text(chunk, {_RECORD, _PARAMETERS, _XMP}))]
    comments = [exif.comment_in(chunk.data) for chunk in chunks if chunk.kind == b"eXIf"]
    packets = [record for text in texts if text.keyword == _XMP for record in xmp.records(text.text)]
    return Carried(
        records=(*[text.words for text in texts if text.keyword == _RECORD], *packets),
        texts=(*[text.words for text in texts if text.keyword == _PARAMETERS], *comments),
    )


def _parts(content: bytes) -> tuple[list[_Chunk], bytes]:
    """The chunks from IHDR to IEND, and what stands behind them."""
    found: list[_Chunk] = []
    at = len(SIGNATURE)
    while not found or found[-1].kind != b"IEND":
        if len(content) - at < 12 or len(found) >= _MOST_CHUNKS:
            raise Unreadable("the PNG file ends too early")
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        if end > len(content):
            raise Unreadable("a part of the PNG file is longer than the file")
        found.append(_Chunk(kind=content[at + 4 : at + 8], raw=content[at:end]))
        at = end
    if found[0].kind != b"IHDR":
        raise Unreadable("the PNG file does not begin with its header")
    return found, content[at:]


def _joined(chunks: Iterable[_Chunk], tail: bytes) -> bytes:
    return SIGNATURE + b"".join(chunk.raw for chunk in chunks) + tail


def _made(kind: bytes, data: bytes) -> _Chunk:
    raw = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return _Chunk(kind=kind, raw=raw)


def _itxt(keyword: bytes, text: bytes) -> _Chunk:
    return _made(b"iTXt", keyword + b"\0\0\0" + b"\0" + _OURS + b"\0" + text)


def _with_xmp(chunk: _Chunk, about: Described, record: str) -> _Chunk:
    """A foreign packet with ours added; as it is where it is packed or has no place for more."""
    head, packet = _split_itxt(chunk)
    merged = xmp.added(packet, about, record) if packet else None
    return _made(b"iTXt", head + merged) if merged else chunk


def _without_ours(chunk: _Chunk) -> Iterator[_Chunk]:
    found = _text(chunk, {_RECORD, _PARAMETERS}) if chunk.kind == b"iTXt" else None
    if found and found.translated == _OURS:
        return
    head, packet = _split_itxt(chunk)
    rest = xmp.removed(packet)
    if rest == packet:
        yield chunk
    elif rest:
        yield _made(b"iTXt", head + rest)


def _split_itxt(chunk: _Chunk) -> tuple[bytes, bytes]:
    """An XMP chunk before and from its packet; nothing for other chunks and where the packet is compressed."""
    parts = chunk.data.split(b"\0", 5) if chunk.kind == b"iTXt" else []
    if len(parts) != 6 or parts[0] != _XMP or parts[1] or parts[2]:
        return b"", b""
    return chunk.data[: -len(parts[5]) or None], parts[5]


def _text(chunk: _Chunk, wanted: set[bytes]) -> _Text | None:
    """None for chunks that say nothing that is wanted; raises Unreadable for a text that unpacks too large."""
    if chunk.kind not in {b"tEXt", b"zTXt", b"iTXt"}:
        return None
    keyword, _, rest = chunk.data.partition(b"\0")
    if keyword not in wanted:
        return None
    translated, is_packed = b"", chunk.kind == b"zTXt"
    if chunk.kind == b"zTXt":
        rest = rest[1:]
    elif chunk.kind == b"iTXt":
        is_packed = rest[:1] == b"\1"
        _, _, rest = rest[2:].partition(b"\0")
        translated, _, rest = rest.partition(b"\0")
    return _Text(keyword=keyword, translated=translated, text=_unpacked(rest) if is_packed else rest, kind=chunk.kind)


def _unpacked(packed: bytes) -> bytes:
    try:
        text = zlib.decompressobj().decompress(packed, TEXT_LIMIT + 1)
    except zlib.error as broken:
        raise Unreadable("a compressed text in the PNG file cannot be unpacked") from broken
    if len(text) > TEXT_LIMIT:
        raise Unreadable("a compressed text in the PNG file is too large")
    return text
