"""What a collector received, as OpenTelemetry's collector offers it to Prometheus: the exporter ``prometheus``, and the
specification "Prometheus and OpenMetrics Compatibility"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

from helpers.loopback import Quiet, served

_UNITS = {"s": "seconds", "By": "bytes", "1": "ratio"}


def name(metric: Any) -> str:
    """The metric's name as Prometheus has it, a histogram's without what follows for its parts."""
    said = metric.name.replace(".", "_")
    counter = metric.HasField("sum") and metric.sum.is_monotonic
    unit = "" if metric.unit.startswith("{") else _UNITS[metric.unit]
    if unit and not said.endswith(f"_{unit}"):
        said += f"_{unit}"
    return f"{said}_total" if counter and not said.endswith("_total") else said


def names(metrics: Iterable[Any]) -> set[str]:
    """All names that a query may have."""
    found: set[str] = set()
    for metric in metrics:
        parts = ("_bucket", "_sum", "_count") if metric.HasField("histogram") else ("",)
        found |= {name(metric) + part for part in parts}
    return found


def text(metrics: Iterable[Any]) -> str:
    return "".join(f"{line}\n" for metric in metrics for line in _lines(metric))


def _lines(metric: Any) -> Iterator[str]:
    kind = metric.WhichOneof("data")
    yield f"# TYPE {name(metric)} {'counter' if kind == 'sum' else kind}"
    for point in getattr(metric, kind).data_points:
        labels = {a.key: a.value.string_value for a in point.attributes}
        if kind != "histogram":
            yield _line(name(metric), labels, point.as_double if point.HasField("as_double") else point.as_int)
            continue
        bounds = [*map(str, point.explicit_bounds), "+Inf"]
        for bound, count in zip(bounds, accumulate(point.bucket_counts), strict=True):
            yield _line(f"{name(metric)}_bucket", {**labels, "le": bound}, count)
        yield _line(f"{name(metric)}_sum", labels, point.sum)
        yield _line(f"{name(metric)}_count", labels, point.count)


def _line(said: str, labels: dict[str, str], value: float) -> str:
    # Prometheus takes an empty label for one that is not there.
    listed = ",".join(f'{key}="{of}"' for key, of in sorted(labels.items()))
    return f"{said}{{{listed}}} {value}"


@contextmanager
def offered(metrics: Iterable[Any]) -> Iterator[str]:
    """The address under which Prometheus may fetch them."""
    body = text(metrics).encode()

    class Handler(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

    with served(Handler) as address:
        yield address
