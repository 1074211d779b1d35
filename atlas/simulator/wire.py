"""Replies that go wrong below HTTP: reset, cut off, never sent.

They need the connection itself. uvicorn hands it to no one, so its protocol is extended by one line that puts the
transport into the state every request of that connection carries.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_LINGER_NOT = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


class OpenWire(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with the transport in ``request.state.transport``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Reset(Response):
    """No reply: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        transport = cast(asyncio.Transport, scope["state"]["transport"])
        if not transport.is_closing():
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            transport.abort()
        await _gone(receive)


class Cut(Response):
    """The head of another reply and half of its body; after ``hold`` seconds the connection is closed."""

    def __init__(self, whole: Response, *, hold: float = 0.0) -> None:
        super().__init__(whole.body, whole.status_code, media_type=whole.media_type)
        self._whole = whole
        self._hold = hold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        half = bytes(self._whole.body)[: len(self._whole.body) // 2]
        headers = self._whole.raw_headers
        await send({"type": "http.response.start", "status": self._whole.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _pause(receive, self._hold)
        cast(asyncio.Transport, scope["state"]["transport"]).close()
        await _gone(receive)


async def pause(request: Request, seconds: float) -> None:
    """Waits, but no longer than the client does."""
    await _pause(request.receive, seconds)


async def _pause(receive: Receive, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(_gone(receive), seconds)


async def _gone(receive: Receive) -> None:
    """Returns when the connection is no more."""
    while (await receive())["type"] != "http.disconnect":
        pass
