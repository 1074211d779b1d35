"""Reviews: plans, reviewers, ballots, pins, decisions, and the chain of everything that happened."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _of_review() -> sa.Column[str]:
    return sa.Column("review", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("plan_hash", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("opened", sa.BigInteger),
        sa.Column("closed", sa.BigInteger),
        sa.Column("closed_by", sa.Text, nullable=False),
        sa.Column("deleted", sa.BigInteger),
        sa.Column("chain_length", sa.Integer, nullable=False),
        sa.Column("chain_head", sa.Text, nullable=False),
    )
    op.create_index("reviews_by_experiment", "reviews", ["experiment", "created"])
    op.create_index("reviews_by_age", "reviews", ["deleted", "created"])
    op.create_table(
        "review_pictures",
        _of_review(),
        sa.Column("sha256", sa.Text, primary_key=True),
    )
    op.create_index("review_pictures_by_sha256", "review_pictures", ["sha256"])
    op.create_table(
        "reviewers",
        _of_review(),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seat", sa.Text, nullable=False, unique=True),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("joined", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.BigInteger),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.UniqueConstraint("review", "ordinal", name="one_ordinal_each"),
    )
    op.create_table(
        "ballots",
        _of_review(),
        sa.Column("reviewer", sa.Integer, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("left_arm", sa.Integer, nullable=False),
        sa.Column("left_draw", sa.Integer, nullable=False),
        sa.Column("right_arm", sa.Integer, nullable=False),
        sa.Column("right_draw", sa.Integer, nullable=False),
        sa.Column("choice", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("given", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "review_chain",
        _of_review(),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "pins",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("review", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
        sa.Column("arm", sa.Integer, nullable=False),
        sa.Column("draw", sa.Integer, nullable=False),
        sa.Column("x", sa.Float, nullable=False),
        sa.Column("y", sa.Float, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Integer),
        sa.Column("resolved", sa.BigInteger),
        sa.Column("resolved_by", sa.Text, nullable=False),
    )
    op.create_index("pins_by_review", "pins", ["review", "created"])
    op.create_table(
        "decisions",
        _of_review(),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("hashes", sa.Text, nullable=False),
    )
