"""The map of the simulator: which path is answered where, and which of them need a key."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from atlas.simulator.control import Control
from atlas.simulator.gateway import Gateway
from atlas.simulator.keys import Keys, Locked, nothing_here
from atlas.simulator.replies import refused
from atlas.simulator.rooms import Rooms


def application(rooms: Rooms, *, keys: Keys, clock: Callable[[], float]) -> ASGIApp:
    """The whole simulator as one ASGI application."""
    inside = Router(_with_key(rooms), redirect_slashes=False, default=nothing_here)
    outside = Starlette(
        routes=[*_without_key(rooms), *(_steering(rooms.control) if rooms.control else [])],
        exception_handlers={HTTPException: refused, Exception: refused},
    )
    outside.router.redirect_slashes = False
    outside.router.default = Locked(inside, keys)
    return Gateway(outside, log=rooms.control.desk.log if rooms.control else None, clock=clock)


def _with_key(rooms: Rooms) -> list[Route]:
    polls = [f"/api/v1/model/{word}/{{prediction_id}}{end}" for word in ("prediction", "result") for end in ("", "/")]
    images = [f"/v1/images/{word}" for word in ("generations", "edits")]
    return [
        Route("/api/v1/model/generateImage", rooms.predictions.submit, methods=["POST"]),
        *(Route(path, rooms.predictions.poll) for path in polls),
        Route("/api/v1/model/getResult", rooms.predictions.poll_as_before),
        Route("/api/v1/model/history", rooms.history.page),
        Route("/api/v1/model/uploadMedia", rooms.uploads.take, methods=["POST"]),
        Route("/public/v1/balance", rooms.billing.balance),
        Route("/public/v1/model-usage", rooms.billing.usage),
        Route("/public/v1/model-costs", rooms.billing.costs),
        Route("/v1/models", rooms.chat.models),
        Route("/v1/chat/completions", rooms.chat.complete, methods=["POST"]),
        *(Route(path, rooms.chat.no_images, methods=["POST"]) for path in images),
    ]


def _without_key(rooms: Rooms) -> list[Route]:
    return [
        Route("/api/v1/models", rooms.shelves.models),
        Route("/api/v1/model/calculate", rooms.calculator.estimate, methods=["POST"]),
        Route("/api/v1/webhooks/jwks.json", rooms.shelves.webhook_keys),
        Route("/model/schema/{slug}.json", rooms.shelves.schema),
        Route("/readme/{slug}.md", rooms.shelves.readme),
        Route("/avatar/{slug}.svg", rooms.shelves.avatar),
        Route("/files/{name}", rooms.shelves.file),
        Route("/media/{name}", rooms.uploads.give),
    ]


def _steering(control: Control) -> list[Route]:
    return [
        Route("/_sim/requests", control.requests),
        Route("/_sim/requests", control.clear_requests, methods=["DELETE"]),
        Route("/_sim/faults", control.add_fault, methods=["POST"]),
        Route("/_sim/faults", control.forget_faults, methods=["DELETE"]),
        Route("/_sim/credit", control.set_credit, methods=["PUT"]),
    ]
