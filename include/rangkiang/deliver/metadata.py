"""What the portal and the coordinator's table need of a dataset without opening its files. JSON-able."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver import facts, standards
from rangkiang.deliver.columns import Column, tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.dcat import extras
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.remarks import by_code
from rangkiang.deliver.words import angka
from rangkiang.model import Member


def metadata(made: Dataset, licence: Licence, rows: dict[str, int]) -> dict[str, Any]:
    """``rows``: lines of each CSV by path.

    ``counts`` by status, ``totals`` by row code (over what is known; ``totals_known`` says on how many sheets or lines
    of how many, ``totals_flagged`` which printed totals are in doubt), ``findings`` by code, ``severities``, ``units``
    there are and ``expected_units`` (None where the catalogue does not say), ``coverage`` by level, ``columns`` of the
    tidy table with what Satu Data Indonesia asks of them, ``codes`` of the office's area and ``references``, who keeps
    them, ``extras`` for a CKAN catalogue, ``documents``.
    """
    totals, coverage = facts.totals(made), facts.coverage(made)
    lowest = coverage[-1] if coverage else None
    return {
        "title": _both(made.title),
        "description": _both(description(made)),
        "unit_kerja": made.office.unit_kerja,
        "form": made.form.model,
        "election": {"code": made.form.election, **_both(made.election)},
        "stage": {"code": made.stage, **_both(made.stage_name)},
        "licence": {"name": licence.name, "title": licence.title},
        "counts": dict(facts.statuses(made)),
        "totals": {code: total.value for code, total in totals.items()},
        "totals_known": {code: [t.known, t.of] for code, t in totals.items() if not t.complete},
        "totals_flagged": [code for code, total in totals.items() if total.flagged],
        "row_labels": dict(made.labels),
        "findings": dict(by_code(made.findings)),
        "severities": dict(Counter(f.severity.value for f in made.findings)),
        "units": lowest.present if lowest else len(made.members),
        "expected_units": (lowest.expected or None) if lowest else None,
        "coverage": [_coverage(line) for line in coverage],
        "columns": [_column(c) for c in tidy_columns(made.form)],
        "codes": {"kemendagri": made.office.code, "bps": made.office.bps},
        "references": {key: _both(said) for key, said in standards.references().items()},
        "extras": extras(made),
        "documents": _documents(made),
        "rows": rows,
    }


def _both(texts: catalogue.Texts) -> dict[str, str]:
    return {"id": texts.id, "en": texts.en}


def _column(column: Column) -> dict[str, Any]:
    standard = standards.of_column(column)
    said = {"standar_data": standards.told(standard)} if standard else {}
    return {"name": column.name, "type": column.type, "title": _both(column.title), **said}


def description(made: Dataset) -> catalogue.Texts:
    """The dataset in one sentence."""
    count, figures = len(made.members), facts.known(made)
    return catalogue.Texts(
        f"{angka(count)} dokumen dari {made.office.unit_kerja}, tahapan {made.stage} ({made.stage_name.id}), "
        f"{angka(figures)} angka beserta berkas asli, status, temuan, dan asal-usulnya.",
        f"{count:,} documents of {made.office.unit_kerja}, stage {made.stage} ({made.stage_name.en}), "
        f"{figures:,} figures with the originals, their status, findings and provenance.",
    )


def _coverage(line: facts.Coverage) -> dict[str, Any]:
    return {
        "level": line.level.value,
        "present": line.present,
        "expected": line.expected or None,
        "missing": [{"code": area.code, "name": area.name} for area in line.missing],
    }


def _documents(made: Dataset) -> list[dict[str, Any]]:
    counts: dict[str, dict[str, int]] = {}
    for (sha256, status), n in Counter(zip(made.table["sha256"], made.table["status"], strict=True)).items():
        counts.setdefault(sha256, {})[status] = n
    return [_document(made, member, counts.get(member.document.sha256, {})) for member in made.members]


def _document(made: Dataset, member: Member, counts: Mapping[str, int]) -> dict[str, Any]:
    document = member.document
    return {
        "name": document.name,
        "path": made.original(member),
        "sha256": document.sha256,
        "size": document.size,
        "media_type": document.media_type,
        "pages": document.said.pages,
        "area_code": document.said.area_code,
        "area_name": document.said.area_name,
        **({"dapil": document.said.dapil} if document.said.dapil else {}),
        "counts": dict(sorted(counts.items())),
        "findings": len(member.findings),
    }
