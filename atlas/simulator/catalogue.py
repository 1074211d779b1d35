"""Which models the simulator offers, read once from two tables: models are rows, never code."""

import json
import tomllib
import uuid
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

Field = dict[str, Any]

_EXAMPLE = "A lighthouse at dusk, oil painting"


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model: its row in the list, and its form fields in form order.

    ``factors`` are options that cost extra, such as ``resolution=2k``, with what they multiply the price by.
    """

    id: str
    name: str
    profile: str
    organization: str
    type: str = "Image"
    tags: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    latency: int | str = 10
    price: dict[str, str]
    priced_by_quality: bool = False
    factors: dict[str, str] = field(default_factory=dict)
    required: list[str] = field(default_factory=lambda: ["prompt"])
    fields: dict[str, Field] = field(default_factory=dict)
    format: str = "png"
    images: int = 1
    schema: bool = True
    ghost: bool = False
    display_console: bool | None = None
    endpoint: str = "generateImage"
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, row: dict[str, Any], shared: dict[str, Field]) -> Self:
        """The model of one row, whose fields are names of ``shared`` descriptions such as ``size:three``."""
        fields = {name.partition(":")[0]: shared[name] for name in row.get("fields", [])}
        return cls(**{**row, "fields": fields})

    @property
    def slug(self) -> str:
        """The id as a file name (atlas-api.md section 1)."""
        return self.id.replace("/", "-")

    def default(self, name: str) -> Any:
        """The value a field has when the request leaves it out; None where the model has no such field."""
        return self.fields.get(name, {}).get("default")

    def row(self, origin: str) -> dict[str, Any]:
        """This model as the list shows it (section 6), with addresses on ``origin``."""
        shown = {} if self.display_console is None else {"display_console": self.display_console}
        schema = {"schema": f"{origin}/model/schema/{self.slug}.json"} if self.schema else {}
        return {
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, self.id)),
            "model": self.id,
            "type": self.type,
            "displayName": self.name,
            "profile": self.profile,
            "avatar": f"{origin}/avatar/{self.slug}.svg",
            "readme": f"{origin}/readme/{self.slug}.md",
            **schema,
            "tags": self.tags,
            "categories": self.categories,
            "organization": self.organization,
            **shown,
            "avgLatency": self.latency,
            "familyName": self.id.split("/")[1],
            "familyDisplayName": self.name,
            "example": json.dumps({"model": self.id, "prompt": _EXAMPLE}),
            "price": self._prices(),
            **self.extra,
        }

    def _prices(self) -> dict[str, Any]:
        actual = self._price_side(self.price.get("actual"))
        origin = self._price_side(self.price.get("origin", self.price.get("actual")))
        return {"discount": self.price.get("discount", "100"), "actual": actual, "origin": origin}

    def _price_side(self, base_price: str | None) -> dict[str, str]:
        named = {"base_price": base_price, "unit": self.price.get("unit")}
        tokens = {"input_price": self.price.get("input"), "output_price": self.price.get("output")}
        return {name: value for name, value in {**named, **tokens}.items() if value is not None}


@cache
def models() -> dict[str, Model]:
    """Every model by its id, in the order of the list."""
    shared = _table("fields.toml")["fields"]
    return {row["id"]: Model.read(row, shared) for row in _table("catalogue.toml")["models"]}


@cache
def by_slug() -> dict[str, Model]:
    """Every model by the file name of its schema, readme and avatar."""
    return {model.slug: model for model in models().values()}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
