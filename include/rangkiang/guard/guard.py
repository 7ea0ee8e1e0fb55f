"""What the steps ask of a worker: a verdict, figures, pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self, TypeVar

from rangkiang.forms import Form
from rangkiang.guard import jobs
from rangkiang.guard.worker import Failed, Job, Rejected, Worker
from rangkiang.intake import Part, Refused, Verdict
from rangkiang.model import Reason, State
from rangkiang.settings import Limits

if TYPE_CHECKING:
    import pandas as pd

    from rangkiang.reading import Source

UNKNOWN = "application/octet-stream"
"""The media type of a file that nobody could look at to the end."""

_LENGTH = 300  # letters of a word in a sentence

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


class Guard:
    """``intake.inspect``, ``intake.parts`` and ``reading.read`` in a worker that is started when first needed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._worker = Worker(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def inspect(self, data: bytes, key: str, office_code: str = "") -> Verdict:
        """Raises nothing for bad bytes, whatever they do to the process that looks at them."""
        try:
            verdict = jobs.VERDICT.validate_json(self._worker.run(jobs.inspect, data, key, office_code))
        except (Rejected, Failed) as error:
            return Verdict(State.QUARANTINED, UNKNOWN, None, _reason(error))
        return replace(verdict, reason=_brief(verdict.reason)) if verdict.reason else verdict

    def parts(self, data: bytes, media_type: str) -> tuple[Part, ...]:
        """The sheets of a file as ``intake.parts`` gives them. Raises Refused."""
        try:
            return jobs.unpacked(self._worker.run(jobs.parts, data, media_type))
        except (Rejected, Failed) as error:
            reason = _reason(error)
            raise Refused(reason.code, **reason.params) from None

    def page(self, data: bytes, media_type: str, number: int) -> bytes:
        """A picture of a page (from 1) as :func:`rangkiang.scans.shown.shown` makes it. Raises Refused, Failed."""
        try:
            return self._worker.run(jobs.page, data, media_type, str(number))
        except Rejected as rejected:
            reason = _reason(rejected)
            raise Refused(reason.code, **reason.params) from None

    def survey(self, data: bytes, media_type: str, pages: int = 1) -> Source:
        """All tables of a file as ``reading.survey`` gives them. Raises Unreadable, Failed."""
        from rangkiang.reading import Unreadable

        try:
            return jobs.surveyed(self._worker.run(jobs.survey, data, media_type, pages=pages))
        except Rejected as rejected:
            reason = _reason(rejected)
            raise Unreadable(reason.code, **reason.params) from None

    def read(
        self, data: bytes, media_type: str, form: Form, file: str, sha256: str, pages: int = 1, *, proved: bool = False
    ) -> pd.DataFrame:
        """Figures as ``reading.read`` gives them, ``proved`` or not. Raises Unreadable, Failed."""
        from rangkiang.frames import from_parquet  # here for the reason that jobs gives

        return from_parquet(self.reading(data, media_type, form, file, sha256, pages, proved=proved).figures)

    def reading(
        self, data: bytes, media_type: str, form: Form, file: str, sha256: str, pages: int = 1, *, proved: bool = False
    ) -> jobs.Reading:
        """The same as Parquet, and the pictures of a scan's cells."""
        from rangkiang.reading import Unreadable

        job: Job = jobs.prove_read if proved else jobs.read
        try:
            return jobs.reading_of(self._worker.run(job, data, media_type, form.model, file, sha256, pages=pages))
        except Rejected as rejected:
            reason = _reason(rejected)
            raise Unreadable(reason.code, **reason.params) from None


def _reason(error: Rejected | Failed) -> Reason:
    """Why a file is refused. At the door that holds for what nobody foresaw as well: one file must not keep an office's
    others from being taken in."""
    if isinstance(error, Rejected):
        return _brief(error.reason)
    log.error("Nobody foresaw what became of a file:\n%s", error)
    return _brief(Reason("broken_file", {"detail": str(error).strip().rsplit("\n", 1)[-1]}))


def _brief(reason: Reason) -> Reason:
    """Without the megabytes that a file may give itself for a name."""
    params = {k: v[:_LENGTH] if isinstance(v, str) else v for k, v in reason.params.items()}
    return Reason(reason.code, params)


def side_by_side(
    do: Callable[[Guard, Item], Result], items: Iterable[Item], limits: Limits, workers: int
) -> Iterator[Result]:
    """The results of ``do`` for every item, in their order; ``workers`` at a time, each with a guard of its own."""
    idle: SimpleQueue[Guard] = SimpleQueue()

    def one(item: Item) -> Result:
        guard = idle.get()
        try:
            return do(guard, item)
        finally:
            idle.put(guard)

    with ExitStack() as stack, ThreadPoolExecutor(workers) as threads:
        for _ in range(workers):
            idle.put(stack.enter_context(Guard(limits)))
        yield from threads.map(one, items)
