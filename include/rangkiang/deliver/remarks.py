"""Findings as a table and as sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import pandas as pd

from rangkiang import catalogue
from rangkiang.deliver.columns import listed_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.forms import LeafRow
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
                "area_code_bps": catalogue.bps_code(document.said.area_code) if document else "",
                "area_name": document.said.area_name if document else "",
                "document": document.name if document else "",
                "sha256": finding.sha256,
                "subject": finding.subject,
                "sentence_id": sentence(finding, rows=made.leaves),
                "sentence_en": sentence(finding, "en", made.leaves),
                "cells": _cells(finding.cells),
            }
        )
    columns = listed_columns("finding_columns")
    return pd.DataFrame(lines, columns=[c.name for c in columns], dtype="string")


def sentence(finding: Finding, lang: str = "id", rows: Sequence[LeafRow] = ()) -> str:
    """What was found, in words; with the ``rows`` there are, a long list of them is told from row to row."""
    params = dict(finding.params)
    if rows and "row" in params:
        params["row"] = row_ranges(str(params["row"]).split(", "), rows)
    return catalogue.explain(Reason(finding.code, params), lang)


def row_ranges(codes: Sequence[str], rows: Sequence[LeafRow]) -> str:
    """'I.A.2\N{EN DASH}III.4, V.B' for the codes of all rows between; a row counts as one where it is there whole."""
    runs: list[list[str]] = []
    wanted, open_run = set(codes), False
    for code, members in groupby(rows, lambda leaf: leaf.parent.code):
        leaves = [leaf.code for leaf in members]
        there = [leaf for leaf in leaves if leaf in wanted]
        wanted.difference_update(there)
        whole = len(there) == len(leaves) and len(codes) > 1
        if whole and open_run:
            runs[-1].append(code)
        else:
            runs += [[code]] if whole else [[leaf] for leaf in there]
        open_run = whole
    spoken = [run[0] if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs]
    return ", ".join([*spoken, *(code for code in codes if code in wanted)])


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
