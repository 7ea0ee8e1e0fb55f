"""Builds a deliverable: every file of the folder as bytes, and what the ledger keeps of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

import pandas as pd

from rangkiang.deliver.columns import tidy_columns
from rangkiang.deliver.dataset import Dataset, dataset
from rangkiang.deliver.dcat import dcat
from rangkiang.deliver.licence import OPEN, Licence
from rangkiang.deliver.metadata import description, metadata
from rangkiang.deliver.narrative import narrative
from rangkiang.deliver.package import datapackage
from rangkiang.deliver.parquet import to_parquet
from rangkiang.deliver.parts import CSV, DELIVER, JSON, JSONLD, PARQUET, XLSX, Built, Parts
from rangkiang.deliver.pictures import files as pictures
from rangkiang.deliver.printed import DCAT, NUMBERS, add_narrative, companions
from rangkiang.deliver.prose import prose
from rangkiang.deliver.remarks import findings_table
from rangkiang.deliver.words import titled
from rangkiang.deliver.workbook import workbook
from rangkiang.harmless import to_csv
from rangkiang.model import Deliverable, Finding, Member
from rangkiang.scans import atlas


def build(
    office_code: str,
    stage: str,
    doctype: str,
    members: Sequence[Member],
    originals: Callable[[str], bytes],
    findings: Sequence[Finding] = (),
    *,
    digest: str = "",
    licence: Licence = OPEN,
    notice: str = "",
) -> Built:
    """Build the folder of one dataset. The same inputs give the same bytes.

    ``originals`` gives an original's bytes by SHA-256; ``findings`` are those of no single member; ``digest`` names the
    deliverable where the caller has digested the inputs already; ``notice`` is said before anything else. Raises
    KeyError for an unknown office, ValueError for members that are no dataset (none, of several forms, two for one
    area) or an original that is not what it should be.
    """
    made = dataset(office_code, stage, doctype, members, findings)
    digest = digest or inputs_digest(made, licence, notice)
    parts = Parts()
    _tables(parts, made, licence, digest[:16])
    for member in made.members:
        document = member.document
        parts.add(made.original(member), _original(originals, document.sha256), document.media_type, _says(member))
    rows = {f"{made.slug}.csv": len(made.table), "temuan.csv": len(made.findings)}
    rows[NUMBERS] = _narratives(parts, made, licence, notice, digest[:16])
    for path, data, title in (picture for member in made.members for picture in pictures(member)):
        parts.add(path, data, atlas.MEDIA_TYPE, title)
    package = datapackage(made, parts.files, licence, digest)
    parts.add("datapackage.json", package, JSON, titled("package"))
    entry = dcat(made, parts.files, description(made), licence, digest[:16])
    parts.add(DCAT, entry, JSONLD, titled("dcat"))
    about = {**metadata(made, licence, rows), "notice": notice}
    deliverable = Deliverable(office_code, stage, doctype, made.folder, made.slug, digest, tuple(parts.files), about)
    return Built(deliverable, parts.contents)


def narrate(
    office_code: str,
    stage: str,
    doctype: str,
    members: Sequence[Member],
    findings: Sequence[Finding] = (),
    lang: str = "id",
) -> str:
    """The narrative of a dataset by itself, as Markdown in 'id' or 'en'. Raises as :func:`build` does."""
    return narrative(dataset(office_code, stage, doctype, members, findings), (), OPEN, "", lang=lang).text


def _narratives(parts: Parts, made: Dataset, licence: Licence, notice: str, version: str) -> int:
    """The narrative in all its kinds, before everything else; says how many numbers it has."""
    files = [*companions(), *parts.files]
    told = narrative(made, files, licence, notice, version)
    english = narrative(made, files, licence, notice, version, "en")
    running = f"{made.office.unit_kerja} - {made.stage} - {made.doctype} - {version}"
    printed = prose(told.title, made.office.unit_kerja, told.source, told.charts, running)
    return add_narrative(parts, printed, told.numbers, english.text)


def inputs_digest(made: Dataset, licence: Licence, notice: str) -> str:
    """SHA-256 over everything a deliverable is made from, and the version of what makes it."""
    inputs = [
        DELIVER,
        made.folder,
        made.form.digest,
        asdict(licence),
        notice,
        [_said(m) for m in made.members],
        [[asdict(check) for check in m.checks] for m in made.members],
        [(f.id, f.severity, dict(f.params)) for f in made.findings],
    ]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def _said(member: Member) -> list[str]:
    document, said = member.document, member.document.said
    seen = [hashlib.sha256(member.pictures[page]).hexdigest() for page in sorted(member.pictures)]
    return [document.sha256, document.key, said.area_code, said.dapil, _content(member.figures), *seen]


def _content(figures: pd.DataFrame) -> str:
    return hashlib.sha256(figures.to_csv(index=False).encode()).hexdigest()


def _tables(parts: Parts, made: Dataset, licence: Licence, version: str) -> None:
    found = findings_table(made)
    parts.add(f"{made.slug}.xlsx", workbook(made, found, licence, version), XLSX, titled("workbook"))
    parts.add(f"{made.slug}.csv", to_csv(made.table), CSV, titled("tidy"))
    parquet = to_parquet(made.table, tidy_columns(made.form))
    parts.add(f"{made.slug}.parquet", parquet, PARQUET, titled("parquet"))
    parts.add("temuan.csv", to_csv(found), CSV, titled("findings"))


def _original(originals: Callable[[str], bytes], sha256: str) -> bytes:
    data = originals(sha256)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the original {sha256[:12]} has other bytes than its name says")
    return data


def _says(member: Member) -> str:
    return f"{titled('original')} {member.document.said.form} {member.document.said.area_name}"
