"""The start of the server: it listens first, and starts the services while browsers load Streamlit.

That takes a browser the better part of a second, and libraries, database and services take about as long. Nobody is
let past the door before they have started; where they cannot start, the process ends.
"""

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from importlib import import_module
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NODELAY
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from atlas.models import DEFAULT_MODEL
from ui import admission, stopping, terminal

log = logging.getLogger(__name__)


# What the first page needs; NumPy too, because Streamlit asks it about every picture, also the icon of the page.
_FIRST = ("numpy", "ui.account", "ui.cards", "ui.ease", "ui.ordering", "ui.pairing", "ui.progress", "ui.tour")
_STOP_S = 5  # that a start may take to end once the server is asked to stop


class _Start:
    """Of what lasts as long as the server: once, in a thread beside the server's own."""

    routes: Router

    def __init__(self) -> None:
        self._done: Future[None] = Future()
        self._work: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._work is None:
            self._work = asyncio.create_task(asyncio.to_thread(self._carry_out))

    async def done(self) -> None:
        self.begin()
        await asyncio.shield(asyncio.wrap_future(self._done))

    def _carry_out(self) -> None:
        try:
            self.routes = _start_services()
        except Exception as trouble:
            is_known = isinstance(trouble, admission.StartProblem)
            log.critical("Atlas Studio cannot start. %s", trouble, exc_info=not is_known)
            logging.shutdown()
            os._exit(1)  # a thread cannot end its process in another way
        self._done.set_result(None)
        try:
            terminal.greet()
            _fetch_ahead()
        except Exception:
            log.exception("something was not prepared for the first visitor, who will wait for it")


def _start_services() -> Router:
    """Returns the way to our own answers; the services come last, for they may send what waits."""
    from ui import bell, routes, services

    for name in _FIRST:
        import_module(name)
    services.start()
    return Router([*routes.ROUTES, bell.ROUTE], redirect_slashes=False)


def _fetch_ahead() -> None:
    """What the first visitor will ask for next, while the browser loads."""
    from ui import services

    gc.freeze()  # what was imported; to collect before that would hold the first visitor up
    services.catalogue().models()
    services.catalogue().schema(DEFAULT_MODEL)


_start = _Start()


class Door:
    """Pages wait for the services: no script runs before they have started."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await _start.done()
        await self._app(scope, receive, send)


class _Ours(BaseRoute):
    """Our own routes, which wait for the services too."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_ours = scope["type"] in {"http", "websocket"} and scope["path"].startswith(("/api/", "/app/static/"))
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _start.done()
        await _start.routes(scope, receive, send)


async def _health(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


HEALTH = Route("/api/health", _health)
ROUTES = [HEALTH, _Ours()]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Interrupted work goes on before anyone visits, and is handed back before the server ends."""
    _start.begin()
    server = stopping.server()
    if server:
        _answer_at_once(server)
        stopping.patiently(server)
    try:
        yield
    finally:
        try:
            await asyncio.wait_for(_start.done(), _STOP_S)
        except TimeoutError:
            log.warning(
                "the start has not ended within %d seconds; it is left as it is, and the next one goes on", _STOP_S
            )
            stopping.leave()
        await asyncio.to_thread(stopping.stop)


def _answer_at_once(server: Any) -> None:
    """Once it listens, let it send each part of an answer when it is made.

    Streamlit names no protocol for its socket, and asyncio leaves such a socket to Nagle's algorithm: the second part,
    an image or the rest of a page, waits until the browser has acknowledged the first, 40 ms.
    """
    if not server.started:
        asyncio.get_running_loop().call_later(0.01, _answer_at_once, server)
        return
    for listening in server.servers:
        for socket in listening.sockets:
            if socket.family in {AF_INET, AF_INET6}:
                socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)


def ended_by(error: Exception) -> bool:
    """What nobody caught on a page, said on the page."""
    from ui import notices

    return notices.ended_by(error)
