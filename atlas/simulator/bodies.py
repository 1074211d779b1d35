"""JSON that came from outside."""

import json
from typing import Any

from starlette.requests import Request

from atlas.simulator.replies import Refusal


def parsed(text: str | bytes) -> Any:
    """The value in a JSON text; raises ValueError where it is none, or could not be sent back.

    Half a surrogate pair is valid JSON and yet no text; brackets by the thousand exhaust the parser.
    """
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as trouble:
        raise ValueError("nested too deep") from trouble
    return value


def json_object(request: Request, raw: bytes) -> dict[str, Any]:
    """The JSON object that a request must carry; raises Refusal otherwise."""
    if "json" not in request.headers.get("content-type", ""):
        raise Refusal(400, "content type must be application/json")
    try:
        body = parsed(raw)
    except ValueError as trouble:
        raise Refusal(400, "body is not valid JSON") from trouble
    if not isinstance(body, dict):
        raise Refusal(400, "body must be a JSON object")
    return body
