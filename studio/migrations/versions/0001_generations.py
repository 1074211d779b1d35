"""Generations, their pictures, and what happened to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_IN_FLIGHT = sa.text("state IN ('queued', 'submitting', 'running', 'fetching')")


def upgrade() -> None:
    op.create_table(
        "generations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("submitted", sa.BigInteger),
        sa.Column("ended", sa.BigInteger),
        sa.Column("prediction_id", sa.Text, unique=True),
        sa.Column("request_id", sa.Text),
        sa.Column("problem", sa.Text, nullable=False, server_default=""),
        sa.Column("price_micros", sa.BigInteger),
        sa.Column("predict_seconds", sa.Float),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.UniqueConstraint("run", "number", "attempt", name="one_submit_per_slot"),
        sa.CheckConstraint(
            "state IN ('queued', 'submitting', 'running', 'fetching', 'completed', 'failed', 'unknown', 'stalled')",
            name="known_state",
        ),
    )
    op.create_index(
        "generations_in_flight",
        "generations",
        ["state", "id"],
        sqlite_where=_IN_FLIGHT,
        postgresql_where=_IN_FLIGHT,
    )
    op.create_index("generations_by_model", "generations", ["model", "state", "id"])
    op.create_table(
        "pictures",
        sa.Column("generation", sa.Text, sa.ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sensitive", sa.Boolean, nullable=False),
    )
    op.create_index("pictures_by_sha256", "pictures", ["sha256"])
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("generation", sa.Text, sa.ForeignKey("generations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("events_by_generation", "events", ["generation", "id"])
