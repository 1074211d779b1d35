"""What every request passes first: a request id, the limit for bodies, the log."""

import secrets
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas.simulator.replies import error
from atlas.simulator.requests_log import RequestLog

_MOST_BODY = 50 * 1024 * 1024  # atlas-api.md section 1


class Gateway:
    """The outermost application."""

    def __init__(self, app: ASGIApp, *, log: RequestLog | None, clock: Callable[[], float]) -> None:
        self._app = app
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        identity = scope["state"]["request_id"] = secrets.token_hex(16)
        request = Request(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        send = self._watched(request, body or b"", identity, send)
        if body is None:
            await error(request, 413, "request body too large")(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _watched(self, request: Request, body: bytes, identity: str, send: Send) -> Send:
        """``send`` that adds the request id to the reply and its code to the log."""
        entry = None
        if self._log and not request.url.path.startswith("/_sim/"):
            entry = self._log.received(request, body, at=self._clock(), request_id=identity)

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = identity
                if self._log and entry:
                    self._log.answered(entry, message["status"])
            await send(message)

        return watched


async def _read(request: Request) -> bytes | None:
    """The body; None when it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return None
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """``receive`` for an application that wants to read the body again."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
