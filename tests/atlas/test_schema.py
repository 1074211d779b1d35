"""A form from a schema: what is sent, what is refused in words, what can stay when the model changes."""

import re
from typing import Any

import pytest

from atlas.fields import Field, Kind
from atlas.openapi import schema_of
from atlas.schema import Reference, Schema
from atlas.simulator import catalogue as simulated
from atlas.simulator import schemas as simulated_schemas

PICTURE = "https://a.example/1.png"
MODELS = simulated.models()
KEYS = (
    *("type", "title", "description", "default", "enum", "minimum", "maximum", "step", "maxLength", "minItems"),
    *("maxItems", "items", "anyOf", "allOf", "$ref", "hidden", "x-enum", "x-accept", "x-ui-component"),
    *("x-max-size-mb", "x-placeholder", "required", "properties", "const", "multipleOf"),
)


def of(model_id: str) -> Schema:
    return schema_of(simulated_schemas.document(MODELS[model_id], "http://x"))


def form(required: Any = (), order: Any = (), **properties: Any) -> Schema:
    """The schema of a file with these properties."""
    told = {"required": required, "properties": properties, "x-order-properties": order}
    return schema_of({"components": {"schemas": {"Input": told}}})


def only(told: Any, name: str = "thing") -> Field:
    found = form(**{name: told}).field(name)
    assert found is not None
    return found


@pytest.mark.parametrize("model_id", [model.id for model in MODELS.values() if model.type == "Image" and model.schema])
def test_every_model_of_the_catalogue_has_a_form_whose_defaults_it_accepts(model_id: str) -> None:
    model, schema = MODELS[model_id], of(model_id)
    defaults = {field.name: field.default for field in schema.fields if field.default is not None}
    sent = schema.body(defaults)

    assert not schema.raw
    assert [field.name for field in schema.fields if field.name != "prompt"] == [
        name for name in model.fields if name != "prompt"
    ]
    assert simulated_schemas.unknown(model, dict(sent)) == []
    assert simulated_schemas.problem(model, dict(sent), exact=True) == ""


def test_fields_stand_in_form_order_and_the_forgotten_ones_last() -> None:
    schema = form(
        order=["b", "prompt", "nowhere", 7, "b"],
        model={"type": "string"},
        a={"type": "string"},
        b={"type": "string"},
        prompt={"type": "string"},
    )

    assert [field.name for field in schema.fields] == ["b", "prompt", "a"]
    assert [field.name for field in schema.settings] == ["b", "a"]


def test_what_is_ours_to_decide_is_hidden_yet_accepted() -> None:
    schema = of("openai/gpt-image-1.5/text-to-image")

    assert {field.name for field in schema.fields if field.hidden} == {"enable_sync_mode", "enable_base64_output"}
    assert schema.body({"enable_sync_mode": True}) == {"enable_sync_mode": True}
    assert only({"type": "string", "x-hidden": True}).hidden
    assert only({"type": "string", "disabled": True}).hidden


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"type": "string"}, Kind.TEXT),
        ({}, Kind.TEXT),
        ({"type": "string", "enum": ["a", "b"]}, Kind.CHOICE),
        ({"const": "a"}, Kind.CHOICE),
        ({"type": "string", "enum": []}, Kind.TEXT),
        ({"type": "integer"}, Kind.WHOLE),
        ({"type": ["integer", "null"]}, Kind.WHOLE),
        ({"type": "number"}, Kind.NUMBER),
        ({"type": "boolean"}, Kind.SWITCH),
        ({"type": "boolean", "enum": [True, False]}, Kind.SWITCH),
        ({"type": "array", "items": {"type": "string"}}, Kind.TEXTS),
        ({"items": {}}, Kind.TEXTS),
        ({"type": "string", "x-ui-component": "uploader"}, Kind.IMAGES),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, Kind.WHOLE),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, Kind.TEXT),
        ({"allOf": [{"type": "number", "minimum": 1}]}, Kind.NUMBER),
        ({"type": "hologram"}, Kind.TEXT),
        ({"type": 7}, Kind.TEXT),
    ],
)
def test_every_property_is_filled_in_somehow(told: Any, kind: Kind) -> None:
    assert only(told).kind is kind


@pytest.mark.parametrize(
    "told",
    [
        {"type": "object"},
        {"properties": {}},
        {"type": "array", "items": {"type": "object"}},
        {"x-accept": 1, "type": "object"},
    ],
)
def test_what_nobody_can_fill_in_is_left_out_with_a_note(told: Any) -> None:
    schema = form(strange_thing=told)

    assert schema.field("strange_thing") is None
    assert schema.notes == ("Strange thing is left out: this program does not know how to fill it in.",)


