"""What the comparison of the levels says of each dataset."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "gate",
        *(sa.Column(n, sa.Text(collation="C"), nullable=False) for n in ("office", "stage", "doctype", "digest")),
        sa.Column("open", JSONB(), nullable=False),
        *(
            sa.Column(n, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
            for n in ("created_at", "updated_at")
        ),
        sa.PrimaryKeyConstraint("office", "stage", "doctype"),
    )
