"""An INSERT that may meet a row that is there already: SQL has no common word for it."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table


def insert_into(connection: Connection, table: Table) -> Any:
    """With ``on_conflict_do_nothing`` and ``on_conflict_do_update``, as this connection's database says it."""
    return import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(table)
