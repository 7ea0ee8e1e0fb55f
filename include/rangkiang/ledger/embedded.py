"""PostgreSQL with no server to install: started under a folder by whoever comes first, stopped by the last to leave.

Every user of the server holds a shared lock on a file, which the kernel drops when the process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from rangkiang.ledger import pidfile
from rangkiang.ledger.account import EmbeddedError
from rangkiang.ledger.cluster import PORT, Cluster, Session

__all__ = ["EmbeddedError", "Server", "database_url", "ensure_server", "stop_server"]

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Server:
    """A running server, held until :meth:`close`. Made by :func:`ensure_server`."""

    def __init__(self, cluster: Cluster, sockets: Path, held: int) -> None:
        self.folder = cluster.folder
        self.sockets = sockets
        self._cluster = cluster
        self._held: int | None = held

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database ``rangkiang``."""
        return database_url(self, "rangkiang")

    def connect(self) -> Session:
        """A session of the superuser, for making databases and the like. Raises psycopg.OperationalError."""
        return self._cluster.connect()

    def close(self) -> None:
        """Let go of the server; it stops when nobody else holds it."""
        if self._held is None:
            return
        with _alone(self.folder):
            os.close(self._held)
            self._held = None
            if _nobody_holds(self.folder):
                self._cluster.stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def ensure_server(folder: Path) -> Server:
    """The server under ``folder``, started when it does not run and made when there is none.

    Any number of processes may ask at once. Raises EmbeddedError when PostgreSQL cannot run here.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder)
    with _alone(folder):
        cluster.ensure_made()
        cluster.ensure_running()
        sockets = pidfile.socket_folder(cluster.data)
        if sockets is None:
            raise EmbeddedError(f"PostgreSQL in {folder} has stopped right after its start; see {cluster.log}.")
        held = _open(folder / "users")
        fcntl.flock(held, fcntl.LOCK_SH)
    return Server(cluster, sockets, held)


def stop_server(folder: Path) -> None:
    """Stop the server under ``folder``, whoever uses it; for the day when a process would not let go of it."""
    if (folder := folder.resolve()).exists():
        with _alone(folder):
            Cluster(folder).stop()


def database_url(server: Server, name: str, driver: str = "psycopg") -> str:
    """The SQLAlchemy URL of the database ``name``, which is made when absent. Raises ValueError for an odd name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name for a database: use small letters, digits and underscores.")
    _make_database(server, name)
    # Slashes stay as they are: Airflow reads its URL through a parser to which '%' means something else.
    return f"postgresql+{driver}://postgres@/{name}?host={quote(str(server.sockets), safe='/')}&port={PORT}"


def _make_database(server: Server, name: str) -> None:
    with server.connect() as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if found is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another was quicker
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    fd = _open(folder / "lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _nobody_holds(folder: Path) -> bool:
    fd = _open(folder / "users")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError:
        raise EmbeddedError(f"{path.parent} belongs to somebody else: run as that user, or choose another.") from None
