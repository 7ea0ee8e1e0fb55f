"""PostgreSQL goes between any two statements: a step goes on, or raises what its DAG tries again, and ends the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bench.soaking.faults import restarting
from bench.soaking.house import Try
from bench.soaking.retries import tried
from helpers.nights import house
from rangkiang.ledger import Ledger, open_ledger
from rangkiang.ledger.embedded import Server, database_url, ensure_server
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests

from .conftest import failing, night

FEW = 5


@contextmanager
def dropping(barn: Barn, server: Server, nth: int) -> Iterator[Try]:
    """Of each step's first try, all connections are ended before its ``nth`` statement."""
    engine, left, done = barn.ledger._engine, iter(range(0)), []

    def drop(*_: object) -> None:
        if next(left, None) == nth:
            done.append(nth)
            terminate(server, engine.url.database)

    def once(step: Callable[[], object]) -> object:
        nonlocal left
        left = iter(range(nth + 1))
        return tried(step)

    event.listen(engine, "before_cursor_execute", drop)
    try:
        yield once
    finally:
        event.remove(engine, "before_cursor_execute", drop)
    assert len(done) > FEW


def terminate(server: Server, database: str | None) -> None:
    with server.connect() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])


@pytest.mark.parametrize("nth", [5])
def test_connections_are_lost_in_every_step(
    nth: int, tmp_path: Path, ledger_url: str, postgres: Server, inbox: dict[str, bytes], undisturbed: dict[str, str]
) -> None:
    with house(tmp_path, ledger_url, inbox) as barn:
        with dropping(barn, postgres, nth) as once:
            night(barn, once)
        assert digests(barn) == undisturbed


def test_the_server_crashes_in_the_middle_and_is_started_again(
    tmp_path: Path, inbox: dict[str, bytes], undisturbed: dict[str, str]
) -> None:
    with (
        ensure_server(tmp_path / "postgres") as server,
        house(tmp_path / "home", database_url(server, "rangkiang"), inbox) as barn,
    ):
        with restarting(barn, server, (20, 140)):
            night(barn, tried)
        assert digests(barn) == undisturbed


def test_a_ledger_with_no_connection_left_is_away(ledger_url: str, postgres: Server) -> None:
    """Others hold them all: a matter of waiting."""
    with postgres.connect() as connection:
        connection.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 1")
    url = ledger_url.replace("postgres@", "crowded@")
    crowded = open_ledger(url)
    with psycopg.connect(url.replace("+psycopg", "")):
        error = failing(lambda: crowded.documents(), OperationalError)
    assert "too many connections" in str(error)
    crowded.dispose()
    with postgres.connect() as connection:
        connection.execute("DROP ROLE crowded")


def test_a_lock_that_is_waited_for_in_vain_is_away(ledger_url: str, ledger: Ledger) -> None:
    impatient = open_ledger(f"{ledger_url}&options=-clock_timeout%3D50ms")
    with ledger.lock("file/13.04"):
        error = failing(lambda: impatient.lock("file/13.04").__enter__(), OperationalError)
    assert "lock timeout" in str(error)
    impatient.dispose()


def test_a_step_whose_lock_is_lost_does_not_end_well(ledger: Ledger, postgres: Server) -> None:
    """Somebody else may have had it meanwhile: the step is tried again, and finds what is left to do."""

    def step() -> None:
        with ledger.lock("file/13.04"):
            terminate(postgres, ledger._engine.url.database)

    failing(step, OperationalError)
