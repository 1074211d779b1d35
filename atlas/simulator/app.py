"""The map of the simulator: which path is answered where, and which of them need a key."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from atlas.simulator.control import Control
from atlas.simulator.gateway import Gateway
from atlas.simulator.keys import Keys, Locked, nothing_here
from atlas.simulator.predictions import Predictions
from atlas.simulator.replies import refused
from atlas.simulator.shelves import Shelves


def application(
    *, predictions: Predictions, shelves: Shelves, control: Control | None, keys: Keys, clock: Callable[[], float]
) -> ASGIApp:
    """The whole simulator as one ASGI application; without ``control`` the paths below /_sim do not exist."""
    inside = Router(_with_key(predictions), redirect_slashes=False, default=nothing_here)
    outside = Starlette(
        routes=[*_without_key(shelves), *(_steering(control) if control else [])],
        exception_handlers={HTTPException: refused, Exception: refused},
    )
    outside.router.redirect_slashes = False
    outside.router.default = Locked(inside, keys)
    return Gateway(outside, log=control.log if control else None, clock=clock)


def _with_key(predictions: Predictions) -> list[Route]:
    polls = [f"/api/v1/model/{word}/{{prediction_id}}{end}" for word in ("prediction", "result") for end in ("", "/")]
    return [
        Route("/api/v1/model/generateImage", predictions.submit, methods=["POST"]),
        *(Route(path, predictions.poll) for path in polls),
    ]


def _without_key(shelves: Shelves) -> list[Route]:
    return [
        Route("/api/v1/models", shelves.models),
        Route("/model/schema/{slug}.json", shelves.schema),
        Route("/readme/{slug}.md", shelves.readme),
        Route("/avatar/{slug}.svg", shelves.avatar),
        Route("/files/{name}", shelves.file),
    ]


def _steering(control: Control) -> list[Route]:
    return [
        Route("/_sim/requests", control.requests),
        Route("/_sim/requests", control.clear_requests, methods=["DELETE"]),
        Route("/_sim/faults", control.add_fault, methods=["POST"]),
        Route("/_sim/faults", control.forget_faults, methods=["DELETE"]),
    ]
