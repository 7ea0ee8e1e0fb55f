"""Processes that are kept running, each with everything it ever forks.

A child inherits an open file, its mark, and so does whatever it forks, even into other process groups and after the
child itself has been killed. Who holds the mark belongs to the child: this is how all of them are found and ended.
In the mark stands the child's own process id.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_SLOWEST = 60.0  # seconds between two starts of a child that dies again and again
_LIVED = 120.0  # seconds after which a start counts as a success


class Child:
    """One program that is started again when it dies, later and later when it dies soon."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        mark: Path,
        ending: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self._ending = ending
        self.restarts = 0
        self._command = command
        self._environment = environment
        self._log = log
        self._mark = mark
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._delay = 1.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, after ending what an earlier life has left."""
        end_holders(self._mark)
        with self._mark.open("w") as mark, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._mark.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends the children in order
                pass_fds=[mark.fileno()],
            )
            mark.write(str(self._process.pid))
        self._started = time.monotonic()

    def watch(self) -> None:
        """Notice that it has died, and start it again when its time has come."""
        now = time.monotonic()
        if self._process is not None and (code := self._process.poll()) is not None:
            self._process = None
            self._delay = 1.0 if now - self._started > _LIVED else min(self._delay * 2, _SLOWEST)
            self._not_before = now + self._delay - 1
            say(f"{self.name} has ended ({_how(code)}); it is started again. Its log: {self._log}")
        if self._process is None and now >= self._not_before:
            self.restarts += 1
            self.start()

    def ask_to_end(self) -> None:
        if self._process is not None:
            self._process.send_signal(self._ending)

    def end(self, patience: float) -> None:
        """Wait for it, then end by force whatever is left of it, grandchildren included."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        end_holders(self._mark)
        if self._process is not None:
            self._process.wait()
            self._process = None


def end_holders(mark: Path) -> None:
    """Kill every process that holds ``mark``, and wait until all are gone."""
    patience = time.monotonic() + 10
    while found := holders(mark):
        if time.monotonic() > patience:
            raise RuntimeError(f"processes {found} do not end; they hold {mark}")
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def holders(mark: Path) -> list[int]:
    wanted, me = os.path.realpath(mark), os.getpid()
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and int(p.name) != me and _has(p, wanted)]


def _has(process: Path, wanted: str) -> bool:
    # A process may end while it is looked at, and those of others are not ours to look at.
    with suppress(FileNotFoundError, PermissionError, ProcessLookupError):
        for entry in (process / "fd").iterdir():
            with suppress(FileNotFoundError):
                if str(entry.readlink()) == wanted:
                    return True
    return False


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
