"""What the lineage is told of each thing that the steps read and write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from rangkiang.decisions import NOTES
from rangkiang.deliver import behind
from rangkiang.forms import Form, form
from rangkiang.ledger import Arrival, Reading
from rangkiang.lineage import (
    CONDITION,
    IDENTITY,
    TRANSFORMATION,
    About,
    Change,
    DocumentDatasetFacet,
    Drawn,
    FiguresDatasetFacet,
    ReleaseDatasetFacet,
    Step,
)
from rangkiang.lineage.naming import PRODUCER
from rangkiang.model import FIGURE_COLUMNS, Check, Deliverable, Document, FileEntry, Severity
from rangkiang.portal import Problem, Release
from rangkiang.steps import keys
from rangkiang.steps.arranging import Arranged

_SUMMED = dict.fromkeys(("row", "column_kind", "column_label"), CONDITION)
_PROVED = {
    name: {name: IDENTITY} for name in FIGURE_COLUMNS if name not in ("file", "value", "raw", "status", "confidence")
}
_PROVED |= {name: {name: TRANSFORMATION, "value": CONDITION, **_SUMMED} for name in ("raw", "confidence")}
_PROVED["value"] = {"value": TRANSFORMATION, **_SUMMED}
_PROVED["status"] = {"status": TRANSFORMATION, "value": CONDITION, **_SUMMED}
"""How a proof's columns come from its reading's: where sums say so a figure is another guess, and by decision any."""


def arrived(office: str, arrival: Arrival) -> About:
    """An object of the inbox."""
    return About(owner=office, version=arrival.sha256, size=arrival.size)


def original(document: Document, change: Change | None = None) -> About:
    """A file as it is kept, and what it was recognised as."""
    own = DocumentDatasetFacet(document.office, document.key, document.state.value, producer=PRODUCER)
    if document.reason:
        own.reason = document.reason.code
    if said := document.classification:
        own.form, own.stage, own.doctype, own.area = said.form, said.stage, said.doctype, said.area_code
    return About(document.office, version=document.sha256, size=document.size, change=change, own=own)


def figures(made: Reading, document: Document) -> About:
    """Figures that another step has read or proved."""
    return reading(made, form(document.said.form))


def reading(made: Reading, model: Form, checks: Iterable[Check] = ()) -> About:
    """Figures as they were read; ``checks`` are what was found when they were proved."""
    own = FiguresDatasetFacet(
        sha256=made.sha256, form=model.model, maker=made.maker, statuses=dict(made.counts), producer=PRODUCER
    )
    return About(made.office, version=made.digest, schema=FIGURE_COLUMNS, own=own, checks=checks)


def proof(step: Step, outcome: Arranged, model: Form) -> About:
    """Figures as they were proved: how sure they are, and what makes them so."""
    made, notes = outcome.proof, [f for f in outcome.findings if f.code in NOTES]
    own = FiguresDatasetFacet(
        sha256=made.sha256,
        form=model.model,
        maker=made.maker,
        statuses=dict(made.counts),
        findings=dict(sorted(Counter(f.code for f in outcome.findings).items())),
        decisions=sorted({str(note.params["decision"]) for note in notes}),
        producer=PRODUCER,
    )
    read = step.name(keys.reading(made.sha256, model))
    drawn = Drawn([read], _PROVED)
    return About(made.office, version=made.digest, schema=FIGURE_COLUMNS, rows=outcome.rows, drawn=drawn, own=own)


def filed(
    made: Deliverable, entry: FileEntry, change: Change | None = None, proofs: Sequence[tuple[str, str]] = ()
) -> About:
    """A file of a dataset's folder; its tables are drawn from ``proofs``."""
    if not _is_table(made, entry):
        return About(made.office, version=entry.sha256, size=entry.size, change=change)
    return About(
        made.office,
        version=entry.sha256,
        schema=columns(made),
        rows=made.metadata["rows"].get(f"{made.slug}.csv"),
        size=entry.size,
        change=change,
        drawn=Drawn(proofs, _tidied(made.metadata["form"])) if proofs else None,
    )


def tell_release(step: Step, portal: str, release: Release, proposal: str, as_filed: bool, before: str) -> None:
    """That a dataset was brought before the public: of files as they are filed, or, where it stays as it was, of its
    version as it is kept. ``proposal`` is what was approved, if somebody had to; ``before`` is the digest of what was
    there, '' for nothing."""
    made = release.deliverable
    version, kept = keys.version(made.slug, made.digest), About(made.office, version=made.digest, schema=columns(made))
    if as_filed:
        for entry in made.files:
            step.input(keys.filed(made.folder, entry.path), filed(made, entry))
        step.output(version, kept)
        table = keys.filed(made.folder, f"{made.slug}.csv")
    else:
        step.input(version, kept)
        table = version
    step.output(f"dataset/{made.slug}", _released(release, proposal, before, step.name(table)), portal)


def _released(release: Release, proposal: str, before: str, table: tuple[str, str]) -> About:
    made = release.deliverable
    own = ReleaseDatasetFacet(
        number=release.number,
        digest=made.digest,
        stage=made.stage,
        proposal=proposal or None,
        day=release.day or None,
        producer=PRODUCER,
    )
    change = (Change.ALTER if before != made.digest else None) if before else Change.CREATE
    return About(
        made.office,
        version=str(release.number),
        schema=columns(made),
        rows=made.metadata["rows"].get(f"{made.slug}.csv"),
        change=change,
        drawn=Drawn([table], {name: {name: IDENTITY} for name in columns(made)}),
        own=own,
    )


def columns(made: Deliverable) -> Mapping[str, str]:
    """Of a dataset's table, with their types."""
    return {column["name"]: column["type"] for column in made.metadata["columns"]}


def verified(release: Release, problems: Sequence[Problem]) -> About:
    """A dataset as it was read back from the portal, and what was found to differ."""
    made, detail = release.deliverable, "; ".join(map(str, problems))
    check = Check("Isi portal sama dengan yang diterbitkan", Severity.CRITICAL, not problems, detail)
    return About(made.office, version=str(release.number), schema=columns(made), checks=[check])


def gone(office: str) -> About:
    """What was taken away."""
    return About(office, change=Change.DROP)


def _is_table(made: Deliverable, entry: FileEntry) -> bool:
    return entry.path in (f"{made.slug}.csv", f"{made.slug}.parquet")


@cache
def _tidied(model: str) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    found = behind(form(model)).items()
    return {name: {n: IDENTITY if same else TRANSFORMATION for n, same in of.items()} for name, of in found}
