"""Sends samples as OTLP over HTTP, by OpenTelemetry's own exporter.

Its instruments are not used: they live in one process, and steps run in thousands of short ones. See decision 22.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from opentelemetry.exporter.otlp.proto.http import metric_exporter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExportResult,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from rangkiang import __version__
from rangkiang.telemetry.instruments import Instrument, Kind
from rangkiang.telemetry.samples import Distribution, Sample

log = logging.getLogger(__name__)

_RESOURCE = Resource({"service.name": "rangkiang", "service.version": __version__})
_CUMULATIVE = AggregationTemporality.CUMULATIVE


class Otlp:
    """A collector at an ``http(s)`` address; metrics are posted to ``v1/metrics`` below it."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address
        self._exporter = metric_exporter.OTLPMetricExporter(f"{address.rstrip('/')}/v1/metrics", timeout=seconds)
        # It says several lines of a collector that is away; one of ours is enough.
        logging.getLogger(metric_exporter.__name__).setLevel(logging.CRITICAL)

    def send(self, samples: Sequence[Sample]) -> bool:
        arrived = self._exporter.export(_data(samples, time.time_ns())) is MetricExportResult.SUCCESS
        if not arrived:
            log.warning("The collector at %s took no metrics; the next ones have all of these in them.", self._address)
        return arrived


def _data(samples: Sequence[Sample], now: int) -> MetricsData:
    ordered = sorted(samples, key=lambda sample: sample.instrument.name)
    metrics = [_metric(of, list(own), now) for of, own in groupby(ordered, key=lambda sample: sample.instrument)]
    scope = ScopeMetrics(InstrumentationScope("rangkiang", __version__), metrics, schema_url="")
    return MetricsData([ResourceMetrics(_RESOURCE, [scope], schema_url="")])


def _metric(of: Instrument, samples: Iterable[Sample], now: int) -> Metric:
    if of.kind is Kind.HISTOGRAM:
        buckets = [_buckets(sample, sample.value, now) for sample in samples if isinstance(sample.value, Distribution)]
        return Metric(of.name, of.description, of.unit, Histogram(buckets, _CUMULATIVE))
    points = [_number(sample, sample.value, now) for sample in samples if not isinstance(sample.value, Distribution)]
    counts = Sum(points, _CUMULATIVE, is_monotonic=True)
    return Metric(of.name, of.description, of.unit, Gauge(points) if of.kind is Kind.GAUGE else counts)


def _number(sample: Sample, value: float, now: int) -> NumberDataPoint:
    return NumberDataPoint(sample.labels, _nanoseconds(sample.since), now, value)


def _buckets(sample: Sample, found: Distribution, now: int) -> HistogramDataPoint:
    return HistogramDataPoint(
        attributes=sample.labels,
        start_time_unix_nano=_nanoseconds(sample.since),
        time_unix_nano=now,
        count=found.count,
        sum=found.sum,
        bucket_counts=found.buckets,
        explicit_bounds=sample.instrument.bounds,
        min=None,  # type: ignore[arg-type]  # OTLP lets both be left out, and nobody has kept them
        max=None,  # type: ignore[arg-type]
    )


def _nanoseconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp() * 1e9)
