"""A ZIP file in which every byte is accounted for: stored, undated, in order, and read back without trust.

Any ZIP program opens it. Reading compares each header with the only one that could have been written, so that
one changed byte anywhere is found, nothing unpacks to more than is there, and no name is ever a path.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from atlas.text import excerpt

MOST_ENTRIES = 20_000
_MOST_BYTES = 0xFFFF_FFFF  # a ZIP needs another form beyond
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
_NAME_LIMIT = 200
_ENTRY, _LISTED, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_DATE = 33  # 1980-01-01, the first day of ZIP
_PLAIN = 0o100644 << 16


class Wrong(Exception):
    """Something in a bundle is not as it was written: ``entry``, a line of it where there are lines, and why."""

    def __init__(self, entry: str, why: str, *, row: int | None = None) -> None:
        self.entry, self.row = excerpt(entry, 120), row
        place = self.entry if row is None else f"{self.entry}, line {row:,}"
        super().__init__(f"{place}: {excerpt(why, 400)}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file in the bundle, and where it begins."""

    name: str
    checksum: int
    size: int
    start: int

    @property
    def header(self) -> bytes:
        name = self.name.encode()
        size = (self.checksum, self.size, self.size)
        return _ENTRY.pack(b"PK\x03\x04", 20, 0, 0, 0, _DATE, *size, len(name), 0) + name

    @property
    def listed(self) -> bytes:
        """Its line in the table at the end."""
        name = self.name.encode()
        size = (self.checksum, self.size, self.size)
        first = (b"PK\x01\x02", 3 << 8 | 20, 20, 0, 0, 0, _DATE)
        return _LISTED.pack(*first, *size, len(name), 0, 0, 0, 0, _PLAIN, self.start) + name

    @property
    def end(self) -> int:
        return self.start + len(self.header) + self.size


def pack(file: IO[bytes], contents: Iterable[tuple[str, bytes]]) -> None:
    """Write one after the other; the file need not be one that can seek. Raises ValueError for too much."""
    entries: list[Entry] = []
    for name, content in contents:
        start = entries[-1].end if entries else 0
        entry = Entry(name=name, checksum=zlib.crc32(content), size=len(content), start=start)
        if entry.end > _MOST_BYTES - MOST_ENTRIES * 300 or len(entries) >= MOST_ENTRIES:
            raise ValueError("This review has more images than fit into one bundle of 4 GB. Review fewer at a time.")
        entries.append(entry)
        file.write(entry.header)
        file.write(content)
    file.write(_table(entries))


class Opened:
    """A bundle to read. Raises Wrong for what pack() would not have written.

    Not ``checked``, its contents may have been changed: to find out where.
    """

    def __init__(self, file: IO[bytes], *, checked: bool = True) -> None:
        self._file = file
        self._checked = checked
        self.entries = {entry.name: entry for entry in _listed(file)}

    def content(self, name: str, *, limit: int) -> bytes:
        """Raises Wrong when it is missing, changed, or larger than ``limit`` bytes."""
        entry = self.entries.get(name)
        if entry is None:
            raise Wrong(name, "is missing. Take another copy of the bundle.")
        if entry.size > limit:
            raise Wrong(name, f"is larger than {limit // 1_000_000:,} MB, which no bundle of Atlas Studio has there.")
        self._file.seek(entry.start)
        if self._file.read(len(entry.header)) != entry.header and self._checked:
            raise Wrong(name, "the header in front of it was changed.")
        content = self._file.read(entry.size)
        if len(content) != entry.size or (self._checked and zlib.crc32(content) != entry.checksum):
            raise Wrong(name, "was changed since the bundle was made.")
        return content


def _table(entries: Iterable[Entry]) -> bytes:
    listed = list(entries)
    lines = b"".join(entry.listed for entry in listed)
    start = listed[-1].end if listed else 0
    count = len(listed)
    return lines + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(lines), start, 0)


def _listed(file: IO[bytes]) -> Iterator[Entry]:
    """The entries in the table at the end, which has to be the one of these very entries."""
    length = file.seek(0, 2)
    if length < _END.size:
        raise Wrong("the bundle", "is no ZIP file, or is cut off. Take another copy of it.")
    file.seek(length - _END.size)
    *_, count, size, start, _ = end = _END.unpack(file.read(_END.size))
    if end[0] != b"PK\x05\x06" or start + size + _END.size != length or count > MOST_ENTRIES:
        raise Wrong("the bundle", "does not end as Atlas Studio writes it: cut off, changed, or packed again.")
    if size > count * (_LISTED.size + _NAME_LIMIT):
        raise Wrong("the bundle", "has a table of entries that is too long.")
    file.seek(start)
    table, at = file.read(size), 0
    entries: list[Entry] = []
    while at < len(table):
        entry = _entry(table, at, entries)
        entries.append(entry)
        at += len(entry.listed)
    if _table(entries) != table + _END.pack(*end):
        raise Wrong("the bundle", "the table of its entries was changed.")
    yield from entries


def _entry(table: bytes, at: int, before: list[Entry]) -> Entry:
    """The entry at this place of the table. Raises Wrong unless it continues those before."""
    after = f"the entry after {before[-1].name}" if before else "the first entry"
    if len(table) < at + _LISTED.size:
        raise Wrong(after, "is cut off in the table of entries.")
    told = _LISTED.unpack_from(table, at)
    name = table[at + _LISTED.size : at + _LISTED.size + min(told[10], _NAME_LIMIT)].decode("ascii", "replace")
    if not _NAME.fullmatch(name):
        raise Wrong(name.strip() or after, "has a name that no bundle of Atlas Studio has.")
    if name in {entry.name for entry in before}:
        raise Wrong(name, "is there twice.")
    entry = Entry(name=name, checksum=told[7], size=told[8], start=before[-1].end if before else 0)
    if table[at : at + len(entry.listed)] != entry.listed:
        raise Wrong(name, "its line in the table of entries was changed, or the bundle was packed again.")
    return entry
