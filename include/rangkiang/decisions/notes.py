"""Findings that say what was decided, by whom, when and why: they go where all findings go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rangkiang.decisions.records import BETWEEN, Record
from rangkiang.model import CellRef, Finding, Severity, Verdict


def corrected(record: Record) -> Finding:
    decision = record.decision
    cell = decision.cell
    if cell is None:
        raise ValueError(f"decision {decision.id} corrects no cell")
    params = {
        "row": cell.row,
        "column": cell.column_label,
        "read": cell.value,
        "value": decision.value,
        "confirmed": record.confirmed.author if record.confirmed else "\N{EN DASH}",
    }
    return _note(record, "figure_corrected", Severity.INFO, params, (replace(cell, value=decision.value),))


def accepted(record: Record, finding: Finding) -> Finding:
    return _note(record, "finding_accepted", Severity.INFO, {"subject": finding.subject}, finding.cells)


def rescan(record: Record) -> Finding:
    return _note(record, "rescan_asked", Severity.CRITICAL, {})


def lapsed(record: Record, why: str, sha256: str = "") -> Finding:
    """On its own document, or on the one with these bytes that has come in its place."""
    params = {"verdict": record.decision.verdict.value, "lapse": why}
    note = _note(record, "decision_lapsed", Severity.WARNING, params)
    return replace(note, sha256=sha256 or note.sha256)


def between(records: Iterable[Record], findings: Sequence[Finding]) -> list[Finding]:
    """What has become of the decisions in force about differences between levels, given those there are."""
    there: Mapping[str, Finding] = {finding.id: finding for finding in findings}
    notes = []
    for record in records:
        decision, finding = record.decision, there.get(record.decision.finding)
        if decision.code not in BETWEEN or decision.verdict is not Verdict.ACCEPT:
            continue
        if finding is None:
            notes.append(lapsed(record, "gone"))
        elif set(finding.cells) != set(decision.expects):
            notes.append(lapsed(record, "reads"))
        else:
            notes.append(accepted(record, finding))
    return notes


def _note(
    record: Record, code: str, severity: Severity, params: Mapping[str, object], cells: tuple[CellRef, ...] = ()
) -> Finding:
    decision = record.decision
    said = {
        "decision": decision.id,
        "finding": decision.finding,
        "by": decision.author,
        "at": _when(decision.at),
        "why": decision.why,
    }
    return Finding(decision.office, decision.sha256, code, severity, decision.id, {**said, **params}, cells)


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
