"""One good reply of each kind, to be broken."""

from typing import Final

from atlas.reading import Json
from atlas.simulator import catalogue, schemas

_JOB: Final[Json] = {
    "id": "abc-1",
    "status": "completed",
    "outputs": ["https://files.example/1.png", {"url": "https://files.example/2.png", "revised_prompt": "a fox"}],
    "error": "",
    "error_code": 1039,
    "price": "0.008",
    "metrics": {"predict_time": 2.5},
    "has_nsfw_contents": [False],
    "urls": {"get": "https://api.example/x"},
}
_DOLLARS: Final[Json] = {"value": "1.50", "currency": "usd"}

PREDICTION: Final[Json] = {"code": 200, "message": "", "data": _JOB, "request_id": "r-1"}
FAILED: Final[Json] = {
    "code": 500,
    "msg": "no",
    "data": {"prediction_id": "p", "status": "failed", "error": {"message": "no"}},
}
HISTORY: Final[Json] = {
    "code": 200,
    "data": {
        "items": [
            {
                "ID": "abc-1",
                "model": "m/x",
                "status": "completed",
                "createdAt": "2026-09-01T12:00:00Z",
                "requestBody": '{"model": "m/x", "prompt": "a fox", "input": {"prompt": "a fox"}}',
                "result": _JOB,
            },
            {"id": "abc-2", "createdAt": 1_790_000_000, "requestBody": {"prompt": "a fox"}},
        ],
        "total": 2,
        "pageNo": 1,
        "pageSize": 20,
    },
}
CATALOGUE: Final[Json] = {
    "code": 200,
    "data": [
        {
            "model": "vendor/family/text-to-image",
            "type": "Image",
            "displayName": "A model",
            "organization": "Vendor",
            "tags": ["NEW"],
            "categories": ["TEXT_TO_IMAGE"],
            "price": {
                "actual": {"base_price": "0.008", "unit": "generation"},
                "origin": {"base_price": 0.009},
                "discount": "90",
            },
            "schema": "https://files.example/schema.json",
            "avgLatency": 4,
            "display_console": True,
        },
        {"model": "vendor/words", "type": "Text", "supported_protocols": ["openai.chat.completions"]},
    ],
}
ESTIMATE: Final[Json] = {
    "code": 200,
    "data": {"price": "0.008", "origin_price": 0.01, "discount": 80, "estimated": True},
}
BALANCE: Final[Json] = {
    "available": _DOLLARS,
    "cash": _DOLLARS,
    "credit_grant": {"overdrawn": _DOLLARS},
    "account": {"name": "Ana"},
}
REPORT: Final[Json] = {
    "data": [
        {
            "date": "2026-09-01",
            "partial": True,
            "results": [{"model_id": "m", "api_key_id": "k", "requests": 2, "images": 2, "amount": _DOLLARS}],
        }
    ],
    "has_more": True,
    "next_page": "onwards",
}
UPLOAD: Final[Json] = {
    "code": 200,
    "data": {"download_url": "https://files.example/1.png", "filename": "1.png", "size": 7},
}
COMPLETION: Final[Json] = {
    "model": "m",
    "choices": [
        {"message": {"role": "assistant", "content": [{"type": "text", "text": "a fox"}]}, "finish_reason": "stop"}
    ],
    "usage": {"total_tokens": 9},
}
ENVELOPE: Final[Json] = {
    "code": "401",
    "error": {"message": "no", "type": "x"},
    "detail": "no",
    "request_id": "r-1",
}
SCHEMAS: Final[tuple[Json, ...]] = (
    *(
        schemas.document(catalogue.models()[name], "https://files.example")
        for name in ("openai/gpt-image-1.5/text-to-image", "black-forest-labs/flux-schnell")
    ),
    {
        "components": {
            "schemas": {
                "Input": {
                    "required": ["prompt", "loras"],
                    "x-order-properties": ["size", "prompt"],
                    "properties": {
                        "prompt": {"type": "string"},
                        "size": {"type": "string", "default": "1024*1024", "minimum": 256, "maximum": 2048},
                        "images": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
                        "loras": {"type": "array", "items": {"$ref": "#/components/schemas/Lora"}},
                        "colors": {"type": "array", "items": {"type": "string"}, "default": ["#aabbcc"]},
                        "seed": {"anyOf": [{"type": "integer", "default": -1}, {"type": "null"}]},
                        "strength": {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1},
                        "ratio": {"allOf": [{"$ref": "#/components/schemas/Ratio"}], "enum": ["1:1", "16:9", 2]},
                    },
                },
                "Lora": {
                    "type": "object",
                    "required": ["path"],
                    "properties": {"path": {"type": "string"}, "scale": {"type": "number", "default": 1}},
                },
                "Ratio": {"$ref": "#/components/schemas/Ratio"},
            }
        }
    },
)
