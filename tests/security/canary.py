"""Looking for the tests' key in everything that a run of the tests has written."""

import base64
import io
import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

CANARY = "apikey-CANARY-0123456789abcdef"
_CHUNK = 4_000_000  # bytes
_NOTED = ".searched.json"
_PACKED = b"PK\x03\x04"


@dataclass(frozen=True, kw_only=True)
class Search:
    """What was looked through, and the files in which the key stood."""

    files: int = 0
    bytes: int = 0
    found: tuple[str, ...] = ()

    def __add__(self, other: "Search") -> "Search":
        return Search(files=self.files + other.files, bytes=self.bytes + other.bytes, found=self.found + other.found)


def search(folder: Path) -> Search:
    """Every file below, and what is packed in those that are ZIP archives."""
    total = Search()
    for path in files(folder):
        try:
            total += _in_file(path)
        except FileNotFoundError:
            continue  # a process that still ends has removed it
    return total


def files(folder: Path) -> Iterator[Path]:
    """Every file below, also when folders are removed meanwhile: there, rglob would end the whole run."""
    for parent, _, names in os.walk(folder, onerror=_unless_it_is_gone):
        yield from (path for name in names if (path := Path(parent, name)).is_file() and not path.is_symlink())


def _unless_it_is_gone(trouble: OSError) -> None:
    if not isinstance(trouble, FileNotFoundError):
        raise trouble


def note(looked: Search, folder: Path) -> None:
    """Keep what was found in a place that is gone before the end of the run."""
    kept = {"files": looked.files, "bytes": looked.bytes, "found": list(looked.found)}
    (folder / f"{secrets.token_hex(8)}{_NOTED}").write_text(json.dumps(kept))


def everything(folder: Path) -> Search:
    """All that a run has written, and what was noted meanwhile."""
    total = search(folder)
    for path in (path for path in files(folder) if path.name.endswith(_NOTED)):
        kept = json.loads(path.read_text())
        total += Search(files=kept["files"], bytes=kept["bytes"], found=tuple(kept["found"]))
    return total


def _in_file(path: Path) -> Search:
    with path.open("rb") as file:
        length, hit = _read(file)
        file.seek(0)
        inside = _in_archive(path, file) if file.read(4) == _PACKED else Search()
    return replace(inside, files=1, bytes=length + inside.bytes, found=(*((str(path),) if hit else ()), *inside.found))


def _in_archive(path: Path, file: BinaryIO) -> Search:
    found = []
    length = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                size, hit = _read(io.BytesIO(archive.read(name)))
                length += size
                found += [f"{path}!{name}"] if hit else []
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError):
        return Search(bytes=length, found=tuple(found))  # tests write broken archives too; its bytes have been read
    return Search(bytes=length, found=tuple(found))


def _read(file: BinaryIO) -> tuple[int, bool]:
    """The length of a file, and whether the key stands in it, as it is or in base64."""
    length, kept, hit = 0, b"", False
    while chunk := file.read(_CHUNK):
        length += len(chunk)
        hit = hit or any(spelling in kept + chunk for spelling in _SPELLINGS)
        kept = chunk[-100:]
    return length, hit


def _spelled() -> Iterator[bytes]:
    """The key, and what stands for it in base64 wherever it begins in the text that is encoded."""
    key = CANARY.encode()
    yield key
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + key)
        yield encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4]


_SPELLINGS = tuple(_spelled())
