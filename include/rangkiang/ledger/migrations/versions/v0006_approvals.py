"""What people say of a release before it is made, and what each release consisted of."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(collation="C"), nullable=False) for name in names]


def _times() -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        for name in ("created_at", "updated_at")
    ]


def upgrade() -> None:
    op.create_table(
        "approvals",
        *_text("id", "proposal", "stage", "ruling", "author", "at", "why"),
        *_times(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("approvals_by_proposal", "approvals", ["proposal"])
    op.create_table(
        "publications",
        *_text("stage"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_text("proposal"),
        sa.Column("datasets", JSONB(), nullable=False),
        *_times(),
        sa.PrimaryKeyConstraint("stage", "number"),
    )
    # What is before the public already was released before anybody was asked.
    op.execute(
        "INSERT INTO publications (stage, number, proposal, datasets)"
        " SELECT stage, 1, '', jsonb_object_agg(slug, digest) FROM releases WHERE verified AND digest <> '' GROUP BY stage"
    )
    for table in ("approvals", "publications"):
        op.execute(
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
