"""Read one file as the product does, in a process that does nothing else, and keep the account of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from bench.scan.making import Job
from samples.press.score import Score, SlipScore, score, score_slip


@dataclass(slots=True)
class Account:
    """What became of one sheet, or of many: seconds are of CPU, ``peak`` MiB of the largest process."""

    score: Score = field(default_factory=Score)
    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    peak: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    refused: Counter[str] = field(default_factory=Counter)
    slips: Counter[str] = field(default_factory=Counter)  # printed, read, reported, repaired

    def add(self, other: Account) -> None:
        self.score.add(other.score)
        self.documents += other.documents
        self.pages += other.pages
        self.seconds += other.seconds
        self.peak = max(self.peak, other.peak)
        self.slowest = max(self.slowest, other.slowest)
        self.refused.update(other.refused)
        self.slips.update(other.slips)


def accounts(jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Account]]:
    """As they are done; no more jobs are made than are waited for."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: dict[Future[Account], Job] = {}
        for job in jobs:
            running[pool.submit(account, job)] = job
            if len(running) > workers:
                yield from _done(running)
        while running:
            yield from _done(running)


def _done(running: dict[Future[Account], Job]) -> Iterator[tuple[Job, Account]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


def account(job: Job) -> Account:
    """The account of one file."""
    from rangkiang.forms import form
    from rangkiang.frames import from_parquet
    from rangkiang.guard import jobs
    from rangkiang.proof import prove
    from rangkiang.reading import Unreadable

    layout = form(job.model)
    made = Account(documents=1, pages=job.pages, slips=Counter(printed=int(job.slip is not None)))
    began = time.process_time()
    try:
        made_of = jobs.reading_of(jobs.read(job.data, job.media_type, job.model, job.name, job.sha256))
        figures = from_parquet(made_of.figures)
        proved, findings = prove(figures, layout, "", job.sha256)
    except Unreadable as error:
        made.refused[error.reason.code] += 1
        proved, findings = None, ()
    made.seconds = time.process_time() - began
    made.slowest = (made.seconds, job.name)
    made.score = score(job.truth, proved)
    if job.slip and proved is not None:
        made.slips.update(_counted(score_slip(job.slip, job.truth, proved, findings)))
    made.peak = _peak()
    return made


def _counted(slip: SlipScore) -> Counter[str]:
    return Counter(read=1, reported=int(slip.reported), repaired=int(slip.repaired))


def _peak() -> float:
    """MiB, of this process alone: what resource.getrusage tells begins with the parent's."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024
