"""What needs no key: the models and what describes them, and finished pictures (atlas-api.md sections 5 to 7)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from atlas.simulator import schemas
from atlas.simulator.catalogue import Model, by_slug, models
from atlas.simulator.faults import Faults, Where
from atlas.simulator.gallery import Gallery
from atlas.simulator.ledger import Ledger
from atlas.simulator.replies import Refusal
from atlas.simulator.signing import Signing

_AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="32" fill="#345"/>'
    '<text x="32" y="43" font-size="32" text-anchor="middle" fill="#fff">{initial}</text></svg>'
)


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """The endpoints anyone may read."""

    ledger: Ledger
    gallery: Gallery
    faults: Faults
    signing: Signing

    async def models(self, request: Request) -> Response:
        """GET models; the code is text here, as it is in the real list."""

        async def usual() -> Response:
            return JSONResponse({"code": "200", "data": [model.row(_origin(request)) for model in models().values()]})

        return await self.faults.through(Where.MODELS, request, "", usual)

    async def schema(self, request: Request) -> Response:
        """GET the OpenAPI file of a model."""
        model = _model(request)

        async def usual() -> Response:
            if not model.schema:
                raise Refusal(404, "not found")
            return JSONResponse(schemas.document(model, _origin(request)))

        return await self.faults.through(Where.SCHEMA, request, model.id, usual)

    async def readme(self, request: Request) -> Response:
        """GET the page about a model."""
        model = _model(request)
        return PlainTextResponse(f"# {model.name}\n\n{model.profile}\n", media_type="text/markdown")

    async def avatar(self, request: Request) -> Response:
        """GET the icon of a model: its vendor's initial."""
        drawing = _AVATAR.format(initial=_model(request).organization[0])
        return Response(drawing, media_type="image/svg+xml")

    async def webhook_keys(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint is given the request
        """GET the keys that deliveries are signed with; they may be kept for a day (section 12)."""
        return JSONResponse(self.signing.jwks(), headers={"Cache-Control": "public, max-age=86400"})

    async def file(self, request: Request) -> Response:
        """GET a finished picture; 404 before it is finished and after it has expired."""
        found = self.ledger.with_file(request.path_params["name"])

        async def usual() -> Response:
            if found is None:
                raise Refusal(404, "not found")
            job, number = found
            return Response(await self.gallery.picture(job, number), media_type=f"image/{job.format}")

        return await self.faults.through(Where.FILE, request, found[0].prompt if found else "", usual)


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _model(request: Request) -> Model:
    model = by_slug().get(request.path_params["slug"])
    if model is None:
        raise Refusal(404, "not found")
    return model
