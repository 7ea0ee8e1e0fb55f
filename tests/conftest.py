"""What tests of several rooms share: paths, the real data, a PostgreSQL of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files, which are not in the repository; tests that need them are skipped where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data are not here ({folder})")
    return folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:  # noqa: F821
    """An embedded PostgreSQL for the whole run."""
    from rangkiang.ledger.embedded import ensure_server

    with ensure_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def database(postgres: "Server") -> Iterator[str]:  # noqa: F821
    """The URL of a fresh, empty database."""
    from rangkiang.ledger.embedded import database_url

    name = f"test_{next(_numbers)}"
    yield database_url(postgres, name)
    with postgres.connect() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(database: str) -> Iterator["Ledger"]:  # noqa: F821
    """A ledger in a fresh database, migrated."""
    from rangkiang.ledger import open_ledger

    opened = open_ledger(database)
    opened.migrate()
    yield opened
    opened.dispose()
