"""A document from elsewhere that must never keep anybody waiting.

It is fresh in memory for ten minutes. After that the old one is shown while a thread fetches the next,
one at a time. Its last good copy lies on disk, written whole and checked when it is read, so that a start
without network begins with it.
"""

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from atlas.errors import AtlasError
from atlas.reading import Json, mapping, parsed

log = logging.getLogger(__name__)

FRESH_S: Final = 600.0
PATIENCE_S: Final = 3.0
RETRY_S: Final = 60.0

_FORMAT = 1

T = TypeVar("T")


class LastGood(Generic[T]):
    """``fetch`` gets the document (raises AtlasError), ``read`` makes a value of it (ValueError where it is none).

    ``source`` says where it comes from: a copy from elsewhere is another document. ``clock`` is in seconds.
    """

    def __init__(
        self,
        *,
        fetch: Callable[[], Json],
        read: Callable[[Json], T],
        path: Path,
        source: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._read = read
        self._path = path
        self._source = source
        self._clock = clock
        self._lock = threading.Lock()
        self._value: T | None = None
        self._fresh_until = self._wait_until = float("-inf")
        self._copy_was_read = False
        self._running: threading.Event | None = None
        self._trouble: AtlasError | None = None
        self._renewals = 0

    @property
    def trouble(self) -> AtlasError | None:
        """What the last refresh failed with; None when it did not."""
        return self._trouble

    @property
    def renewals(self) -> int:
        """How often it was fetched so far."""
        return self._renewals

    @property
    def is_fresh(self) -> bool:
        return self._clock() < self._fresh_until

    def value(self, *, patience_s: float = PATIENCE_S) -> T | None:
        """The document as last known, None where it never was.

        Waits only while there is nothing at all, and at most ``patience_s`` seconds.
        """
        is_due = not self.is_fresh and self._clock() >= self._wait_until
        running = self._begin() if is_due else self._running
        if running and self._known() is None:
            running.wait(patience_s)
        return self._known()

    def refresh(self, *, patience_s: float = PATIENCE_S) -> bool:
        """Fetch it now, or join who does; True when a fresh one is here within ``patience_s`` seconds."""
        return self._begin().wait(patience_s) and self._trouble is None

    def _known(self) -> T | None:
        with self._lock:
            if self._value is None and not self._copy_was_read:
                self._copy_was_read = True
                self._value = self._copy()
            return self._value

    def _begin(self) -> threading.Event:
        with self._lock:
            if self._running is None:
                self._running = threading.Event()
                threading.Thread(target=self._run, args=(self._running,), name="last-good", daemon=True).start()
            return self._running

    def _run(self, ended: threading.Event) -> None:
        try:
            self._renew()
        finally:
            with self._lock:
                self._running = None
            ended.set()

    def _renew(self) -> None:
        try:
            document = self._fetch()
            value = self._read(document)
        except (AtlasError, ValueError, RecursionError) as trouble:
            log.warning("%s is not renewed: %s", self._path.name, trouble)
            self._trouble = trouble if isinstance(trouble, AtlasError) else AtlasError(str(trouble))
            self._wait_until = self._clock() + RETRY_S
            return
        with self._lock:
            self._value, self._trouble = value, None
            self._renewals += 1
            self._fresh_until = self._clock() + FRESH_S
        self._write(document)

    def _copy(self) -> T | None:
        """What the copy on disk holds; None where there is none, or it is not whole, or not of this source."""
        try:
            kept = mapping(parsed(self._path.read_bytes()))
            document = kept["document"]
            if (kept["format"], kept["source"], kept["sha256"]) != (_FORMAT, self._source, _digest(document)):
                return None
            return self._read(document)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, RecursionError) as trouble:
            log.warning("the copy %s is not used: %s", self._path.name, trouble)
            return None

    def _write(self, document: Json) -> None:
        """A copy is a convenience: a full disk costs the copy, not the document."""
        try:
            kept = {"format": _FORMAT, "source": self._source, "sha256": _digest(document), "document": document}
            write_whole(self._path, json.dumps(kept).encode())
        except (OSError, RecursionError) as trouble:
            log.warning("no copy of %s is kept: %s", self._path.name, trouble)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _digest(document: Json) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
