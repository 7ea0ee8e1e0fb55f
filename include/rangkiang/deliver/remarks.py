"""Findings as a table and as sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from rangkiang import catalogue
from rangkiang.deliver.columns import listed_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.model import CellRef, ColumnKind, Finding, Reason

PlaceOnSheet = tuple[str, str, str, str]
"""Names a figure: document, row code, column kind, column label."""


def findings_table(made: Dataset) -> pd.DataFrame:
    """One line per finding, the weightiest first. Columns: those of ``temuan.csv``."""
    documents = {m.document.sha256: m.document for m in made.members}
    lines = []
    for finding in made.findings:
        document = documents.get(finding.sha256)
        lines.append(
            {
                "id": finding.id,
                "code": finding.code,
                "severity": finding.severity.value,
                "area_code": document.said.area_code if document else "",
                "area_name": document.said.area_name if document else "",
                "document": document.name if document else "",
                "sha256": finding.sha256,
                "subject": finding.subject,
                "sentence_id": sentence(finding),
                "sentence_en": sentence(finding, "en"),
                "cells": _cells(finding.cells),
            }
        )
    columns = listed_columns("finding_columns")
    return pd.DataFrame(lines, columns=[c.name for c in columns], dtype="string")


def sentence(finding: Finding, lang: str = "id") -> str:
    """What was found, in words."""
    return catalogue.explain(Reason(finding.code, finding.params), lang)


def advice(finding: Finding, lang: str = "id") -> str:
    """What can be done about it."""
    return catalogue.advise(Reason(finding.code, finding.params), lang)


def by_code(findings: Sequence[Finding]) -> Mapping[str, int]:
    """How many of each kind, in the order of the findings."""
    return dict(Counter(f.code for f in findings))


def by_place(findings: Sequence[Finding]) -> Mapping[PlaceOnSheet, list[Finding]]:
    """The findings that bind each figure; carries are not published and have none."""
    found: dict[PlaceOnSheet, list[Finding]] = {}
    for finding in findings:
        for cell in finding.cells:
            if cell.column_kind not in (ColumnKind.CARRIED_IN, ColumnKind.CARRIED_OUT):
                found.setdefault((cell.sha256, cell.row, cell.column_kind, cell.column_label), []).append(finding)
    return found


def _cells(cells: Sequence[CellRef]) -> str:
    """Compact JSON; the document is named only where it is needed to tell two apart: always by its first digits."""
    listed = [
        {
            "sha256": c.sha256[:12],
            "row": c.row,
            "kind": c.column_kind,
            "column": c.column_label,
            "value": c.value,
            "page": c.page,
        }
        for c in cells
    ]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
