"""Facets of our own, for what the specification has no word for; ``schemas/`` says what is in them.

A facet's schema is named by a URN, as the producer is: it is part of this package, and :func:`schemas` has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import attr
from openlineage.client.facet_v2 import DatasetFacet, RunFacet

_VERSION = "1-0-0"


def _schema(name: str) -> str:
    return f"urn:rangkiang:facets:{_VERSION}:{name}.json#/$defs/{name}"


@attr.define
class DocumentDatasetFacet(DatasetFacet):
    """Of an original: which document it is, and what it was recognised as."""

    office: str  # Kemendagri code
    key: str  # of the inbox; of a sheet that was taken out of a file, the file's with its pages
    state: str
    reason: str | None = attr.field(default=None)
    form: str | None = attr.field(default=None)
    stage: str | None = attr.field(default=None)
    doctype: str | None = attr.field(default=None)
    area: str | None = attr.field(default=None)

    @staticmethod
    def _get_schema() -> str:
        return _schema("RangkiangDocumentDatasetFacet")


@attr.define
class FiguresDatasetFacet(DatasetFacet):
    """Of a reading or a proof: what made it, and how sure its figures are."""

    sha256: str  # of the original
    form: str
    maker: str
    statuses: dict[str, int]  # figures by status
    findings: dict[str, int] | None = attr.field(default=None)  # of a proof: by code
    decisions: list[str] | None = attr.field(default=None)  # of a proof: ids of those that it knows of

    @staticmethod
    def _get_schema() -> str:
        return _schema("RangkiangFiguresDatasetFacet")


@attr.define
class ReleaseDatasetFacet(DatasetFacet):
    """Of a dataset on the portal: which release of which deliverable it is."""

    number: int  # of the dataset's versions, from 1
    digest: str  # of the deliverable: what it is made from and by
    stage: str
    proposal: str | None = attr.field(default=None)  # what was approved
    day: str | None = attr.field(default=None)

    @staticmethod
    def _get_schema() -> str:
        return _schema("RangkiangReleaseDatasetFacet")


@attr.define
class OrchestrationRunFacet(RunFacet):
    """Of a step: what the orchestrator itself calls the run that it is part of."""

    job: str  # Airflow's DAG
    run: str  # Airflow's run of it

    @staticmethod
    def _get_schema() -> str:
        return _schema("RangkiangOrchestrationRunFacet")


NAMES: Mapping[type[DatasetFacet | RunFacet], str] = {
    DocumentDatasetFacet: "rangkiang_document",
    FiguresDatasetFacet: "rangkiang_figures",
    ReleaseDatasetFacet: "rangkiang_release",
    OrchestrationRunFacet: "rangkiang_orchestration",
}
"""Under which name an event has each."""


def schemas() -> Iterator[dict[str, Any]]:
    """The JSON Schemas of these facets; ``$id`` is what ``_schemaURL`` names."""
    folder = files(__package__).joinpath("schemas")
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        yield json.loads(path.read_text("utf-8"))
