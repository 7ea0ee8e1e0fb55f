"""A collector on loopback that takes metrics as OTLP over HTTP, reads them as the protocol says, and keeps the last."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from helpers.posting import posted_to

Point = tuple[str, frozenset[tuple[str, str]]]


class Collector:
    """``metrics`` are those of the last request by name, ``requests`` how many there were."""

    def __init__(self) -> None:
        self.requests = 0
        self.metrics: dict[str, Any] = {}
        self.url = ""

    def take(self, body: bytes) -> None:
        said = ExportMetricsServiceRequest.FromString(body)
        (resource,) = said.resource_metrics
        (scope,) = resource.scope_metrics
        self.requests += 1
        self.metrics = {metric.name: metric for metric in scope.metrics}
        self.resource = {a.key: a.value.string_value for a in resource.resource.attributes}

    def numbers(self, name: str) -> dict[frozenset[tuple[str, str]], float]:
        """Values of a gauge or a counter by labels."""
        metric = self.metrics[name]
        points = metric.gauge.data_points if metric.HasField("gauge") else metric.sum.data_points
        return {_labels(point): point.as_double if point.HasField("as_double") else point.as_int for point in points}

    def total(self, name: str, **labels: str) -> float:
        """The sum of all values with these labels."""
        wanted = set(labels.items())
        return sum(value for own, value in self.numbers(name).items() if wanted <= own)


def _labels(point: Any) -> frozenset[tuple[str, str]]:
    return frozenset((attribute.key, attribute.value.string_value) for attribute in point.attributes)


@contextmanager
def collector() -> Iterator[Collector]:
    """One that is up."""
    kept = Collector()

    def take(path: str, headers: Message, body: bytes) -> int:
        assert path == "/v1/metrics"
        kept.take(gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body)
        return 200

    with posted_to(take) as address:
        kept.url = f"otlp+http://{address}"
        yield kept
