"""The folder of a backup: its files, and the manifest that says what they were when they were whole.

    database.sqlite3 or database.pgdump   the database at one moment
    files.jsonl                           every original that the database names, and how it was found
    images/ab/ab….png                     the originals, each named by the SHA-256 of its bytes
    manifest.json                         what all of that must be, sealed against change

No path is ever read from a backup: the place of a file follows from its hash, so a changed list leads nowhere else.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from studio.images import sync_folder

MANIFEST, LISTING, IMAGES = "manifest.json", "files.jsonl", "images"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
_FORMAT = 1
_CHUNK = 1_048_576  # bytes in memory at a time
_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
_SPARE = 16 * 1_048_576  # bytes that stay free beside a copy

Progress = Callable[[int, int], None]  # files done, files total
Cancelled = Callable[[], bool]


class BackupProblem(Exception):
    """Nothing was made or restored; the text is one plain sentence that says what to do."""


class Stopped(Exception):
    """Somebody cancelled; nothing half-made is left."""


class Found(StrEnum):
    """How the backup found an original in the studio."""

    WHOLE = "whole"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    ERASED = "erased"  # by a person, between the copy of the database and that of the files: no fault


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    sha256: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An original that the database names."""

    sha256: str
    format: str
    bytes: int
    found: Found = Found.WHOLE

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("not the name of an original")

    @property
    def name(self) -> str:
        return f"{self.sha256}.{self.format}"

    def below(self, images: Path) -> Path:
        return images / self.sha256[:2] / self.name

    @property
    def shown(self) -> str:
        return self.below(Path(IMAGES)).as_posix()


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds; ``rows`` counts every table, ``files`` every line of the listing."""

    made: str
    schema: str
    kind: str
    made_with: str
    database: Fingerprint
    listing: Fingerprint
    rows: Mapping[str, int]
    files: int
    file_bytes: int

    @property
    def bytes(self) -> int:
        return self.database.bytes + self.listing.bytes + self.file_bytes

    def database_in(self, folder: Path) -> Path:
        return folder / DATABASE[self.kind]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    content = {"format": _FORMAT, **asdict(manifest)}
    write_whole(folder / MANIFEST, json.dumps({**content, "seal": _seal(content)}, indent=2) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupProblem when it is not there, cut, changed or of a newer program."""
    if not is_file(folder / MANIFEST):
        raise BackupProblem(f"{shown(folder)} has no {MANIFEST}, so it is no whole backup: name another folder.")
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT and content.pop("seal") == _seal(content):
            raise BackupProblem(
                f"{MANIFEST} was written by a newer Atlas Studio: install that one to read this backup."
            )
        return _unsealed(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BackupProblem(
            f"{MANIFEST} is cut or was changed, so nothing vouches for this backup: copy it again from where it "
            "was made, or use another backup."
        ) from None


def _unsealed(content: dict[str, Any]) -> Manifest:
    seal = content.pop("seal")
    if seal != _seal(content):
        raise ValueError("the seal is broken")
    del content["format"]
    database, files = (Fingerprint(**content.pop(name)) for name in ("database", "listing"))
    manifest = Manifest(**content, database=database, listing=files)
    if manifest.kind not in DATABASE:
        raise ValueError("an unknown kind of database")
    return manifest


def _seal(content: Mapping[str, Any]) -> str:
    """Against accidents: whoever changes the manifest on purpose can also seal it again."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def listing(path: Path) -> Iterator[Listed]:
    """The lines of a list of files, one at a time. Raises ValueError or TypeError for a line that is none."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            yield Listed(**{**values, "found": Found(values["found"])})


def line_of(item: Listed) -> str:
    return json.dumps(asdict(item)) + "\n"


def fingerprint(path: Path, cancelled: Cancelled) -> Fingerprint:
    """Raises OSError, Stopped."""
    return _through(path, lambda _chunk: None, cancelled)


def copy(source: Path, target: Path, cancelled: Cancelled) -> Fingerprint:
    """A new file, on disk when this returns, and the fingerprint of what was read. Raises OSError, Stopped."""
    with target.open("xb") as writing:
        found = _through(source, writing.write, cancelled)
        writing.flush()
        os.fsync(writing.fileno())
    return found


class Unreadable(OSError):
    """The source of a copy; other errors are of its target."""


def _through(source: Path, take: Callable[[bytes], object], cancelled: Cancelled) -> Fingerprint:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(source):
        if cancelled():
            raise Stopped
        digest.update(chunk)
        size += len(chunk)
        take(chunk)
    return Fingerprint(sha256=digest.hexdigest(), bytes=size)


def _chunks(source: Path) -> Iterator[bytes]:
    """Raises Unreadable."""
    try:
        with source.open("rb") as reading:
            yield from iter(partial(reading.read, _CHUNK), b"")
    except OSError as trouble:
        raise Unreadable(trouble.errno, trouble.strerror) from trouble


def write_whole(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def is_file(path: Path) -> bool:
    """A file itself; a link or a pipe under its name is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def sync_folders(top: Path) -> None:
    for folder, _, _ in os.walk(top):
        sync_folder(Path(folder))


def refuse_without_room(needed: int, place: Path) -> None:
    """Raises BackupProblem when ``place`` has not that many bytes and some to spare."""
    free = shutil.disk_usage(place).free
    if free < needed + _SPARE:
        raise BackupProblem(
            f"{shown(place)} has {free / 1e9:,.1f} GB free and {(needed + _SPARE) / 1e9:,.1f} GB are needed: "
            "make room, or choose another disk."
        )


def shown(name: object) -> str:
    """A path or name as it may stand on a terminal, on one line."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(name))


@contextmanager
def in_words(what: str, url: str = "") -> Iterator[None]:
    """Errors of the disk and of the database as a BackupProblem, without the password of the database."""
    try:
        yield
    except (OSError, SQLAlchemyError, sqlite3.Error) as trouble:
        reason = getattr(trouble, "strerror", None) or str(getattr(trouble, "orig", None) or trouble)
        raise BackupProblem(f"{what} ({without_password(reason, url)}): see to that, then try again.") from trouble


def without_password(text: str, url: str) -> str:
    """The text on one short line."""
    password = None
    with suppress(SQLAlchemyError):
        password = make_url(url).password
    line = " ".join(shown(" ".join(text.split())).split())
    return (line.replace(str(password), "…") if password else line)[:300]
