"""What the simulator received, so that a test can say "exactly one POST". Keys are never written down."""

import threading
from collections import deque
from typing import Any

from starlette.requests import Request

from atlas.simulator.bodies import parsed
from atlas.simulator.keys import bearer

Entry = dict[str, Any]

MASK = "***"
_MOST_ENTRIES = 10_000
_MOST_BODY = 64 * 1024
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})


class RequestLog:
    """The last ten thousand requests; read by tests from their own thread while the server writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=_MOST_ENTRIES)

    def received(self, request: Request, body: bytes, *, at: float, request_id: str) -> Entry:
        """Notes a request as soon as it is here, so that one that is never answered counts too."""
        key = bearer(request)
        entry: Entry = {
            "method": request.method,
            "path": _masked(request.url.path, key),
            "status": None,
            "headers": {name: _header(name, value, key) for name, value in request.headers.items()},
            "body": _readable(_masked(body[:_MOST_BODY].decode(errors="replace"), key)),
            "at": at,
            "request_id": request_id,
        }
        with self._lock:
            self._entries.append(entry)
        return entry

    def answered(self, entry: Entry, status: int) -> None:
        """Adds the HTTP code of the reply; it stays None where none was sent."""
        with self._lock:
            entry["status"] = status

    def entries(self) -> list[Entry]:
        """Oldest first."""
        with self._lock:
            return [dict(entry) for entry in self._entries]

    def clear(self) -> None:
        """Forgets all of it."""
        with self._lock:
            self._entries.clear()


def _masked(text: str, key: str) -> str:
    return text.replace(key, MASK) if key else text


def _header(name: str, value: str, key: str) -> str:
    return MASK if name in _SECRET_HEADERS else _masked(value, key)


def _readable(text: str) -> Any:
    """The JSON of a body, or its text where it is none or was cut off."""
    try:
        return parsed(text) if text else None
    except ValueError:
        return text
