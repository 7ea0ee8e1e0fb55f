"""Facets and events of the OpenLineage specification (core 2-0-2) for one step."""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    data_quality_assertions_dataset,
    documentation_job,
    error_message_run,
    job_type_job,
    nominal_time_run,
    output_statistics_output_dataset,
    parent_run,
    schema_dataset,
    tags_run,
)

from rangkiang import __version__
from rangkiang.model import Approval, Check, Severity

PRODUCER = f"urn:rangkiang:{__version__}"

_SEVERITY = {Severity.CRITICAL: "error", Severity.ERROR: "error", Severity.WARNING: "warn", Severity.INFO: "info"}

_VERBS = {
    "collect": "Lists an office's inbox, keeps what is new, and says what each file is.",
    "read": "Reads the figures off the documents of one batch.",
    "arrange": "Proves and checks the figures of one batch of documents.",
    "file": "Files an office's datasets under Unit Kerja/Kode Tahapan/Jenis Dokumen.",
    "gather": "Finds the offices that have filed something of a stage.",
    "reconcile": "Compares every level of a stage with the next, cell by cell.",
    "publish": "Brings the portal's datasets of a stage in line with what is filed.",
    "verify": "Reads a stage's datasets back from the portal and compares them with what was published.",
}
"""What a job does, by the first part of its name ('collect.13.05')."""


@dataclass(frozen=True, slots=True)
class Parent:
    """The run that started a step, such as an Airflow DAG run or task."""

    namespace: str
    job: str
    run_id: str  # a UUID

    @classmethod
    def of(cls, text: str) -> Parent:
        """From 'namespace/job/run id', as Airflow's macro ``lineage_parent_id`` writes it. Raises ValueError."""
        parts = text.rsplit("/", 2)
        if len(parts) != 3:
            raise ValueError(f"not 'namespace/job/run id': {text!r}")
        return cls(parts[0], parts[1], str(uuid.UUID(parts[2])))


def run_id(namespace: str, job: str, run_key: str) -> str:
    """The same UUID for the same job and key: a retry is a run of its own where its key names the try."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:rangkiang:{namespace}/{job}/{run_key}"))


def job(namespace: str, name: str) -> Job:
    facets: dict[str, JobFacet] = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="RANGKIANG", jobType="STEP", producer=PRODUCER
        )
    }
    said = _VERBS.get(name.partition(".")[0])
    if said:
        facets["documentation"] = documentation_job.DocumentationJobFacet(description=said, producer=PRODUCER)
    return Job(namespace=namespace, name=name, facets=facets)


def run(identity: str, nominal: datetime | None, parent: Parent | None) -> Run:
    """Raises ValueError where ``nominal`` does not say its time zone."""
    facets: dict[str, RunFacet] = {}
    if nominal is not None:
        if nominal.tzinfo is None:
            raise ValueError("a nominal time needs a time zone")
        facets["nominalTime"] = nominal_time_run.NominalTimeRunFacet(
            nominalStartTime=nominal.isoformat(), producer=PRODUCER
        )
    if parent is not None:
        facets["parent"] = parent_run.ParentRunFacet(
            run=parent_run.Run(runId=parent.run_id),
            job=parent_run.Job(namespace=parent.namespace, name=parent.job),
            producer=PRODUCER,
        )
    return Run(runId=identity, facets=facets)


def failed(known: Run, error: BaseException) -> Run:
    """The same run, with what went wrong."""
    facet = error_message_run.ErrorMessageRunFacet(
        message=f"{type(error).__name__}: {error}",
        programmingLanguage="python",
        stackTrace="".join(traceback.format_exception(error)),
        producer=PRODUCER,
    )
    return with_facets(known, {"errorMessage": facet})


def with_facets(known: Run, facets: Mapping[str, RunFacet]) -> Run:
    """The same run, with more said of it."""
    return Run(runId=known.runId, facets={**(known.facets or {}), **facets})


def approval(said: Approval) -> RunFacet:
    """Who said that a release may be made, of which proposal, when and why."""
    told = {"proposal": said.proposal, "by": said.author, "at": said.at.isoformat(), "why": said.why}
    tags = [tags_run.TagsRunFacetFields(key=f"approval_{n}", value=v, source="RANGKIANG") for n, v in told.items()]
    return tags_run.TagsRunFacet(tags=tags, producer=PRODUCER)


def input_dataset(namespace: str, name: str, checks: Iterable[Check]) -> InputDataset:
    made = [_assertion(check) for check in checks]
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(assertions=made, producer=PRODUCER)
    return InputDataset(namespace, name, inputFacets={"dataQualityAssertions": facet} if made else {})


def _assertion(check: Check) -> data_quality_assertions_dataset.Assertion:
    return data_quality_assertions_dataset.Assertion(
        assertion=check.name,
        success=check.success,
        severity=_SEVERITY[check.severity],
        actual=check.detail or None,
        params=None,
    )


def output_dataset(namespace: str, name: str, schema: Mapping[str, str], rows: int | None) -> OutputDataset:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=column, type=kind, ordinal_position=n, fields=None)
        for n, (column, kind) in enumerate(schema.items(), start=1)
    ]
    told = schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER)
    count = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=rows, producer=PRODUCER)
    return OutputDataset(
        namespace,
        name,
        facets={"schema": told} if fields else {},
        outputFacets={} if rows is None else {"outputStatistics": count},
    )


def event(
    state: RunState, run: Run, job: Job, inputs: Sequence[InputDataset] = (), outputs: Sequence[OutputDataset] = ()
) -> RunEvent:
    return RunEvent(
        eventType=state,
        eventTime=datetime.now(UTC).isoformat(),
        run=run,
        job=job,
        inputs=list(inputs),
        outputs=list(outputs),
        producer=PRODUCER,
    )
