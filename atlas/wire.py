"""Connections that end when their time is up, whatever the other side does.

A time-out of requests counts from one byte to the next, so a header that drips never meets it. Here a
watch is set for the whole exchange: connecting, sending, the header and the body. When it rings, the
socket is shut, and whoever waits on it gets an ordinary broken connection.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Watch:
    """The time limit of one exchange."""

    def __init__(self, limit_s: float) -> None:
        self._deadline = time.monotonic() + limit_s
        self._wire: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def over(self, wire: socket.socket | None) -> None:
        """Watch this connection from here on; one that came too late is shut at once."""
        with self._lock:
            self._wire = wire
        if self.is_over:
            self.ring()

    def ring(self) -> None:
        with self._lock, suppress(OSError):  # it may be closed already
            if self._wire is not None:
                self._wire.shutdown(socket.SHUT_RDWR)


_current: ContextVar[Watch | None] = ContextVar("watch over the exchange of this thread", default=None)


@contextmanager
def within(limit_s: float) -> Iterator[Watch]:
    """Every connection that a ``WatchedAdapter`` uses inside is shut after ``limit_s`` seconds."""
    watch = Watch(limit_s)
    alarm = threading.Timer(limit_s, watch.ring)
    alarm.daemon = True
    token = _current.set(watch)
    alarm.start()
    try:
        yield watch
    finally:
        alarm.cancel()
        watch.over(None)
        _current.reset(token)


class _Watched(HTTPConnection):
    """Tells the watch of this thread which socket to shut: a kept one before it is used, a new one when it is there."""

    def connect(self) -> None:
        super().connect()
        _hand_over(self.sock)

    def request(self, *arguments: Any, **options: Any) -> None:
        _hand_over(self.sock)
        super().request(*arguments, **options)


class _WatchedTls(_Watched, HTTPSConnection):
    """The same over TLS; the handshake itself is held to the connect time-out as a whole."""


def _hand_over(wire: socket.socket | None) -> None:
    watch = _current.get()
    if watch is not None and wire is not None:
        watch.over(wire)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class WatchedAdapter(HTTPAdapter):
    """The transport of requests over watched connections."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
