"""EXIF blocks: a comment and a description appended, while every byte that was there stays where it was.

EXIF is a TIFF file whose tables point into it. Ours are new tables at its end, with the old entries
copied and ours added; only the four bytes that name the first table change. A trailer remembers their
old value, so that cutting the end off gives the old block back.
"""

import struct
from collections.abc import Mapping

from studio.embedding.described import TEXT_LIMIT, Described, Unreadable
from studio.embedding.text import written

_DESCRIPTION, _ORIENTATION, _TABLE, _COMMENT = 0x010E, 0x0112, 0x8769, 0x9286
_ASCII, _SHORT, _LONG, _UNDEFINED = 2, 3, 4, 7
_PREFIX = b"Exif\0\0"
_EMPTY = b"MM\0*" + struct.pack(">IHI", 8, 0, 0)
_TRAILER = b"Atlas Studio\0\0\0\0"
_UNICODE = b"UNICODE\0"

_Table = dict[int, bytes]  # the 12 bytes of each entry by its tag


def added(block: bytes, about: Described, *, limit: int | None = None) -> bytes:
    """The block (empty for none) with our settings as comment and the prompt as description.

    What a foreign block says already stays. A description that does not fit in ``limit`` bytes is left out,
    then the comment; a block that cannot be read is left alone.
    """
    comment = written(about)
    try:
        for description in (about.request.prompt, ""):
            longer = _appended(block, description=description, comment=comment)
            if limit is None or len(longer) <= limit:
                return longer
    except Unreadable:
        return block
    return block


def removed(block: bytes) -> bytes:
    """The block without what ``added`` added; empty when it was ours altogether."""
    head, trailer, numbers = block[:-24], block[-24:-8], block[-8:]
    if trailer != _TRAILER:
        return block
    length, first = struct.unpack(">II", numbers)
    if not 8 <= length <= len(head):
        return b""
    prefix, tiff = _split(head[:length])
    return prefix + tiff[:4] + struct.pack(_order(tiff) + "I", first) + tiff[8:]


def comment_in(block: bytes) -> str:
    """The UserComment; empty when there is none that can be read."""
    _, tiff = _split(block)
    try:
        order = _order(tiff)
        entry = _table_below(tiff, order, _first_table(tiff, order)).get(_COMMENT)
        return _decoded(_value(tiff, order, entry), order) if entry else ""
    except Unreadable:
        return ""


def orientation_in(block: bytes) -> int:
    """How to turn the pixels, 1 to 8; 1 (not at all) when the block does not say."""
    _, tiff = _split(block)
    try:
        order = _order(tiff)
        entry = _first_table(tiff, order).get(_ORIENTATION, bytes(12))
    except Unreadable:
        return 1
    turned: int = struct.unpack_from(order + "H", entry, 8)[0]
    return turned if 1 <= turned <= 8 else 1


def only_orientation(turned: int) -> bytes:
    """The smallest block that says nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, _SHORT, 1, turned, 0, 0)


def _appended(block: bytes, *, description: str, comment: str) -> bytes:
    prefix, tiff = _split(block or _EMPTY)
    order = _order(tiff)
    first, next_at = _table(tiff, order, _number(tiff, order, 4))
    out = bytearray(tiff)
    below: _Table = {}
    below_next = 0
    if _TABLE in first:
        below, below_next = _table(tiff, order, _number(first[_TABLE], order, 8))
    if _COMMENT not in below:
        encoded = comment.encode("utf-16-be" if order == ">" else "utf-16-le", "replace")
        below[_COMMENT] = _entry(out, order, _COMMENT, _UNDEFINED, _UNICODE + encoded)
        pointer = struct.pack(order + "I", _put(out, _packed(below, order, below_next)))
        first[_TABLE] = struct.pack(order + "HHI", _TABLE, _LONG, 1) + pointer
    if description and _DESCRIPTION not in first:
        text = description.encode("utf-8", "replace") + b"\0"
        first[_DESCRIPTION] = _entry(out, order, _DESCRIPTION, _ASCII, text)
    out[4:8] = struct.pack(order + "I", _put(out, _packed(first, order, next_at)))
    return prefix + out + _TRAILER + struct.pack(">II", len(block), _number(tiff, order, 4))


def _entry(out: bytearray, order: str, tag: int, kind: int, value: bytes) -> bytes:
    where = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(order + "I", _put(out, value))
    return struct.pack(order + "HHI", tag, kind, len(value)) + where


def _put(out: bytearray, part: bytes) -> int:
    """Where it was appended; TIFF wants even places."""
    out += bytes(len(out) % 2)
    at = len(out)
    out += part
    return at


def _packed(table: Mapping[int, bytes], order: str, next_at: int) -> bytes:
    entries = b"".join(table[tag] for tag in sorted(table))
    return struct.pack(order + "H", len(table)) + entries + struct.pack(order + "I", next_at)


def _split(block: bytes) -> tuple[bytes, bytes]:
    """Some programs put the prefix of JPEG before the EXIF of WebP and PNG too."""
    return (_PREFIX, block[6:]) if block.startswith(_PREFIX) else (b"", block)


def _order(tiff: bytes) -> str:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        raise Unreadable("the EXIF block does not begin as TIFF does")
    return order


def _first_table(tiff: bytes, order: str) -> _Table:
    return _table(tiff, order, _number(tiff, order, 4))[0]


def _table_below(tiff: bytes, order: str, first: _Table) -> _Table:
    return _table(tiff, order, _number(first[_TABLE], order, 8))[0] if _TABLE in first else {}


def _table(tiff: bytes, order: str, at: int) -> tuple[_Table, int]:
    """The entries of the table at this place, and the place of the next."""
    count: int = struct.unpack(order + "H", _part(tiff, at, 2))[0]
    entries = _part(tiff, at + 2, 12 * count)
    table = {}
    for start in range(0, len(entries), 12):
        table[struct.unpack_from(order + "H", entries, start)[0]] = entries[start : start + 12]
    return table, _number(tiff, order, at + 2 + 12 * count)


def _value(tiff: bytes, order: str, entry: bytes) -> bytes:
    length = min(_number(entry, order, 4), TEXT_LIMIT)
    return entry[8 : 8 + length] if length <= 4 else _part(tiff, _number(entry, order, 8), length)


def _number(data: bytes, order: str, at: int) -> int:
    found: int = struct.unpack(order + "I", _part(data, at, 4))[0]
    return found


def _part(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise Unreadable("the EXIF block points outside itself")
    return data[at : at + length]


def _decoded(comment: bytes, order: str) -> str:
    """EXIF says the code by 8 bytes; of Unicode it does not say the byte order, and programs differ."""
    code, text = comment[:8], comment[8:]
    if code != _UNICODE:
        return text.decode("utf-8", "replace").strip("\0 ")
    if text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return text.decode("utf-16", "replace")
    candidates = [text.decode(name, "replace") for name in _likely(order)]
    return max(candidates, key=lambda candidate: sum(character < "\x7f" for character in candidate)).rstrip("\0")


def _likely(order: str) -> tuple[str, str]:
    return ("utf-16-be", "utf-16-le") if order == ">" else ("utf-16-le", "utf-16-be")
