"""All that is measured: a closed list, named and with units as OpenTelemetry asks for it.

Labels are codes of the catalogue and words of closed lists. None ever holds a person, the name of a file, or a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How values of an instrument go together."""

    GAUGE = "gauge"  # the last one counts
    COUNTER = "counter"  # they add up
    HISTOGRAM = "histogram"  # they are counted by how large they are


@dataclass(frozen=True, slots=True)
class Instrument:
    """One thing that is measured. ``unit`` is UCUM's; in braces what is counted."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    description: str
    bounds: tuple[float, ...] = ()  # of a histogram's buckets, each with its upper bound in it


def _gauge(name: str, unit: str, labels: str, description: str) -> Instrument:
    return Instrument(f"rangkiang.{name}", Kind.GAUGE, unit, tuple(labels.split()), description)


def _counter(name: str, unit: str, labels: str, description: str) -> Instrument:
    return Instrument(f"rangkiang.{name}", Kind.COUNTER, unit, tuple(labels.split()), description)


# From the ledger, whenever it is looked at.
DOCUMENTS = _gauge("documents", "{document}", "office stage state", "Documents by how far they have come.")
FIGURES = _gauge("figures", "{figure}", "office status", "Figures by status, of documents that are proved.")
FINDINGS = _gauge("findings", "{finding}", "office severity", "What is found about documents.")
REFUSED = _gauge("documents.refused", "{document}", "office reason", "Files sent back, by the reason's code.")
DATASETS = _gauge("datasets", "{dataset}", "office stage standing", "Datasets that are filed; of these live, gated.")
REVIEW = _gauge("review.documents", "{document}", "office", "Documents that wait for a person's decision.")
REVIEW_AGE = _gauge("review.age", "s", "office", "Since when the oldest of these is there.")
UNDERWAY_AGE = _gauge("underway.age", "s", "office", "Since when the oldest document is there that is not through.")
NIGHT_DURATION = _gauge("night.duration", "s", "office stage", "How long the last night took that was done.")
NIGHT_AGE = _gauge("night.age", "s", "office stage", "Since when the last night is done.")
RELEASE_AGE = _gauge("release.age", "s", "stage", "Since when the last release is there.")

# Of what steps have done.
READ_PAGES = _counter("read.pages", "{page}", "office kind", "Pages read: digital, scan, or workbook.")
READ_DURATION = Instrument(
    "rangkiang.read.duration",
    Kind.HISTOGRAM,
    "s",
    ("office", "kind"),
    "How long a document took to be read.",
    (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300),
)
LIMITS_HIT = _counter(
    "guard.limits", "{document}", "limit", "Files that cost more than they may, or that broke a reader."
)
PUBLISHED_DATASETS = _counter("publish.datasets", "{dataset}", "stage change", "Datasets brought to the portal.")
PUBLISHED_FILES = _counter("publish.files", "{file}", "stage change", "Files brought to the portal.")
PUBLISH_ERRORS = _counter(
    "publish.errors", "{error}", "stage error", "Releases that did not get through, by error's type."
)
PUBLISH_RETRIES = _counter("publish.retries", "{try}", "", "Tries after the first of what a portal did not do at once.")

INSTRUMENTS = {one.name: one for one in list(globals().values()) if isinstance(one, Instrument)}
"""All of them, by name."""
