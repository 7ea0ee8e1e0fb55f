"""What goes wrong in a night. Each fault has the whole night happen, whatever it takes, as Airflow would have it."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import event

from bench.soaking.house import House, Ruler, whole_night
from bench.soaking.retries import tried
from rangkiang.ledger.cluster import Cluster
from rangkiang.ledger.embedded import Server
from rangkiang.steps import Barn
from tests.helpers.mortal import Killed, Mortal

_KILLS = 3  # at most, in one night
_TOGETHER = 2  # nights at once
_FORK = multiprocessing.get_context("fork")

STORE = ("get", "put", "put_if_absent", "delete", "stat")
LEDGER = (
    "record_arrivals", "add_document", "move", "record_reading", "replace_proof", "replace_findings", "replace_checks",
    "replace_reconciliation", "record_compared", "record_deliverable", "drop_deliverable", "record_approval",
    "record_publication", "record_release", "withdraw_release", "record_mailed",
)  # fmt: skip
PORTAL = ("plan", "apply", "verify")


@dataclass(frozen=True)
class Night:
    """A night at a house, and the chance that its fault has."""

    house: House
    server: Server
    offices: Sequence[str]
    rules: Ruler
    chance: Random
    at: datetime

    def whole(self, barn: Barn) -> None:
        """The night, its steps tried again as the DAGs do."""
        whole_night(barn, self.offices, self.rules, tried)

    def undisturbed(self) -> None:
        with self.house.opened() as barn:
            self.whole(barn)


def undisturbed(night: Night) -> str:
    night.undisturbed()
    return ""


def killed_between_calls(night: Night) -> str:
    """The process ends between two calls of the store, the ledger or the portal; the next night starts from there."""
    lives = [int(night.chance.expovariate(1 / 150)) for _ in range(night.chance.randint(1, _KILLS))]
    for left in lives:
        with night.house.opened() as barn:
            counted = iter(range(left))
            mortal = replace(
                barn,
                store=Mortal(barn.store, STORE, counted),
                ledger=Mortal(barn.ledger, LEDGER, counted),  # type: ignore[arg-type]
                portal=Mortal(barn.portal, PORTAL, counted),
            )
            try:
                night.whole(mortal)
            except Killed:
                continue
    night.undisturbed()
    return f"after {', '.join(map(str, lives))} calls"


def killed_with_9(night: Night) -> str:
    """A process of its own, killed wherever it is."""
    seconds = [round(night.chance.uniform(0.1, 4), 2) for _ in range(night.chance.randint(1, _KILLS))]
    for limit in seconds:
        process = _FORK.Process(target=night.undisturbed)
        process.start()
        process.join(limit)
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
    night.undisturbed()
    return f"after {', '.join(map(str, seconds))} s"


def two_at_once(night: Night) -> str:
    """Two processes have the whole night at once, each hesitating where chance has it."""
    seeds = [night.chance.random() for _ in range(_TOGETHER)]
    processes = [_FORK.Process(target=_hesitating, args=(night, seed)) for seed in seeds]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError(f"of two nights at once one failed: {[p.exitcode for p in processes]}")
    return ""


def store_is_away(night: Night) -> str:
    """The store does not answer, now and then."""
    return _failing(night, lambda: ConnectionError("the store is away"))


def disk_is_full(night: Night) -> str:
    """A write finds no room left, and later there is some again."""
    return _failing(night, lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), ("put", "put_if_absent"))


def postgres_restarts(night: Night) -> str:
    """PostgreSQL ends all its connections before some statements, and is up again."""
    befores = sorted(int(night.chance.expovariate(1 / 400)) for _ in range(2))
    with night.house.opened() as barn, restarting(barn, night.server, befores):
        night.whole(barn)
    return f"before statements {', '.join(map(str, befores))}"


def clock_jumps(night: Night) -> str:
    """The server's clock goes back an hour and ahead again while the night goes on."""
    jumps = {int(night.chance.expovariate(1 / 150)): night.chance.choice([-60, -1, 60, 240]) for _ in range(3)}
    with night.house.opened() as barn:
        calls = count()

        def jump() -> None:
            if (minutes := jumps.get(next(calls))) is not None:
                night.house.set_clock(night.at + timedelta(minutes=minutes))

        night.whole(replace(barn, ledger=Before(barn.ledger, LEDGER, jump)))  # type: ignore[arg-type]
    return ", ".join(f"{minutes:+} min" for minutes in jumps.values())


class Before:
    """Something before whose calls of some of its methods something else happens."""

    def __init__(self, thing: object, methods: Sequence[str], happens: Callable[[], None]) -> None:
        self._thing, self._methods, self._happens = thing, methods, happens

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._thing, name)
        return self._after(method) if name in self._methods else method

    def _after(self, method: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self._happens()
            return method(*arguments, **options)

        return call


def _failing(night: Night, error: Callable[[], Exception], methods: Sequence[str] = STORE) -> str:
    """A few calls of the store fail, never so many that a step fails for good."""
    at = {int(night.chance.expovariate(1 / 200)) for _ in range(3)}
    with night.house.opened() as barn:
        calls = count()

        def fail() -> None:
            if next(calls) in at:
                raise error()

        night.whole(replace(barn, store=Before(barn.store, methods, fail)))
    return f"at calls {', '.join(map(str, sorted(at)))}"


def _hesitating(night: Night, seed: float) -> None:
    chance = Random(seed)  # noqa: S311

    def hesitate() -> None:
        if chance.random() < 0.05:
            time.sleep(chance.uniform(0, 0.1))

    with night.house.opened() as barn:
        store = Before(barn.store, STORE, hesitate)
        ledger = Before(barn.ledger, LEDGER, hesitate)
        night.whole(replace(barn, store=store, ledger=ledger))  # type: ignore[arg-type]


@contextmanager
def restarting(barn: Barn, server: Server, befores: Sequence[int]) -> Iterator[None]:
    """PostgreSQL is stopped as by a crash, and started, before the statements of these numbers."""
    engine, cluster, statements = barn.ledger._engine, Cluster(server.folder), count()

    def restart(*_: object) -> None:
        if next(statements) in befores:
            pid = int((cluster.data / "postmaster.pid").read_text("ascii").split()[0])
            os.kill(pid, signal.SIGQUIT)  # an immediate shutdown: nobody is asked, and the log is replayed at the start
            cluster.ensure_running()

    event.listen(engine, "before_cursor_execute", restart)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", restart)


FAULTS: Mapping[str, Callable[[Night], str]] = {
    "undisturbed": undisturbed,
    "killed between calls": killed_between_calls,
    "killed with -9": killed_with_9,
    "two nights at once": two_at_once,
    "store away": store_is_away,
    "disk full": disk_is_full,
    "postgres restarted": postgres_restarts,
    "clock jumps": clock_jumps,
}
"""By name: each returns what it did, in short."""

CUT_OFF = frozenset({"killed between calls", "killed with -9", "postgres restarted"})
"""Faults that may end a step between a mail that was taken and the word about it."""
