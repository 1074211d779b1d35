"""The bodies that replies are put in (atlas-api.md sections 3.5 and 13.1)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

_BILLING = "/public/"
_BILLING_KINDS = {
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", "permission_denied"),
    404: ("not_found_error", "not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}


class Refusal(HTTPException):
    """The request is turned down with this HTTP code and sentence; billing adds a word and the parameter's name."""

    def __init__(self, code: int, msg: str, *, word: str = "", param: str | None = None) -> None:
        super().__init__(code, msg)
        self.word = word
        self.param = param


def unauthorized() -> Refusal:
    """What a missing key, a wrong key and a misspelt path all get: the key is looked at before the path."""
    return Refusal(401, "unauthorized")


def request_id(request: Request) -> str:
    """The id that this request has in ``X-Request-ID``."""
    return str(request.state.request_id)


def success(data: Any, **beside: Any) -> JSONResponse:
    """The usual envelope; ``beside`` are further keys at the top level."""
    return JSONResponse({"code": 200, "message": "success", "data": data, **beside})


def error(request: Request, code: int, msg: str, *, word: str = "", param: str | None = None) -> JSONResponse:
    """The error envelope of the part of the API that was called; ``word`` and ``param`` are for billing."""
    if request.url.path.startswith(_BILLING):
        return JSONResponse(_billing_envelope(request, code, msg, word, param), status_code=code)
    body = {"code": code, "msg": msg, "request_id": request_id(request), "data": None}
    return JSONResponse(body, status_code=code)


async def refused(request: Request, trouble: Exception) -> JSONResponse:
    """Turns a raised refusal, or the router's own, into the envelope."""
    if isinstance(trouble, Refusal):
        return error(request, trouble.status_code, trouble.detail, word=trouble.word, param=trouble.param)
    if isinstance(trouble, HTTPException):
        return error(request, trouble.status_code, trouble.detail)
    return error(request, 500, "internal error")


def billing_id(request: Request) -> str:
    """The request id as the billing endpoints write it."""
    return f"req_{request_id(request)}"


def _billing_envelope(request: Request, code: int, msg: str, word: str, param: str | None) -> dict[str, Any]:
    kind, usual_word = _BILLING_KINDS.get(code, ("api_error" if code >= 500 else "invalid_request_error", ""))
    named = {"type": kind, "code": word or usual_word or kind, "message": msg, "param": param}
    return {"error": named, "request_id": billing_id(request)}
