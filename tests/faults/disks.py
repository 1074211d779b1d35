"""A disk of a test's own, that can be full, or read-only, and well again."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOMY = 600_000_000  # bytes; nothing is taken for it until it is used
_TRIES = 20


@dataclass(frozen=True, kw_only=True)
class Disk:
    folder: Path

    def fill(self) -> None:
        """Not a byte is left."""
        for _ in range(_TRIES):  # whoever writes meanwhile needs more than was used a moment ago
            found = os.statvfs(self.folder)
            with suppress(subprocess.CalledProcessError):
                # 0 would be no limit
                return self._become(f"size={max(1, found.f_blocks - found.f_bfree) * found.f_frsize}")
        raise AssertionError(f"the disk at {self.folder} cannot be filled")

    def shrink(self, room: int) -> None:
        self._become(f"size={room}")

    def forbid_writing(self) -> None:
        self._become("ro")

    def heal(self) -> None:
        self._become(f"rw,size={ROOMY}")

    def _become(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.folder)], check=True, capture_output=True)


@contextmanager
def mounted(folder: Path) -> Iterator[Disk | None]:
    """A disk in memory at this folder; None where this process may not mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield Disk(folder=folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
