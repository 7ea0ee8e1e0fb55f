"""What the levels' comparison says of each dataset, and what exactly has been released of it."""

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
    op.add_column("releases", sa.Column("made", JSONB(), nullable=True))
    # Of what was filed anew since its release nobody knows any more what it was: it counts as released once it is.
    op.execute(
        "UPDATE releases SET made = to_jsonb(d) - 'created_at' - 'updated_at' FROM deliverables AS d"
        " WHERE d.slug = releases.slug AND d.digest = releases.digest"
    )
    op.drop_column("releases", "files")
