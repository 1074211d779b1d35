"""Where finished exports wait to be fetched: files with unguessable names, each for a day."""

import re
import secrets
import time
from pathlib import Path

_KEPT_S = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Exports:
    """The exports in one folder."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder cannot be written."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def new(self) -> Path:
        """The path of an export that is about to be written; its stem is the token it is fetched with."""
        return self._folder / f"{secrets.token_hex(16)}.zip"

    def find(self, token: str) -> Path | None:
        """None for what is gone, and for what is no token: no caller can name a path."""
        path = self._folder / f"{token}.zip"
        return path if _TOKEN.fullmatch(token) and path.is_file() else None

    def sweep(self, *, older_than_s: float = _KEPT_S) -> None:
        """Remove what is older, finished or not."""
        for path in self._folder.iterdir():
            if time.time() - path.stat().st_mtime > older_than_s:
                path.unlink(missing_ok=True)
