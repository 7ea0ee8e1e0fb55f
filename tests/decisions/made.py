"""Decisions and opinions as people make them, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from rangkiang.decisions import expected
from rangkiang.model import CellRef, Decision, Finding, Opinion, Verdict, View

START = datetime(2026, 11, 26, 8, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def decided(
    finding: Finding,
    verdict: Verdict,
    reading: pd.DataFrame,
    cell: tuple[str, str] | None = None,
    value: int | None = None,
    by: str = "siti",
    minutes: int = 0,
) -> Decision:
    """About a finding of a reading; the cell by row and column."""
    expects = expected(reading, finding.cells)
    meant = next((c for c in expects if (c.row, c.column_label) == cell), None)
    what = (finding.office, finding.sha256, finding.code, finding.subject)
    return Decision(*what, verdict, by, after(minutes), "sudah dilihat pada berkas asli", expects, meant, value)


def said(decision: Decision, view: View, by: str, minutes: int) -> Opinion:
    return Opinion(decision.id, view, by, after(minutes), "sudah dicocokkan")


def plain(verdict: Verdict, subject: str = "x", row: str = "V.A", value: int | None = None, **more: object) -> Decision:
    """About nothing in particular."""
    corrects = verdict is Verdict.CORRECT
    cell = CellRef("a" * 64, row, "unit", "A", 5, 1)
    made = {"author": "siti", "at": START, "why": "jelas terbaca", **more}
    return Decision(
        "13.05", "a" * 64, "identity_broken", subject, verdict,
        expects=(cell,), cell=cell if corrects else None, value=(7 if value is None else value) if corrects else None,
        **made,  # type: ignore[arg-type]
    )  # fmt: skip
