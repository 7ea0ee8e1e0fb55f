"""The pages without Airflow: a browser of whoever a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rangkiang import board, web
from rangkiang.ledger import Ledger
from rangkiang.people import Person


@pytest.fixture
def served(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The pages of an empty ledger; nobody is logged in."""
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
