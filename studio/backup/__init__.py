"""Backups of a whole studio: made while it runs, read back at any time, restored into an empty one.

What a backup holds: folder.py. The command: __main__.py. For people: docs/backup.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studio.backup import checking, creating, restoring
from studio.backup.folder import BackupProblem, Cancelled, Manifest, Progress, Stopped, read_manifest
from studio.people import EVERYBODY, Person
from studio.settings import Settings

__all__ = ["BackupProblem", "Report", "Stopped", "create", "restore", "verify"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a backup holds, and one sentence per fault, each naming a file and what to do.

    ``rows`` counts every table, ``files`` the originals that the database names, ``bytes`` all of the backup.
    """

    folder: Path
    rows: Mapping[str, int]
    files: int
    bytes: int
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # nothing is wrong, and a person should know it all the same


def _quiet(_done: int, _total: int) -> None:
    pass


def _never() -> bool:
    return False


def create(
    chosen: Settings,
    folder: Path,
    *,
    viewer: Person = EVERYBODY,
    progress: Progress = _quiet,
    cancelled: Cancelled = _never,
) -> Report:
    """A backup in a new folder, whole as soon as the folder has its name; the studio may run and write.

    Originals that are not whole in the studio are faults of the report, and the rest is saved all the same.
    Raises BackupProblem and Stopped, and then there is no new folder; NotAllowed, because it holds what everybody made.
    """
    viewer.must_host()
    faults: list[str] = []
    manifest = creating.make(chosen, folder, faults, progress=progress, cancelled=cancelled)
    return _report(folder, manifest, faults)


def verify(folder: Path, *, progress: Progress = _quiet, cancelled: Cancelled = _never) -> Report:
    """Every byte of a backup read again. Raises BackupProblem when there is no folder, and Stopped."""
    checked = checking.check(folder, progress, cancelled)
    return _report(folder, checked.manifest, checked.faults)


def restore(
    chosen: Settings,
    folder: Path,
    *,
    despite_faults: bool = False,
    progress: Progress = _quiet,
    cancelled: Cancelled = _never,
) -> Report:
    """A verified backup into the empty studio that the settings name, which must not run meanwhile.

    ``despite_faults`` restores without the originals that were damaged since. Those that the studio lacked when
    the backup was made never stop a restore. Both are faults of the report.
    Raises BackupProblem and Stopped, and then the studio is as empty as it was.
    """
    restoring.refuse(chosen, read_manifest(folder))  # in a moment, where reading everything may take hours
    checked = checking.check(folder, lambda done, total: progress(done, total * 2), cancelled)
    manifest = checking.refuse_broken(checked, despite_faults=despite_faults)
    faults = restoring.bring_back(
        chosen,
        folder,
        manifest,
        despite_faults=despite_faults,
        progress=lambda done, total: progress(total + done, total * 2),
        cancelled=cancelled,
    )
    return replace(_report(folder, manifest, faults), notes=restoring.hold_back(chosen))


def _report(folder: Path, manifest: Manifest | None, faults: Sequence[str]) -> Report:
    if manifest is None:
        return Report(folder=folder, rows={}, files=0, bytes=0, faults=tuple(faults))
    return Report(folder=folder, rows=manifest.rows, files=manifest.files, bytes=manifest.bytes, faults=tuple(faults))
