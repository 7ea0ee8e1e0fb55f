"""The pages without Airflow: a browser of whoever a test says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from helpers.desks import CODE, Desk, papers_of_the_desk
from helpers.nights import house, night
from rangkiang import board, web
from rangkiang.ledger import Ledger, open_ledger
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.people import Person
from rangkiang.steps import Barn
from rangkiang.web import house as held


@pytest.fixture
def served(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FastAPI:
    """The pages of an empty ledger; nobody is logged in."""
    monkeypatch.setenv("RANGKIANG_HOME", str(tmp_path))
    monkeypatch.setattr(board, "opened", lambda: (ledger, True))
    return web.app(web.asker)


@pytest.fixture
def browser(served: FastAPI) -> Iterator[TestClient]:
    with TestClient(web.headed(served), base_url="https://papan.example", follow_redirects=False) as client:
        yield client


@pytest.fixture
def log_in(served: FastAPI) -> Callable[[Person], None]:
    """Makes all that is asked from now on come from this person."""

    def become(person: Person) -> None:
        served.dependency_overrides[web.asker] = lambda: person

    return become


_copies = itertools.count(1)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Barn]:
    """A house after its night; each test works on a copy of its ledger."""
    # The session's, as a database of one name can be made once.
    with house(tmp_path_factory.mktemp("desk"), database_url(postgres, "desk"), papers_of_the_desk()) as opened:
        night(opened, [CODE])
        opened.ledger.dispose()
        yield opened


@pytest.fixture
def barn(prepared: Barn, postgres: Server) -> Iterator[Barn]:
    """The prepared house with a ledger that is the test's own."""
    prepared.ledger.dispose()
    name = f"desk_{next(_copies)}"
    with postgres.connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE desk")
    ledger = open_ledger(database_url(postgres, name))
    yield replace(prepared, ledger=ledger)
    ledger.dispose()


@pytest.fixture
def at(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Person], Desk]]:
    """Sits a person down at the desk."""
    monkeypatch.setattr(board, "opened", lambda: (barn.ledger, True))
    monkeypatch.setattr(held, "opened", lambda: barn)
    clients = []

    def sit(person: Person) -> Desk:
        runs: list[str] = []
        app = web.app(lambda: person, lambda _request, office: not runs.append(office))  # type: ignore[func-returns-value]
        client = TestClient(web.headed(app), base_url="https://papan.example", follow_redirects=False)
        clients.append(client)
        return Desk(client, barn, person, runs)

    yield sit
    for client in clients:
        client.close()
