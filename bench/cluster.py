"""The reading stage on one Celery worker and on two: how long it takes, and what the services take beside it.

Run by hand, on a machine that does nothing else: ``python bench/cluster.py [--offices 8] [--dpi 200]``. Each cluster
is started anew by deploy/services/cluster; its workers read one batch each at a time. The files are DB1 sheets of the
demo, printed and scanned. All are collected first; then the readers' pool is opened, and what counts is the time until
the last batch has been arranged. Aim: two workers take at most 1/1.6 of the time of one.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from deploy.local.client import Client
from deploy.local.environment import Home
from deploy.local.processes import holders
from deploy.local.up import Airflow
from rangkiang import steps
from rangkiang.settings import Settings
from samples import papers
from samples.region import province
from tests.helpers.clusters import ended, furnish, resize, until

ROOT = Path(__file__).resolve().parent.parent
AIM = 1.6
_TICKS = os.sysconf("SC_CLK_TCK")


def scans(offices: int, dpi: int) -> dict[str, bytes]:
    """The DB1 of so many regencies, as a scanner gives them."""
    tallies = province()[:offices]
    return {papers.db1_key(tally.office): _scanned(papers.db1(tally), dpi) for tally in tallies}


def _scanned(pdf: bytes, dpi: int) -> bytes:
    pages = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return made.getvalue()


def inside(offices: int, dpi: int) -> None:
    """Beside a cluster: the stage, once; prints JSON."""
    said = json.loads(Path(os.environ["RANGKIANG_TEST_CLUSTER"]).read_text())
    settings = Settings(**said["settings"])
    home = Home.of(settings)
    dags = [tally.office.dag_id for tally in province()[:offices]]
    with Client(said["url"], "admin", home.logins()["admin"]) as client, steps.open_barn(settings) as barn:
        airflow = Airflow(said["url"], home, client, {})
        until(lambda: {*dags} <= {dag["dag_id"] for dag in client.dags()})
        ended(client, [(dag, client.trigger(dag)) for dag in dags])  # nothing to do: everybody has been awake once
        inbox = scans(offices, dpi)
        pages = sum(len(pypdfium2.PdfDocument(scan)) for scan in inbox.values())
        furnish(airflow, barn, inbox)
        resize(client, 0)
        runs = [(dag, client.trigger(dag)) for dag in dags]
        until(lambda: len(_tasks(client, runs, "batch.read")) == len(runs))
        until(lambda: not client.task_instances(state=["running", "queued"]))
        before, began = spent(settings.home, home), time.monotonic()
        resize(client, settings.readers)
        until(lambda: all(t["end_date"] for t in _tasks(client, runs, "batch.arrange")), seconds=3600)
        seconds, after = time.monotonic() - began, spent(settings.home, home)
        reading = sum(float(t["duration"]) for t in _tasks(client, runs, "batch.read"))
        ended(client, runs)
    cpu = {name: after[name] - before.get(name, 0) for name in sorted(after)}
    print(json.dumps({"seconds": seconds, "reading": reading, "pages": pages, "cpu": cpu}))


def _tasks(client: Client, runs: Iterable[tuple[str, str]], task: str) -> list[dict[str, Any]]:
    found = [t for run in runs for t in client.task_instances(*run) if t["task_id"] == task and t["map_index"] >= 0]
    return [t for t in found if t["state"] is not None]


def spent(house: Path, home: Home) -> dict[str, float]:
    """CPU seconds by part, with those of the processes that it has forked and waited for."""
    found = {mark.name: sum(map(_cpu, holders(mark))) for mark in (home.folder / "marks").iterdir()}
    conf = str(house / "ceph" / "ceph.conf").encode()
    ceph = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and conf in _command(p)]
    return found | {"ceph": sum(map(_cpu, ceph))}


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


def measured(workers: int, offices: int, dpi: int) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        own = [sys.executable, str(Path(__file__)), "--inside", f"--offices={offices}", f"--dpi={dpi}"]
        command = [str(ROOT / "deploy/services/cluster"), str(Path(folder) / "house"), *own]
        told = os.environ | {"WORKERS": str(workers)}
        done = subprocess.run(command, env=told, stdout=subprocess.PIPE, text=True, check=True)
    answer: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=8)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        inside(chosen.offices, chosen.dpi)
        return
    took = {}
    for workers in (1, 2):
        one = measured(workers, chosen.offices, chosen.dpi)
        took[workers] = float(one["seconds"])
        print(f"{workers} worker(s): {one['pages']} pages of scans in {took[workers]:.1f} s")
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
