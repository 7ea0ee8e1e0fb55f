"""Nights on a running cluster: a house made empty again, runs that outlive kills, and the kills."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from deploy.local.client import Client
from deploy.local.processes import holders
from deploy.local.up import Airflow
from rangkiang import catalogue
from rangkiang.ledger.tables import metadata
from rangkiang.steps import Barn

from .patience import AWAY, until
from .runs import Run, approve, ended, started

STAGES = ("PL.01.7", "PL.01.8")
_TASKS = 36  # a night of five offices and two stages has a few more


def furnish(airflow: Airflow, barn: Barn, inbox: Mapping[str, bytes]) -> None:
    """Forget everything that was done in the house, once nothing works in it any more, and put these files in."""
    until(lambda: not airflow.client.unfinished(), unless=AWAY)
    for entry in list(barn.store.list()):
        barn.store.delete(entry.key)
    with psycopg.connect(barn.settings.ledger.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # else journals let nothing be deleted
        connection.execute(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}")
    shutil.rmtree(barn.settings.home / "portal", ignore_errors=True)
    for key, data in inbox.items():
        barn.store.put_if_absent(key, data)


def night(airflow: Airflow, offices: Iterable[str], stages: Iterable[str] = STAGES) -> list[Run]:
    """Every office's DAG, then every stage's by hand, as at the deadline; what the province is asked is approved."""
    client = airflow.client
    delivered = [(dag, started(client, dag)) for dag in (catalogue.office(office).dag_id for office in offices)]
    ended(client, delivered)
    released = [(dag, started(client, dag)) for dag in (f"stage__{stage}" for stage in stages)]
    with Client(airflow.url, "koordinator", airflow.home.logins()["koordinator"]) as coordinator:
        ended(client, released, lambda: approve(coordinator))
    return delivered + released


def resize(client: Client, readers: int) -> None:
    """Let so many batches be read at once."""
    client.ask("PATCH", "pools/readers", {"pool": "readers", "slots": readers, "include_deferred": False})


@dataclass
class Killer:
    """Kills parts of the cluster (``kill -9``) at moments that chance chooses; the seed says which chance."""

    airflow: Airflow
    house: Path
    seed: int
    struck: list[str] = field(default_factory=list)  # what ran when a blow fell

    def worker(self) -> None:
        """The worker that runs the most, with everything it has forked."""
        families: list[list[int]] = [holders(mark) for mark in (self.airflow.home.folder / "marks").glob("worker-*")]
        largest: list[int] = max(families, key=len)
        self._end(largest)

    def scheduler(self) -> None:
        self._end([int(self.airflow.home.mark("scheduler").read_text())])

    def postgresql(self) -> None:
        """The server with all of its sessions."""
        self._end(holders(self.airflow.home.mark("postgresql")))

    def s3(self) -> None:
        self._end([int((self.house / "ceph" / "gateway.pid").read_text())])

    def _end(self, processes: Iterable[int]) -> None:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    @contextmanager
    def at_work(self, kill: Callable[[], None], times: int) -> Iterator[None]:
        """Strike so many times meanwhile, each time while tasks run, from the first to the last that a night has."""
        stop, began = threading.Event(), datetime.now(UTC)
        thread = threading.Thread(target=self._strike, args=(kill, times, began, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _strike(self, kill: Callable[[], None], times: int, began: datetime, stop: threading.Event) -> None:
        chance = random.Random(self.seed)  # noqa: S311
        due = sorted(chance.sample(range(_TASKS), times))  # after how many tasks each blow falls
        with Client(self.airflow.url, "admin", self.airflow.home.logins()["admin"]) as client:
            while due and not stop.wait(chance.uniform(0.5, 2)):
                with suppress(*AWAY):
                    since = {"start_date_gte": began.isoformat()}
                    done = len(client.task_instances(state="success", **since))
                    working = client.task_instances(state="running", **since)
                    if done >= due[0] and working:
                        kill()
                        due.pop(0)
                        self.struck.append(", ".join(sorted(_named(task) for task in working)))


def _named(task: Mapping[str, object]) -> str:
    index = task["map_index"]
    return f"{task['dag_id']}.{task['task_id']}" + (f"[{index}]" if index != -1 else "")
