"""What a piece of work costs: CPU here and in PostgreSQL, time by the clock, statements, requests to the store."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from rangkiang.store import Entry, Store

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Cost:
    """May be added to others, and divided by what was worked on."""

    ours: float = 0.0  # CPU seconds of this process and of those below it
    server: float = 0.0  # CPU seconds of PostgreSQL
    wall: float = 0.0
    statements: float = 0
    listings: float = 0
    requests: float = 0  # to the store, but for listings

    @property
    def cpu(self) -> float:
        return self.ours + self.server

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __mul__(self, count: float) -> Cost:
        return Cost(*(a * count for a in astuple(self)))

    def __truediv__(self, count: float) -> Cost:
        return self * (1 / count)


class Counting:
    """A store that counts what it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.listings = self.requests = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.requests += 1
        found: Callable[..., Any] = getattr(self._store, name)
        return found

    @property
    def url(self) -> str:
        return self._store.url

    def list(self, prefix: str = "") -> Iterator[Entry]:
        self.listings += 1
        return self._store.list(prefix)


class Meter:
    """Measures pieces of work against one PostgreSQL, whose first process has this id."""

    def __init__(self, postmaster: int) -> None:
        self._postmaster = postmaster
        self._statements = 0
        adopt()
        event.listen(Engine, "before_cursor_execute", self._count)

    def close(self) -> None:
        adopt(orphans=False)
        event.remove(Engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self._statements += 1

    @contextmanager
    def running(self) -> Iterator[Cost]:
        """What is done inside; the cost is there at the end."""
        cost = Cost()
        own, server, wall, said = ours(), tree_seconds(self._postmaster), time.monotonic(), self._statements
        yield cost
        cost.ours, cost.wall = ours() - own, time.monotonic() - wall
        cost.server, cost.statements = tree_seconds(self._postmaster) - server, self._statements - said


def adopt(orphans: bool = True) -> None:
    """Have this process inherit what is orphaned below it, or no longer: the guard's workers die with nobody waiting
    for them, and their seconds would be lost. A server that is begun meanwhile would be inherited too."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, int(orphans), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the orphans of this process cannot be taken in")


def ours() -> float:
    """CPU seconds of this process and of all that are or were below it."""
    return tree_seconds(os.getpid())


def tree_seconds(first: int) -> float:
    """CPU seconds of a process and of all below it, those that have ended and were waited for included."""
    total, left = 0.0, [first]
    while left:
        pid = left.pop()
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            below = [c for path in Path(f"/proc/{pid}/task").glob("*/children") for c in path.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended: its parent's record has its seconds now
        total += sum(map(int, told[11:15])) / _TICKS
        left += map(int, below)
    return total


def peak() -> int:
    """The bytes of memory that this process held at most."""
    status = Path("/proc/self/status").read_text("ascii", errors="replace")
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
