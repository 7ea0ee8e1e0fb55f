"""The connection, and the few kinds of statement that all parts of the ledger use."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    Text,
    any_,
    create_engine,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url

from rangkiang.ledger.ahead import Ahead
from rangkiang.ledger.tables import LOGGED


class Base:
    """Holds the connections of one process; safe to use from several threads, and after a fork."""

    def __init__(self, url: str) -> None:
        self._engine = connected(url)
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")  # one statement, one transaction
        self.ahead: Ahead | None = None
        """Whom this process tells what it is about to write, where there is somebody."""

    def dispose(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._engine.dispose()

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold ``name`` alone among all processes of this ledger; the server lets go of it when this process dies."""
        with self._single.connect() as connection:
            key = func.hashtextextended(name, 1)
            connection.execute(select(func.pg_advisory_lock(key)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(key)))

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        with self._single.connect() as connection:
            return connection.execute(query).mappings().all()

    def _replace(self, table: Table, scope: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> bool:
        """Make ``rows`` the only ones of ``scope``, in one transaction; False, and nothing written, when they are."""
        keyed = [column.name for column in table.primary_key]
        wanted = sorted((dict(row) for row in rows), key=lambda row: [row[k] for k in keyed])
        within = [table.c[name] == value for name, value in scope.items()]
        query = select(*kept(table)).where(*within).order_by(*table.primary_key)
        if _same(self._rows(query), wanted):
            return False
        with self._engine.begin() as connection:
            # Two replacements of one scope follow each other: their rows must not mix.
            queue_up(connection, table.name, *scope.values())
            if _same(connection.execute(query).mappings().all(), wanted):
                return False
            connection.execute(delete(table).where(*within))
            if wanted:
                connection.execute(insert(table), wanted)
        return True


def connected(url: str) -> Engine:
    """An engine for the PostgreSQL at ``url``. Raises ValueError for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise ValueError(f"The ledger is kept in PostgreSQL only: '{parsed.drivername}' is another database.")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=2,
        max_overflow=8,
        pool_pre_ping=True,
        # Nothing is prepared: a plan for any values is made without those that are asked for, and from its tenth time
        # on a page takes ten times as long.
        connect_args={
            "connect_timeout": 10,
            "application_name": "rangkiang",
            "prepare_threshold": None,
            "options": _options(parsed),
        },
    )
    _forget_after_fork(engine)
    return engine


def _options(url: URL) -> str:
    """What the sessions of this ledger are told, after what its address tells them."""
    said = url.query.get("options", ())
    # The ledger fits into memory, where a page costs the same wherever it stands. A server that takes it for a disk
    # reads whole tables where two indexes would do, and counts what was replaced in nearly twice the time.
    return " ".join([*((said,) if isinstance(said, str) else said), "-c random_page_cost=1.1"])


def _forget_after_fork(engine: Engine) -> None:
    """A forked child must neither use nor close its parent's connections."""
    reference = weakref.ref(engine)

    def forget() -> None:
        if (inherited := reference()) is not None:
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


def kept(table: Table) -> list[Column[Any]]:
    """The columns that say something: all but the log's times."""
    return [column for column in table.c if column.name not in LOGGED]


def upsert(table: Table, **changed: ColumnElement[Any]) -> postgresql.Insert:
    """Insert, or update where something differs: a row that is equal is not written.

    ``changed`` are columns whose new value is not simply the one inserted.
    """
    statement = postgresql.insert(table)
    keyed = {column.name for column in table.primary_key}
    values: dict[str, Any] = {c.name: statement.excluded[c.name] for c in kept(table) if c.name not in keyed} | changed
    return statement.on_conflict_do_update(
        index_elements=table.primary_key,
        set_=values | {"updated_at": func.now()},
        where=or_(*(table.c[name].is_distinct_from(value) for name, value in values.items())),
    )


def differs(table: Table, values: Mapping[str, Any]) -> ColumnElement[bool]:
    """Whether a row has other values than these."""
    return or_(*(table.c[n].is_distinct_from(literal(v, table.c[n].type)) for n, v in values.items()))


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a text column holds one of the values, however many they are."""
    return column == any_(literal(sorted(values), ARRAY(Text)))


def moment(connection: Connection) -> datetime:
    """The time that this transaction has for all that it writes."""
    found: datetime = connection.execute(select(func.now())).scalar_one()
    return found


def queue_up(connection: Connection, *what: str) -> None:
    """Go on once no other transaction holds ``what``; hold it until this one ends."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("\x1f".join(what), 0))))


def after(now: datetime, *before: datetime) -> datetime:
    """The time of what is said now: later than all that was said before, also where a clock was put back since."""
    return max([now, *(at + timedelta(microseconds=1) for at in before)])


def _same(stored: Sequence[RowMapping], wanted: Sequence[Mapping[str, Any]]) -> bool:
    return [dict(row) for row in stored] == list(wanted)
