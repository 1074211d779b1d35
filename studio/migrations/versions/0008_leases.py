"""What is leased is found without counting all that waits."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("CREATE INDEX generations_leased ON generations (lease_until) WHERE lease_until IS NOT NULL")
