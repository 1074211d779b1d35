"""The tables as the newest migration leaves them. Times are epoch milliseconds, money is micro-dollars."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from studio.generations import State

metadata = MetaData()

_STATES = ", ".join(f"'{state}'" for state in State)
# A query that is to use the index of these says it in the same words: SQLite does not look into parameters.
IN_FLIGHT = text("state IN ('queued', 'submitting', 'running', 'fetching')")
_SHOWN: dict[str, Any] = {"sqlite_where": text("deleted IS NULL"), "postgresql_where": text("deleted IS NULL")}
_LEASED: dict[str, Any] = {
    "sqlite_where": text("lease_until IS NOT NULL"),
    "postgresql_where": text("lease_until IS NOT NULL"),
}
_BINNED: dict[str, Any] = {
    "sqlite_where": text("deleted IS NOT NULL"),
    "postgresql_where": text("deleted IS NOT NULL"),
}


def _owner() -> Column[str]:
    """The id of a person, see studio.people; empty for what was made where nobody signs in."""
    return Column("owner", Text, nullable=False, server_default="")


generations = Table(
    "generations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("parameters", Text, nullable=False),  # a JSON object
    Column("state", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("submitted", BigInteger),
    Column("ended", BigInteger),
    Column("prediction_id", Text, unique=True),
    Column("request_id", Text),
    Column("problem", Text, nullable=False, server_default=""),
    Column("price_micros", BigInteger),
    Column("predict_seconds", Float),
    Column("lease_owner", Text),
    Column("lease_until", BigInteger),
    Column("rewritten", Text, nullable=False, server_default=""),  # the prompt as the provider changed it
    Column("folded", Text, nullable=False, server_default=""),  # the prompt as it is searched
    Column("same_prompt", Text, nullable=False, server_default=""),  # equal for prompts that fold alike
    Column("size", Text, nullable=False, server_default=""),
    Column("quality", Text, nullable=False, server_default=""),
    Column("starred", Boolean, nullable=False, server_default=false()),
    Column("rating", Integer, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),
    Column("alt", Text, nullable=False, server_default=""),  # read in place of the image, where somebody wrote it
    Column("folder", Text, ForeignKey("folders.id")),
    Column("deleted", BigInteger),  # in the bin since
    Column("swept", Boolean, nullable=False, server_default=false()),  # only what it cost is left
    Column("held_micros", BigInteger),  # of the budget, until it has ended
    Column("held_on", Text),  # the day of that budget
    Column("estimate_micros", BigInteger),  # what it was expected to cost
    _owner(),
    UniqueConstraint("run", "number", "attempt", name="one_submit_per_slot"),
    CheckConstraint(f"state IN ({_STATES})", name="known_state"),
    CheckConstraint("rating BETWEEN 0 AND 5"),
    Index("generations_in_flight", "state", "id", sqlite_where=IN_FLIGHT, postgresql_where=IN_FLIGHT),
    Index("generations_leased", "lease_until", **_LEASED),
    Index("generations_by_model", "model", "state", "id"),
    Index("generations_by_age", "created", "id", **_SHOWN),
    Index("generations_by_rating", "rating", "id", **_SHOWN),
    Index("generations_by_prompt", "same_prompt", "id", **_SHOWN),
    Index("generations_by_facet", "model", "size", "quality", "state", "rating", "starred", "folder", **_SHOWN),
    Index("generations_in_bin", "deleted", "id", **_BINNED),
    Index("generations_by_owner", "owner", "id"),
)

budgets = Table(
    "budgets",
    metadata,
    Column("day", Text, primary_key=True),  # ISO 8601, UTC
    Column("held_micros", BigInteger, nullable=False),
    Column("spent_micros", BigInteger, nullable=False),
)

presets = Table(
    "presets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("colours", Text, nullable=False),  # a JSON list of #rrggbb
    Column("created", BigInteger, nullable=False),
    _owner(),
    UniqueConstraint("owner", "folded", name="one_name_each_in_presets"),
)

folders = Table(
    "folders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    _owner(),
    UniqueConstraint("owner", "folded", name="one_name_each_in_folders"),
)

tags = Table(
    "tags",
    metadata,
    Column("generation", Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("tag", Text, nullable=False),
    Index("tags_by_name", "folded", "generation"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("generation", Text, ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Index("pictures_by_sha256", "sha256"),
)

events = Table(
    "events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("generation", Text, ForeignKey("generations.id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Index("events_by_generation", "generation", "id"),
)


def _of_experiment() -> Column[str]:
    return Column("experiment", Text, ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True)


experiments = Table(
    "experiments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("deleted", BigInteger),
    Column("picked", Boolean, nullable=False),
    Column("forked_from", Text),
    _owner(),
    Index("experiments_by_age", "deleted", "created"),
)

arms = Table(
    "arms",
    metadata,
    _of_experiment(),
    Column("position", Integer, primary_key=True),
    Column("model", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("parameters", Text, nullable=False),  # a JSON object
)

draws = Table(
    "draws",
    metadata,
    _of_experiment(),
    Column("position", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("slot_run", Text, nullable=False),
    Column("slot_number", Integer, nullable=False),
    Index("draws_by_slot", "slot_run", "slot_number"),
)


def _of_review() -> Column[str]:
    return Column("review", Text, ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)


reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("experiment", Text, nullable=False),
    Column("plan", Text, nullable=False),  # canonical JSON
    Column("plan_hash", Text, nullable=False),
    Column("seed", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("opened", BigInteger),
    Column("closed", BigInteger),
    Column("closed_by", Text, nullable=False),
    Column("deleted", BigInteger),
    Column("chain_length", Integer, nullable=False),
    Column("chain_head", Text, nullable=False),
    _owner(),
    Index("reviews_by_experiment", "experiment", "created"),
    Index("reviews_by_age", "deleted", "created"),
)

review_pictures = Table(
    "review_pictures",
    metadata,
    _of_review(),
    Column("sha256", Text, primary_key=True),
    Index("review_pictures_by_sha256", "sha256"),
)

reviewers = Table(
    "reviewers",
    metadata,
    _of_review(),
    Column("id", Text, primary_key=True),
    Column("seat", Text, nullable=False, unique=True),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("joined", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("synthetic", Boolean, nullable=False),
    UniqueConstraint("review", "ordinal", name="one_ordinal_each"),
)

ballots = Table(
    "ballots",
    metadata,
    _of_review(),
    Column("reviewer", Integer, primary_key=True),  # the ordinal
    Column("item", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("left_arm", Integer, nullable=False),
    Column("left_draw", Integer, nullable=False),
    Column("right_arm", Integer, nullable=False),
    Column("right_draw", Integer, nullable=False),
    Column("choice", Text, nullable=False),
    Column("reasons", Text, nullable=False),  # a JSON list
    Column("words", Text, nullable=False),
    Column("seconds", Float),
    Column("given", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

review_chain = Table(
    "review_chain",
    metadata,
    _of_review(),
    Column("sequence", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # canonical JSON
    Column("hash", Text, nullable=False),  # SHA-256 of the hash before and the body
)

pins = Table(
    "pins",
    metadata,
    Column("id", Text, primary_key=True),
    Column("review", Text, ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("arm", Integer, nullable=False),
    Column("draw", Integer, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("words", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("reviewer", Integer),
    Column("resolved", BigInteger),
    Column("resolved_by", Text, nullable=False),
    Index("pins_by_review", "review", "created"),
)

decisions = Table(
    "decisions",
    metadata,
    _of_review(),
    Column("sequence", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("hashes", Text, nullable=False),  # a JSON list
)
