"""Image previews, originals and exports on our own routes.

Names are content hashes: they cannot be guessed, and what they name never changes. So whoever has the address of an
image, of a ballot or of an export can fetch it, signed in or not; only a copy with a prompt inside is for its owner.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from atlas.language import tr
from atlas.text import clean
from studio import embedding
from studio.generations import Generation, Picture
from studio.images import GRID, VIEW
from studio.people import Person
from studio.reviews.sitting import Sitting
from studio.reviews.staging import Missing
from ui import services, watching

# st.image passes addresses below /app/static/ on as they are; everything else it would re-encode.
_ROOT = "/app/static/images"
_BALLOTS = "/app/static/ballots"
_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_MIME = {".png": "image/png", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_WAITING = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">
<style>
rect {{ fill: #7f8aa8; opacity: .16 }}
@media (prefers-reduced-motion: no-preference) {{ rect {{ animation: breathe 2.4s ease-in-out infinite }} }}
@keyframes breathe {{ 50% {{ opacity: .28 }} }}
</style>
<rect width="100%" height="100%"/>
</svg>"""


def preview_url(picture: Picture, side: int = VIEW) -> str:
    return f"{_ROOT}/{picture.sha256}.{side}.webp"


def preview_of(sha256: str, side: int) -> str:
    """The preview of a stored picture of which only the hash is known."""
    return f"{_ROOT}/{sha256}.{side}.webp"


def download_url(generation: Generation, picture: Picture) -> str:
    """The original, saved by the browser under a name made of the prompt."""
    words = re.findall(r"\w+", generation.prompt.lower())[:8]
    name = re.sub(r"[^0-9a-z]+", "-", "-".join(words)).strip("-")[:60] or "image"
    return f"{_ROOT}/{picture.sha256}/{name}-{generation.slot.number}.{picture.format}"


def described_url(generation: Generation, picture: Picture) -> str:
    """A copy with prompt and settings inside."""
    sha256, name = download_url(generation, picture).removeprefix(f"{_ROOT}/").split("/")
    return f"{_ROOT}/{sha256}/described/{generation.id}/{name}"


def stripped_url(generation: Generation, picture: Picture) -> str:
    """A copy without any text inside."""
    sha256, name = download_url(generation, picture).removeprefix(f"{_ROOT}/").split("/")
    return f"{_ROOT}/{sha256}/stripped/{name}"


def placeholder_url(size: str) -> str:
    """A quiet picture of the shape that is asked for, so that nothing jumps when the image arrives."""
    width, _, height = size.partition("x")
    shape = f"{width}x{height}" if width.isdecimal() and height.isdecimal() else "1x1"
    return f"{_ROOT}/waiting/{shape}.svg"


def ballot_url(seat: str, name: str) -> str:
    """One image of one ballot of one reviewer: nothing in the address says which image it is."""
    return f"{_BALLOTS}/{seat}/{name}.webp"


def export_url(token: str, name: str) -> str:
    """A finished export, saved by the browser under this name."""
    return f"/app/static/exports/{token}/{name}"


def palette_url(shares: Iterable[tuple[str, float]]) -> str:
    """A strip of colours, each a ``#rrggbb`` that is as wide as its share of 1."""
    parts = [f"{colour.lstrip('#')}-{max(1, round(share * 100))}" for colour, share in shares]
    return f"{_ROOT}/palette/{'_'.join(parts)}.svg"


async def _preview(request: Request) -> Response:
    side = request.path_params["side"]
    if side not in {GRID, VIEW}:
        return _nothing()
    return await _file(lambda: services.files().preview(request.path_params["sha256"], side))


async def _placeholder(request: Request) -> Response:
    width, height = request.path_params["width"], request.path_params["height"]
    drawn = _WAITING.format(width=min(width, 10_000), height=min(height, 10_000))
    return Response(drawn, headers=_HEADERS, media_type="image/svg+xml")


async def _palette(request: Request) -> Response:
    parts = re.findall(r"([0-9a-fA-F]{6})-(\d{1,3})", request.path_params["parts"])[:12]
    edges = list(accumulate((int(share) for _, share in parts), initial=0))
    boxes = "".join(
        f'<rect x="{left}" width="{right - left}" height="10" fill="#{colour}"/>'
        for (colour, _), left, right in zip(parts, edges, edges[1:], strict=False)
    )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="48" viewBox="0 0 {max(edges[-1], 1)} 10" '
        f'preserveAspectRatio="none">{boxes}</svg>'
    )
    return Response(drawn, headers=_HEADERS, media_type="image/svg+xml")


