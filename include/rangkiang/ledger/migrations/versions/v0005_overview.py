"""What the board needs to count a hundred thousand documents while somebody waits for the page."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("arrivals_by_content", "arrivals", ["office", "sha256"])
    op.create_index("documents_counted", "documents", ["office", "stage", "doctype", "state", "created_at"])
    op.create_index("documents_by_age", "documents", ["created_at", "office", "sha256"])
    op.create_index(
        "readings_flagged",
        "readings",
        ["office", "sha256"],
        postgresql_where=sa.text("kind = 'proof' AND CAST(counts ->> 'flagged' AS INTEGER) > 0"),
    )
    op.create_index(
        "findings_open",
        "findings",
        ["office", "sha256"],
        postgresql_where=sa.text("severity IN ('error', 'warning')"),
    )
    op.create_index(
        "findings_lapsed", "findings", ["office"], postgresql_where=sa.text("code = 'decision_lapsed'")
    )
