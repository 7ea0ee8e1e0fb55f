"""What the work looks like from afar: what steps measure is summed up in the ledger, and one step sends all of it."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rangkiang import catalogue
from rangkiang.ledger import AWAY, Ledger
from rangkiang.ledger.overview import Count, Dataset
from rangkiang.model import UNDERWAY, Severity, State, Status
from rangkiang.settings import Settings
from rangkiang.telemetry import (
    INSTRUMENTS,
    Distribution,
    Instrument,
    Kind,
    Sample,
    Tally,
    instruments,
    into,
    open_exporter,
)
from rangkiang.telemetry.meter import COUNT, SUM

if TYPE_CHECKING:
    from rangkiang.steps.barn import Barn

log = logging.getLogger(__name__)

_SECONDS = 5.0  # for the collector to take everything


@contextmanager
def measured(ledger: Ledger, settings: Settings) -> Iterator[None]:
    """What is measured within is added to the ledger's tallies, however it ends. Nothing is where nobody asks."""
    if not settings.metrics:
        yield
        return
    tally = Tally()
    try:
        with into(tally):
            yield
    finally:
        try:
            ledger.tally(tally.sums)
        except AWAY as error:  # the work itself is done, or has failed by that already
            log.warning("What this run has measured is lost: %s", type(error).__name__)


def observe(barn: Barn) -> bool:
    """Send all numbers to the collector of the settings; whether they have arrived. Nothing where there is none.

    A collector that was away misses no count: the next numbers have all of these in them.
    """
    if not barn.settings.metrics:
        return False
    now = datetime.now(UTC)
    found = [*samples(barn.ledger, barn.settings, now), *_tallied(barn.ledger)]
    return open_exporter(barn.settings.metrics, _SECONDS).send(found)


def samples(ledger: Ledger, settings: Settings, now: datetime) -> Iterator[Sample]:
    """What the ledger says now. What there is none of is said too, so that nobody goes on seeing what was before."""
    of = instruments
    yield from _documents(ledger)
    yield from _datasets(ledger)
    yield from _waiting(ledger, settings, now)
    yield from _pairs(of.FIGURES, ledger.figures_by_status(), [status.value for status in Status])
    yield from _pairs(of.FINDINGS, ledger.findings_by_severity(), [severity.value for severity in Severity])
    refused = ledger.refused_by_reason()
    yield from _pairs(of.REFUSED, refused, sorted({reason for _, reason in refused}))
    for stage, at in ledger.last_releases().items():
        yield Sample(of.RELEASE_AGE, {"stage": stage}, (now - at).total_seconds())
    for subject, night in ledger.nights(done=True).items():
        labels = {"office": "", "stage": subject} if catalogue.stage(subject) else {"office": subject, "stage": ""}
        if night.done_at:
            yield Sample(of.NIGHT_DURATION, labels, (night.done_at - night.begun_at).total_seconds())
            yield Sample(of.NIGHT_AGE, labels, (now - night.done_at).total_seconds())


def _documents(ledger: Ledger) -> Iterator[Sample]:
    counts: Counter[tuple[str, str, State]] = Counter()
    # Of what was sent back, only what lies in its inbox still; what is held is in both.
    stopped = {key: count for key, count in ledger.stopped().items() if key[1] is State.QUARANTINED}
    for (dataset, state), count in [*ledger.states().items(), *stopped.items()]:
        counts[dataset.office, dataset.stage, state] += count.count
    for office, stage in sorted({key[:2] for key in counts}):
        for state in State:
            labels = {"office": office, "stage": stage, "state": state.value}
            if state is not State.SPLIT:
                yield Sample(instruments.DOCUMENTS, labels, counts[office, stage, state])


def _datasets(ledger: Ledger) -> Iterator[Sample]:
    filed = {Dataset(made.office, made.stage, made.doctype) for made in ledger.deliverables()}
    standings = {"filed": filed, "live": ledger.live(), "gated": ledger.gated()}
    for office, stage in sorted({(one.office, one.stage) for one in filed}):
        for standing, those in standings.items():
            number = sum((one.office, one.stage) == (office, stage) for one in those)
            yield Sample(instruments.DATASETS, {"office": office, "stage": stage, "standing": standing}, number)


def _waiting(ledger: Ledger, settings: Settings, now: datetime) -> Iterator[Sample]:
    """What waits for a person, what waits for the next run, and for how long."""
    review: dict[str, list[Count]] = defaultdict(list)
    for dataset, (count, _) in ledger.in_review(settings.decisions.two_persons).items():
        review[dataset.office].append(count)
    underway: dict[str, list[Count]] = defaultdict(list)
    for (dataset, state), count in ledger.states().items():
        if state in UNDERWAY:
            underway[dataset.office].append(count)
    for office in (one.code for one in catalogue.offices()):
        labels = {"office": office}
        yield Sample(instruments.REVIEW, labels, sum(count.count for count in review[office]))
        yield Sample(instruments.REVIEW_AGE, labels, _oldest(review[office], now))
        yield Sample(instruments.UNDERWAY_AGE, labels, _oldest(underway[office], now))


def _oldest(counts: Iterable[Count], now: datetime) -> float:
    return max(((now - count.oldest).total_seconds() for count in counts), default=0.0)


def _pairs(of: Instrument, counts: Mapping[tuple[str, str], int], words: Iterable[str]) -> Iterator[Sample]:
    """A sample for every office and word."""
    for office in sorted({office for office, _ in counts}):
        for word in words:
            yield Sample(of, dict(zip(of.labels, (office, word), strict=True)), counts.get((office, word), 0))


def _tallied(ledger: Ledger) -> Iterator[Sample]:
    """What steps have measured. What an earlier version measured and this one does not know is left out."""
    found = ledger.tallied()
    for name, labels in sorted({(one.name, one.labels) for one in found if one.name in INSTRUMENTS}):
        of, own = INSTRUMENTS[name], {one.part: said for one, said in found.items() if one[:2] == (name, labels)}
        total, since = own[SUM]
        value: float | Distribution = total
        if of.kind is Kind.HISTOGRAM:
            buckets = tuple(int(own.get(str(n), (0, since))[0]) for n in range(len(of.bounds) + 1))
            value = Distribution(int(own[COUNT][0]), total, buckets)
        yield Sample(of, dict(labels), value, since)