async def _original(request: Request) -> Response:
    response = await _file(lambda: services.files().find(request.path_params["sha256"]))
    if isinstance(response, FileResponse):
        response.headers["Content-Disposition"] = f'attachment; filename="{_safe(request.path_params["name"])}"'
    return response


async def _described(request: Request) -> Response:
    asks = await run_in_threadpool(services.person_of, request)
    wanted = clean(request.path_params["generation"])
    response = await _copy(request, partial(_with_description, generation_id=wanted, asks=asks))
    response.headers["Cache-Control"] = "no-store"  # it has a prompt inside, and this browser may sign out
    return response


async def _stripped(request: Request) -> Response:
    return await _copy(request, lambda path: embedding.stripped(path.read_bytes()))


async def _copy(request: Request, change: Callable[[Path], bytes]) -> Response:
    """An original, changed on its way out; what cannot be changed is said, not sent unchanged."""
    try:
        path = services.files().find(request.path_params["sha256"])
        content = await run_in_threadpool(change, path) if path else b""
    except (ValueError, KeyError):
        return _nothing()
    except embedding.Unreadable as trouble:
        return PlainTextResponse(
            tr("This image cannot be changed: {trouble}. Download the original.").format(trouble=trouble),
            status_code=422,
        )
    if path is None:
        return _nothing()
    disposition = {"Content-Disposition": f'attachment; filename="{_safe(request.path_params["name"])}"'}
    return Response(content, headers={**_HEADERS, **disposition}, media_type=_MIME[path.suffix])


def _with_description(path: Path, *, generation_id: str, asks: Person) -> bytes:
    """Raises KeyError where this generation has no such picture, or is somebody else's."""
    generation = services.start().store.seen_by(asks).get(generation_id)
    pictures = {picture.sha256: picture for picture in generation.pictures}
    return embedding.embedded(path.read_bytes(), embedding.described(generation, pictures[path.stem]))


async def _export(request: Request) -> Response:
    path = await run_in_threadpool(services.start().exports.find, request.path_params["token"])
    if path is None:
        return PlainTextResponse(tr("This export is gone. Make it again in History."), status_code=404)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    name = _safe(request.path_params["name"])
    return FileResponse(path, headers=headers, media_type="application/zip", filename=name)


async def _ballot(request: Request) -> Response:
    """Without a date, a tag or a name of its own, which would be the same for every reviewer."""
    try:
        content = await run_in_threadpool(_staged, clean(request.path_params["seat"]), request.path_params["name"])
    except (KeyError, Missing):
        return _nothing()
    return Response(content, headers=_HEADERS, media_type="image/webp")


def _staged(seat: str, name: str) -> bytes:
    """Raises KeyError, Missing."""
    review, reviewer = services.start().reviews.at_seat(seat)
    return Sitting(review=review, reviewer=reviewer).image(name, services.stage())


async def _file(find: Callable[[], Path | None]) -> Response:
    try:
        path = await run_in_threadpool(find)
    except ValueError:
        return _nothing()
    if path is None or not path.is_file():
        return _nothing()
    return FileResponse(path, headers=_HEADERS, media_type=_MIME[path.suffix])


def _safe(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z.-]", "-", name)[:80]


def _nothing() -> Response:
    return PlainTextResponse(tr("There is no such image."), status_code=404)


ROUTES = [
    *watching.ROUTES,
    Route(_ROOT + "/{sha256}.{side:int}.webp", _preview),
    Route(_ROOT + "/waiting/{width:int}x{height:int}.svg", _placeholder),
    Route(_ROOT + "/palette/{parts}.svg", _palette),
    Route(_ROOT + "/{sha256}/{name}", _original),
    Route(_ROOT + "/{sha256}/described/{generation}/{name}", _described),
    Route(_ROOT + "/{sha256}/stripped/{name}", _stripped),
    Route(_BALLOTS + "/{seat}/{name}.webp", _ballot),
    Route("/app/static/exports/{token}/{name}", _export),
]
