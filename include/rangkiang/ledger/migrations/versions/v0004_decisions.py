"""What people decide, and what others think of it; and of each document the one proof that its findings are of."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(collation="C"), nullable=False) for name in names]


def _times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()) for name in names
    ]


def upgrade() -> None:
    op.create_table(
        "decisions",
        *_text("id", "office", "sha256", "code", "subject", "verdict", "author", "at", "why"),
        sa.Column("expects", JSONB(), nullable=False),
        sa.Column("cell", JSONB(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        *_times("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_by_document", "decisions", ["office", "sha256"])
    op.create_table(
        "opinions",
        *_text("id", "decision", "view", "author", "at", "why"),
        *_times("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("opinions_by_decision", "opinions", ["decision"])
    op.execute(
        "CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'Of %, nothing is changed or deleted.', TG_TABLE_NAME; END $$"
    )
    for table in ("decisions", "opinions"):
        op.execute(
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
    op.execute(
        "DELETE FROM readings AS old USING readings AS new WHERE old.kind = 'proof' AND new.kind = 'proof'"
        " AND (old.office, old.sha256) = (new.office, new.sha256)"
        " AND (old.updated_at, old.maker) < (new.updated_at, new.maker)"
    )
