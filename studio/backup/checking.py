"""Whether a backup is still what its manifest says, read back to the last byte."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from studio.backup import postgresql
from studio.backup.database import NAMES_ORIGINALS, VERSION, Contents, read_sqlite
from studio.backup.folder import (
    DATABASE,
    IMAGES,
    LISTING,
    MANIFEST,
    BackupProblem,
    Cancelled,
    Fingerprint,
    Found,
    Listed,
    Manifest,
    Progress,
    fingerprint,
    in_words,
    is_file,
    listing,
    read_manifest,
    shown,
)

_AGAIN = "copy it again from where the backup was made, or use another backup"


@dataclass(kw_only=True)
class Checked:
    """The faults of a backup, by what they mean for a restore. All are sentences that name a file."""

    manifest: Manifest | None = None
    broken: list[str] = field(default_factory=list)  # nothing can be restored
    damaged: list[str] = field(default_factory=list)  # all but these originals can be restored
    lacking: list[str] = field(default_factory=list)  # originals that the studio lacked when the backup was made
    extra: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)  # originals that have their fault already

    @property
    def faults(self) -> tuple[str, ...]:
        return (*self.broken, *self.damaged, *self.lacking, *self.extra)


def check(folder: Path, progress: Progress, cancelled: Cancelled) -> Checked:
    """Raises Stopped, and BackupProblem when there is no folder to read."""
    if not folder.is_dir():
        raise BackupProblem(f"There is no folder {shown(folder)}: name the folder of a backup.")
    checked = Checked()
    try:
        checked.manifest = read_manifest(folder)
    except BackupProblem as problem:
        checked.broken.append(str(problem))
        return checked
    if _is_as(folder / LISTING, checked.manifest.listing, checked, cancelled):
        try:
            _check_originals(folder, checked, checked.manifest, progress, cancelled)
        except (ValueError, TypeError, KeyError):
            checked.broken.append(f"{LISTING} was not written by Atlas Studio: use another backup.")
    if _is_as(checked.manifest.database_in(folder), checked.manifest.database, checked, cancelled):
        _check_database(folder, checked, checked.manifest, cancelled)
    _find_strangers(folder, checked, {MANIFEST, LISTING, IMAGES, DATABASE[checked.manifest.kind]})
    return checked


def refuse_broken(checked: Checked, *, despite_faults: bool) -> Manifest:
    """The manifest of a backup that can be restored. Raises BackupProblem for one that cannot."""
    if checked.broken or checked.manifest is None:
        raise BackupProblem(f"This backup cannot be restored. {' '.join(checked.broken)} Nothing was changed.")
    if checked.damaged and not despite_faults:
        more = f" (and {len(checked.damaged) - 1} more)" if len(checked.damaged) > 1 else ""
        raise BackupProblem(
            f"This backup has faults: {checked.damaged[0]}{more} To restore all but the images at fault, add "
            "--despite-faults. Nothing was changed."
        )
    return checked.manifest


def _is_as(path: Path, expected: Fingerprint, checked: Checked, cancelled: Cancelled) -> bool:
    trouble = _trouble(path, expected, cancelled)
    if trouble:
        checked.broken.append(f"{path.name} {trouble}: {_AGAIN}.")
    return not trouble


def _trouble(path: Path, expected: Fingerprint, cancelled: Cancelled) -> str:
    """What is wrong with a file, or nothing. A file of another size is not read."""
    try:
        if not is_file(path):
            return "is missing"
        size = path.lstat().st_size
        if size != expected.bytes:
            return f"has {size} bytes instead of {expected.bytes}"
        return "" if fingerprint(path, cancelled) == expected else "was changed since the backup was made"
    except OSError as trouble:
        return f"cannot be read ({trouble.strerror})"


def _check_originals(
    folder: Path, checked: Checked, manifest: Manifest, progress: Progress, cancelled: Cancelled
) -> None:
    """Lines and shelves are both in the order of the hashes, so one shelf is in memory at a time."""
    done, shelves = 0, set()
    for shelf, items in itertools.groupby(listing(folder / LISTING), key=lambda item: item.sha256[:2]):
        shelves.add(shelf)
        expected = set()
        for item in items:
            expected.add(item.name)
            _check_original(folder, item, checked, cancelled)
            done += 1
            progress(done, manifest.files)
        _find_strangers(folder / IMAGES / shelf, checked, expected, below=f"{IMAGES}/{shelf}/")
    _find_strangers(folder / IMAGES, checked, shelves, below=f"{IMAGES}/")


def _check_original(folder: Path, item: Listed, checked: Checked, cancelled: Cancelled) -> None:
    if item.found is not Found.WHOLE:
        checked.named.add(item.name)
        if item.found is not Found.ERASED:
            checked.lacking.append(lacking(item))
        return
    expected = Fingerprint(sha256=item.sha256, bytes=item.bytes)
    trouble = _trouble(item.below(folder / IMAGES), expected, cancelled)
    if trouble:
        checked.named.add(item.name)
        checked.damaged.append(f"{item.shown} {trouble}: {_AGAIN}.")


def lacking(item: Listed) -> str:
    """What to say of an original that was not whole when the backup was made."""
    return (
        f"{item.shown} was {item.found} in the studio when the backup was made: look for it in an older backup, and "
        "put it into the same place below the data folder."
    )


def _check_database(folder: Path, checked: Checked, manifest: Manifest, cancelled: Cancelled) -> None:
    """Opens it, counts its rows, and looks for the file of every original that it names."""
    path = manifest.database_in(folder).absolute()
    original = partial(_find_original, folder, checked)
    try:
        with in_words("it cannot be read"):
            read = read_sqlite if manifest.kind == "sqlite" else _read_dump
            found = read(path, original, cancelled)
    except BackupProblem as problem:
        checked.broken.append(f"{path.name}: {problem}")
        return
    differences = _differences(found, manifest)
    if differences:
        checked.broken.append(f"{path.name} holds {differences}: use another backup.")


def _find_original(folder: Path, checked: Checked, sha256: str, form: str) -> None:
    name = f"{sha256}.{form}"
    if name in checked.named:
        return
    try:
        item = Listed(sha256=sha256, format=form, bytes=0)
        there, place = is_file(item.below(folder / IMAGES)), item.shown
    except ValueError:
        there, place = False, shown(name)[:120]
    if not there:
        checked.named.add(name)
        checked.damaged.append(f"{place} is named by the database and is not in the backup: {_AGAIN}.")


def _read_dump(path: Path, original: Callable[[str, str], None], cancelled: Cancelled) -> Contents:
    schema, counts = "", Counter[str]()
    for table, row in postgresql.rows(path, cancelled):
        counts[table] += 1
        if table == VERSION:
            schema = row["version_num"]
        if row.keys() >= NAMES_ORIGINALS and postgresql.NULL not in (row["sha256"], row["format"]):
            original(row["sha256"], row["format"])
    return Contents(schema=schema, rows=counts)


def _differences(found: Contents, manifest: Manifest) -> str:
    if found.schema != manifest.schema:
        return f"schema {shown(found.schema)} where the manifest says {shown(manifest.schema)}"
    names = sorted({*found.rows, *manifest.rows})
    return ", ".join(
        f"{found.rows.get(name, 0)} rows of {shown(name)} where the manifest says {manifest.rows.get(name, 0)}"
        for name in names
        if found.rows.get(name, 0) != manifest.rows.get(name, 0)
    )


def _find_strangers(folder: Path, checked: Checked, expected: set[str], *, below: str = "") -> None:
    for name in _entries(folder):
        if name not in expected:
            checked.extra.append(
                f"{below}{shown(name)} is no part of the backup: take it out, or leave it; it is never restored."
            )


def _entries(folder: Path) -> Iterator[str]:
    if folder.is_dir() and not folder.is_symlink():
        yield from sorted(path.name for path in folder.iterdir())
