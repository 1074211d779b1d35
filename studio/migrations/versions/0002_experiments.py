"""Experiments: what was compared, and which slot of which run fills which draw of which arm."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _of_experiment() -> sa.Column[str]:
    owner = sa.ForeignKey("experiments.id", ondelete="CASCADE")
    return sa.Column("experiment", sa.Text, owner, primary_key=True)


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.BigInteger),
        sa.Column("picked", sa.Boolean, nullable=False),
        sa.Column("forked_from", sa.Text),
    )
    op.create_index("experiments_by_age", "experiments", ["deleted", "created"])
    op.create_table(
        "arms",
        _of_experiment(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
    )
    op.create_table(
        "draws",
        _of_experiment(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("slot_run", sa.Text, nullable=False),
        sa.Column("slot_number", sa.Integer, nullable=False),
    )
    op.create_index("draws_by_slot", "draws", ["slot_run", "slot_number"])
