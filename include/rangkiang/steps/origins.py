"""Where a figure is from: what the store, the ledger and the lineage know of its way, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import pandas as pd

from rangkiang.board.decided import decided
from rangkiang.forms import form
from rangkiang.ledger import Reading
from rangkiang.lineage import dataset_name
from rangkiang.lineage.finding import Name, writers
from rangkiang.model import Deliverable, Document, Finding
from rangkiang.portal import Edition
from rangkiang.review import Origin, Sheet, Shown
from rangkiang.steps import keys, reviewing
from rangkiang.steps.barn import Barn
from rangkiang.steps.releasing import as_released, published

MOST = 12
"""So many versions of a dataset are looked into, the newest first."""


def origin(barn: Barn, document: Document, line: int) -> Origin | None:
    """Of the figure at a line of a document's sheet; None where there is none, or the document waits to be read."""
    sheet = reviewing.sheet(barn, document)
    read = _reading(barn, document) if sheet else None
    seen = barn.ledger.looked_at(document.office, document.sha256, barn.settings.decisions.two_persons)
    if sheet is None or read is None or seen is None or line >= len(sheet.figures):
        return None
    (proof,) = barn.ledger.readings(document.office, [document.sha256], kind="proof")
    objects = [a for _, a in sorted(barn.ledger.arrivals(document.office).items()) if a.sha256 == document.sha256]
    whole = None if objects else _whole(barn, document)
    findings = [f for f in barn.ledger.findings(document.office, document.sha256) if _binds(f, sheet, line)]
    about, cell = {f.id for f in findings}, sheet.line
    records = [
        record
        for record in decided(barn.ledger, document, barn.settings.decisions.two_persons)
        if record.decision.finding in about or (record.decision.cell and cell(record.decision.cell) == line)
    ]
    filed = next((m for m in barn.ledger.deliverables(office=document.office) if _holds(m, document)), None)
    editions = _editions(barn, document)
    versions = [_shown(barn, edition, sheet, line) for edition in islice(reversed(editions), MOST)]
    names = dict(_names(barn, document, read, proof, filed))
    return Origin(
        document=document,
        since=seen.since,
        sheet=sheet,
        line=line,
        objects=objects,
        whole=whole,
        reading=read,
        proof=proof,
        findings=findings,
        records=records,
        filed=filed,
        versions=versions,
        live=seen.live,
        names=names,
        wrote=writers(barn.settings.lineage_url, names.values()),
        version=reviewing.version(document),
    )


def _reading(barn: Barn, document: Document) -> Reading | None:
    maker = keys.reading_maker(form(document.said.form))
    return barn.ledger.reading(document.office, document.sha256, maker)


def _whole(barn: Barn, document: Document) -> Document | None:
    """The file that a sheet was taken out of."""
    arrival = barn.ledger.arrivals(document.office).get(document.key.rpartition("#")[0])
    return barn.ledger.document(document.office, arrival.sha256) if arrival else None


def _binds(finding: Finding, sheet: Sheet, line: int) -> bool:
    return any(cell.sha256 == sheet.sha256 and sheet.line(cell) == line for cell in finding.cells)


def _holds(made: Deliverable, document: Document) -> bool:
    return any(said["sha256"] == document.sha256 for said in made.metadata.get("documents", ()))


def _editions(barn: Barn, document: Document) -> tuple[Edition, ...]:
    """All versions of the dataset that documents of this kind of this office are published in."""
    said = document.said
    for release in published(barn, said.stage).releases:
        if (release.deliverable.office, release.deliverable.doctype) == (document.office, said.doctype):
            return release.editions
    return ()


def _shown(barn: Barn, edition: Edition, sheet: Sheet, line: int) -> Shown:
    made = edition.deliverable
    version = as_released(barn, made.slug, made.digest)
    place = sheet.published(line)
    if version is None or version.table is None or place is None:
        return Shown(edition.number, edition.day, made.digest, None)
    table = version.table
    here = (table["sha256"] == sheet.sha256) & (table["row"] == sheet.at(line, "row")) & (table["column_no"] == place)
    found = table.index[here]
    if not len(found):
        return Shown(edition.number, edition.day, made.digest, None)
    figure = table.loc[found[0]]
    value = None if pd.isna(figure["value"]) else int(figure["value"])
    return Shown(edition.number, edition.day, made.digest, int(found[0]) + 1, value, figure["status"])


def _names(
    barn: Barn, document: Document, read: Reading, proof: Reading, filed: Deliverable | None
) -> Iterator[tuple[str, Name]]:
    """What the lineage calls each thing on the way."""
    in_store: Mapping[str, str] = {
        "original": keys.original(document.sha256),
        "reading": read.key,
        "proof": proof.key,
        **({"filed": keys.filed(filed.folder, f"{filed.slug}.csv")} if filed else {}),
    }
    for what, key in in_store.items():
        yield what, dataset_name(barn.settings.store_url, key)
    if filed:
        yield "released", dataset_name(barn.settings.portal_url, f"dataset/{filed.slug}")
