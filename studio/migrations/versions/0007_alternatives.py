"""What is read in place of an image, where somebody wrote it; elsewhere its prompt is."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("ALTER TABLE generations ADD COLUMN alt TEXT NOT NULL DEFAULT ''")
