"""A document's electoral district: what was classified before had none."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("documents", sa.Column("dapil", sa.Text(collation="C"), nullable=True))
    op.execute("UPDATE documents SET dapil = '' WHERE form IS NOT NULL")
