"""Point 17 of section 18: every model's form has exactly the fields, values and ranges of section 14."""

from typing import Any

import pytest
import requests

from tests.simulator.calling import GPT_IMAGE, Caller, rows

EDIT = "openai/gpt-image-1.5/edit"
B64 = {"enable_base64_output"}
BOTH = B64 | {"enable_sync_mode"}
THREE = ["1024x1024", "1024x1536", "1536x1024"]
RATIOS = ["1:1", "3:2", "2:3", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (GPT_IMAGE, {"prompt", "size", "quality", "output_format"} | BOTH),
        (EDIT, {"prompt", "images", "input_fidelity", "size", "quality", "output_format"} | BOTH),
        ("openai/gpt-image-2/text-to-image", {"prompt", "size", "quality", "output_format", "moderation"} | BOTH),
        ("openai/gpt-image-1/edit", {"prompt", "image", "mask_image", "quality", "size"}),
        ("openai/gpt-image-1-mini/edit", {"prompt", "images", "quality", "size"}),
        (
            "openai/gpt-image-1/text-to-image",
            {"prompt", "size", "quality", "output_format", "output_compression", "n"} | BOTH,
        ),
        (
            "google/nano-banana-2/text-to-image-developer",
            {"prompt", "aspect_ratio", "resolution", "thinking_level", "enable_web_search"} | BOTH,
        ),
        (
            "google/nano-banana-pro/text-to-image-ultra",
            {"prompt", "resolution", "aspect_ratio", "output_format"} | BOTH,
        ),
        ("google/nano-banana/edit", {"prompt", "images", "aspect_ratio", "output_format", "media_resolution"} | BOTH),
        ("bytedance/seedream-v5.0-lite", {"prompt", "size", "output_format"} | B64),
        (
            "bytedance/seedream-v5.0-lite/edit-sequential",
            {"prompt", "images", "size", "max_images", "output_format"} | B64,
        ),
        ("bytedance/seedream-v4.5/sequential", {"prompt", "size", "max_images"} | B64),
        (
            "black-forest-labs/flux-2-flex/text-to-image",
            {
                "prompt", "size", "guidance_scale", "num_inference_steps", "output_format", "safety_tolerance",
                "enable_prompt_expansion", "seed",
            } | BOTH,
        ),
        (
            "black-forest-labs/flux-2-pro/edit",
            {"prompt", "images", "size", "output_format", "safety_tolerance", "seed"} | BOTH,
        ),
        ("qwen/qwen-image-2.0/edit", {"prompt", "images", "size", "seed"}),
        ("qwen/qwen-image-2.0-pro/text-to-image", {"prompt", "size", "seed"}),
        (
            "alibaba/qwen-image/edit-plus-20251215",
            {"prompt", "images", "negative_prompt", "num_images", "size", "prompt_extend", "seed"} | BOTH,
        ),
        ("alibaba/wan-2.6/text-to-image", {"prompt", "size", "negative_prompt", "seed", "enable_prompt_expansion"}),
        ("xai/grok-imagine-image-quality", {"prompt", "num_images", "aspect_ratio", "resolution"} | B64),
        ("microsoft/mai-image-2.5/edit", {"prompt", "image", "size"}),
    ],
)  # fmt: skip
def test_point_17_a_form_has_the_fields_of_its_model_and_no_others(
    caller: Caller, model: str, fields: set[str]
) -> None:
    inputs = schema(caller, model)

    assert set(inputs["x-order-properties"]) == fields
    assert set(inputs["properties"]) == fields | {"model"}
    assert inputs["required"][0] == "model"


