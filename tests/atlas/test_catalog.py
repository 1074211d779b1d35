"""The live catalogue: which rows are offered, and that nobody waits for it."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from atlas import AtlasClient, ImageRequest, builtin
from atlas.catalog import MODELS, Catalogue, Kind, name_of
from atlas.errors import NotFound, Unreachable
from atlas.prices import dollars
from atlas.rows import models_of, text_models_of
from atlas.simulator import Simulator
from tests.atlas.answering import before

GPT = "openai/gpt-image-1.5/text-to-image"
ROW = {"model": "v/m/text-to-image", "type": "Image", "schema": "https://a/s.json"}
FORM = {"components": {"schemas": {"Input": {"properties": {"size": {"type": "string", "enum": ["1024x1024"]}}}}}}


@dataclass(kw_only=True)
class Library:
    """A provider that answers when it is told to, and counts how often it was asked."""

    base_url: str = "https://api.example"
    rows: list[Any] = field(default_factory=lambda: [ROW])
    form: dict[str, Any] = field(default_factory=lambda: FORM)
    asked: int = 0
    fetched: int = 0
    is_down: bool = False
    may_answer: threading.Event = field(default_factory=threading.Event)

    def catalogue(self) -> list[Any]:
        self.asked += 1
        self.may_answer.wait(10)
        if self.is_down:
            raise Unreachable("down")
        return self.rows

    def document(self, _address: str, /) -> dict[str, Any]:
        self.fetched += 1
        if self.is_down:
            raise Unreachable("down")
        return self.form


@dataclass(kw_only=True)
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    library.may_answer.set()
    yield library
    library.may_answer.set()


@pytest.fixture
def live(client: AtlasClient, tmp_path: Path) -> Catalogue:
    catalogue = Catalogue(client, tmp_path, patience_s=10)
    assert catalogue.refresh()
    return catalogue


def ids(catalogue: Catalogue) -> list[str]:
    return [model.id for model in catalogue.models()]


# Rows


def test_a_row_becomes_a_model(live: Catalogue) -> None:
    model = live.find(GPT)

    assert model is not None
    assert (model.name, model.vendor, model.kind) == ("GPT Image 1.5 Text-to-Image", "OpenAI", Kind.TEXT_TO_IMAGE)
    assert (model.floor, model.discount, model.seconds, model.tags) == (Decimal("0.008"), 10, 18.0, ("HOT",))
    assert model.schema.endswith("/model/schema/openai-gpt-image-1.5-text-to-image.json")
    assert model.is_offered


@pytest.mark.parametrize(
    "row",
    [
        None,
        7,
        {},
        {"model": "v/m"},
        {"model": "v/m", "type": "image"},
        {"model": "v/m", "type": "Video"},
        {"type": "Image"},
        {"model": "", "type": "Image"},
        {"model": "v/m\n", "type": "Image"},
        {"model": ["v/m"], "type": "Image"},
        {"model": "v/m/image-to-3d", "type": "Image"},
        {"model": "v/m", "type": "Image", "tags": ["3D"]},
        {"model": "v/m", "type": "Image", "categories": ["IMAGE_TO_3D"]},
        {"model": "v/image-upscaler", "type": "Image"},
        {"model": "v/background-remover", "type": "Image"},
        {"model": "v/deepseek-ocr", "type": "Image"},
    ],
)
def test_a_row_that_makes_no_image_from_words_is_none(row: Any) -> None:
    assert models_of([row]) == ()


@pytest.mark.parametrize(
    "odd", [None, 7, "", "x", [], {}, [None, 7], {"actual": 7}, {"actual": {"base_price": {}}}, True]
)
@pytest.mark.parametrize(
    "key", ["uuid", "displayName", "organization", "tags", "categories", "price", "avgLatency", "schema", "profile"]
)
def test_a_model_with_an_odd_row_is_still_a_model(key: str, odd: Any) -> None:
    model = models_of([{**ROW, key: odd}])[0]

    assert model.id == ROW["model"]
    assert model.floor is None
    assert model.price.label == "price not known"


def test_hidden_means_exactly_false() -> None:
    shown = [models_of([{**ROW, "display_console": value}])[0].hidden for value in (False, True, None, 0, "false")]

    assert shown == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"categories": ["IMAGE_TO_IMAGE"]}, Kind.EDIT),
        ({"categories": ["image to image"]}, Kind.EDIT),
        ({"categories": ["TEXT-TO-IMAGE", "IMAGE-TO-IMAGE"]}, Kind.TEXT_TO_IMAGE),
        ({"model": "v/m/edit-plus"}, Kind.EDIT),
        ({"model": "v/credit/one"}, Kind.TEXT_TO_IMAGE),
        ({"model": "v/m/edit", "categories": ["TEXT-TO-IMAGE"]}, Kind.TEXT_TO_IMAGE),
    ],
)
def test_the_kind_is_told_by_the_categories_and_else_by_the_id(row: dict[str, Any], kind: Kind) -> None:
    assert models_of([{**ROW, **row}])[0].kind is kind


@pytest.mark.parametrize(
    ("price", "label"),
    [
        ({"actual": {"base_price": "0.008", "unit": "image"}}, "from $0.008 per image"),
        ({"actual": {"base_price": "0.02"}}, "from $0.02 per image"),
        ({"actual": {"base_price": 0.3, "unit": "generation"}}, "from $0.30 per run"),
        ({"actual": {"base_price": "0"}}, "free"),
        ({"actual": {}}, "price not known"),
        ({"sku": {"text": "0.1"}}, "price not known"),
        (
            {"discount": "80", "actual": {"base_price": "0.052"}, "origin": {"base_price": "0.065"}},
            "from $0.052 per image (list price $0.065, 20 % off)",
        ),
    ],
)
def test_a_price_is_told_in_words_and_is_never_zero_by_accident(price: dict[str, Any], label: str) -> None:
    assert models_of([{**ROW, "price": price}])[0].price.label == label


@pytest.mark.parametrize(("base", "runs"), [("0.055", 181), ("0.024", 416), ("0.02", 500), ("0.012", 833), ("0", None)])
def test_ten_dollars_buy_this_many_images(base: str, runs: int | None) -> None:
    model = models_of([{**ROW, "price": {"actual": {"base_price": base}}}])[0]

    assert model.price.runs_for(Decimal(10)) == runs


def test_dollars_lose_no_digit() -> None:
    amounts = ("0.008", "0.02", "12.5", "1E+1", "1234.5", "0")

    assert [dollars(Decimal(amount)) for amount in amounts] == [
        "$0.008",
        "$0.02",
        "$12.50",
        "$10.00",
        "$1,234.50",
        "$0.00",
    ]


def test_text_models_are_those_that_chat() -> None:
    rows = [
        {"model": "a", "type": "Text", "supported_protocols": ["gemini.generate", "openai.chat.completions"]},
        {"model": "b", "type": "Text", "supported_apis": ["openai.responses"]},
        {"model": "c", "type": "Text"},
        {"model": "d", "type": "Image"},
        {"model": "e", "type": "Text", "display_console": False},
    ]

    assert [model.id for model in text_models_of(rows)] == ["a", "c"]


# The catalogue


@pytest.mark.parametrize(
    ("model_id", "twin"),
    [
        (GPT, "openai/gpt-image-1.5/edit"),
        ("openai/gpt-image-2/text-to-image-developer", "openai/gpt-image-2/edit-developer"),
        ("alibaba/qwen-image/text-to-image-plus", "alibaba/qwen-image/edit-plus"),
        ("bytedance/seedream-v5.0-lite", "bytedance/seedream-v5.0-lite/edit"),
        ("bytedance/seedream-v5.0-lite/sequential", "bytedance/seedream-v5.0-lite/edit-sequential"),
        ("google/nano-banana-pro/text-to-image-ultra", "google/nano-banana-pro/edit"),
        ("alibaba/wan-2.6/text-to-image", "alibaba/wan-2.6/image-edit"),
        ("xai/grok-imagine-image/edit", "xai/grok-imagine-image/edit"),
        ("youchuan/v8.1", None),
        ("black-forest-labs/flux-schnell", None),
    ],
)
def test_the_edit_twin_is_of_the_same_family(live: Catalogue, model_id: str, twin: str | None) -> None:
    model = live.find(model_id)

    assert model is not None
    found = live.edit_twin(model)
    assert (found.id if found else None) == twin


def test_a_ghost_is_no_longer_offered_until_the_list_comes_anew(live: Catalogue) -> None:
    ghost = "baidu/ERNIE-Image-Turbo/text-to-image"
    assert ghost in ids(live)

    live.mark_ghost(ghost)

    marked = live.find(ghost)
    assert marked is not None
    assert "Choose another model" in marked.why_not
    assert "not available to this account" in marked.why_not
    assert ghost not in ids(live)
    assert live.refresh()
    assert ghost in ids(live)


def test_within_ten_minutes_nobody_is_asked_again(library: Library, tmp_path: Path) -> None:
    clock = Clock()
    catalogue = Catalogue(library, tmp_path, clock=clock)
    assert ids(catalogue) == [ROW["model"]]

    clock.now = 599
    catalogue.models()
    assert library.asked == 1
    clock.now = 601
    assert before(5, lambda: bool(catalogue.models()) and library.asked == 2)


def test_an_old_catalogue_is_shown_while_the_next_one_is_fetched(library: Library, tmp_path: Path) -> None:
    clock = Clock()
    catalogue = Catalogue(library, tmp_path, clock=clock, patience_s=5)
    first = ids(catalogue)
    library.rows = [{**ROW, "model": "v/new"}]
    library.may_answer.clear()
    clock.now = 601

    began = time.monotonic()
    assert ids(catalogue) == first
    assert time.monotonic() - began < 1
    library.may_answer.set()
    assert before(5, lambda: ids(catalogue) == ["v/new"])


def test_many_at_once_cause_one_refresh_and_wait_no_longer_than_their_patience(
    library: Library, tmp_path: Path
) -> None:
    library.may_answer.clear()
    catalogue = Catalogue(library, tmp_path, patience_s=0.3)
    seen: list[list[str]] = []
    people = [threading.Thread(target=lambda: seen.append(ids(catalogue))) for _ in range(16)]
    began = time.monotonic()

    for person in people:
        person.start()
    for person in people:
        person.join()

    assert time.monotonic() - began < 2
    assert library.asked == 1
    assert seen == [[model.id for model in MODELS]] * 16


def test_after_a_failure_pages_do_not_wait_at_every_turn(library: Library, tmp_path: Path) -> None:
    clock = Clock()
    library.is_down = True
    catalogue = Catalogue(library, tmp_path, clock=clock)

    assert catalogue.models() == MODELS
    assert isinstance(catalogue.trouble, Unreachable)
    catalogue.models()
    assert library.asked == 1

    clock.now, library.is_down = 61, False
    assert ids(catalogue) == [ROW["model"]]
    assert catalogue.trouble is None


def test_a_start_without_network_begins_with_the_copy(library: Library, tmp_path: Path) -> None:
    first = Catalogue(library, tmp_path)
    assert first.refresh()
    assert first.schema(ROW["model"]).field("size")
    assert before(5, lambda: len(list(tmp_path.rglob("*.json"))) == 2)
    library.is_down = True

    later = Catalogue(library, tmp_path)

    assert later.models() == first.models()
    assert later.schema(ROW["model"]) == first.schema(ROW["model"])


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text: text[:-20],
        lambda text: text.replace("v/m", "v/x"),
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda _text: "",
        lambda _text: "[]",
        lambda _text: "[" * 100_000,
        lambda text: json.dumps({**json.loads(text), "document": []}),
    ],
)
def test_a_spoiled_copy_is_not_used(library: Library, tmp_path: Path, spoiled: Any) -> None:
    assert Catalogue(library, tmp_path).refresh()
    copy = tmp_path / "catalogue.json"
    assert before(5, copy.exists)
    copy.write_text(spoiled(copy.read_text()))
    library.is_down = True

    assert Catalogue(library, tmp_path).models() == MODELS


def test_a_copy_of_another_provider_is_not_used(library: Library, tmp_path: Path) -> None:
    assert Catalogue(library, tmp_path).refresh()
    assert before(5, (tmp_path / "catalogue.json").exists)

    assert Catalogue(Library(base_url="https://other.example", is_down=True), tmp_path, patience_s=0).models() == MODELS


def test_a_list_without_models_does_not_replace_a_good_one(library: Library, tmp_path: Path) -> None:
    catalogue = Catalogue(library, tmp_path)
    assert catalogue.refresh()
    library.rows = [{"model": "a", "type": "Text"}]

    assert not catalogue.refresh()
    assert ids(catalogue) == [ROW["model"]]
    assert "no image model" in str(catalogue.trouble)


def test_where_nothing_can_be_written_everything_else_works(library: Library, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")

    catalogue = Catalogue(library, blocked)

    assert catalogue.refresh()
    assert ids(catalogue) == [ROW["model"]]


def test_a_schema_is_fetched_once_and_a_page_gets_by_without_it(library: Library, tmp_path: Path) -> None:
    catalogue = Catalogue(library, tmp_path)

    assert not catalogue.schema(ROW["model"]).raw
    catalogue.schema(ROW["model"])
    assert library.fetched == 1
    library.rows = [{**ROW, "schema": None}]
    assert catalogue.refresh()
    assert catalogue.schema(ROW["model"]).raw
    assert catalogue.schema("no/such-model").raw
    assert not catalogue.schema(GPT).raw  # built in


def test_the_schemas_of_the_simulator_are_read_through_the_client(live: Catalogue, simulator: Simulator) -> None:
    simulator.fault("schema", "500", matching=GPT)

    assert live.schema("openai/gpt-image-2/text-to-image").field("moderation")
    assert live.schema(GPT).field("enable_sync_mode") is None  # the built-in form stands in
    assert live.schema("google/imagen3").raw


def test_the_built_in_table_is_what_the_form_was_drawn_from() -> None:
    first = MODELS[0]

    assert first.id == GPT
    size, quality = (builtin.schema(GPT).field(name) for name in ("size", "quality"))
    assert size
    assert quality
    assert (size.choices, size.default) == (("1024x1024", "1024x1536", "1536x1024"), "1024x1024")
    assert (quality.choices, quality.default) == (("low", "medium", "high"), "medium")
    larger = builtin.schema(MODELS[1].id).field("size")
    assert larger
    assert len(larger.choices) == 9
    floors = {model.id: model.floor for model in MODELS}
    assert (floors[GPT], floors["openai/gpt-image-1/text-to-image"]) == (Decimal("0.008"), None)
    assert (name_of(GPT), name_of("no/such-model")) == ("GPT Image 1.5", "no/such-model")


def test_a_submit_to_a_ghost_is_not_found(client: AtlasClient) -> None:
    with pytest.raises(NotFound):
        client.submit(ImageRequest(prompt="x", model="baidu/ERNIE-Image-Turbo/text-to-image"))
