"""What a night costs in which nothing is new: every office's inbox listed, every stage and every decision looked at.

Run by hand: ``python bench/night.py [--counts 10000 100000] [--s3 10000]``. Fills a house for each count (see
``bench/measured/house.py`` for what in it is real), then takes the steps that the DAGs take, each in a house opened for
it as a task has it, in a process of their own. Prints by step CPU seconds of ours and of PostgreSQL, seconds by the
clock, SQL statements, listings of the store and other requests to it; then the whole, and how it grows. The S3 store is
measured where RANGKIANG_TEST_S3 names one, as within ``deploy/services/ceph FOLDER …``.
With ``--returned`` nothing is published yet: the first release was proposed, and sent back.
Aims: 100,000 objects under 90 CPU seconds and 1 GB; linear growth or better.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from bench.measured.cost import Cost, Counting, Meter, peak
from bench.measured.house import REGENCIES, fill
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import database_url, ensure_server
from rangkiang.settings import Settings
from rangkiang.steps import Barn

Measured = dict[str, Cost]
LIMIT_SECONDS, LIMIT_BYTES = 90, 1e9


def the_night(settings: Settings, postmaster: int) -> tuple[Measured, int]:
    """By step what it cost, all offices or stages together; and the most memory held."""
    meter, costs = Meter(postmaster), Measured()

    def step(name: str, work: Callable[[Barn], object]) -> None:
        with meter.running() as opening, steps.open_barn(settings) as barn:
            store = Counting(barn.store)
            with meter.running() as cost:
                if work(replace(barn, store=store)):
                    raise SystemExit(f"Something was new to {name}.")
            cost.listings, cost.requests = store.listings, store.requests
        costs[name] = costs.get(name, Cost()) + cost
        rest = Cost(opening.ours - cost.ours, opening.server - cost.server, opening.wall - cost.wall)
        rest.statements = opening.statements - cost.statements
        costs["opening"] = costs.get("opening", Cost()) + rest

    for office in REGENCIES:
        step("collect", lambda barn, office=office: steps.collect(barn, office))  # type: ignore[misc]
        step("settled", lambda barn, office=office: not steps.settled(barn, office))  # type: ignore[misc]
    step("decided", steps.decided)
    for stage in catalogue.stages():
        step("gather", lambda barn, stage=stage.code: steps.gather(barn, stage))  # type: ignore[misc]
    meter.close()
    return costs, peak()


def measured(count: int, store: str = "", published: bool = True) -> tuple[Measured, int]:
    with tempfile.TemporaryDirectory() as folder, ensure_server(Path(folder) / "postgres") as server:
        url = database_url(server, "rangkiang")
        endpoint = os.environ.get("RANGKIANG_S3_ENDPOINT", "") if store else ""
        settings = Settings(home=Path(folder), ledger=url, store=store, s3_endpoint=endpoint)
        with steps.open_barn(settings) as barn:
            fill(barn, count, published)
        postmaster = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            return apart.submit(the_night, settings, postmaster).result()


def report(count: int, where: str, costs: Measured, most: int) -> Cost:
    whole = sum(costs.values(), Cost())
    print(f"\n{count:,} objects of {len(REGENCIES)} offices, {where}; most memory {most / 1e6:.0f} MB")
    print(f"{'':<10}{'ours s':>9}{'server s':>9}{'wall s':>9}{'SQL':>7}{'lists':>7}{'other':>7}")
    for name, c in (*costs.items(), ("whole", whole)):
        line = f"{c.ours:>9.2f}{c.server:>9.2f}{c.wall:>9.2f}{c.statements:>7.0f}{c.listings:>7.0f}{c.requests:>7.0f}"
        print(f"{name:<10}{line}")
    print(f"CPU {whole.cpu:.1f} s (aim {LIMIT_SECONDS} s{', missed' if whole.cpu > LIMIT_SECONDS else ''})", flush=True)
    return whole


def growth(counts: Sequence[int], costs: Sequence[Cost]) -> None:
    for (few, small), (many, large) in zip(
        zip(counts, costs, strict=True), list(zip(counts, costs, strict=True))[1:], strict=False
    ):
        print(f"{many / few:.0f} times as many objects cost {large.cpu / small.cpu:.1f} times the CPU seconds")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000])
    arguments.add_argument(
        "--s3", type=int, nargs="+", default=[10_000], help="as many objects on S3, where there is one"
    )
    arguments.add_argument("--returned", action="store_true", help="a proposal was sent back, nothing is published")
    chosen = arguments.parse_args()
    costs = [report(n, "in a folder", *measured(n, published=not chosen.returned)) for n in chosen.counts]
    growth(chosen.counts, costs)
    if named := os.environ.get("RANGKIANG_TEST_S3"):
        bucket = named.rsplit("/", 1)[1]
        costs = [report(n, "on S3", *measured(n, f"s3://{bucket}/night-{n}")) for n in chosen.s3]
        growth(chosen.s3, costs)


if __name__ == "__main__":
    main()
