"""What a day may cost, what is held for what is under way, and prompt presets."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("day", sa.Text, primary_key=True),  # ISO 8601, UTC
        sa.Column("held_micros", sa.BigInteger, nullable=False),
        sa.Column("spent_micros", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "presets",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("colours", sa.Text, nullable=False),  # a JSON list of #rrggbb
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    # What is held until a generation ends, on which day, and whether its price is a bill or an estimate.
    op.execute("ALTER TABLE generations ADD COLUMN held_micros BIGINT")
    op.execute("ALTER TABLE generations ADD COLUMN held_on TEXT")
    op.execute("ALTER TABLE generations ADD COLUMN estimate_micros BIGINT")
