"""Who did what on the pages, and when: lines that are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        *(
            sa.Column(name, sa.Text(collation="C"), nullable=False)
            for name in ("account", "role", "act", "office", "about", "outcome")
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("account", "office"):
        op.create_index(f"audit_by_{column}", "audit", [column, "id"])
    op.execute(
        "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
    )
