"""The simulator on a port of this machine, in a thread of this process."""

import errno
import socket
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp

from atlas.simulator.app import application
from atlas.simulator.control import Desk
from atlas.simulator.faults import Faults
from atlas.simulator.gallery import Gallery
from atlas.simulator.keys import KeyMode, Keys
from atlas.simulator.requests_log import RequestLog
from atlas.simulator.rooms import Settings, furnished
from atlas.simulator.wire import OpenWire


class PortTaken(OSError):
    """The simulator cannot listen where it was told to."""


class Simulator:
    """Atlas Cloud's image API on loopback, with drawn pictures and no bill.

    ``latency`` is the seconds every job takes; None takes 3 to 7, as a demo should. ``control`` adds the request log
    and scripted faults. ``journal`` is a file that lets jobs survive a restart. ``clock`` (epoch seconds) is the clock
    of the jobs, ``sync_limit`` the seconds a submit in sync mode may wait, ``warm_up`` those for which a fresh job is
    not found. ``credit`` is in USD, more than a demo can spend; uploads stay for ``upload_hours``. With a ``seed`` the
    ids of jobs are the same in every run.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        latency: float | None = None,
        strict: bool = False,
        control: bool = False,
        journal: Path | None = None,
        keys: KeyMode = KeyMode.PERMISSIVE,
        rejected: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.time,
        sync_limit: float = 60.0,
        warm_up: float = 0.0,
        credit: Decimal = Decimal(100_000),
        upload_hours: float = 24.0,
        seed: int | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._keys = Keys(mode=keys, rejected=rejected)
        self._settings = Settings(
            latency=latency,
            strict=strict,
            journal=journal,
            clock=clock,
            sync_limit=sync_limit,
            warm_up=warm_up,
            credit=credit,
            upload_hours=upload_hours,
            seed=seed,
        )
        self._steered = Desk(log=RequestLog(), faults=Faults()) if control else None
        self._running: _Running | None = None
        self.url = ""

    def start(self) -> None:
        """Returns when it answers; raises PortTaken where it cannot listen."""
        if self._running:
            raise RuntimeError(f"this simulator already answers at {self.url}")
        listening = _listening(self._host, self._port)
        gallery = Gallery()
        self._running = _Running(self._application(gallery), listening, gallery)
        self.url = _address(self._host, listening.getsockname()[1])
        self._running.start()

    def stop(self) -> None:
        """Ends every connection and waits for the thread; does nothing when it is not running."""
        if self._running:
            self._running.stop()
            self._running = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.stop()

    def requests(self) -> list[dict[str, Any]]:
        """What it received, oldest first, as ``GET /_sim/requests`` tells it."""
        return self._desk.log.entries()

    def count(self, method: str, path_prefix: str) -> int:
        """How many requests with this method it received below this path."""
        return sum(one["method"] == method and one["path"].startswith(path_prefix) for one in self.requests())

    def fault(
        self, where: str, kind: str, *, times: int = 1, matching: str = "", after: int = 0, seconds: float = 0.0
    ) -> None:
        """Scripts a fault of ``faults.TABLE``; it skips ``after`` requests whose prompt has ``matching`` in it."""
        self._desk.faults.add(where, kind, times=times, matching=matching, after=after, seconds=seconds)

    def forget_requests(self) -> None:
        """Empties the log of requests."""
        self._desk.log.clear()

    def forget_faults(self) -> None:
        """Empties the script of faults."""
        self._desk.faults.forget()

    @property
    def _desk(self) -> Desk:
        if self._steered is None:
            raise RuntimeError("this simulator was started without control=True: it keeps no log and knows no faults")
        return self._steered

    def _application(self, gallery: Gallery) -> ASGIApp:
        rooms = furnished(self._settings, gallery=gallery, desk=self._steered)
        return application(rooms, keys=self._keys, clock=self._settings.clock)


class _Running(uvicorn.Server):
    """uvicorn in a thread of its own; outside the main thread it leaves the process's signals alone."""

    def __init__(self, app: ASGIApp, listening: socket.socket, gallery: Gallery) -> None:
        config = uvicorn.Config(
            app,
            http=OpenWire,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
        )
        super().__init__(config)
        self._gallery = gallery
        self._answering = threading.Event()
        self._thread = threading.Thread(target=self._serve_until_told, args=(listening,), name="atlas-simulator")

    def start(self) -> None:
        self._thread.start()
        self._answering.wait()
        if not self.started:
            raise RuntimeError("the simulator ended while it was starting; its log says why")

    def stop(self) -> None:
        self.should_exit = True
        self._thread.join()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._answering.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drops the connections first: one that hangs because a fault told it to would hold up the end."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)

    def _serve_until_told(self, listening: socket.socket) -> None:
        try:
            self.run([listening])
        finally:
            self._gallery.close()
            self._answering.set()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as trouble:
        if trouble.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} on {host} is taken; stop what uses it or choose another port.") from trouble
        raise PortTaken(f"Cannot listen on {host} port {port}: {trouble.strerror}.") from trouble
    # Which asyncio sets only where a protocol was named: each answer would wait 40 ms between its head and its body.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
