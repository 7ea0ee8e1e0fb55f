"""A house of a test's own, and the night as the DAGs run it, without Airflow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from rangkiang import catalogue, steps
from rangkiang.settings import Settings
from rangkiang.steps import Barn

OFFICES = ("13", "13.04", "13.06", "13.73", "13.75")
"""The province and a few small regencies: among them DA1 sheets, a printed sum error, a duplicate, a missing table."""


@contextmanager
def house(home: Path, ledger_url: str, inbox: Mapping[str, bytes]) -> Iterator[Barn]:
    """A barn under ``home`` whose inbox holds these files."""
    with steps.open_barn(Settings(home=home, ledger=ledger_url)) as barn:
        for key, data in inbox.items():
            barn.store.put_if_absent(key, data)
        yield barn


def of_offices(inbox: Mapping[str, bytes], offices: Iterable[str] = OFFICES) -> dict[str, bytes]:
    """The part of an inbox that these offices dropped."""
    slugs = {catalogue.office(code).slug for code in offices}
    return {key: data for key, data in inbox.items() if key.split("/")[1] in slugs}


def night(barn: Barn, offices: Iterable[str] = OFFICES, stages: Iterable[str] = ("PL.01.7", "PL.01.8")) -> None:
    """Every office's DAG, then every stage's, as at the deadline."""
    for office in offices:
        office_night(barn, office)
    for stage in stages:
        if steps.gather(barn, stage):
            steps.reconcile(barn, stage)
            release(barn, stage)


def release(barn: Barn, stage: str) -> None:
    """What would change is approved, published and looked at."""
    proposal = steps.propose(barn, stage)
    if proposal.datasets:
        steps.approve(barn, proposal.digest, "ketua", "sudah diperiksa")
    steps.publish(barn, stage)
    steps.verify(barn, stage)


def office_night(barn: Barn, office: str) -> None:
    for batch in steps.collect(barn, office):
        steps.read(barn, office, batch)
        steps.arrange(barn, office, batch)
    steps.file(barn, office)
    steps.give_back(barn, office)


def newest(barn: Barn, datasets: str, files: str = "*") -> list[Path]:
    """Files of the newest versions of those datasets that the site has, both by pattern."""
    found = []
    for said in sorted((barn.settings.home / "portal" / "dataset").glob(f"{datasets}/dataset.json")):
        if folder := json.loads(said.read_text("utf-8")).get("files_folder"):
            found += sorted((said.parent / folder).glob(files))
    return found


def night_apart(settings: Settings, offices: Iterable[str]) -> int:
    """A night in a process that does nothing else: the bytes of memory that it held at most."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(_night_and_peak, settings, tuple(offices)).result()


def _night_and_peak(settings: Settings, offices: Iterable[str]) -> int:
    with steps.open_barn(settings) as barn:
        night(barn, offices)
    # Not getrusage: its record goes on from what the process that started this one has held.
    status = Path("/proc/self/status").read_text("ascii", errors="replace")
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