def test_a_reference_inside_the_file_is_followed_and_one_that_leads_to_itself_ends() -> None:
    document = {
        "components": {
            "schemas": {
                "Input": {"properties": {"size": {"$ref": "#/components/schemas/Size"}, "me": {"$ref": "#/me"}}},
                "Size": {"type": "string", "enum": ["1024x1024"]},
            }
        },
        "me": {"$ref": "#/me", "anyOf": [{"$ref": "#/me"}] * 50, "allOf": [{"$ref": "#/me"}] * 50},
    }

    schema = schema_of(document)

    assert [field.name for field in schema.fields] == ["prompt", "size", "me"]
    assert schema.body({"size": "1024×1024"}) == {"size": "1024x1024"}


@pytest.mark.parametrize(
    "oddity",
    [
        None,
        7,
        "text",
        [],
        {},
        {"components": 3},
        {"components": {"schemas": {"Input": []}}},
        {"components": {"schemas": {"Input": {"properties": []}}}},
        {"paths": {"/x": {"post": {"requestBody": {"content": None}}}}},
        {"paths": [1, 2]},
    ],
)
def test_a_file_that_describes_no_form_leaves_the_prompt_alone(oddity: Any) -> None:
    schema = schema_of(oddity)

    assert schema.raw
    assert [field.name for field in schema.fields] == ["prompt"]
    assert schema.body({"size": "1024x1024"}) == {}
    assert schema.reference is None


@pytest.mark.parametrize("odd", [None, 7, -1, 1e400, "x", "", [], {}, [[]], [None], {"$ref": 3}, True, "9" * 400])
@pytest.mark.parametrize("key", KEYS)
def test_no_oddity_in_a_property_raises(key: str, odd: Any) -> None:
    for kind in ("string", "integer", "number", "boolean", "array"):
        schema = form(required=odd, order=odd, size={"type": kind, key: odd}, images={"type": kind, key: odd})

        for value in ("", "x", "1024x1024", 3, 1.5, True, ["x"], None):
            schema.problems({"size": value, "images": value})
            schema.keep({"size": value, "images": value})


@pytest.mark.parametrize("name", ["", "with space", "__proto__", "x" * 65, "ключ", "a\n"])
def test_a_name_that_cannot_be_sent_is_left_out(name: str) -> None:
    schema = form(**{name: {"type": "string"}})

    assert [field.name for field in schema.fields] == ["prompt"]
    assert schema.notes


@pytest.mark.parametrize(
    ("told", "given", "sent"),
    [
        ({"type": "integer"}, "7", 7),
        ({"type": "integer"}, 7.0, 7),
        ({"type": "integer"}, 9007199254740993, 9007199254740993),
        ({"type": "integer"}, "9007199254740993", 9007199254740993),
        ({"type": "number"}, "3.5", 3.5),
        ({"type": "number"}, 3, 3.0),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, 0, False),
        ({"type": "integer", "enum": ["1", "4"]}, "4", 4),
        ({"type": "string", "enum": ["1", "4"]}, 4, "4"),
        ({"type": "string", "enum": ["PNG", "jpeg"]}, "png", "PNG"),
        ({"type": "string"}, "  a\x00b ", "ab"),
        ({"type": "array", "items": {"type": "string"}}, "one\n\n two ", ("one", "two")),
        ({"anyOf": [{"enum": ["auto"]}, {"type": "string"}]}, "something else", "something else"),
    ],
)
def test_a_value_is_put_into_the_declared_type(told: Any, given: object, sent: object) -> None:
    value = only(told).fitted(given)

    assert value == sent
    assert type(value) is type(sent)


@pytest.mark.parametrize("nothing", [None, "", "  ", [], ()])
@pytest.mark.parametrize("told", [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"enum": ["a"]}])
def test_an_empty_value_is_not_sent(told: Any, nothing: object) -> None:
    assert form(thing=told).body({"thing": nothing}) == {}


