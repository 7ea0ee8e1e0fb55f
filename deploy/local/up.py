"""Airflow on one machine: PostgreSQL, API server, scheduler, DAG processor and triggerer, kept running until Ctrl-C.

``python -m deploy.local.up`` serves in the foreground; ``with running(Settings()) as airflow`` serves a program.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import httpx

from deploy.local.client import Client, Unavailable
from deploy.local.environment import Home, environment, port_of_our_own
from deploy.local.metadata import NotStarted, migrate
from deploy.local.processes import Child, say
from rangkiang.ledger import embedded
from rangkiang.settings import Settings

__all__ = [
    "PARTS",
    "Airflow",
    "AlreadyRunning",
    "NotStarted",
    "alone",
    "end_on_signals",
    "running",
    "serving",
    "watching",
]

# The log servers stay off: they would listen on every address, and the API server reads the logs from the disk.
PARTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
_START = 180.0  # seconds until all parts must be healthy
_GRACE = 5.0  # seconds until what still runs is killed; the next start takes it up again


class AlreadyRunning(Exception):
    """Another process runs Airflow on the same home."""


@dataclass(frozen=True, slots=True)
class Airflow:
    """A running Airflow. ``client`` is logged in as admin."""

    url: str
    home: Home
    client: Client
    children: dict[str, Child]


@contextmanager
def running(settings: Settings) -> Iterator[Airflow]:
    """Start everything, wait until it is healthy, and end it in order afterwards.

    Raises AlreadyRunning, NotStarted, and rangkiang.ledger.embedded.EmbeddedError where PostgreSQL cannot run.
    """
    home = Home.of(settings)
    with alone(home), embedded.ensure_server(settings.home.resolve() / "postgres") as server:
        metadata = embedded.database_url(server, "airflow", driver="psycopg2")
        ledger = settings.ledger or embedded.database_url(server, "rangkiang")
        with port_of_our_own() as port, serving(home, environment(settings, metadata, ledger, port)) as airflow:
            yield airflow


@contextmanager
def serving(home: Home, told: Mapping[str, str], parts: Mapping[str, list[str]] = PARTS) -> Iterator[Airflow]:
    """Start the parts of an Airflow that has its database, wait until it is healthy, and end it in order afterwards.

    Raises NotStarted.
    """
    migrate(home, told)
    children = {name: _child(name, arguments, told, home) for name, arguments in parts.items()}
    with ExitStack() as stack:
        stack.callback(_end, list(children.values()))
        for child in children.values():
            child.start()
        url = told["AIRFLOW__API__BASE_URL"]
        client = stack.enter_context(Client(url, "admin", home.logins()["admin"]))
        _wait_until_healthy(client, children, home)
        stack.enter_context(watching(children.values()))
        yield Airflow(url, home, client, children)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """The kernel drops the lock when this process dies, however it dies."""
    with (home.folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"Airflow runs on {home.folder} already (process {lock.read().strip()}): "
                "end that one first, or set RANGKIANG_HOME to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _child(name: str, arguments: list[str], told: Mapping[str, str], home: Home) -> Child:
    return Child(name, [sys.executable, "-m", "airflow", *arguments], told, home.log(name), home.mark(name))


def _wait_until_healthy(client: Client, children: dict[str, Child], home: Home) -> None:
    patience = time.monotonic() + _START
    health: dict[str, str | None] = {}
    while time.monotonic() < patience:
        for child in children.values():
            child.watch()
            if child.restarts > 2:
                raise NotStarted(f"{child.name} ends again and again; see {home.log(child.name)}.")
        try:
            health = client.health()
            client.dags()  # with our login: another program may have been quicker to take the port
        except (httpx.TransportError, httpx.HTTPStatusError, Unavailable):
            health = {"api-server": "not answering"}
        if all(state == "healthy" for state in health.values()):
            return
        time.sleep(0.25)
    waiting = ", ".join(part for part, state in health.items() if state != "healthy")
    raise NotStarted(f"After {_START:.0f} s these are not healthy: {waiting}. See the logs in {home.folder / 'logs'}.")


@contextmanager
def watching(children: Iterable[Child]) -> Iterator[None]:
    """Start again what dies, until the end."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            for child in children:
                child.watch()

    thread = threading.Thread(target=watch, name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _end(children: list[Child]) -> None:
    """The API server last, because tasks tell it how they ended."""
    server, *others = children
    for group in (others, [server]):
        for child in group:
            child.ask_to_end()
        for child in group:
            child.end(_GRACE)


def end_on_signals() -> None:
    """Make every signal that asks a program to end do so in order, Ctrl-C included where a shell has it ignored."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def main() -> None:
    end_on_signals()
    settings = Settings()
    say(f"Starting Airflow under {settings.home.resolve()} …")
    try:
        with running(settings) as airflow:
            say(f"\n  {airflow.url}\n")
            for user, password in airflow.home.logins().items():
                say(f"  {user:<12} {password}")
            say("\nCtrl-C ends it.")
            threading.Event().wait()
    except KeyboardInterrupt:
        say("Ended.")
    except (AlreadyRunning, NotStarted, embedded.EmbeddedError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
