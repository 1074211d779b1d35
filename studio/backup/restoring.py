"""Bringing a backup back into an empty studio: first the originals, then the database that names them.

Previews are not in a backup, since they can be made again; they are made here.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.backup import database
from studio.backup.checking import lacking
from studio.backup.folder import (
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
    in_words,
    is_file,
    listing,
    refuse_without_room,
    shown,
    sync_folders,
)
from studio.database import HEAD, known_schemas
from studio.images import ImageFiles, NotAnImage, sync_folder
from studio.settings import Settings

_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def refuse(chosen: Settings, manifest: Manifest) -> None:
    """Raises BackupProblem when this backup cannot go where the settings point."""
    _refuse_other_kind(chosen, manifest)
    _refuse_newer(manifest)
    with in_words("Nothing was restored", chosen.database_url):
        _refuse_used_images(chosen.data_dir / IMAGES)
        database.refuse_used(chosen.database_url)
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        refuse_without_room(manifest.bytes, chosen.data_dir)


def bring_back(
    chosen: Settings,
    folder: Path,
    manifest: Manifest,
    *,
    despite_faults: bool,
    progress: Progress,
    cancelled: Cancelled,
) -> tuple[str, ...]:
    """What the restored studio lacks, in sentences.

    Raises BackupProblem and Stopped, and then the studio is as empty as it was.
    """
    images = chosen.data_dir / IMAGES
    with in_words("Nothing was restored", chosen.database_url), _unfinished(images) as staging:
        faults = []
        files = ImageFiles(staging)
        for done, item in enumerate(listing(folder / LISTING), start=1):
            fault = _bring_original(item, folder / IMAGES, staging, files, cancelled)
            if fault and item.found is Found.WHOLE and not despite_faults:
                raise BackupProblem(f"{fault} Nothing was restored.")
            faults += [fault] if fault else []
            progress(done, manifest.files)
        sync_folders(staging)
        _settle(staging, images)
        try:
            _place_database(chosen.database_url, folder, manifest, cancelled)
        except BaseException:
            shutil.rmtree(images)
            raise
    return tuple(faults)


def hold_back(chosen: Settings) -> tuple[str, ...]:
    """Nothing is sent twice: what was waiting is left to a person. What to know about that, in a sentence."""
    held = database.hold_back(chosen.database_url)
    if not held:
        return ()
    note = (
        f"{held} images were waiting to be sent when the backup was made. They are marked as unknown, because another "
        "studio may have sent them since: find them in History, and decide there."
    )
    return (note,)


def _bring_original(item: Listed, saved: Path, staging: Path, files: ImageFiles, cancelled: Cancelled) -> str:
    """The original and its previews; says what went wrong, or nothing."""
    if item.found is not Found.WHOLE:
        return "" if item.found is Found.ERASED else lacking(item)
    target = item.below(staging)
    if not _copied_whole(item, item.below(saved), target, cancelled):
        target.unlink(missing_ok=True)
        return f"{item.shown} is not whole in this backup: look for it in another one."
    try:
        files.keep(target.read_bytes())
    except NotAnImage:
        return f"{item.shown} is restored, but it has no preview: it is no picture that this program reads."
    return ""


def _copied_whole(item: Listed, source: Path, target: Path, cancelled: Cancelled) -> bool:
    if not is_file(source):
        return False
    target.parent.mkdir(exist_ok=True)
    try:
        return copy(source, target, cancelled).sha256 == item.sha256
    except Unreadable:
        return False


@contextmanager
def _unfinished(images: Path) -> Iterator[Path]:
    """A folder beside the images to fill and rename; gone afterwards, whatever happens."""
    staging = images.with_name(f"{images.name}.restoring")
    try:
        staging.mkdir()
    except FileExistsError:
        raise BackupProblem(
            f"{shown(staging)} exists: another restore is under way, or one was cut short. Wait for it, or remove "
            "that folder, then try again. Nothing was changed."
        ) from None
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _settle(staging: Path, images: Path) -> None:
    """Under the name by which the studio knows them; what stood there was empty."""
    _refuse_used_images(images)
    if images.exists():
        for empty in images.iterdir():
            empty.rmdir()
        images.rmdir()
    staging.rename(images)
    sync_folder(images.parent)


def _place_database(url: str, folder: Path, manifest: Manifest, cancelled: Cancelled) -> None:
    saved = manifest.database_in(folder).absolute()
    if manifest.kind == "postgresql":
        database.place_postgresql(url, saved)
        return
    place = database.sqlite_file(url)
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = place.with_name(f"{place.name}.restoring")
    staging.unlink(missing_ok=True)  # of a restore that was killed: another one that runs would hold the images
    try:
        if copy(saved, staging, cancelled) != manifest.database:
            raise BackupProblem(f"{saved.name} changed while it was restored: try again. Nothing was restored.")
        database.place_sqlite(url, staging)
        sync_folder(place.parent)
    finally:
        staging.unlink(missing_ok=True)


def _refuse_other_kind(chosen: Settings, manifest: Manifest) -> None:
    ours = database.kind(chosen.database_url)
    if ours != manifest.kind:
        raise BackupProblem(
            f"This backup is of a {_KINDS[manifest.kind]} database and STUDIO_DATABASE_URL names one of "
            f"{_KINDS[ours]}: point it at an empty {_KINDS[manifest.kind]} database. Nothing was changed."
        )


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.schema not in known_schemas():
        raise BackupProblem(
            f"This backup was made by a newer Atlas Studio (schema {shown(manifest.schema)}, this one knows "
            f"{HEAD}): install the newer program, then restore again. Nothing was changed."
        )


def _refuse_used_images(images: Path) -> None:
    if images.exists() and any(found for found in images.rglob("*") if not found.is_dir()):
        raise BackupProblem(
            f"{shown(images)} holds files already, and a backup restores into an empty studio only: move that folder "
            "aside, or point STUDIO_DATA_DIR at a new one. Nothing was changed."
        )
