"""Facets and events of the OpenLineage specification (core 2-0-2) for one step."""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    documentation_job,
    error_message_run,
    job_type_job,
    nominal_time_run,
    parent_run,
    processing_engine_run,
    source_code_location_job,
    tags_run,
)

from rangkiang import __version__
from rangkiang.lineage.facets import NAMES, OrchestrationRunFacet
from rangkiang.lineage.naming import PRODUCER
from rangkiang.model import Approval

_VERBS = {
    "collect": "Lists an office's inbox, keeps what is new, and says what each file is.",
    "read": "Reads the figures off the documents of one batch.",
    "arrange": "Proves and checks the figures of one batch of documents.",
    "file": "Files an office's datasets under Unit Kerja/Kode Tahapan/Jenis Dokumen.",
    "gather": "Finds the offices that have filed something of a stage.",
    "reconcile": "Compares every level of a stage with the next, cell by cell.",
    "publish": "Brings the portal's datasets of a stage in line with what is filed.",
    "restore": "Brings the portal's datasets of a stage in line with what was released.",
    "verify": "Reads a stage's datasets back from the portal and compares them with what was published.",
}
"""What a job does, by the first part of its name ('collect.13.05')."""

_OFFICES = frozenset({"collect", "read", "arrange", "file"})
"""These are in ``steps/office.py``, the others in ``steps/stage.py``."""


@dataclass(frozen=True, slots=True)
class Above:
    """A run that others are part of. What it is called is the orchestrator's to say."""

    namespace: str
    job: str
    run_id: str  # a UUID

    @classmethod
    def of(cls, text: str) -> Above:
        """From 'namespace/job/run id', as Airflow's macro ``lineage_parent_id`` writes it. Raises ValueError."""
        parts = text.rsplit("/", 2)
        if len(parts) != 3:
            raise ValueError(f"not 'namespace/job/run id': {text!r}")
        return cls(parts[0], parts[1], str(uuid.UUID(parts[2])))


@dataclass(frozen=True, slots=True)
class Parent:
    """What started a step, such as a task of Airflow; ``root`` is the run that this is part of, such as its DAG's."""

    above: Above
    root: Above | None = None
    known_as: tuple[str, str] | None = None  # the orchestrator's own names: Airflow's DAG and run of it


def run_id(namespace: str, job: str, run_key: str) -> str:
    """The same UUID for the same job and key: a retry is a run of its own where its key names the try."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:rangkiang:{namespace}/{job}/{run_key}"))


def job(namespace: str, name: str, source: str = "") -> Job:
    """``source`` is where this program's source is to be seen, at the version that runs."""
    facets: dict[str, JobFacet] = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="RANGKIANG", jobType="STEP", producer=PRODUCER
        )
    }
    verb = name.partition(".")[0]
    if said := _VERBS.get(verb):
        facets["documentation"] = documentation_job.DocumentationJobFacet(description=said, producer=PRODUCER)
        if source:
            facets["sourceCodeLocation"] = _source(source, verb)
    return Job(namespace=namespace, name=name, facets=facets)


def _source(source: str, verb: str) -> JobFacet:
    path = f"include/rangkiang/steps/{'office' if verb in _OFFICES else 'stage'}.py"
    return source_code_location_job.SourceCodeLocationJobFacet(
        type="git", url=f"{source.rstrip('/')}/{path}", path=path, version=__version__, producer=PRODUCER
    )


def run(identity: str, nominal: datetime | None, parent: Parent | None) -> Run:
    """Raises ValueError where ``nominal`` does not say its time zone."""
    facets: dict[str, RunFacet] = {
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            version=__version__, name="Rangkiang", openlineageAdapterVersion=metadata.version("openlineage-python"),
            producer=PRODUCER,
        )
    }  # fmt: skip
    if nominal is not None:
        if nominal.tzinfo is None:
            raise ValueError("a nominal time needs a time zone")
        facets["nominalTime"] = nominal_time_run.NominalTimeRunFacet(
            nominalStartTime=nominal.isoformat(), producer=PRODUCER
        )
    if parent is not None:
        facets["parent"] = _parent(parent)
        if parent.known_as:
            known = OrchestrationRunFacet(*parent.known_as, producer=PRODUCER)
            facets[NAMES[OrchestrationRunFacet]] = known
    return Run(runId=identity, facets=facets)


def _parent(parent: Parent) -> RunFacet:
    above = parent.above
    return parent_run.ParentRunFacet(
        run=parent_run.Run(runId=above.run_id),
        job=parent_run.Job(namespace=above.namespace, name=above.job),
        root=_root(parent.root) if parent.root else None,
        producer=PRODUCER,
    )


def _root(root: Above) -> parent_run.Root:
    return parent_run.Root(
        run=parent_run.RootRun(runId=root.run_id), job=parent_run.RootJob(namespace=root.namespace, name=root.job)
    )


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
