"""Rings in open pages the moment an image has ended, so that none of them has to ask often: a WebSocket of our own.

It says that something ended, and not what: each page then looks at what is its own. It rings for what this process
carried; what another one ended, a page finds with its next look.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

_ADDRESS = "/api/bell"
_STRANGER = 1008  # the code of a WebSocket that breaks a policy
_JS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component("atlas_bell", js=_JS)
_ears: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}


def ring() -> None:
    """Called by any thread."""
    for heard, loop in list(_ears.items()):
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(heard.set)


def listen(rung: Callable[[], None]) -> None:
    """While this is on a page, ``rung`` is the callback for every ring, a few times a second at most."""
    _component(key="bell", data={"address": _ADDRESS}, on_rang_change=rung, width=1)


async def _rope(socket: WebSocket) -> None:
    """Only pages of our own are let in, by the rule of Streamlit's own socket."""
    if not _is_origin_allowed(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(_STRANGER)
        return
    await socket.accept()
    heard = asyncio.Event()
    _ears[heard] = asyncio.get_running_loop()
    passing_on = asyncio.create_task(_pass_on(socket, heard))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        del _ears[heard]
        passing_on.cancel()


async def _pass_on(socket: WebSocket, heard: asyncio.Event) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # who has gone is told nothing
        while True:
            await heard.wait()
            heard.clear()
            await socket.send_text("rang")


ROUTE = WebSocketRoute(_ADDRESS, _rope)