@pytest.mark.parametrize(
    ("told", "given", "said"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 50}, 51, "Thing must be a whole number from 1 to 50."),
        ({"type": "integer", "minimum": 1}, 0, "Thing must be a whole number of at least 1."),
        ({"type": "integer"}, 1.5, "Thing must be a whole number."),
        ({"type": "integer"}, True, "Thing must be a whole number."),
        ({"type": "number", "maximum": 1}, "much", "Thing must be a number of at most 1."),
        ({"type": "number"}, "nan", "Thing must be a number."),
        ({"type": "boolean"}, "perhaps", "Thing is either on or off."),
        ({"enum": ["low", "high"]}, "huge", "Thing must be one of: low, high."),
        ({"type": "string", "maxLength": 3}, "four", "Thing has 4 characters and the limit is 3. Shorten it."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(told: Any, given: object, said: str) -> None:
    schema = form(thing=told)

    assert schema.problems({"thing": given}) == [said]
    with pytest.raises(ValueError, match="Thing"):
        schema.body({"thing": given})


def test_sizes_are_kept_within_each_side() -> None:
    flux = of("black-forest-labs/flux-schnell")

    assert flux.body({"size": "256x2048"}) == {"size": "256*2048"}
    assert flux.problems({"size": "255x2048"}) == ["Size: each side must be a number of pixels from 256 to 2,048."]
    assert of("openai/gpt-image-1.5/text-to-image").problems({"size": "512x512"}) == [
        "Size must be one of: 1024x1024, 1024x1536, 1536x1024."
    ]
    assert of("openai/gpt-image-2.5-flare/text-to-image").body({"size": "AUTO"}) == {"size": "auto"}
    assert of("alibaba/wan-2.7/text-to-image").body({"size": "2k"}) == {"size": "2K"}


def test_a_required_field_with_a_default_fills_itself_in_and_one_without_is_asked_for() -> None:
    schema = form(
        required=["prompt", "style", "depth"], style={"type": "string", "default": "oil"}, depth={"type": "integer"}
    )

    assert schema.body({}) == {"style": "oil"}
    assert schema.problems({}) == ["Depth is missing. Fill it in."]


def test_an_edit_model_asks_for_a_picture() -> None:
    schema = of("openai/gpt-image-1.5/edit")

    assert schema.reference == Reference(name="images", most=10, required=True)
    assert schema.problems({}) == ["This model changes pictures. Add at least one."]
    assert schema.body({"images": [PICTURE, f" {PICTURE} "]}) == {"images": (PICTURE, PICTURE)}
    assert schema.body({"images": PICTURE}) == {"images": (PICTURE,)}


@pytest.mark.parametrize(
    "address", ["/etc/passwd", "file:///x", "javascript:x", "a picture", "https://a/ b", "data:text/html,x"]
)
def test_what_is_no_picture_is_no_reference(address: str) -> None:
    with pytest.raises(ValueError, match="must be pictures"):
        of("openai/gpt-image-1.5/edit").body({"images": [address]})


def test_an_optional_picture_is_a_reference_too() -> None:
    flux = of("black-forest-labs/flux-schnell")

    assert flux.reference == Reference(name="image", most=1, required=False)
    assert flux.body({"image": [PICTURE]}) == {"image": PICTURE}


def test_colours_are_written_alike() -> None:
    palette = of("alibaba/wan-2.7/text-to-image").field("color_palette")

    assert palette is not None
    assert palette.kind is Kind.COLOURS
    assert palette.fitted(["1E90FF", "#ff0000"]) == ("#1e90ff", "#ff0000")
    with pytest.raises(ValueError, match="such as #1e90ff"):
        palette.fitted(["blue"])


# Lists of objects

LORAS = "black-forest-labs/flux-kontext-dev-lora"


def loras() -> Field:
    found = of(LORAS).field("loras")
    assert found is not None
    return found


def test_loras_are_a_list_of_objects_with_the_parts_that_the_schema_names() -> None:
    assert loras().kind is Kind.RECORDS
    assert [(part.name, part.kind, part.default) for part in loras().parts] == [
        ("path", Kind.TEXT, None),
        ("scale", Kind.NUMBER, 1.0),
    ]
    assert loras().example == '[{"path": "…", "scale": 1.0}]'
    assert not of(LORAS).notes


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ('[{"path": "owner/style", "scale": 0.8}]', ({"path": "owner/style", "scale": 0.8},)),
        ('[{"path": "owner/style"}]', ({"path": "owner/style"},)),
        ('[{"path": "a", "scale": "0.5"}, {"path": "b"}]', ({"path": "a", "scale": 0.5}, {"path": "b"})),
        ([{"path": "a"}], ({"path": "a"},)),
        ("[]", None),
        ("  ", None),
    ],
)
def test_loras_are_written_as_json(value: object, sent: object) -> None:
    assert loras().fitted(value) == sent


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("owner/style", "must be a list in JSON, such as"),
        ('{"path": "a"}', "must be a list in JSON"),
        ('["a"]', "must be a list in JSON"),
        ("[" * 100_000, "must be a list in JSON"),
        ('[{"path": "a", "weight": 1}]', "entry 1: there is no weight. It can have path, scale."),
        ('[{"path": "a"}, {"scale": "much"}]', "entry 2: scale must be a number."),
        ('[{"path": "a", "scale": NaN}]', "entry 1: scale must be a number."),
        ('[{"path": {"a": 1}}]', "entry 1: path must be text."),
        ("[{}]", "entry 1 is empty"),
    ],
)
def test_loras_that_the_schema_does_not_know_are_refused_with_the_place(value: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        loras().fitted(value)


def test_what_an_entry_must_have_and_how_many_there_may_be_is_checked() -> None:
    thing = {
        "type": "array",
        "maxItems": 2,
        "items": {
            "type": "object",
            "required": ["path", "scale"],
            "properties": {"path": {"type": "string"}, "scale": {"type": "number", "default": 1}},
        },
    }
    field = only(thing)

    assert field.fitted('[{"path": "a"}]') == ({"path": "a", "scale": 1.0},)
    with pytest.raises(ValueError, match="path is missing"):
        field.fitted('[{"scale": 1}]')
    with pytest.raises(ValueError, match="at most 2 entries, there are 3"):
        field.fitted('[{"path": "a"}, {"path": "b"}, {"path": "c"}]')


@pytest.mark.parametrize(
    "items",
    [
        {"type": "object"},
        {"type": "object", "properties": {"deep": {"type": "object", "properties": {"x": {"type": "string"}}}}},
        {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "string"}}}},
        {"type": "object", "properties": {"image": {"type": "string"}}},
        {"type": "object", "properties": {"a b": {"type": "string"}}},
        {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(13)}},
        {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}},
    ],
)
def test_a_list_of_more_than_plain_values_is_left_out_with_a_note(items: Any) -> None:
    schema = form(thing={"type": "array", "items": items})

    assert schema.field("thing") is None
    assert "Thing is left out" in schema.notes[0]


