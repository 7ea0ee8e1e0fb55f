"""How large a machine: what a page, a document, a dataset and a task cost, and from them the nights of an election.

Run by hand: ``python bench/scale.py [--task 1.0]``; five minutes on an idle core. Reads, proves, files and publishes a
few dozen sheets in a house of its own, in one process, by kind of sheet, and prints CPU seconds, statements, requests
and bytes of each. Then what it would take on 1 to 256 workers, each a core, if all of an election came in one night: of
a province, of the nation; and what would keep it from being quicker. ``--task`` is what Airflow costs for each task, as
bench/orchestration.py says.

Measured is what stands in the first table. All else is multiplied from it: the second table assumes that every C1 is an
office's scan, and all above it printed from a program; as many pages as the sheets of samples/press have; that workers
do not get in each other's way, and that PostgreSQL has four cores of its own. See docs/scale.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.measured import house
from bench.measured.cost import Cost, Counting, Meter
from bench.measured.inbox import CLEAN, DIGITAL, OFFICE, WORKBOOK, sheets
from rangkiang import catalogue, steps
from rangkiang.frames import from_parquet
from rangkiang.ledger.embedded import Server, database_url, ensure_server
from rangkiang.proof import COMPARED
from rangkiang.settings import Approval, Settings
from rangkiang.steps import Barn
from samples import papers
from samples.region import RegencyTally, province

CODE, STAGE = "13.06", "PL.01.8"
SHEETS = {DIGITAL: 32, WORKBOOK: 16, CLEAN: 3, OFFICE: 3}
FILLED = 2000  # documents of a house of which the ledger's size is taken
PROVINCE = "13"
BALLOTS = 5
C1_PAGES, UPPER_PAGES = 18 / BALLOTS, 4
NATION = {"polling places": 813_350, "villages": 83_405, "districts": 7_201, "regencies": 514, "provinces": 34}
WORKERS = (1, 2, 4, 8, 16, 64, 256)
LEDGER_CORES = 4
BATCH, TASKS_OF_OFFICE, TASKS_OF_BATCH = 60, 3, 2
LEVELS_OF_OFFICE = 3  # C1, DAA1, DA1: a dataset of each ballot; the few DB1 and DC1 do not count
HOUR, GB = 3600, 1e9


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet: what each step costs of a document of one page, once a process is warm."""

    collect: Cost
    read: Cost
    arrange: Cost
    file: Cost  # as one more member of a dataset
    stored: float  # bytes in the store, without the object in the inbox


@dataclass(frozen=True, slots=True)
class Measured:
    kinds: dict[str, Kind]
    dataset: Cost  # filed, without its members
    compared: Cost  # of a sheet, between levels
    published: Cost  # of a dataset
    figures: float  # bytes of memory of a sheet that is compared
    ledger: float  # bytes of a document in the ledger
    task: float  # CPU seconds that Airflow costs


@dataclass(frozen=True, slots=True)
class Election:
    """So many sheets; and of the office that has most, how many."""

    name: str
    places: int
    upper: int
    offices: int
    largest: int

    @property
    def documents(self) -> int:
        return self.places * BALLOTS + self.upper


def measure(folder: Path, kind: str, tally: RegencyTally) -> tuple[Kind, Cost, Cost, Cost, float]:
    """Of a kind, of a dataset, of comparing, of publishing; and the bytes of memory of a sheet's figures."""
    count = SHEETS[kind]
    objects = list(sheets(tally, kind, count + 1).items())
    with ensure_server(folder / "postgres") as server:
        url = database_url(server, "rangkiang")
        settings = Settings(home=folder, ledger=url, approval=Approval(required=False), batch_seconds=HOUR)
        meter = Meter(postmaster(server))
        with steps.open_barn(settings) as barn:

            def step(work: Callable[[Barn], object], among: int = count) -> Cost:
                counting = Counting(barn.store)
                with meter.running() as cost:
                    work(replace(barn, store=counting))
                cost.listings, cost.requests = counting.listings, counting.requests
                return cost / among

            _drop(barn, [*objects[:1], (papers.db1_key(tally.office), papers.db1(tally))])
            for batch in steps.collect(barn, CODE):  # libraries and models are loaded by this
                steps.read(barn, CODE, batch)
                steps.arrange(barn, CODE, batch)
            dataset = step(lambda barn: steps.file(barn, CODE), among=2)
            before = _stored(barn)
            _drop(barn, objects[1:])
            batch = []
            collected = step(lambda barn: batch.extend(*steps.collect(barn, CODE)))
            read = step(lambda barn: steps.read(barn, CODE, batch))
            arranged = step(lambda barn: steps.arrange(barn, CODE, batch))
            filed = step(lambda barn: steps.file(barn, CODE), among=1)
            stored = (_stored(barn) - before) / count
            compared = step(lambda barn: steps.reconcile(barn, STAGE), among=2 + count)
            published = step(lambda barn: (steps.publish(barn, STAGE), steps.verify(barn, STAGE)), among=3)
            (proof,) = barn.ledger.readings(CODE, batch[:1], kind="proof")
            figures = from_parquet(barn.store.get(proof.key))[list(COMPARED)].memory_usage(deep=True).sum()
        meter.close()
    member = (filed + dataset * -1) / count
    return Kind(collected, read, arranged, member, stored), dataset, compared, published, float(figures)


def _drop(barn: Barn, objects: Iterable[tuple[str, bytes]]) -> None:
    for key, data in objects:
        barn.store.put_if_absent(key, data)


def _stored(barn: Barn) -> int:
    return sum(entry.size for entry in barn.store.list() if not entry.key.startswith("inbox/"))


