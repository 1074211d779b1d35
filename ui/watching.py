"""Addresses for whoever watches over the server: can people be sent to it, how is it doing.

None of them asks the provider, costs money, or names a path, a prompt or a key.
"""

import platform
from collections.abc import Iterable
from hmac import compare_digest
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from atlas.client import USER_AGENT
from atlas.hosts import is_loopback
from studio import meters
from studio.database import DatabaseProblem, answering
from studio.generations import State
from studio.meters import Family, gauge
from studio.probing import Base, Census
from ui import services
from ui.admission import StartProblem

_UNKEPT = {"Cache-Control": "no-store"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
NOT_TOLD = "Numbers are told on this machine only. To read them from elsewhere, set STUDIO_METRICS_TOKEN and send it."
NOT_IT = "This is not the token of STUDIO_METRICS_TOKEN. Send it as “Authorization: Bearer …”."


async def _ready(_request: Request) -> Response:
    """Whether people can be sent here: 503 says what cannot be used, and nothing else about this machine."""
    unusable = await run_in_threadpool(_unusable)
    if unusable:
        return JSONResponse({"status": "not ready", "unusable": list(unusable)}, status_code=503, headers=_UNKEPT)
    return JSONResponse({"status": "ready"}, headers=_UNKEPT)


def _unusable() -> Iterable[str]:
    try:
        return services.start().readiness.unusable()
    except StartProblem:
        return ["The studio cannot start with its settings; its log says why."]


async def _metrics(request: Request) -> Response:
    return await run_in_threadpool(_numbers, request)


def _numbers(request: Request) -> Response:
    try:
        if refusal := _refusal(request):
            return PlainTextResponse(refusal, status_code=403, headers=_UNKEPT)
        return Response(_told(), headers={**_UNKEPT, "Content-Type": meters.CONTENT_TYPE})
    except (DatabaseProblem, StartProblem) as trouble:
        return PlainTextResponse(str(trouble), status_code=503, headers=_UNKEPT)


def _refusal(request: Request) -> str:
    """Why this request may not know, or nothing. A proxy on this machine speaks for others, so it needs the token."""
    token = services.start().settings.metrics_token
    if token:
        sent = request.headers.get("authorization", "")
        return "" if compare_digest(sent.encode(), f"Bearer {token}".encode()) else NOT_IT
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    is_here = request.client is not None and is_loopback(request.client.host) and is_loopback(host)
    return "" if is_here and not is_forwarded else NOT_TOLD


def _told() -> str:
    """Raises DatabaseProblem."""
    running = services.start()
    census = running.house.census(provider=running.engine.provider)
    with answering():
        budget = _budget()
    return meters.written([*running.logbook.families(), *_gauges(census), *budget, _build(running.house.base())])


def _gauges(census: Census) -> list[Family]:
    states = [((("state", state),), float(census.states.get(state, 0))) for state in State]
    running = services.start()
    return [
        gauge("studio_generations", "Generations in the database, by state.", states),
        gauge("studio_queue_oldest_seconds", "Age of the generation that waits longest.", [((), census.waits_s)]),
        gauge(
            "studio_in_flight_limit",
            "Generations that may be at the provider at once.",
            [((), running.settings.max_in_flight)],
        ),
        gauge("studio_uptime_seconds", "Since the services were started.", [((), running.house.uptime_s)]),
    ]


def _budget() -> list[Family]:
    """None where images cost nothing."""
    budget = services.start().engine.budget()
    if budget is None:
        return []
    parts = {"spent": budget.spent, "held": budget.held} | ({} if budget.cap is None else {"cap": budget.cap})
    samples = [((("part", name),), float(amount)) for name, amount in parts.items()]
    return [gauge("studio_budget_dollars", "Today (UTC), in USD.", samples)]


def _build(base: Base) -> Family:
    labels = (
        ("version", USER_AGENT.rpartition("/")[2]),
        ("schema", base.schema),
        ("database", base.kind),
        ("python", platform.python_version()),
        ("streamlit", st.__version__),
    )
    return gauge("studio_build_info", "What runs.", [(labels, 1.0)])


ROUTES = [Route("/api/ready", _ready), Route("/api/metrics", _metrics)]
