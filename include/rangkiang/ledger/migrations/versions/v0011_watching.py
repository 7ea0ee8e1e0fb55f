"""What the steps have measured, when nights were done, and what coordinators were told."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def _logged(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()) for name in names]


def upgrade() -> None:
    op.create_table(
        "tallies",
        *map(_text, ("name", "labels", "part")),
        sa.Column("value", sa.Double(), nullable=False),
        *_logged("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("name", "labels", "part"),
    )
    op.create_table(
        "nights",
        _text("subject"),
        sa.Column("night", sa.Date(), nullable=False),
        *_logged("begun_at"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", "night"),
    )
    op.create_table(
        "alerts",
        sa.Column("night", sa.Date(), nullable=False),
        *map(_text, ("code", "subject")),
        sa.Column("params", sa.dialects.postgresql.JSONB(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("mailed", "posted")),
        *_logged("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("night", "code", "subject"),
    )