@pytest.mark.parametrize(
    ("model", "field", "values", "default"),
    [
        (GPT_IMAGE, "size", THREE, "1024x1024"),
        (GPT_IMAGE, "quality", ["low", "medium", "high"], "medium"),
        (EDIT, "input_fidelity", ["low", "high"], "high"),
        (
            "openai/gpt-image-2/text-to-image",
            "size",
            ["1024x768", "768x1024", *THREE, "2560x1440", "1440x2560", "3840x2160", "2160x3840"],
            "1024x1024",
        ),
        (
            "openai/gpt-image-2/edit-developer",
            "size",
            [*THREE, "2048x2048", "2048x1152", "3840x2160", "2160x3840"],
            "1024x1024",
        ),
        ("openai/gpt-image-2.5-flare/edit", "quality", ["auto", "low", "medium", "high", "xhigh", "max"], "auto"),
        ("openai/gpt-image-2.5-sunburst/text-to-image", "background", ["auto", "opaque", "transparent"], "auto"),
        ("google/nano-banana-2/edit", "aspect_ratio", RATIOS, "1:1"),
        ("google/nano-banana-2/edit", "thinking_level", ["default", "high", "minimal"], "default"),
        ("google/nano-banana-pro/text-to-image-ultra", "resolution", ["4k", "8k"], "4k"),
        ("google/imagen4-fast", "resolution", ["1k"], "1k"),
        ("google/imagen4", "aspect_ratio", ["1:1", "16:9", "9:16", "4:3", "3:4"], "1:1"),
        ("bytedance/seedream-v5.0-pro/edit", "thinking", ["enabled", "disabled"], "enabled"),
        ("alibaba/wan-2.7-pro/text-to-image", "size", ["1K", "2K", "4K"], "2K"),
        (
            "alibaba/qwen-image/text-to-image-max",
            "size",
            ["1664*928", "1472*1104", "1328*1328", "1104*1472", "928*1664"],
            "1328*1328",
        ),
    ],
)
def test_point_17_enums_and_defaults_are_exact(
    caller: Caller, model: str, field: str, values: list[str], default: str
) -> None:
    described = schema(caller, model)["properties"][field]

    assert (described["enum"], described["default"]) == (values, default)


@pytest.mark.parametrize(
    ("model", "field", "limits"),
    [
        (EDIT, "images", {"minItems": 1, "maxItems": 10}),
        ("openai/gpt-image-2.5-flare/edit", "images", {"maxItems": 16}),
        ("openai/gpt-image-2.5-flare/edit", "prompt", {"maxLength": 32000}),
        ("google/nano-banana-2/edit", "images", {"maxItems": 14}),
        ("bytedance/seedream-v4/sequential", "max_images", {"minimum": 1, "maximum": 14, "default": 1}),
        ("bytedance/seedream-v4", "size", {"minimum": 1024, "maximum": 4096}),
        ("black-forest-labs/flux-kontext-dev-lora", "size", {"minimum": 256, "maximum": 1536}),
        ("black-forest-labs/flux-kontext-dev", "guidance_scale", {"default": 2.5}),
        ("black-forest-labs/flux-2-flex/edit", "safety_tolerance", {"minimum": 0, "maximum": 5, "default": 2}),
        ("alibaba/qwen-image/edit-plus", "num_images", {"minimum": 1, "maximum": 6}),
        ("microsoft/mai-image-2.5-flash", "size", {"minimum": 768, "maximum": 1360}),
    ],
)
def test_point_17_ranges_are_exact(caller: Caller, model: str, field: str, limits: dict[str, Any]) -> None:
    assert limits.items() <= schema(caller, model)["properties"][field].items()


@pytest.mark.parametrize(
    ("model", "count", "some"),
    [
        ("bytedance/seedream-v5.0-lite", 16, "4704*2016"),
        ("bytedance/seedream-v4.5", 16, "6240*2656"),
        ("alibaba/wan-2.6/text-to-image", 27, "576*1344"),
        ("alibaba/wan-2.5/image-edit", 24, "1904*816"),
    ],
)
def test_point_17_long_lists_of_sizes_are_whole(caller: Caller, model: str, count: int, some: str) -> None:
    sizes = schema(caller, model)["properties"]["size"]["enum"]

    assert len(set(sizes)) == len(sizes) == count
    assert some in sizes


def test_point_17_a_prompt_that_is_too_long_fails_the_task(caller: Caller) -> None:
    body = {"model": "openai/gpt-image-2.5-flare/text-to-image", "quality": "low"}

    fits, too_long = (caller.post({**body, "prompt": "x" * length}).json()["id"] for length in (32_000, 32_001))

    assert caller.data(fits)["status"] == "completed"
    assert "prompt" in caller.data(too_long)["error"]


def test_point_17_a_required_field_with_a_default_may_be_left_out(caller: Caller) -> None:
    model = "alibaba/wan-2.5/text-to-image"

    assert "size" in schema(caller, model)["required"]
    assert caller.data(caller.post({"model": model, "prompt": "x"}).json()["id"])["status"] == "completed"


def schema(caller: Caller, model: str) -> dict[str, Any]:
    document = requests.get(rows(caller.url)[model]["schema"], timeout=5).json()
    inputs: dict[str, Any] = document["components"]["schemas"]["Input"]
    return inputs