def ledger_bytes(folder: Path) -> float:
    """Of a document with its arrival, reading, proof, checks, findings, and its line in a dataset; indexes included."""
    with ensure_server(folder / "postgres") as server:
        url = database_url(server, "rangkiang")
        with steps.open_barn(Settings(home=folder, ledger=url)) as barn:
            empty = _size(server)
            house.fill(barn, FILLED)
        return (_size(server) - empty) / FILLED


def _size(server: Server) -> int:
    with server.connect() as connection:
        row = connection.execute("SELECT pg_database_size('rangkiang')").fetchone()
    return int(str(row[0])) if row else 0


def postmaster(server: Server) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


def table(found: Measured) -> None:
    heads = "".join(f"{name:>9}" for name in ("collect", "read", "arrange", "file", "SQL", "store", "kB"))
    print(f"{'CPU seconds of a document':<28}{heads}")
    for name, kind in found.kinds.items():
        costs = (kind.collect, kind.read, kind.arrange, kind.file)
        seconds = "".join(f"{cost.cpu:>9.3f}" for cost in costs)
        statements = sum(cost.statements for cost in costs)
        print(f"{name:<28}{seconds}{statements:>9.1f}{_asked(kind):>9.1f}{kind.stored / 1e3:>9.0f}")
    print(
        f"a dataset, without its documents: {found.dataset.cpu:.2f} s to file, {found.published.cpu:.2f} s to publish"
    )
    print(f"comparing levels: {found.compared.cpu:.3f} s and {found.figures / 1e3:.0f} kB of memory a sheet")
    print(f"ledger: {found.ledger / 1e3:.1f} kB a document; Airflow: {found.task:.2f} s a task")


def sized(election: Election, found: Measured) -> None:
    scan, printed = found.kinds[OFFICE], found.kinds[DIGITAL]
    c1, upper = election.places * BALLOTS, election.upper
    pages = c1 * C1_PAGES + upper * UPPER_PAGES
    reading = c1 * _seconds(scan, C1_PAGES) + upper * _seconds(printed, UPPER_PAGES)
    tasks = reading / BATCH * TASKS_OF_BATCH + election.offices * TASKS_OF_OFFICE
    datasets = election.offices * BALLOTS * LEVELS_OF_OFFICE
    one_by_one = {
        "filing of the largest office": election.largest * BALLOTS * scan.file.cpu + 15 * found.dataset.cpu,
        "comparing the levels": election.documents * found.compared.cpu,
        "publishing": datasets * found.published.cpu,
    }
    server = (c1 * _server(scan) + upper * _server(printed)) / LEDGER_CORES
    stored = c1 * scan.stored * C1_PAGES + upper * printed.stored * UPPER_PAGES
    asked = c1 * _asked(scan) + upper * _asked(printed)
    print(f"\n{election.name}: {election.documents:,} documents, {pages:,.0f} pages, {tasks:,.0f} tasks")
    print(f"store {stored / GB:,.0f} GB and {asked / 1e6:,.1f} million requests to it,", end=" ")
    print(f"ledger {election.documents * found.ledger / GB:,.1f} GB,", end=" ")
    print(f"comparing the levels {election.documents * found.figures / GB:,.1f} GB of memory in one process")
    print(f"{'workers':<9}{'reading':>9}{'filing':>9}{'levels':>9}{'publish':>9}{'hours':>9}  bottleneck")
    for workers in WORKERS:
        parts = {"readers": (reading + tasks * found.task) / workers, "PostgreSQL": server, **one_by_one}
        begun = max(parts["readers"], server)
        shown = (begun, *one_by_one.values(), begun + sum(one_by_one.values()))
        hours = "".join(f"{seconds / HOUR:>9.1f}" for seconds in shown)
        print(f"{workers:<9}{hours}  {max(parts, key=parts.__getitem__)}")


def _seconds(kind: Kind, pages: float) -> float:
    return pages * (kind.collect.cpu + kind.read.cpu) + kind.arrange.cpu


def _server(kind: Kind) -> float:
    return kind.collect.server + kind.read.server + kind.arrange.server + kind.file.server


def _asked(kind: Kind) -> float:
    return sum((c.requests + c.listings for c in (kind.collect, kind.read, kind.arrange, kind.file)), 0.0)


def elections() -> list[Election]:
    told = catalogue.official_results()
    whole = told[PROVINCE]
    upper = whole.villages + whole.districts + len(told) - 1 + 1
    largest = max(said.tps for code, said in told.items() if code != PROVINCE)
    own = Election("West Sumatra", whole.tps, upper * BALLOTS, len(told), largest)
    above = sum(NATION[name] for name in ("villages", "districts", "regencies", "provinces"))
    share = largest / whole.tps * (len(told) - 1)  # the largest office beside the average one, as here
    most = round(NATION["polling places"] / NATION["regencies"] * share)
    return [own, Election("The nation", NATION["polling places"], above * BALLOTS, NATION["regencies"] + 34, most)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--task", type=float, default=1.0, help="CPU seconds that Airflow costs for a task")
    task = arguments.parse_args().task
    tally = next(t for t in province() if t.office.code == CODE)
    with tempfile.TemporaryDirectory() as folder:
        runs = {kind: measure(Path(folder) / kind.replace(" ", "-"), kind, tally) for kind in SHEETS}
        kept = ledger_bytes(Path(folder) / "filled")
    _, dataset, compared, published, figures = runs[DIGITAL]
    kinds = {kind: run[0] for kind, run in runs.items()}
    found = Measured(kinds, dataset, compared, published, figures, kept, task)
    table(found)
    for election in elections():
        sized(election, found)


if __name__ == "__main__":
    main()
