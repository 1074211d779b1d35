"""The list of models and their schemas say what the contract says, awkward rows included."""

from typing import Any

import pytest
import requests

from tests.simulator.calling import FLUX, GPT_IMAGE, Caller

Row = dict[str, Any]


@pytest.fixture
def rows(caller: Caller) -> dict[str, Row]:
    reply = requests.get(f"{caller.url}/api/v1/models", timeout=5)
    assert reply.json()["code"] == "200"
    return {row["model"]: row for row in reply.json()["data"]}


def schema(row: Row) -> Row:
    """Input of a model's schema, fetched without a key."""
    document: Row = requests.get(row["schema"], timeout=5).json()
    inputs: Row = document["components"]["schemas"]["Input"]
    return inputs


def test_the_default_model_is_listed_as_in_the_contract(caller: Caller, rows: dict[str, Row]) -> None:
    row = rows[GPT_IMAGE]

    assert row["type"] == "Image"
    assert row["display_console"] is True
    assert row["avgLatency"] == 18
    assert row["price"] == {
        "discount": "90",
        "actual": {"base_price": "0.008", "unit": "image"},
        "origin": {"base_price": "0.009", "unit": "image"},
    }
    assert row["schema"] == f"{caller.url}/model/schema/openai-gpt-image-1.5-text-to-image.json"


def test_the_list_has_the_rows_that_make_a_client_stumble(rows: dict[str, Row]) -> None:
    shown = [row for row in rows.values() if row["type"] == "Image" and row.get("display_console", True)]

    assert len(shown) >= 12
    assert len({row["uuid"] for row in rows.values()}) == len(rows)
    assert rows["google/imagen4-ultra"]["display_console"] is False
    assert "display_console" not in rows[FLUX]
    assert rows["tencent/hunyuan3d-v3/image-to-3d"]["tags"] == ["3D"]
    assert "schema" not in rows["google/imagen3"]
    assert "base_price" not in rows["microsoft/mai-image-2.5"]["price"]["actual"]
    assert rows["baidu/ERNIE-Image-Turbo"]["price"]["actual"]["base_price"] == "0"
    assert "baidu/ERNIE-Image-Turbo/text-to-image" in rows
    assert {row["type"] for row in rows.values()} == {"Image", "Video", "Text"}
    assert rows["google/gemini-3.5-flash"]["supported_protocols"][0] == "gemini.generate"


def test_everything_a_row_points_at_is_there(rows: dict[str, Row]) -> None:
    for row in rows.values():
        for key in ("schema", "readme", "avatar"):
            assert key not in row or requests.get(row[key], timeout=5).status_code == 200


@pytest.mark.parametrize(
    "path", ["/model/schema/no-such.json", "/readme/no-such.md", "/model/schema/google-imagen3.json"]
)
def test_what_describes_no_model_is_not_found(caller: Caller, path: str) -> None:
    assert requests.get(caller.url + path, timeout=5).status_code == 404


def test_the_schema_of_the_default_model_is_exact(rows: dict[str, Row]) -> None:
    inputs = schema(rows[GPT_IMAGE])

    fields = ["prompt", "size", "quality", "output_format", "enable_sync_mode", "enable_base64_output"]
    assert inputs["x-order-properties"] == fields
    assert set(inputs["properties"]) == {"model", *fields}
    assert inputs["required"] == ["model", "prompt"]
    size, quality, form = (inputs["properties"][name] for name in ("size", "quality", "output_format"))
    assert (size["enum"], size["default"]) == (["1024x1024", "1024x1536", "1536x1024"], "1024x1024")
    assert (quality["enum"], quality["default"]) == (["low", "medium", "high"], "medium")
    assert (form["enum"], form["default"]) == (["jpeg", "png"], "jpeg")


def test_the_schema_of_its_edit_sister_asks_for_images(rows: dict[str, Row]) -> None:
    inputs = schema(rows["openai/gpt-image-1.5/edit"])

    assert inputs["required"] == ["model", "prompt", "images"]
    assert inputs["properties"]["input_fidelity"]["default"] == "high"
    assert inputs["properties"]["images"]["maxItems"] == 10


@pytest.mark.parametrize(
    ("model", "field", "described"),
    [
        ("google/nano-banana-2/text-to-image", "resolution", {"enum": ["1k", "2k", "4k"], "default": "1k"}),
        ("alibaba/wan-2.7/text-to-image", "size", {"enum": ["1K", "2K"], "default": "2K"}),
        ("xai/grok-imagine-image", "num_images", {"type": "integer", "enum": ["1", "2", "3", "4"], "default": 1}),
        (FLUX, "seed", {"type": "integer", "minimum": -1, "maximum": 2**31 - 1, "default": -1}),
        (FLUX, "size", {"type": "string", "default": "1024*1024"}),
        ("black-forest-labs/flux-dev", "guidance_scale", {"minimum": 0, "maximum": 20, "default": 3.5}),
        ("youchuan/v8.1", "quality", {"enum": ["1", "4"]}),
        ("baidu/ERNIE-Image-Turbo", "n", {"minimum": 1, "maximum": 10}),
    ],
)
def test_fields_are_described_as_in_the_contract(rows: dict[str, Row], model: str, field: str, described: Row) -> None:
    assert described.items() <= schema(rows[model])["properties"][field].items()


def test_models_lack_the_switches_that_the_real_ones_lack(rows: dict[str, Row]) -> None:
    assert "enable_sync_mode" not in schema(rows["black-forest-labs/flux-dev"])["properties"]
    assert "seed" not in schema(rows[GPT_IMAGE])["properties"]


def test_every_schema_is_an_openapi_document_whose_form_is_complete(caller: Caller, rows: dict[str, Row]) -> None:
    for row in rows.values():
        if "schema" not in row:
            continue
        document = requests.get(row["schema"], timeout=5).json()
        inputs = document["components"]["schemas"]["Input"]
        assert document["servers"] == [{"url": caller.url}]
        assert len(document["paths"]) == 2
        assert set(inputs["required"]) <= set(inputs["properties"])
        assert ["model", *inputs["x-order-properties"]] == list(inputs["properties"])


def test_one_schema_names_the_wrong_endpoint_as_real_ones_do(rows: dict[str, Row]) -> None:
    document = requests.get(rows["bytedance/seedream-v5.0-lite"]["schema"], timeout=5).json()

    assert "/api/v1/model/generateVideo" in document["paths"]


@pytest.mark.parametrize(
    ("body", "price"),
    [
        ({"model": GPT_IMAGE, "quality": "low"}, "0.008"),
        ({"model": GPT_IMAGE, "quality": "high", "size": "1536x1024"}, "0.18"),
        ({"model": FLUX, "num_images": 4}, "0.012"),
        ({"model": "baidu/ERNIE-Image-Turbo"}, "0"),
        ({"model": "microsoft/mai-image-2.5"}, None),
    ],
)
def test_a_finished_job_names_its_price(caller: Caller, body: Row, price: str | None) -> None:
    assert caller.data(caller.post({"prompt": "x", **body}).json()["id"])["price"] == price
