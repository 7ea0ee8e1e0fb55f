"""Run by Alembic, inside the transaction that :func:`rangkiang.ledger.migrations.upgrade` has opened."""

from alembic import context

from rangkiang.ledger.migrations import VERSION_TABLE
from rangkiang.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
