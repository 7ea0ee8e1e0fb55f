"""The migrations and the tables say the same, and any number of processes may migrate at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from rangkiang.ledger import Ledger, Publication, open_ledger
from rangkiang.ledger.tables import metadata


@contextmanager
def at_revision(database: str, revision: str) -> Iterator[Connection]:
    """A ledger as an earlier version left it."""
    from alembic import command
    from alembic.config import Config

    from rangkiang.ledger import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with create_engine(database.replace("postgresql://", "postgresql+psycopg://")).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection


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


def test_documents_of_before_dapil_come_out_with_none(database: str) -> None:
    """A ledger as the first version left it, with a classified document and one that never was, brought up to date."""
    with at_revision(database, "0001") as connection:
        columns = "office, sha256, key, size, media_type, state, form, doctype, stage, election, area_code, area_name"
        classified = "'DB1-PPWP', 'DB1-PPWP', 'PL.01.8', 'PPWP-2019', '13.01', 'PESISIR SELATAN'"
        for sha, rest in (("a", f"{classified}, 2, '[]'"), ("b", "null, null, null, null, null, null, null, null")):
            values = f"'13.01', '{sha}', 'inbox/{sha}', 1, '', 'accepted', {rest}"
            connection.execute(text(f"INSERT INTO documents ({columns}, pages, remarks) VALUES ({values})"))  # noqa: S608
    opened = open_ledger(database)
    opened.migrate()
    one, other = opened.documents()
    assert (one.said.dapil, one.said.pages) == ("", 2)
    assert other.classification is None
    opened.dispose()


def test_of_several_proofs_of_a_document_the_last_made_is_kept(database: str) -> None:
    with at_revision(database, "0003") as connection:
        for kind, maker, made in (("proof", "b", 1), ("proof", "a", 2), ("reading", "c", 1), ("reading", "d", 2)):
            values = f"'13.01', 'x', '{kind}', '{maker}', 'k', 'd', '{{}}', '2026-11-0{made}'"
            columns = "office, sha256, kind, maker, key, digest, counts, updated_at"
            connection.execute(text(f"INSERT INTO readings ({columns}) VALUES ({values})"))  # noqa: S608
    opened = open_ledger(database)
    opened.migrate()
    assert [(r.kind, r.maker) for r in opened.readings()] == [("proof", "a"), ("reading", "c"), ("reading", "d")]
    opened.dispose()


def test_what_was_before_the_public_before_anybody_was_asked_is_the_first_release(database: str) -> None:
    with at_revision(database, "0005") as connection:
        for slug, digest, verified in (("a", "1", True), ("b", "2", True), ("c", "3", False), ("d", "", True)):
            values = f"'{slug}', 'PL.01.8', '13', '{digest}', 1, {verified}, 4"
            columns = "slug, stage, office, digest, version, verified, files"
            connection.execute(text(f"INSERT INTO releases ({columns}) VALUES ({values})"))  # noqa: S608
    opened = open_ledger(database)
    opened.migrate()
    assert opened.publications() == {"PL.01.8": Publication("PL.01.8", 1, "", {"a": "1", "b": "2"})}
    opened.dispose()


def test_migrating_at_the_same_time_and_again_is_harmless(database: str) -> None:
    def migrate(_: int) -> None:
        opened = open_ledger(database)
        try:
            opened.migrate()
        finally:
            opened.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, range(8))) == [None] * 8
    journals = {"alerts", "approvals", "audit", "nights", "publications", "tallies"}
    told = {table.name for table in metadata.sorted_tables} - journals
    assert set(open_ledger(database).snapshot()) == told


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
