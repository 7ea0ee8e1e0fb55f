"""Scans that waited for a reader are looked at again."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("UPDATE documents SET state = 'received', reason = NULL WHERE state = 'waiting'")
