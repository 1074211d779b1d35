"""The bodies that replies are put in (atlas-api.md sections 3.5 and 13.1)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class Refusal(HTTPException):
    """The request is turned down with this HTTP code and sentence."""


def unauthorized() -> Refusal:
    """What a missing key, a wrong key and a misspelt path all get: the key is looked at before the path."""
    return Refusal(401, "unauthorized")


def request_id(request: Request) -> str:
    """The id that this request has in ``X-Request-ID``."""
    return str(request.state.request_id)


def success(data: Any, **beside: Any) -> JSONResponse:
    """The usual envelope; ``beside`` are further keys at the top level."""
    return JSONResponse({"code": 200, "message": "success", "data": data, **beside})


def error(request: Request, code: int, msg: str) -> JSONResponse:
    """The first error envelope of section 13.1."""
    return JSONResponse(envelope(request, code, msg), status_code=code)


def envelope(request: Request, code: int, msg: str) -> dict[str, Any]:
    """The body of an error."""
    return {"code": code, "msg": msg, "request_id": request_id(request), "data": None}


async def refused(request: Request, trouble: Exception) -> JSONResponse:
    """Turns a raised refusal, or the router's own, into the envelope."""
    if isinstance(trouble, HTTPException):
        return error(request, trouble.status_code, trouble.detail)
    return error(request, 500, "internal error")
