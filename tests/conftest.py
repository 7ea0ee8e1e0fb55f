"""What tests of several rooms share: paths, the real data, a PostgreSQL of their own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # each test imports what it needs, not what all of them need
    from rangkiang.ledger import Ledger
    from rangkiang.ledger.embedded import Server

REPOSITORY = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Programs that tests start import what the tests import, installed or not, and sign with a secret of tests.

    Before any test is collected: some sign while they are.
    """
    patch = pytest.MonkeyPatch()
    patch.setenv("RANGKIANG_SECRET", "only for tests, and no house is signed with it")
    patch.setenv("PYTHONPATH", str(REPOSITORY / "include"), prepend=os.pathsep)
    config.add_cleanup(patch.undo)


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
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An embedded PostgreSQL for the whole run."""
    from rangkiang.ledger.embedded import ensure_server

    with ensure_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    with _database(postgres, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def _migrated(postgres: Server) -> str:
    """The name of a database that holds an empty ledger, to make copies of."""
    from rangkiang.ledger import open_ledger
    from rangkiang.ledger.embedded import database_url

    opened = open_ledger(database_url(postgres, "migrated"))
    opened.migrate()
    opened.dispose()
    return "migrated"


@pytest.fixture
def ledger_url(postgres: Server, _migrated: str) -> Iterator[str]:
    """The URL of a database with an empty ledger."""
    with _database(postgres, _migrated) as url:
        yield url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger in a database of its own."""
    from rangkiang.ledger import open_ledger

    opened = open_ledger(ledger_url)
    yield opened
    opened.dispose()


@contextmanager
def _database(postgres: Server, template: str) -> Iterator[str]:
    from rangkiang.ledger.embedded import database_url

    name = f"test_{next(_numbers)}"
    with postgres.connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield database_url(postgres, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
