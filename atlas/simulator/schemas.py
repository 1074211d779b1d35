"""What a model accepts: its OpenAPI file (atlas-api.md section 7), and the check of a request against its fields."""

from typing import Any

from atlas.simulator import sizes
from atlas.simulator.catalogue import Field, Model

# Accepted on every model although no schema lists it (section 3.3).
EVERYWHERE = frozenset({"model", "webhook_url"})


def document(model: Model, origin: str) -> dict[str, Any]:
    """The OpenAPI 3 file of one model, with ``origin`` as its server."""
    reference = {"application/json": {"schema": {"$ref": "#/components/schemas/Input"}}}
    run = {"x-api-name": "model_run", "requestBody": {"required": True, "content": reference}, "responses": _answer()}
    poll = {"x-api-name": "model_result", "responses": _answer()}
    return {
        "openapi": "3.0.0",
        "info": {"title": model.name, "version": "1.0.0", "description": model.profile},
        "servers": [{"url": origin}],
        "paths": {
            f"/api/v1/model/{model.endpoint}": {"post": run},
            "/api/v1/model/prediction/{request_id}": {"get": poll},
        },
        "components": {"schemas": {"Input": _input(model), "PredictionResponse": _prediction()}},
    }


def unknown(model: Model, parameters: dict[str, Any]) -> list[str]:
    """The parameters this model does not have."""
    return [name for name in parameters if name not in model.fields and name not in EVERYWHERE]


def problem(model: Model, parameters: dict[str, Any], *, exact: bool) -> str:
    """What is wrong with the values, as one sentence; empty when nothing is.

    A size may be written with any separator unless ``exact``.
    """
    for name, value in parameters.items():
        if name in model.fields and not _fits(name, value, model.fields[name], exact=exact):
            return f"invalid value for {name}: {str(value)[:60]}"
    return ""


def _fits(name: str, value: object, described: Field, *, exact: bool) -> bool:
    if name == "size":
        return sizes.allowed(value, described, exact=exact)
    if "enum" in described:
        return str(value) in map(str, described["enum"])
    match described["type"]:
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "number":
            return _in_range(value, described)
        case "array":
            return isinstance(value, list) and len(value) <= described.get("maxItems", len(value))
    return isinstance(value, str) and len(value) <= described.get("maxLength", len(value))


def _in_range(value: object, described: Field) -> bool:
    try:
        number = float(str(value))
    except ValueError:
        return False
    whole = described["type"] != "integer" or number.is_integer()
    return whole and described.get("minimum", number) <= number <= described.get("maximum", number)


def _input(model: Model) -> dict[str, Any]:
    named = {"type": "string", "title": "Model", "default": model.id, "x-hidden": True}
    return {
        "type": "object",
        "required": ["model", *model.required],
        "properties": {"model": named, **model.fields},
        "x-order-properties": list(model.fields),
    }


def _prediction() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "status": {"type": "string", "enum": ["created", "processing", "completed", "failed"]},
            "outputs": {"type": "array", "nullable": True, "items": {"type": "string"}},
            "error": {"type": "string"},
        },
    }


def _answer() -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/PredictionResponse"}}
    return {"200": {"description": "The prediction", "content": {"application/json": reference}}}