# Switching models


def test_what_both_models_have_stays_and_the_rest_is_named() -> None:
    values = {"size": "1024x1536", "quality": "high", "output_format": "png", "prompt": "x", "model": "m"}

    kept, dropped = of("black-forest-labs/flux-2-pro/text-to-image").keep(values)

    assert kept == {"size": "1024*1536", "output_format": "png"}
    assert dropped == ("quality",)


@pytest.mark.parametrize(
    ("model", "size", "kept"),
    [
        ("google/nano-banana-2/text-to-image", "1024x1536", {"aspect_ratio": "2:3"}),
        ("bytedance/seedream-v5.0-lite", "1024x1024", {"size": "2048*2048"}),
        ("openai/gpt-image-2/text-to-image", "2048*1152", {"size": "2560x1440"}),
        ("openai/gpt-image-1.5/text-to-image", "2:3", {"size": "1024x1536"}),
        ("black-forest-labs/flux-schnell", "16:9", {"size": "1280*720"}),
        ("black-forest-labs/flux-schnell", "3840x2160", {"size": "2048*1152"}),
        ("bytedance/seedream-v4", "512x768", {"size": "1024*1536"}),
    ],
)
def test_a_shape_is_carried_over_to_a_model_that_writes_it_otherwise(
    model: str, size: str, kept: dict[str, str]
) -> None:
    name = "aspect_ratio" if ":" in size else "size"

    assert of(model).keep({name: size}) == (kept, ())


def test_a_shape_the_other_model_lacks_is_dropped_by_name() -> None:
    assert of("openai/gpt-image-1.5/text-to-image").keep({"size": "3840x2160"}) == ({}, ("size",))


def test_a_shape_beyond_the_ends_of_a_free_size_is_dropped_by_name() -> None:
    assert of("microsoft/mai-image-2.5").keep({"aspect_ratio": "21:9"}) == ({}, ("aspect_ratio",))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("openai/gpt-image-1.5/text-to-image", "size"),
        ("black-forest-labs/flux-schnell", "size"),
        ("google/nano-banana-2/text-to-image", "aspect_ratio"),
        ("alibaba/wan-2.7/text-to-image", None),
        ("atlascloud/qwen-image/edit", None),
    ],
)
def test_which_field_says_the_shape_and_a_tier_is_none(model: str, name: str | None) -> None:
    shape = of(model).shape

    assert (shape.name if shape else None) == name


def test_references_move_to_the_other_models_field_whole_or_not_at_all() -> None:
    single, several = of("atlascloud/qwen-image/edit"), of("xai/grok-imagine-image/edit")

    assert single.keep({"images": [PICTURE]}) == ({"image": PICTURE}, ())
    assert several.keep({"image": PICTURE}) == ({"image_urls": (PICTURE,)}, ())
    assert single.keep({"images": [PICTURE, PICTURE + "2"]}) == ({}, ("images",))


def test_a_value_out_of_the_other_models_range_is_dropped() -> None:
    assert form(n={"type": "integer", "maximum": 4}).keep({"n": 10}) == ({}, ("n",))


def test_a_choice_that_json_cannot_say_is_not_offered() -> None:
    field = only({"enum": ["a", float("inf"), float("nan"), 2.5], "default": float("inf")})

    assert field.choices == ("a", 2.5)
    assert field.default is None
