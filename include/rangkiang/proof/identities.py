"""Proof within one document.

A digital file's text is exact, so a figure is *proved* when at least one identity binds it and all that bind it hold,
and *flagged* when one fails: then the paper is wrong, and it is published as printed beside the finding. Nothing is
repaired.

An empty cell may mean zero. It counts as zero in an equation; where the equations then hold, it is proved to be zero.
A row that is empty all the way across may instead mean "not filled in", so an equation with such a row speaks only if
it holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rangkiang.forms import Equation, Form
from rangkiang.model import CellRef, ColumnKind, Finding, Severity, Status
from rangkiang.proof.grid import Grid, grid, where

PROOF = "proof-1"
"""Version of what proves: part of the name of every proof, so that a better rule proves old readings anew."""


class _Marks:
    """Which cells an identity bound, and which it found wanting. Shape (rows, columns)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.bound: NDArray[np.bool_] = np.zeros(shape, dtype=bool)
        self.broken: NDArray[np.bool_] = np.zeros(shape, dtype=bool)

    def mark(self, rows: list[int], columns: NDArray[np.bool_], broken: NDArray[np.bool_]) -> None:
        for row in rows:
            self.bound[row] |= columns
            self.broken[row] |= columns & broken


def prove(figures: pd.DataFrame, form: Form, office: str, sha256: str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Status for every figure, and a finding for every identity or bound that fails.

    ``figures`` has FIGURE_COLUMNS in document order; the result has the same lines with ``status`` set, and ``value`` 0
    where an empty cell is proved to be zero. Raises ValueError where rows do not share their columns.
    """
    sheet = grid(figures)
    marks = _Marks(sheet.value.shape)
    findings = [
        Finding(office, sha256, code, severity, subject, params, cells)
        for code, severity, subject, params, cells in (
            *_unreadable(sheet),
            *_doubted(sheet),
            *_not_filled(sheet),
            *_equations(sheet, form, marks),
            *_running_totals(sheet, marks),
            *_bounds(sheet, form),
        )
    ]
    return _with_status(sheet, marks), tuple(findings)


_Fact = tuple[str, Severity, str, dict[str, object], tuple[CellRef, ...]]  # code, severity, subject, params, cells


def _unreadable(sheet: Grid) -> Iterator[_Fact]:
    raw = sheet.figures["raw"]
    for code, row in sheet.rows.items():
        for column in where(sheet.unreadable[row]):
            label = sheet.columns[column].label
            params: dict[str, object] = {"raw": str(raw.iat[sheet.position[row, column]]), "row": code, "column": label}
            yield "cell_unreadable", Severity.ERROR, _subject(code, sheet, column), params, sheet.cells([code], column)


def _doubted(sheet: Grid) -> Iterator[_Fact]:
    """What reading doubts: the text it gives, and what its second evidence says."""
    for position, reason, other in sheet.figures.attrs.get("doubts", ()):
        row, column = np.argwhere(sheet.position == position)[0]
        code, figure = list(sheet.rows)[row], sheet.figures.iloc[position]
        label = sheet.columns[column].label
        params: dict[str, object] = {"row": code, "column": label, "printed": str(figure["raw"]), "other": other}
        yield reason, Severity.ERROR, _subject(code, sheet, column), params, sheet.cells([code], column)


def _not_filled(sheet: Grid) -> Iterator[_Fact]:
    empty = [code for code, row in sheet.rows.items() if not sheet.filled[row]]
    if empty:
        yield "row_not_filled", Severity.INFO, "rows", {"row": ", ".join(empty)}, ()


def _equations(sheet: Grid, form: Form, marks: _Marks) -> Iterator[_Fact]:
    columns = sheet.of_kind(ColumnKind.UNIT, ColumnKind.TOTAL)
    for equation in form.identities:
        rows = [sheet.rows[code] for code in dict.fromkeys(equation.rows) if code in sheet.rows]
        if len(rows) < len(set(equation.rows)):
            continue  # a flat table may leave a column out that the form allows to be left out
        speaks = columns & ~sheet.unreadable[rows].any(axis=0)
        broken = (sheet.residual(equation) != 0) & speaks
        if not sheet.filled[rows].all() and (broken.any() or not sheet.filled[rows].any()):
            continue
        marks.mark(rows, speaks, broken)
        for column in where(broken):
            yield (
                "identity_broken",
                Severity.ERROR,
                _subject(equation.id, sheet, column),
                _sides(sheet, equation, column),
                sheet.cells(dict.fromkeys(equation.rows), column),
            )


def _bounds(sheet: Grid, form: Form) -> Iterator[_Fact]:
    columns = sheet.of_kind(ColumnKind.UNIT, ColumnKind.TOTAL)
    for bound in form.bounds:
        rows = [sheet.rows[code] for code in bound.rows if code in sheet.rows]
        if len(rows) < len(bound.rows) or not sheet.filled[rows].all():
            continue
        exceeded = columns & sheet.known[rows].all(axis=0) & (sheet.residual(bound) > 0)
        for column in where(exceeded):
            params = _sides(sheet, bound, column)
            yield (
                "bound_exceeded",
                Severity.WARNING,
                _subject(bound.id, sheet, column),
                params,
                sheet.cells(bound.rows, column),
            )


def _running_totals(sheet: Grid, marks: _Marks) -> Iterator[_Fact]:
    """Carries and totals: each must equal the sum of the unit columns before it."""
    units = sheet.of_kind(ColumnKind.UNIT)
    running = np.cumsum(np.where(units, sheet.value, 0), axis=1)
    doubtful = np.cumsum(np.where(units, sheet.unreadable, False), axis=1) > 0
    for column, place in enumerate(sheet.columns):
        if place.kind is ColumnKind.UNIT:
            continue
        for code, row in sheet.rows.items():
            if not sheet.filled[row] or doubtful[row, column] or sheet.unreadable[row, column]:
                continue
            off = int(sheet.value[row, column] - running[row, column])
            bound = np.append(units[:column], np.zeros(len(units) - column, dtype=bool))
            bound[column] = True
            # A carry that is wrong is wrong itself; only the final total puts its units in doubt.
            blamed = bound if place.kind is ColumnKind.TOTAL else np.arange(len(units)) == column
            marks.mark([row], bound, blamed if off else np.zeros_like(bound))
            if off:
                yield _off_by(sheet, code, column, int(running[row, column]), off, where(blamed))


def _off_by(sheet: Grid, code: str, column: int, computed: int, off: int, blamed: list[int]) -> _Fact:
    cells = tuple(sheet.cell(code, c) for c in (*(b for b in blamed if b != column), column))
    params: dict[str, object] = {"row": code, "printed": computed + off, "computed": computed, "difference": off}
    if sheet.columns[column].kind is ColumnKind.TOTAL:
        return "total_broken", Severity.ERROR, _subject(code, sheet, column), params, cells
    return "carry_broken", Severity.ERROR, _subject(code, sheet, column), {**params, "page": cells[-1].page}, cells


def _sides(sheet: Grid, equation: Equation, column: int) -> dict[str, object]:
    left = sum(t.coefficient * int(sheet.value[sheet.rows[t.row], column]) for t in equation.left)
    right = sum(t.coefficient * int(sheet.value[sheet.rows[t.row], column]) for t in equation.right)
    label = sheet.columns[column].label
    return {"equation": str(equation), "column": label, "left": left, "right": right, "difference": left - right}


def _subject(what: str, sheet: Grid, column: int) -> str:
    """Names a place for good: the column's position keeps two columns of one name apart."""
    return f"{what} @ {column} {sheet.columns[column].label}"


def _with_status(sheet: Grid, marks: _Marks) -> pd.DataFrame:
    flagged = marks.broken | sheet.unreadable | sheet.doubted
    proved = marks.bound & ~flagged
    status = sheet.figures["status"].astype("object").to_numpy(copy=True)
    status[sheet.position[proved]] = Status.PROVED.value
    status[sheet.position[flagged]] = Status.FLAGGED.value
    value = sheet.figures["value"].copy()
    value.iloc[sheet.position[proved & sheet.blank]] = 0
    return sheet.figures.assign(status=pd.array(status, dtype="string"), value=value)
