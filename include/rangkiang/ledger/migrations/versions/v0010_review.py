"""What the review desk looks up: a finding by its id, a document by its bytes, what somebody decided last."""

from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("findings_by_id", "findings", ["id"])
    op.create_index("documents_by_content", "documents", ["sha256"])
    op.create_index("decisions_by_author", "decisions", ["author", "at"])
