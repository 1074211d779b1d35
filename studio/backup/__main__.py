"""`python -m studio.backup create|verify|restore FOLDER`."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from studio import backup, settings
from studio.backup import BackupProblem, Report, Stopped
from studio.backup.folder import Cancelled, Progress, shown
from studio.settings import BadSetting

_STOPPED = 130  # what a shell expects of a program that was interrupted


def main(arguments: Sequence[str]) -> int:
    """0: all is well. 1: something is not, in words. 130: it was interrupted, and nothing half-made is left."""
    asked = _parser().parse_args(arguments)
    interruption = _Interruption()
    line = _Line()
    try:
        report = _run(asked, line, interruption)
    except (BackupProblem, BadSetting) as problem:
        line.clear()
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        line.clear()
        print("Stopped. Nothing half-made is left.", file=sys.stderr)
        return _STOPPED
    line.clear()
    return _tell(asked.command, report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.backup", description="Backups of a whole studio.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("create", "make a backup in a new folder, also while the studio runs"),
        ("verify", "read a backup back and name every fault"),
        ("restore", "bring a backup into the empty studio that the settings name"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument("folder", type=Path, metavar="FOLDER")
    command.add_argument(
        "--despite-faults", action="store_true", help="restore without the images that are damaged in the backup"
    )
    return parser


def _run(asked: argparse.Namespace, progress: Progress, cancelled: Cancelled) -> Report:
    if asked.command == "create":
        return backup.create(settings.found(), asked.folder, progress=progress, cancelled=cancelled)
    if asked.command == "verify":
        return backup.verify(asked.folder, progress=progress, cancelled=cancelled)
    return backup.restore(
        settings.found(), asked.folder, despite_faults=asked.despite_faults, progress=progress, cancelled=cancelled
    )


def _tell(command: str, report: Report) -> int:
    for fault in report.faults:
        print(fault)
    done = {"create": "Saved in", "verify": "Read back:", "restore": "Restored from"}[command]
    rows = sum(report.rows.values())
    print(f"{done} {shown(report.folder)}: {rows:,} rows, {report.files:,} images, {report.bytes / 1e6:,.1f} MB.")
    for note in report.notes:
        print(note)
    if report.faults:
        print(f"NOT ALL IS WELL: {len(report.faults):,} faults, listed above.", file=sys.stderr)
    return 1 if report.faults else 0


class _Interruption:
    """Whether the person or the system asked the process to end."""

    def __init__(self) -> None:
        self._asked = False
        for way in (signal.SIGINT, signal.SIGTERM):
            signal.signal(way, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def __call__(self) -> bool:
        return self._asked


class _Line:
    """One line of progress that is written over, on a terminal only."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._shows and (time.monotonic() >= self._next or done == total):
            self._next = time.monotonic() + 0.2
            print(f"\r{done:,} of {total:,} images", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
