"""A ZIP file from anywhere, opened without trust: nothing is unpacked to disk, and nothing larger than expected.

Members are only looked up by name. Links, folders, encrypted or doubled members, names that lead elsewhere and
members that grow too much are known as refused, and the rest can be read.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from atlas.language import tr

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError, struct.error, KeyError)
_MEMBER, _END, _END_64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _COMMENT_LIMIT = 22, 65_535
_NAME_LIMIT = 1000  # bytes of a member's entry in the table, on average
_LEADS_ELSEWHERE = re.compile(r"^/|^[A-Za-z]:|\\|\0|(^|/)\.\.(/|$)|//")


class BadArchive(Exception):
    """The whole file is not usable; the text is a sentence that says what to do."""


class BadMember(Exception):
    """One member cannot be read; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an archive may hold at most; sizes in bytes."""

    members: int = 200_000
    image: int = 50_000_000
    total: int = 1_000_000_000_000
    ratio: int = 100  # unpacked to packed, of an image; ZIP itself can do 1,000


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The members that can be read, and why the others cannot."""

    zipped: zipfile.ZipFile
    limits: Limits
    members: dict[str, zipfile.ZipInfo]
    refused: dict[str, str]

    def image(self, name: str) -> bytes:
        """Raises BadMember."""
        if name in self.refused:
            raise BadMember(self.refused[name])
        member = self.members.get(name)
        if member is None:
            raise BadMember(tr("it is not in the archive"))
        if member.file_size > self.limits.image:
            raise BadMember(tr("it is larger than {image} MB").format(image=self.limits.image // 1_000_000))
        if member.file_size > self.limits.ratio * max(member.compress_size, 1):
            raise BadMember(tr("it is packed too tightly for an image"))
        try:
            with self.zipped.open(member) as file:
                return file.read(self.limits.image + 1)
        except _BROKEN as trouble:
            raise BadMember(tr("it is damaged ({name__})").format(name__=type(trouble).__name__)) from None

    def lines(self, name: str, *, limit: int) -> Iterator[bytes]:
        """The lines of a text; one beyond ``limit`` bytes ends in the middle. Raises BadArchive."""
        if name in self.refused or name not in self.members:
            why = self.refused.get(name, tr("it is not there"))
            raise BadArchive(
                tr("This file has no {name} that can be read ({why}). Choose an archive from Atlas Studio.").format(
                    name=name, why=why
                )
            )
        try:
            with self.zipped.open(self.members[name]) as file:
                while line := file.readline(limit):
                    yield line
                    while len(line) >= limit and not line.endswith(b"\n"):
                        line = file.readline(limit)
        except _BROKEN as trouble:
            kind = type(trouble).__name__
            raise BadArchive(
                tr("The {name} in this archive is damaged ({kind}). Choose another copy of it.").format(
                    name=name, kind=kind
                )
            ) from None


@contextmanager
def opened(source: Path | IO[bytes], limits: Limits) -> Iterator[Opened]:
    """Raises BadArchive, and OSError when the file cannot be read."""
    if isinstance(source, Path):
        with source.open("rb") as file, opened(file, limits) as found:
            yield found
        return
    _refuse_crowds(source, limits)
    try:
        zipped = zipfile.ZipFile(source)
    except _BROKEN:
        raise BadArchive(
            tr("This file is no ZIP archive, or is damaged. Choose an archive from Atlas Studio.")
        ) from None
    with zipped:
        members = zipped.infolist()
        if sum(member.file_size for member in members) > limits.total:
            raise BadArchive(tr("This archive unpacks to more than can be imported. Export it again in several parts."))
        times = Counter(member.filename for member in members)
        refused = {member.filename: why for member in members if (why := _why_not(member, times[member.filename]))}
        readable = {member.filename: member for member in members if member.filename not in refused}
        yield Opened(zipped=zipped, limits=limits, members=readable, refused=refused)


def _why_not(member: zipfile.ZipInfo, times: int) -> str:
    if times > 1:
        return tr("there are several files of this name")
    if member.orig_filename != member.filename or _LEADS_ELSEWHERE.search(member.filename):
        return tr("its name leads elsewhere")
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG} or member.is_dir():
        return tr("it is a link, a folder or no ordinary file")
    if member.flag_bits & 0x1:
        return tr("it is encrypted")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return tr("it is packed in an unusual way")
    return ""


def _refuse_crowds(file: IO[bytes], limits: Limits) -> None:
    """Counts the members before ``zipfile`` makes an object of each. Raises BadArchive."""
    end = file.seek(0, 2)
    start = file.seek(max(0, end - _END_SIZE - _COMMENT_LIMIT))
    tail = file.read()
    found = tail.rfind(_END)
    if found < 0 or len(tail) - found < _END_SIZE:
        raise BadArchive(tr("This file is no ZIP archive, or is cut off. Choose an archive from Atlas Studio."))
    (size,) = struct.unpack_from("<I", tail, found + 12)
    table_end = start + found
    if found >= 76 and tail[found - 20 : found - 16] == _END_64:
        (size,) = struct.unpack_from("<Q", tail, found - 76 + 40)
        table_end -= 76
    if size <= limits.members * _NAME_LIMIT:
        file.seek(max(0, table_end - size))
        if _count(file, size) <= limits.members:
            return
    raise BadArchive(
        tr("This archive holds more than {members:,} files. Export it again in several parts.").format(
            members=limits.members
        )
    )


def _count(file: IO[bytes], size: int) -> int:
    """How many members begin in the next ``size`` bytes."""
    count, rest = 0, b""
    while size > 0 and (piece := file.read(min(size, 1_048_576))):
        size -= len(piece)
        count += (rest + piece).count(_MEMBER)
        rest = piece[-len(_MEMBER) + 1 :]
    return count
