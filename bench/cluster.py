"""The reading stage on one Celery worker and on two: how long it takes, and what the services take beside it.

Run by hand, on a machine that does nothing else: ``python bench/cluster.py [--offices 16] [--each 4]``, ten minutes.
Each cluster is started anew by deploy/services/cluster; its workers read one batch each at a time. The files are DA1
sheets of the demo as an office scans them, a batch of each office. All are collected first; then the readers' pool is
opened, and what counts is the time until the last batch has been arranged. Aim: two workers take at most 1/1.6 of the
time of one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.measured.inbox import OFFICE, sheets
from deploy.local.client import Client
from deploy.local.environment import Home
from deploy.local.processes import holders
from deploy.local.up import Airflow
from rangkiang import steps
from rangkiang.settings import Settings
from samples.region import province
from tests.helpers.clusters import furnish, resize
from tests.helpers.patience import until
from tests.helpers.runs import Run, ended

ROOT = Path(__file__).resolve().parent.parent
AIM = 1.6
_TICKS = os.sysconf("SC_CLK_TCK")


def inside(offices: int, each: int) -> None:
    """Beside a cluster: the stage, once; prints JSON."""
    said = json.loads(Path(os.environ["RANGKIANG_TEST_CLUSTER"]).read_text())
    settings = Settings(**said["settings"])
    home = Home.of(settings)
    tallies = province()[:offices]
    dags = [tally.office.dag_id for tally in tallies]
    with Client(said["url"], "admin", home.logins()["admin"]) as client, steps.open_barn(settings) as barn:
        airflow = Airflow(said["url"], home, client, {})
        until(lambda: {*dags} <= {dag["dag_id"] for dag in client.dags()})
        ended(client, [(dag, client.trigger(dag)) for dag in dags])  # nothing to do: everybody has been awake once
        inbox = {key: scan for tally in tallies for key, scan in sheets(tally, OFFICE, each).items()}
        furnish(airflow, barn, inbox)
        resize(client, 0)
        runs = [(dag, client.trigger(dag)) for dag in dags]
        until(lambda: _batches(client, runs, "collect") == len(runs))
        until(lambda: _batches(client, runs, "batch.read", None) >= len(runs))
        until(lambda: not client.task_instances(state=["running", "queued"]))
        batches = _batches(client, runs, "batch.read", None)
        before, began = spent(settings.home, home), time.monotonic()
        resize(client, settings.readers)
        until(lambda: _batches(client, runs, "batch.arrange") == batches, 3600)
        seconds, after = time.monotonic() - began, spent(settings.home, home)
        ended(client, runs)
    cpu = {name: after[name] - before.get(name, 0) for name in sorted(after)}
    print(json.dumps({"seconds": seconds, "batches": batches, "scans": len(inbox), "cpu": cpu}))


def _batches(client: Client, runs: Iterable[Run], task: str, state: str | None = "success") -> int:
    """How many tasks of that name are in that state, or are known to the scheduler: one of each batch."""
    wanted = {*runs}
    query: dict[str, Any] = {"state": [state]} if state else {}
    found = [t for t in client.task_instances(**query) if t["task_id"] == task]
    return len([t for t in found if (t["dag_id"], t["dag_run_id"]) in wanted and t["state"] is not None])


def spent(house: Path, home: Home) -> dict[str, float]:
    """CPU seconds by part, with those of the processes that it has forked and waited for. Whoever parses a file is
    nobody's child: workers with their parsers are what the machine has spent and nobody else."""
    marks = [mark for mark in (home.folder / "marks").iterdir() if not mark.name.startswith("worker")]
    services = {mark.name: sum(map(_cpu, holders(mark))) for mark in marks}
    conf = str(house / "ceph" / "ceph.conf").encode()
    ceph = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and conf in _command(p)]
    services["ceph"] = sum(map(_cpu, ceph))
    user, nice, system, _idle, _waiting, *interrupts = map(int, Path("/proc/stat").read_text().split()[1:8])
    machine = (user + nice + system + sum(interrupts)) / _TICKS
    return services | {"workers": machine - sum(services.values()) - sum(os.times()[:4])}


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def measured(workers: int, offices: int, each: int) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        own = [sys.executable, str(Path(__file__)), "--inside", f"--offices={offices}", f"--each={each}"]
        command = [str(ROOT / "deploy/services/cluster"), str(Path(folder) / "house"), *own]
        told = os.environ | {"WORKERS": str(workers)}
        done = subprocess.run(command, env=told, stdout=subprocess.PIPE, text=True, check=True)
    answer: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=16)
    parser.add_argument("--each", type=int, default=4, help="scans of an office")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        inside(chosen.offices, chosen.each)
        return
    took = {}
    for workers in (1, 2):
        one = measured(workers, chosen.offices, chosen.each)
        took[workers] = float(one["seconds"])
        print(f"{workers} worker(s): {one['scans']} scans in {one['batches']} batches, {took[workers]:.1f} s")
        cpu: Mapping[str, float] = one["cpu"]
        for name, seconds in sorted(cpu.items(), key=lambda part: -part[1]):
            print(f"  {name:<14}{seconds:8.1f} CPU-s {100 * seconds / took[workers]:6.1f} % of a core")
        services = sum(seconds for name, seconds in cpu.items() if not name.startswith("worker"))
        print(f"  {'all services':<14}{services:8.1f} CPU-s {100 * services / took[workers]:6.1f} % of a core")
    ratio = took[1] / took[2]
    print(f"two workers: {ratio:.2f} times as fast as one (aim: {AIM})")
    sys.exit(0 if ratio >= AIM else 1)


if __name__ == "__main__":
    main()
