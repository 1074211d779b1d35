"""A row of the catalogue, read once (atlas-api.md §6): an image model, what it is for and what it costs.

Rows differ, so whatever is missing has a sensible absence. Models are told apart by their exact id alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from atlas.prices import Price, price_of
from atlas.reading import Json, items, line, mapping, number

CHAT = "openai.chat.completions"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}")
# Typed as images, but not made from words alone: 3D, text recognition, enlarging, cutting out (atlas-api.md §6).
_OTHER_TRADES = re.compile(
    r"(?<![a-z])3d\b|-to-(3d|video|text|audio)\b|\bocr\b|upscal|super-resolution|"
    r"(background|bg)-remov|remov\w*-(background|bg)\b|\bmatting\b"
)


class Kind(StrEnum):
    """What a model starts from."""

    TEXT_TO_IMAGE = "text to image"
    EDIT = "edit"


@dataclass(frozen=True, kw_only=True)
class Model:
    """One image model. ``why_not`` says why it cannot be used although it is listed; empty where it can."""

    id: str
    name: str
    vendor: str = ""
    kind: Kind = Kind.TEXT_TO_IMAGE
    profile: str = ""
    tags: tuple[str, ...] = ()
    price: Price = field(default_factory=Price)
    seconds: float | None = None  # that an image typically takes, as the provider says
    schema: str = ""  # the address of its OpenAPI file
    family: str = ""
    hidden: bool = False
    why_not: str = ""

    @property
    def floor(self) -> Decimal | None:
        """USD for the cheapest image; None where it is not known, 0 where it is free."""
        return self.price.actual

    @property
    def discount(self) -> int:
        """Percent off the list price."""
        return self.price.percent_off

    @property
    def is_offered(self) -> bool:
        return not self.hidden and not self.why_not


@dataclass(frozen=True, kw_only=True)
class TextModel:
    """A model that can be asked for a better prompt."""

    id: str
    name: str
    vendor: str = ""


def models_of(rows: Iterable[Json]) -> tuple[Model, ...]:
    """The image models among the rows, the first row of each id, in the order of the catalogue."""
    found: dict[str, Model] = {}
    for row in map(mapping, rows):
        model = _model_of(row)
        if model is not None:
            found.setdefault(model.id, model)
    return tuple(found.values())


def text_models_of(rows: Iterable[Json]) -> tuple[TextModel, ...]:
    """The text models that speak OpenAI's chat protocol; one that lists no protocol is taken to."""
    found: dict[str, TextModel] = {}
    for row in map(mapping, rows):
        name = _id_of(row)
        listed = row.get("supported_protocols") or row.get("supported_apis")
        if row.get("type") == "Text" and name and not _is_hidden(row) and (not listed or CHAT in items(listed)):
            found.setdefault(name, TextModel(id=name, name=_name_of(row, name), vendor=_vendor_of(row, name)))
    return tuple(found.values())


def _model_of(row: Mapping[str, Json]) -> Model | None:
    model_id = _id_of(row)
    words = _words(row, model_id)
    if row.get("type") != "Image" or not model_id or any(map(_OTHER_TRADES.search, words)):
        return None
    return Model(
        id=model_id,
        name=_name_of(row, model_id),
        vendor=_vendor_of(row, model_id),
        kind=_kind_of(row, model_id),
        profile=line(row.get("profile"), 300),
        tags=tuple(dict.fromkeys(tag for tag in (line(item, 40) for item in items(row.get("tags"))) if tag)),
        price=price_of(row),
        seconds=_seconds(row.get("avgLatency")),
        schema=line(row.get("schema"), 500),
        family="/".join(model_id.split("/")[:2]),
        hidden=_is_hidden(row),
    )


def _kind_of(row: Mapping[str, Json], model_id: str) -> Kind:
    """By the categories; the id only where they say nothing (atlas-api.md §14.6)."""
    said = {_plain(item) for item in items(row.get("categories"))}
    if "text-to-image" in said:
        return Kind.TEXT_TO_IMAGE
    if said & {"image-to-image", "image-edit", "image-editing", "edit"}:
        return Kind.EDIT
    last = model_id.lower().rpartition("/")[2]
    return Kind.EDIT if re.search(r"\bedit|image-to-image", last) else Kind.TEXT_TO_IMAGE


def _words(row: Mapping[str, Json], model_id: str) -> list[str]:
    listed = [*items(row.get("tags")), *items(row.get("categories"))]
    return [model_id.lower(), *map(_plain, listed)]


def _plain(word: Json) -> str:
    """Tags and categories mix case, ``_`` and ``-``."""
    return line(word, 60).lower().replace("_", "-").replace(" ", "-")


def _id_of(row: Mapping[str, Json]) -> str:
    model_id = row.get("model")
    return model_id if isinstance(model_id, str) and _ID.fullmatch(model_id) else ""


def _name_of(row: Mapping[str, Json], model_id: str) -> str:
    return line(row.get("displayName"), 80) or model_id


def _vendor_of(row: Mapping[str, Json], model_id: str) -> str:
    return line(row.get("organization"), 60) or line(row.get("provider"), 60) or model_id.partition("/")[0]


def _is_hidden(row: Mapping[str, Json]) -> bool:
    """Hidden when it says exactly false; absent means shown."""
    return row.get("display_console") is False


def _seconds(told: Json) -> float | None:
    seconds = number(told)
    return seconds if seconds is not None and 0 < seconds < 3600 else None
