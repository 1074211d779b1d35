"""What makes History a library: a search column, ratings, notes, tags, folders and a bin."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from studio.search import fold, quality_of, size_of

revision = "0003"
down_revision = "0002"

_COLUMNS = (
    "rewritten TEXT NOT NULL DEFAULT ''",
    "folded TEXT NOT NULL DEFAULT ''",
    "same_prompt TEXT NOT NULL DEFAULT ''",
    "size TEXT NOT NULL DEFAULT ''",
    "quality TEXT NOT NULL DEFAULT ''",
    "starred BOOLEAN NOT NULL DEFAULT FALSE",
    "rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5)",
    "note TEXT NOT NULL DEFAULT ''",
    "folder TEXT REFERENCES folders (id)",
    "deleted BIGINT",
    "swept BOOLEAN NOT NULL DEFAULT FALSE",
)
_INDEXES = {
    "generations_by_age": ("(created, id)", "deleted IS NULL"),
    "generations_by_rating": ("(rating, id)", "deleted IS NULL"),
    "generations_by_prompt": ("(same_prompt, id)", "deleted IS NULL"),
    "generations_by_facet": ("(model, size, quality, state, rating, starred, folder)", "deleted IS NULL"),
    "generations_in_bin": ("(deleted, id)", "deleted IS NOT NULL"),
}


def upgrade() -> None:
    op.create_table(
        "folders",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "tags",
        sa.Column(
            "generation", sa.Text, sa.ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sa.Column("folded", sa.Text, primary_key=True, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
    )
    op.create_index("tags_by_name", "tags", ["folded", "generation"])
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE generations ADD COLUMN {column}")
    _describe_what_is_there()
    for name, (columns, condition) in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON generations {columns} WHERE {condition}")


def _describe_what_is_there() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, prompt, parameters FROM generations")).all()
    described = [
        {
            "id": row.id,
            "folded": (folded := fold(row.prompt)),
            "same": hashlib.sha256(folded.encode()).hexdigest()[:16],
            "size": size_of(parameters := json.loads(row.parameters)),
            "quality": quality_of(parameters),
        }
        for row in rows
    ]
    change = "UPDATE generations SET folded = :folded, same_prompt = :same, size = :size, quality = :quality"
    if described:
        connection.execute(sa.text(f"{change} WHERE id = :id"), described)
