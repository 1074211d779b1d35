"""What faults do to one request: ``faults.TABLE`` says which fault is which of the acts below.

An act is given the scene: the request, and the usual reply, which comes about (and with it the job) only when the act
asks for it.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from atlas.simulator import replies
from atlas.simulator.wire import Cut, Reset, pause

Usual = Callable[[], Awaitable[Response]]
Document = dict[str, Any]

_ENDLESS_CHUNK = bytes(64 * 1024)
_FOREIGN = "https://api.atlascloud.ai.evil.test/api/v1/model/prediction/"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>alert(1)</script></svg>'


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One request that a fault strikes."""

    request: Request
    usual: Usual
    seconds: float


Act = Callable[[Scene], Awaitable[Response]]


def refuse(code: int, msg: str) -> Act:
    """The error envelope with this HTTP code."""

    async def act(scene: Scene) -> Response:
        return replies.error(scene.request, code, msg)

    return act


async def refuse_for_now(scene: Scene) -> Response:
    """Too many requests, with the seconds after which to come back: billing alone says that (section 10)."""
    reply = replies.error(scene.request, 429, "too many requests")
    reply.headers["Retry-After"] = str(max(round(scene.seconds), 1))
    return reply


def tell(status: int, body: Document) -> Act:
    """A JSON body of its own, with the request id in it."""

    async def act(scene: Scene) -> Response:
        return JSONResponse({**body, "request_id": replies.request_id(scene.request)}, status)

    return act


def page(status: int, title: str) -> Act:
    """A page of HTML, as the edge in front of the service sends."""

    async def act(scene: Scene) -> Response:  # noqa: ARG001 - every act is given the scene
        return HTMLResponse(
            f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>", status
        )

    return act


def redirect(status: int, address: str = "") -> Act:
    """Sends the client to ``address``, or back to where it is."""

    async def act(scene: Scene) -> Response:
        return RedirectResponse(address or scene.request.url.path, status)

    return act


def accepted_but(act: Act) -> Act:
    """Does the usual work, creating the job, then answers as ``act`` does."""

    async def both(scene: Scene) -> Response:
        await scene.usual()
        return await act(scene)

    return both


def edit(change: Callable[[Document], Document], status: int = 200) -> Act:
    """The usual JSON with a change."""

    async def act(scene: Scene) -> Response:
        return JSONResponse(change(_document(await scene.usual())), status)

    return act


async def slow(scene: Scene) -> Response:
    """The usual reply, ``seconds`` late."""
    reply = await scene.usual()
    await pause(scene.request, scene.seconds)
    return reply


async def hang(scene: Scene) -> Response:
    """Nothing for ``seconds``, then a reset."""
    await pause(scene.request, scene.seconds)
    return Reset()


async def reset(scene: Scene) -> Response:  # noqa: ARG001 - every act is given the scene
    """A connection reset instead of a reply."""
    return Reset()


async def cut(scene: Scene) -> Response:
    """The usual reply, of which half the declared body comes; the end after ``seconds``."""
    return Cut(await scene.usual(), hold=scene.seconds)


async def malformed(scene: Scene) -> Response:
    """The usual JSON without its second half, as a reply that is otherwise whole."""
    body = bytes((await scene.usual()).body)
    return Response(body[: len(body) // 2], media_type="application/json")


async def plain_text(scene: Scene) -> Response:
    """The usual JSON, called text."""
    return PlainTextResponse(bytes((await scene.usual()).body))


async def halved(scene: Scene) -> Response:
    """Half of the picture, with a length that fits the half."""
    whole = await scene.usual()
    return Response(bytes(whole.body)[: len(whole.body) // 2], media_type=whole.media_type)


async def other_format(scene: Scene) -> Response:
    """JPEG bytes where the address says .png, and PNG bytes anywhere else."""
    whole = await scene.usual()
    return await _as(whole, "JPEG" if whole.media_type == "image/png" else "PNG", whole.media_type)


async def gif(scene: Scene) -> Response:
    """The picture as GIF."""
    return await _as(await scene.usual(), "GIF", "image/gif")


async def svg(scene: Scene) -> Response:  # noqa: ARG001 - every act is given the scene
    """A drawing that carries a script."""
    return Response(_SVG, media_type="image/svg+xml")


async def drip(scene: Scene) -> Response:
    """The picture at one byte every ``seconds``."""
    whole = await scene.usual()
    headers = {"content-length": str(len(whole.body))}
    return StreamingResponse(_drops(bytes(whole.body), scene.seconds), headers=headers, media_type=whole.media_type)


async def endless(scene: Scene) -> Response:
    """A picture that never ends."""
    return StreamingResponse(_without_end(bytes((await scene.usual()).body)), media_type="image/png")


def minimal(reply: Document) -> Document:
    """The envelope only: no id beside ``data``."""
    return {name: reply[name] for name in ("code", "message", "data")}


def flat(reply: Document) -> Document:
    """The id and its company at the top level, no envelope."""
    return {name: reply[name] for name in ("id", "status", "model", "created_at")}


def prediction_id_only(reply: Document) -> Document:
    """The one key of the oldest documentation."""
    return {"predictionId": reply["id"]}


def without_id(reply: Document) -> Document:
    """An accepted job whose id is nowhere in the reply."""
    data = {name: value for name, value in reply["data"].items() if name not in ("id", "urls")}
    return {**minimal(reply), "data": data}


def other_id(reply: Document) -> Document:
    """A poll that speaks of another job."""
    return {**reply, "data": {**reply["data"], "id": reply["data"]["id"][::-1]}}


def warming(reply: Document) -> Document:
    """A poll with a status word nobody knows."""
    return {**reply, "data": {**reply["data"], "status": "warming", "outputs": None}}


def foreign_address(reply: Document) -> Document:
    """The address to poll at lies on a host whose name begins like the provider's."""
    return {**reply, "data": {**reply["data"], "urls": {"get": _FOREIGN + str(reply["data"]["id"])}}}


def ended_badly(reply: Document) -> Document:
    """The body of a failed task that comes with HTTP 500 (section 4.4, form 2)."""
    error = reply["data"]["error"] or "generation failed"
    data = {**reply["data"], "status": "failed", "outputs": None, "error": error}
    return {"code": 500, "message": str(error), "data": data}


def _document(reply: Response) -> Document:
    document: Document = json.loads(bytes(reply.body))
    return document


async def _as(picture: Response, form: str, media_type: str | None) -> Response:
    return Response(await asyncio.to_thread(_converted, bytes(picture.body), form), media_type=media_type)


def _converted(data: bytes, form: str) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.save(buffer, form)
    return buffer.getvalue()


async def _drops(data: bytes, seconds: float) -> AsyncIterator[bytes]:
    for drop in data:
        yield bytes([drop])
        await asyncio.sleep(seconds)


async def _without_end(start: bytes) -> AsyncIterator[bytes]:
    yield start
    while True:
        yield _ENDLESS_CHUNK
        await asyncio.sleep(0)  # a generator that never waits blocks the whole server
