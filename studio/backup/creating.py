"""Making a backup while the studio runs: first the database at one moment, then the originals it names.

An original is written before its row, never changes, and goes only after its row, so every row in the copy finds its
file, or somebody erased both meanwhile.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio.backup import database, postgresql
from studio.backup.checking import lacking
from studio.backup.folder import (
    DATABASE,
    IMAGES,
    LISTING,
    BackupProblem,
    Cancelled,
    Found,
    Listed,
    Manifest,
    Progress,
    Unreadable,
    copy,
    fingerprint,
    in_words,
    line_of,
    listing,
    refuse_without_room,
    shown,
    sync_folders,
    write_manifest,
)
from studio.images import sync_folder
from studio.settings import Settings

_PLAN = "originals.plan"  # what the database names, before it was looked for


def make(chosen: Settings, folder: Path, faults: list[str], *, progress: Progress, cancelled: Cancelled) -> Manifest:
    """A whole backup at ``folder``; ``faults`` tells of each original that was not whole.

    Raises BackupProblem and Stopped, and then leaves nothing at ``folder``.
    """
    images = chosen.data_dir / IMAGES
    with in_words("The backup could not be made", chosen.database_url):
        folder = _place(folder, images)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with database.live(chosen.database_url) as connection:
            database.contents(connection)
            refuse_without_room(database.size(connection, chosen.database_url), folder.parent)
        with _unfinished(folder) as partial:
            manifest = _fill(partial, chosen, faults, progress=progress, cancelled=cancelled)
            write_manifest(partial, manifest)
            sync_folders(partial)
            if folder.exists():
                folder.rmdir()
            partial.rename(folder)
            sync_folder(folder.parent)
    return manifest


def _place(folder: Path, images: Path) -> Path:
    """Raises BackupProblem when no backup can be made at ``folder``."""
    try:
        place = folder.expanduser().resolve()
        str(place).encode()
        taken = place.exists() and (not place.is_dir() or any(place.iterdir()))
    except (ValueError, RuntimeError):
        raise BackupProblem(f"{shown(folder)} cannot be the name of a folder: choose another.") from None
    if place.is_relative_to(images.resolve()):
        raise BackupProblem(
            f"{shown(folder)} is among the images themselves: choose a folder outside of {shown(images)}."
        )
    if taken:
        raise BackupProblem(f"{shown(folder)} exists and is not empty: name a new folder for every backup.")
    return place


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` to fill and rename; gone afterwards, whatever happens."""
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        partial.mkdir(mode=0o700)  # prompts and images are nobody else's business
    except FileExistsError:
        raise BackupProblem(
            f"{shown(partial)} exists: another backup is being made there, or one was cut short. Wait for it, or "
            "remove that folder, then try again."
        ) from None
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill(partial: Path, chosen: Settings, faults: list[str], *, progress: Progress, cancelled: Cancelled) -> Manifest:
    kind = database.kind(chosen.database_url)
    made, target = datetime.now(UTC), partial / DATABASE[kind]
    with database.copied(chosen.database_url, target, cancelled) as connection:
        found = database.contents(connection)
        total = _write_plan(partial / _PLAN, database.originals(connection), faults)
    files = _copy_originals(partial, chosen, faults, total, progress=progress, cancelled=cancelled)
    (partial / _PLAN).unlink()
    return Manifest(
        made=made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        schema=found.schema,
        kind=kind,
        made_with=postgresql.version("pg_dump") if kind == "postgresql" else "",
        database=fingerprint(target, cancelled),
        listing=fingerprint(partial / LISTING, cancelled),
        rows=found.rows,
        files=total,
        file_bytes=files,
    )


def _write_plan(plan: Path, named: Iterable[Any], faults: list[str]) -> int:
    """On disk and not in memory, so that the database need not be held open while files are copied."""
    count = 0
    with plan.open("x", encoding="utf-8") as lines:
        for sha256, form, size in named:
            try:
                lines.write(line_of(Listed(sha256=sha256, format=form, bytes=size)))
            except ValueError:
                faults.append(
                    f"The database names an original {shown(f'{sha256}.{form}')[:120]}, which is no name of ours: "
                    "restore that row from an older backup."
                )
            else:
                count += 1
    return count


def _copy_originals(
    partial: Path, chosen: Settings, faults: list[str], total: int, *, progress: Progress, cancelled: Cancelled
) -> int:
    """The bytes that were copied; the listing says what became of each original."""
    size = 0
    progress(0, total)
    (partial / IMAGES).mkdir()
    with (partial / LISTING).open("x", encoding="utf-8") as lines:
        for done, planned in enumerate(listing(partial / _PLAN), start=1):
            item = _copy_original(planned, chosen.data_dir / IMAGES, partial / IMAGES, cancelled)
            if item.found is Found.MISSING and not database.is_named(chosen.database_url, item.sha256):
                item = replace(item, found=Found.ERASED)
            if item.found is Found.WHOLE:
                size += item.bytes
            elif item.found is not Found.ERASED:
                faults.append(lacking(item))
            lines.write(line_of(item))
            progress(done, total)
        lines.flush()
        os.fsync(lines.fileno())
    return size


def _copy_original(planned: Listed, images: Path, into: Path, cancelled: Cancelled) -> Listed:
    target = planned.below(into)
    target.parent.mkdir(exist_ok=True)
    try:
        seen = copy(planned.below(images), target, cancelled)
    except Unreadable as trouble:
        target.unlink()
        missing = trouble.errno in (errno.ENOENT, errno.ENOTDIR)
        return replace(planned, found=Found.MISSING if missing else Found.UNREADABLE)
    if seen.sha256 != planned.sha256:
        target.unlink()
        return replace(planned, found=Found.DAMAGED)
    return replace(planned, bytes=seen.bytes)
