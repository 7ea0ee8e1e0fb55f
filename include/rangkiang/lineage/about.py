"""What is known of a dataset beside its name, as facets of the OpenLineage specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    DatasetFacet,
    column_lineage_dataset,
    data_quality_assertions_dataset,
    dataset_type_dataset,
    dataset_version_dataset,
    lifecycle_state_change_dataset,
    output_statistics_output_dataset,
    ownership_dataset,
    schema_dataset,
)

from rangkiang import catalogue
from rangkiang.lineage.facets import NAMES
from rangkiang.lineage.naming import PRODUCER
from rangkiang.model import Check, Severity

Change = lifecycle_state_change_dataset.LifecycleStateChange

MOST = 5000
"""More columns of other datasets than this are not named: an event would be larger than a megabyte."""

_SEVERITY = {Severity.CRITICAL: "error", Severity.ERROR: "error", Severity.WARNING: "warn", Severity.INFO: "info"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the columns of a table are drawn from those of others, all alike: ``names`` are their namespaces and names.

    ``columns`` has, for each column, those that it comes from, and how: see :data:`IDENTITY` and the others.
    """

    names: Sequence[tuple[str, str]]
    columns: Mapping[str, Mapping[str, tuple[str, str]]]


IDENTITY = ("DIRECT", "IDENTITY")
"""As it stands there."""
TRANSFORMATION = ("DIRECT", "TRANSFORMATION")
"""Made from what stands there."""
CONDITION = ("INDIRECT", "CONDITION")
"""What stands there has a say in it."""


@dataclass(frozen=True, slots=True)
class About:
    """All of it may be left out."""

    owner: str = ""  # Kemendagri code of an office
    kind: str = "FILE"  # TABLE where it has columns
    version: str = ""  # names the content: a digest, or a number that is counted
    schema: Mapping[str, str] = field(default_factory=dict)  # columns and their types
    rows: int | None = None
    size: int | None = None  # bytes
    change: Change | None = None  # what has happened to it
    drawn: Drawn | None = None
    own: DatasetFacet | None = None  # a facet of our own
    checks: Iterable[Check] = ()  # what was found when it was read


NOTHING = About()


def input_dataset(namespace: str, name: str, about: About = NOTHING) -> InputDataset:
    made = [_assertion(check) for check in about.checks]
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(assertions=made, producer=PRODUCER)
    return InputDataset(
        namespace, name, facets=_facets(about), inputFacets={"dataQualityAssertions": facet} if made else {}
    )


def output_dataset(namespace: str, name: str, about: About = NOTHING) -> OutputDataset:
    counted = about.rows is not None or about.size is not None
    facet = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=about.rows, size=about.size, producer=PRODUCER
    )
    return OutputDataset(
        namespace, name, facets=_facets(about), outputFacets={"outputStatistics": facet} if counted else {}
    )


def _facets(about: About) -> dict[str, DatasetFacet]:
    kind = "TABLE" if about.schema else about.kind
    found: dict[str, DatasetFacet | None] = {
        "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType=kind, producer=PRODUCER),
        "ownership": _owned(about.owner),
        "version": _version(about.version),
        "schema": _schema(about.schema),
        "lifecycleStateChange": _changed(about.change),
        "columnLineage": _drawn(about.drawn),
    }
    own = {} if about.own is None else {NAMES[type(about.own)]: about.own}
    return {name: facet for name, facet in found.items() if facet is not None} | own


def _owned(office: str) -> DatasetFacet | None:
    if not office:
        return None
    owner = ownership_dataset.Owner(name=f"team:{catalogue.office(office).unit_kerja}", type="OWNER")
    return ownership_dataset.OwnershipDatasetFacet(owners=[owner], producer=PRODUCER)


def _version(version: str) -> DatasetFacet | None:
    if not version:
        return None
    return dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version, producer=PRODUCER)


def _schema(columns: Mapping[str, str]) -> DatasetFacet | None:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=column, type=kind, ordinal_position=n, fields=None)
        for n, (column, kind) in enumerate(columns.items(), start=1)
    ]
    return schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER) if fields else None


def _changed(change: Change | None) -> DatasetFacet | None:
    if change is None:
        return None
    return lifecycle_state_change_dataset.LifecycleStateChangeDatasetFacet(
        lifecycleStateChange=change, producer=PRODUCER
    )


def _drawn(drawn: Drawn | None) -> DatasetFacet | None:
    if drawn is None or len(drawn.names) * sum(map(len, drawn.columns.values())) > MOST:
        return None
    fields = {
        column: column_lineage_dataset.Fields(
            inputFields=[_field(place, name, how) for place in drawn.names for name, how in sources.items()]
        )
        for column, sources in drawn.columns.items()
    }
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields, dataset=[], producer=PRODUCER)


def _field(place: tuple[str, str], name: str, how: tuple[str, str]) -> column_lineage_dataset.InputField:
    said = column_lineage_dataset.Transformation(type=how[0], subtype=how[1])
    return column_lineage_dataset.InputField(*place, field=name, transformations=[said])


def _assertion(check: Check) -> data_quality_assertions_dataset.Assertion:
    return data_quality_assertions_dataset.Assertion(
        assertion=check.name,
        success=check.success,
        severity=_SEVERITY[check.severity],
        actual=check.detail or None,
        params=None,
    )
