"""What Airflow costs beside the work: an inbox of printed sheets of 19 offices, through a real Airflow and by hand.

Run by hand: ``python bench/orchestration.py [--each 200]``; with 200 sheets for each office a quarter of an
hour on two idle cores. The offices' DAGs run as in ``make demo`` (LocalExecutor, PostgreSQL for both databases); the
stages' are paused. CPU seconds are counted by process, from the first trigger to the end of the last run; what the
machine does while nothing runs is measured before. The work is what the same steps take without Airflow, of an office
with few sheets and of one with more: so much for an office, so much for a sheet. As many processes do it side by side
as Airflow has readers: what shares a core's caches with others takes more CPU seconds, with Airflow or without.

The sheets are DA1s as those of ``make demo``, one page each: of every kecamatan as many as it takes, the same figures
in other bytes, so that all are read, proved and checked, and one of each is filed. Prints seconds by process, and
Airflow's share of the work; with fewer sheets also what it would be with 200, where a task costs the same and batches
are full. Aim: under 10 %.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from bench.measured.cost import Meter, adopt, ours, tree_seconds
from bench.measured.inbox import DIGITAL, sheets
from deploy.local.client import Client
from deploy.local.demo import run_offices
from deploy.local.up import Airflow, running
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url, ensure_server
from rangkiang.settings import Settings
from rangkiang.store import open_store
from samples.region import RegencyTally, province

FULL, FEW, MORE = 200, 2, 64  # sheets of an office
AIM = 0.10
IDLE = 30.0  # seconds
Seconds = dict[str, float]


@dataclass(frozen=True, slots=True)
class Work:
    """CPU seconds without Airflow."""

    office: float
    sheet: float

    def of(self, offices: int, each: int) -> float:
        return offices * (self.office + each * self.sheet)


@dataclass(frozen=True, slots=True)
class Night:
    """All offices' DAGs, through Airflow."""

    spent: Mapping[str, float]  # CPU seconds by process
    resting: Mapping[str, float]  # the same, of every second in which nothing runs
    wall: float
    tasks: int
    cores: float  # that worked at a time

    @property
    def cpu(self) -> float:
        return sum(self.spent.values())


def drop(settings: Settings, tallies: Sequence[RegencyTally], each: int) -> None:
    store = open_store(settings.store_url)
    for tally in tallies:
        for key, data in sheets(tally, DIGITAL, each).items():
            store.put_if_absent(key, data)


def by_hand(folder: Path, tallies: Sequence[RegencyTally]) -> Work:
    """What the work takes without Airflow; the mean of all who do it side by side."""
    count = Settings().readers
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as processes:
        found = list(processes.map(_by_hand, [folder / str(n) for n in range(count)], [tallies] * count))
    return Work(mean(one.office for one in found), mean(one.sheet for one in found))


def _by_hand(folder: Path, tallies: Sequence[RegencyTally]) -> Work:
    """In one process; the first office is not counted: libraries are loaded by then."""
    with ensure_server(folder / "postgres") as server:
        settings = Settings(home=folder, ledger=database_url(server, "rangkiang"))
        meter, costs = Meter(postmaster(server)), []
        for tally, each in zip(tallies, (1, FEW, MORE), strict=False):
            drop(settings, [tally], each)
            with meter.running() as cost, steps.open_barn(settings) as barn:
                office = tally.office.code
                for batch in steps.collect(barn, office):
                    steps.read(barn, office, batch)
                    steps.arrange(barn, office, batch)
                steps.file(barn, office)
                steps.give_back(barn, office)
            costs.append(cost.cpu)
        meter.close()
    sheet = (costs[2] - costs[1]) / (MORE - FEW)
    return Work(costs[1] - FEW * sheet, sheet)


def through_airflow(folder: Path, tallies: Sequence[RegencyTally], each: int) -> Night:
    settings = Settings(home=folder)
    drop(settings, tallies, each)
    with ensure_server(folder / "postgres") as server:  # before orphans are adopted: it is no child of ours
        adopt()
        with running(settings) as airflow:
            wait_for_dags(airflow.client)
            before, began = spent(airflow, server), time.monotonic()
            time.sleep(IDLE)
            after = spent(airflow, server)
            resting = {name: (after[name] - before[name]) / (time.monotonic() - began) for name in after}
            before, began = spent(airflow, server), time.monotonic()
            states = run_offices(airflow.client, every=10.0)  # nobody asks every second at night
            wall = time.monotonic() - began
            if set(states.values()) != {"success"}:
                raise SystemExit(f"Not every run succeeded: {states}")
            after = spent(airflow, server)
            ran = [t for t in airflow.client.task_instances() if t["duration"]]
            took = {name: after[name] - before[name] for name in after}
            return Night(took, resting, wall, len(ran), sum(took.values()) / wall)


def wait_for_dags(client: Client) -> None:
    """Until all are parsed; then the stages are paused, so that only what is measured runs."""
    wanted = {o.dag_id for o in catalogue.offices()} | {f"stage__{s.code}" for s in catalogue.stages()}
    while wanted - {dag["dag_id"] for dag in client.dags()}:
        time.sleep(1)
    for dag_id in wanted:
        if dag_id.startswith("stage__"):
            client.ask("PATCH", f"dags/{dag_id}", {"is_paused": True}, update_mask="is_paused")
    time.sleep(IDLE)  # the first round of parsing ends


def spent(airflow: Airflow, server: Server) -> Seconds:
    """CPU seconds by process until now. Tasks are the scheduler's grandchildren, guards are orphans that we adopt."""
    parts = {name: tree_seconds(child.pid) for name, child in airflow.children.items() if child.pid}
    guards = ours() - sum(os.times()[:2]) - sum(parts.values())
    return parts | {"guards of tasks": guards, "postgres": tree_seconds(postmaster(server))}


def postmaster(server: Server) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


def report(night: Night, work: Work, each: int, offices: int) -> None:
    print(f"\n{offices} offices, {each} sheets each: {night.tasks} tasks in {night.wall:.0f} s")
    print(f"{'':<18}{'CPU s':>9}{'of it at rest':>15}")
    for name, seconds in night.spent.items():
        print(f"{name:<18}{seconds:>9.1f}{night.resting[name] * night.wall:>15.1f}")
    whole = work.of(offices, each)
    over = night.cpu - whole
    rest = sum(night.resting.values())
    print(f"{'all':<18}{night.cpu:>9.1f}{rest * night.wall:>15.1f}")
    print(f"{'work by hand':<18}{whole:>9.1f}   {work.office:.2f} s an office, {work.sheet:.3f} s a sheet")
    print(f"Airflow {over:.1f} s, {over / whole:.1%} of the work (aim {AIM:.0%})")
    task = (over - rest * night.wall) / night.tasks
    print(f"{task:.2f} s a task, and {rest:.2f} s in each second that passes")
    if each < FULL:
        whole = work.of(offices, FULL)
        wall = whole / night.cores
        print(f"With {FULL} sheets each, as many tasks: {(task * night.tasks + rest * wall) / whole:.1%}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--each", type=int, default=FULL, help="sheets of an office")
    chosen = arguments.parse_args()
    tallies = province()
    with tempfile.TemporaryDirectory() as folder:
        work = by_hand(Path(folder) / "by-hand", tallies)
        night = through_airflow(Path(folder) / "airflow", tallies, chosen.each)
    report(night, work, chosen.each, len(tallies))


if __name__ == "__main__":
    main()
