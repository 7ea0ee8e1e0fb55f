"""Where steps say what they have measured: summed up in memory, and handed over at the step's end."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, Protocol

from rangkiang.telemetry.instruments import Instrument

SUM, COUNT = "sum", "count"


class Tallied(NamedTuple):
    """One sum: of an instrument, with labels, and which part of it. A histogram has SUM, COUNT, and each bucket."""

    name: str
    labels: tuple[tuple[str, str], ...]  # in the order of their names
    part: str


class Meter(Protocol):
    """What a step tells. Labels are those of the instrument."""

    def add(self, instrument: Instrument, amount: float = 1, **labels: str) -> None:
        """So many more."""

    def record(self, instrument: Instrument, value: float, **labels: str) -> None:
        """One more of this size."""


class _Nothing:
    """Nobody asks."""

    def add(self, instrument: Instrument, amount: float = 1, **labels: str) -> None:
        pass

    def record(self, instrument: Instrument, value: float, **labels: str) -> None:
        pass


NOTHING: Meter = _Nothing()

_meter: ContextVar[Meter] = ContextVar("meter", default=NOTHING)


@contextmanager
def into(meter: Meter) -> Iterator[None]:
    """What is measured within goes to this meter; elsewhere it goes nowhere, and costs nothing."""
    before = _meter.set(meter)
    try:
        yield
    finally:
        _meter.reset(before)


def add(instrument: Instrument, amount: float = 1, **labels: str) -> None:
    """So many more."""
    _meter.get().add(instrument, amount, **labels)


@contextmanager
def timed(instrument: Instrument, labels: dict[str, str]) -> Iterator[None]:
    """One more, as large as the seconds that pass within; ``labels`` may be filled in until the end. Nothing of what
    raises."""
    began = time.perf_counter()
    yield
    _meter.get().record(instrument, time.perf_counter() - began, **labels)


class Tally:
    """Sums since it was made."""

    def __init__(self) -> None:
        self.sums: dict[Tallied, float] = defaultdict(float)

    def add(self, instrument: Instrument, amount: float = 1, **labels: str) -> None:
        self._add(instrument, SUM, amount, labels)

    def record(self, instrument: Instrument, value: float, **labels: str) -> None:
        bucket = str(bisect_left(instrument.bounds, value))
        for part, amount in ((SUM, value), (COUNT, 1), (bucket, 1)):
            self._add(instrument, part, amount, labels)

    def _add(self, instrument: Instrument, part: str, amount: float, labels: dict[str, str]) -> None:
        if set(labels) != set(instrument.labels):
            raise ValueError(f"{instrument.name} has the labels {instrument.labels}, not {tuple(labels)}")
        if amount:
            self.sums[Tallied(instrument.name, tuple(sorted(labels.items())), part)] += amount


@contextmanager
def counting(errors: Instrument, **labels: str) -> Iterator[None]:
    """Count what is raised within, by its type; it goes on as it came."""
    try:
        yield
    except Exception as error:
        add(errors, 1, **labels, error=type(error).__name__)
        raise
