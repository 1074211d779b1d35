"""From the body of a submit to what it asks for (atlas-api.md sections 3.1 to 3.4)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from atlas.simulator import estimates, schemas, sizes
from atlas.simulator.bodies import parsed
from atlas.simulator.catalogue import Model, models
from atlas.simulator.replies import Refusal

LONGEST_HOURS = 336  # 14 days (section 3.4)

_COUNTS = ("n", "num_images", "max_images")
_LISTS = ("images", "image_urls")


@dataclass(frozen=True, kw_only=True)
class Order:
    """A submit that was understood; ``problem`` says why it cannot succeed, and is empty otherwise.

    ``body`` has inlined pictures replaced by their digest, because it is written down for every job.
    """

    body: dict[str, Any]
    problem: str
    images: int
    width: int
    height: int
    format: str
    quality: str
    seed: int | None
    price: str | None
    sync: bool
    base64: bool
    file_hours: int
    record_hours: int | None

    @property
    def prompt(self) -> str:
        """The prompt; empty for the few models that need none."""
        return str(self.body.get("prompt", ""))


def flat_body(request: Request, raw: bytes) -> dict[str, Any]:
    """The parameters of a flat or a nested body, side by side."""
    if "json" not in request.headers.get("content-type", ""):
        raise Refusal(400, "content type must be application/json")
    try:
        body = parsed(raw)
    except ValueError as trouble:
        raise Refusal(400, "body is not valid JSON") from trouble
    if not isinstance(body, dict):
        raise Refusal(400, "body must be a JSON object")
    nested = body.pop("input", None)
    return {**body, **(nested if isinstance(nested, dict) else {})}


def understood(body: dict[str, Any], headers: Mapping[str, str], *, strict: bool) -> Order:
    """The order in a body; raises Refusal where the contract has an HTTP error for it."""
    model = _model(body)
    known = _known(model, body, strict=strict)
    problem = schemas.problem(model, known, exact=strict)
    if problem and strict:
        raise Refusal(400, problem)
    # What cannot succeed draws nothing, so the model's own values stand in for those that make no sense.
    asked = {} if problem else known
    size = sizes.pixels(model, asked)
    images = _images(model, asked)
    return Order(
        body={name: _shortened(value) for name, value in known.items()},
        problem=problem,
        images=images,
        width=size[0],
        height=size[1],
        format=str(asked.get("output_format", model.default("output_format") or model.format)),
        quality=estimates.quality(model, asked),
        seed=_seed(asked),
        price=estimates.price(model, asked, images=images, size=size),
        sync=known.get("enable_sync_mode") is True,
        base64=known.get("enable_base64_output") is True,
        file_hours=_hours(headers, "X-AtlasCloud-Object-Expiration-Hours", least=1) or LONGEST_HOURS,
        record_hours=_hours(headers, "X-AtlasCloud-Request-Retention-Hours", least=0),
    )


def _known(model: Model, body: dict[str, Any], *, strict: bool) -> dict[str, Any]:
    """The parameters the model has; whether the ones it needs are there is checked on the way."""
    surplus = schemas.unknown(model, body)
    if surplus and strict:
        raise Refusal(400, f"unknown parameter: {', '.join(surplus)}")
    known = {name: _as_list(name, value) for name, value in body.items() if name not in surplus}
    _demand(model, known)
    return known


def _model(body: dict[str, Any]) -> Model:
    name = body.get("model")
    if not isinstance(name, str) or not name:
        raise Refusal(400, "model is required")
    model = models().get(name)
    if model is None or model.ghost or model.type != "Image":
        raise Refusal(404, f"model {name} not found")
    return model


def _demand(model: Model, parameters: dict[str, Any]) -> None:
    for name in model.required:
        if not parameters.get(name):
            raise Refusal(400, f"{name} is required")
    if not isinstance(parameters.get("prompt", ""), str):
        raise Refusal(400, "prompt must be a string")
    hook = parameters.get("webhook_url", "https://")
    if not str(hook).startswith("https://"):
        raise Refusal(400, "webhook_url must be an https address")


def _as_list(name: str, value: Any) -> Any:
    return [value] if name in _LISTS and isinstance(value, str) else value


def _images(model: Model, parameters: dict[str, Any]) -> int:
    counts = [int(float(parameters.get(name, model.default(name)))) for name in _COUNTS if name in model.fields]
    return counts[0] if counts else model.images


def _seed(parameters: dict[str, Any]) -> int | None:
    """The seed asked for; None where there is none, or -1 leaves it to chance."""
    seed = str(parameters.get("seed", ""))
    return int(seed) if seed.isdecimal() else None


def _hours(headers: Mapping[str, str], name: str, *, least: int) -> int | None:
    value = headers.get(name)
    if value is None:
        return None
    if not value.isdecimal() or not least <= int(value) <= LONGEST_HOURS:
        raise Refusal(400, f"{name} must be an integer from {least} to {LONGEST_HOURS}")
    return int(value)


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, str) and value.startswith("data:"):
        return f"data:;sha256={hashlib.sha256(value.encode()).hexdigest()}"
    return value
