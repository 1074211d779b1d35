"""The few models known from the start, for a first start without network: rows and forms out of ``builtin.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from atlas.openapi import schema_of
from atlas.reading import Json
from atlas.schema import UNKNOWN, Schema


@cache
def rows() -> list[Json]:
    """Rows, as the catalogue has them."""
    found: list[Json] = _table()["rows"]
    return found


@cache
def schema(model_id: str) -> Schema:
    """The form of a model as last known here; a prompt alone where it is not."""
    names = _table()["forms"].get(model_id, {}).get("fields")
    if names is None:
        return UNKNOWN
    fields = _table()["fields"]
    properties = {name.partition(":")[0]: fields[name] for name in names}
    form = {"required": ["prompt"], "properties": properties, "x-order-properties": list(properties)}
    return schema_of({"components": {"schemas": {"Input": form}}})


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("builtin.toml").read_text(encoding="utf-8"))
