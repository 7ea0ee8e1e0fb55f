"""A collector on loopback that takes metrics as OTLP over HTTP, reads them as the protocol says, and keeps the last."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/v1/metrics"
            kept.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"otlp+http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
