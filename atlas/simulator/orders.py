"""From the body of a submit to what it asks for (atlas-api.md sections 3.1 to 3.4)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from atlas.simulator import estimates, schemas, sizes
from atlas.simulator.addresses import is_webhook
from atlas.simulator.bodies import json_object
from atlas.simulator.catalogue import Model, models
from atlas.simulator.replies import Refusal
from atlas.simulator.sources import Found

LONGEST_HOURS = 336  # 14 days (section 3.4)

_COUNTS = ("n", "num_images", "max_images")
_LISTS = ("images", "image_urls")


@dataclass(frozen=True, kw_only=True)
class Order:
    """A submit that was understood; ``problem`` says why it cannot succeed, and is empty otherwise.

    ``body`` has inlined pictures replaced by their digest, because it is written down for every job;
    ``references`` are thumbnails of the source images (see ``sources``), so that a restart paints the same.
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
    references: list[str] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        """The prompt; empty for the few models that need none."""
        return str(self.body.get("prompt", ""))


def flat_body(request: Request, raw: bytes) -> dict[str, Any]:
    """The parameters of a flat or a nested body, side by side."""
    body = json_object(request, raw)
    nested = body.pop("input", None)
    return {**body, **(nested if isinstance(nested, dict) else {})}


def asked(body: dict[str, Any], *, strict: bool, complete: bool = True) -> tuple[Model, dict[str, Any]]:
    """The model a body names and the parameters it has; raises Refusal where the contract has an HTTP error for it.

    ``complete`` demands the parameters that the model cannot do without.
    """
    model = _model(body)
    surplus = schemas.unknown(model, body)
    if surplus and strict:
        raise Refusal(400, f"unknown parameter: {', '.join(surplus)}")
    known = {name: _as_list(name, value) for name, value in body.items() if name not in surplus}
    if complete:
        _demand(model, known)
    return model, known


def understood(model: Model, known: dict[str, Any], headers: Mapping[str, str], found: Found, *, strict: bool) -> Order:
    """The order in what was asked for, with the source images that were found."""
    problem = schemas.problem(model, known, exact=strict) or found.problem
    if problem and strict:
        raise Refusal(400, problem)
    # What cannot succeed draws nothing, so the model's own values stand in for those that make no sense.
    asked = {} if problem else known
    size = sizes.pixels(model, asked, source=found.sources[0].size if found.sources else None)
    images = count(model, asked)
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
        references=[source.thumbnail for source in found.sources],
    )


def count(model: Model, parameters: dict[str, Any]) -> int:
    """How many pictures are asked for."""
    counts = [int(float(parameters.get(name, model.default(name)))) for name in _COUNTS if name in model.fields]
    return counts[0] if counts else model.images


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
        if not parameters.get(name) and model.default(name) is None:
            raise Refusal(400, f"{name} is required")
    if not isinstance(parameters.get("prompt", ""), str):
        raise Refusal(400, "prompt must be a string")
    hook = parameters.get("webhook_url")
    if hook is not None and not is_webhook(hook):
        raise Refusal(400, "webhook_url must be an https address")


def _as_list(name: str, value: Any) -> Any:
    return [value] if name in _LISTS and isinstance(value, str) else value


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
