"""What is sent to a collector, and the choice of the collector by the scheme of its URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rangkiang.telemetry.instruments import Instrument

_OTLP = ("otlp+http://", "otlp+https://")


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a histogram has come to; ``buckets`` has one more than the instrument has bounds."""

    count: int
    sum: float
    buckets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What an instrument says, with these labels. Of what adds up it is all ``since`` then."""

    instrument: Instrument
    labels: dict[str, str]
    value: float | Distribution
    since: datetime | None = None


class Exporter(Protocol):
    """A way to a collector."""

    def send(self, samples: Sequence[Sample]) -> bool:
        """Whether they have arrived. Takes no longer than it was told, and raises nothing where nobody listens."""


def open_exporter(url: str, seconds: float) -> Exporter:
    """The collector at ``otlp+http://host:4318`` or ``otlp+https://…``; ``seconds`` is what one sending may take.

    Raises ValueError for any other.
    """
    if not url.startswith(_OTLP):
        raise ValueError(f"No collector is known for {url!r}; give one that takes OTLP as otlp+http://host:4318")
    from rangkiang.telemetry.otlp import Otlp  # takes a third of a second to import: for who sends only

    return Otlp(url.removeprefix("otlp+"), seconds)
