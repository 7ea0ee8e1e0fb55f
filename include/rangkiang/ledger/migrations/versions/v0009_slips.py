"""Which slips a mail server has taken; when a document first became part of a deliverable; what lies in the inboxes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "mailed",
        *(
            sa.Column(name, sa.Text(collation="C"), nullable=False)
            for name in ("id", "office", "sha256", "sent_to", "message")
        ),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
            for name in ("created_at", "updated_at")
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mailed_by_office", "mailed", ["office"])
    op.execute(
        "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON mailed"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
    )
    op.add_column("documents", sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE documents SET filed_at = updated_at WHERE state = 'filed'")
    op.create_index("arrivals_present", "arrivals", ["office", "sha256"], postgresql_where=sa.text("present"))
    op.create_index("documents_filed", "documents", ["office", "state", "created_at", "filed_at"])
