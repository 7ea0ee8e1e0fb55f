"""PostgreSQL and Redis as the system has them (Debian's packages), each as a child that is kept running, on 127.0.0.1.

Passwords are made for each start. Nothing here is for production: docker-compose.yaml is.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deploy.local.environment import Home, port_of_our_own
from deploy.local.metadata import NotStarted
from deploy.local.processes import Child
from rangkiang.ledger.account import Account

_PATIENCE = 60.0  # seconds
DATABASES = ("airflow", "rangkiang")


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs; ``address`` is user, password, host and port, as they stand in a URL."""

    child: Child
    address: str


@contextmanager
def postgres(home: Home) -> Iterator[Server]:
    """A new PostgreSQL with an empty database for Airflow and one for the ledger. Raises NotStarted."""
    programs = _newest_postgres()
    folder = home.folder.parent / "postgresql"
    folder.mkdir()
    account, password = Account.of(folder, programs), secrets.token_urlsafe(24)
    account.own(folder)
    _make(folder, programs, account, password)
    with port_of_our_own(5432) as port:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 250,
        }
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}
        mark = home.mark("postgresql")
        # To this signal it ends whether or not somebody is connected.
        ends = signal.SIGINT
        child = Child(mark.name, account.becoming() + command, environment, home.log(mark.name), mark, ends)
        address = f"rangkiang:{password}@127.0.0.1:{port}"
        child.start()
        try:
            _make_databases(f"postgresql://{address}/postgres", home)
            yield Server(child, address)
        finally:
            child.ask_to_end()
            child.end(_PATIENCE)


def _newest_postgres() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NotStarted("No PostgreSQL is installed under /usr/lib/postgresql.")
    return found[-1].parent


def _make(folder: Path, programs: Path, account: Account, password: str) -> None:
    said = folder / "password"
    said.touch(mode=0o600)
    said.write_text(password)
    os.chown(said, account.uid, account.gid)
    # The same order of text on every machine.
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--username=rangkiang"]
    command = [str(programs / "initdb"), "-D", str(folder / "data"), f"--pwfile={said}", *options]
    made = account.run(command, cwd=folder)
    said.unlink()
    if made.returncode:
        raise NotStarted(f"PostgreSQL could not make {folder / 'data'}: {made.stdout.strip()}")


def _make_databases(url: str, home: Home) -> None:
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as session:
                for name in DATABASES:
                    session.execute(f'CREATE DATABASE "{name}"')
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > patience:
                raise NotStarted(f"PostgreSQL does not answer: {error}; see {home.log('postgresql')}.") from None
        time.sleep(0.1)


@contextmanager
def redis(home: Home) -> Iterator[Server]:
    """A new Redis, which keeps what it was told on the disk: messages outlive a kill. Raises NotStarted."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotStarted("No redis-server is installed.")
    folder = home.folder.parent / "redis"
    folder.mkdir(mode=0o700)
    password = secrets.token_urlsafe(24)
    with port_of_our_own(6379) as port:
        told = {"port": port, "bind": "127.0.0.1", "dir": folder, "requirepass": password}
        kept = {"save": '""', "appendonly": "yes", "appendfsync": "everysec"}
        (folder / "redis.conf").write_text("".join(f"{name} {value}\n" for name, value in (told | kept).items()))
        mark = home.mark("redis")
        child = Child(mark.name, [program, str(folder / "redis.conf")], os.environ, home.log(mark.name), mark)
        child.start()
        try:
            yield Server(child, f":{password}@127.0.0.1:{port}")
        finally:
            child.ask_to_end()
            child.end(_PATIENCE)
