"""Whose something is: of the person who signed in; empty for what was made where nobody does."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NAMED = {
    "folders": "id, name, folded, created",
    "presets": "id, name, folded, words, colours, created",
}


def upgrade() -> None:
    for table in ("generations", "experiments", "reviews", "folders", "presets"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
    op.create_index("generations_by_owner", "generations", ["owner", "id"])
    for table in _NAMED:
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(f"{table}_folded_key", table)
            op.create_unique_constraint(f"one_name_each_in_{table}", table, ["owner", "folded"])
        else:
            _made_again(table)


def _made_again(table: str) -> None:
    """SQLite cannot drop a constraint. Nothing may point to rows of a table that is dropped, so folders are emptied."""
    names = f"{_NAMED[table]}, owner"
    op.execute(f"CREATE TABLE kept_{table} AS SELECT {names} FROM {table}")  # noqa: S608 - names of our own
    if table == "folders":
        op.execute("CREATE TABLE filed AS SELECT id, folder FROM generations WHERE folder IS NOT NULL")
        op.execute("UPDATE generations SET folder = NULL WHERE folder IS NOT NULL")
    op.drop_table(table)
    words = [sa.Column(name, sa.Text, nullable=False) for name in ("words", "colours") if table == "presets"]
    op.create_table(
        table,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        *words,
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("owner", "folded", name=f"one_name_each_in_{table}"),
    )
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}")  # noqa: S608
    op.drop_table(f"kept_{table}")
    if table == "folders":
        op.execute(
            "UPDATE generations SET folder = (SELECT filed.folder FROM filed WHERE filed.id = generations.id)"
            " WHERE id IN (SELECT id FROM filed)"
        )
        op.drop_table("filed")
