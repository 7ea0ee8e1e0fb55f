"""The migrations and the tables say the same, and any number of processes may migrate at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from rangkiang.ledger import Ledger, open_ledger
from rangkiang.ledger.tables import metadata


def test_migrations_lead_to_the_tables_of_the_code(ledger: Ledger, ledger_url: str) -> None:
    with create_engine(ledger_url).connect() as connection:
        options = {"version_table": "ledger_version", "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        collations = text(
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'"
        )
        assert connection.execute(collations).scalars().all() == ["C"]


def test_migrating_at_the_same_time_and_again_is_harmless(database: str) -> None:
    def migrate(_: int) -> None:
        opened = open_ledger(database)
        try:
            opened.migrate()
        finally:
            opened.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, range(8))) == [None] * 8
    assert set(open_ledger(database).snapshot()) == {table.name for table in metadata.sorted_tables}


def test_a_migration_that_fails_leaves_nothing_half_done(database: str) -> None:
    with create_engine(database).begin() as connection:
        connection.execute(text("CREATE TABLE reconciliation (in_the_way int)"))
    opened = open_ledger(database)
    with pytest.raises(ProgrammingError, match="already exists"):
        opened.migrate()
    with create_engine(database).begin() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        assert names == ["reconciliation"]
        connection.execute(text("DROP TABLE reconciliation"))
    opened.migrate()
    assert opened.documents() == []
