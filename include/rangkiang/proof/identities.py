"""Proof within one document.

A digital file's text is exact, so a figure is *proved* when at least one identity binds it and all that bind it hold,
and *flagged* when one fails: then the paper is wrong, and it is published as printed beside the finding. Nothing is
repaired.

A scan's cells may hold this or that. Where the sums leave no doubt which, a figure is *proved*; where its reading alone
leaves hardly any, it is *read*; any other is *flagged*. A sum that fails flags the cell that explains it, or all its
cells where none does.

An empty cell may mean zero. It counts as zero in an equation; where the equations then hold, it is proved to be zero.
A row that is empty all the way across may instead mean "not filled in", so an equation with such a row speaks only if
it holds. A candidate among others who have votes is an exception: an empty row says that there are none. A candidate's
row that is not printed at all counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rangkiang.forms import Equation, Form
from rangkiang.model import CellRef, ColumnKind, Finding, Severity, Status
from rangkiang.proof.belief import MISPRINT, SLIP_OF_PEN
from rangkiang.proof.constraints import Mask, doubtful, on, optional, running
from rangkiang.proof.grid import Grid, grid, where
from rangkiang.proof.readings import Readings, contradicted, exact, settled

PROOF = "proof-6"
"""Version of what proves: part of the name of every proof, so that a better rule proves old readings anew."""

SEVERAL, MOST = 4, 0.5
"""Of a scan's row of so many figures of which more than this share are in doubt, all are: it may be another, and what
adds up in it does so by chance."""

MOST_NAMED = 10
"""A finding names so many lines or figures."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """Which cells an identity bound, and which it found wanting. Shape (rows, columns)."""

    bound: Mask
    broken: Mask


@dataclass(frozen=True, slots=True)
class _Statuses:
    proved: Mask
    flagged: Mask


def prove(figures: pd.DataFrame, form: Form, office: str, sha256: str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Status for every figure, and a finding for every identity or bound that fails.

    ``figures`` has FIGURE_COLUMNS in document order; the result has the same lines with ``status`` set, and ``value`` 0
    where an empty cell is proved to be zero. Where ``figures.attrs["guesses"]`` say what the cells of a scan may hold,
    ``value``, ``raw`` and ``confidence`` are what they come to in the light of all sums. A sheet that was filled in by
    hand has ``attrs["in_words"]``: position, text and number of what words beside its figures say. Raises ValueError
    where rows do not share their columns.
    """
    said = dict(figures.attrs)
    guesses, words = said.pop("guesses", None), said.pop("in_words", None)
    light = pd.DataFrame(figures)
    light.attrs = said  # pandas copies them at every step, and guesses are many
    printed = grid(light)
    misprint = MISPRINT if words is None else SLIP_OF_PEN
    readings = exact(printed) if guesses is None else settled(printed, form, guesses, misprint)
    otherwise = list(contradicted(readings.sheet, words or ()))
    readings = readings.doubting([position for position, _ in otherwise])
    sheet = readings.sheet
    marks = _Marks(np.zeros_like(sheet.known), np.zeros_like(sheet.known))
    broken = [*_equations(sheet, form, marks), *_running_totals(sheet, marks)]
    odd = list(_beside_doubt(readings, _statuses(readings, marks)))
    readings = readings.doubting(odd)
    sheet, status = readings.sheet, _statuses(readings, marks)
    doubts = [
        *sheet.figures.attrs.get("doubts", ()),
        *((position, WORDS, text) for position, text in otherwise),
        *((position, ROW, "") for position in odd),
    ]
    findings = [
        Finding(office, sha256, code, severity, subject, params, cells)
        for code, severity, subject, params, cells in (
            *(_unreadable(sheet) if guesses is None else ()),
            *_doubted(sheet, doubts),
            *_unknown(sheet),
            *_not_filled(sheet, form, marks),
            *_settled(readings, status),
            *_unsure(readings, status, marks, [position for position, *_ in doubts]),
            *broken,
            *_bounds(sheet, form),
        )
    ]
    proved = _with_status(sheet, status)
    proved.attrs = figures.attrs
    return proved, tuple(findings)


ROW = "row_unsure"
"""Code of the reason for which figures are in doubt whose row may be another."""

LINES = {ROW: "row", "row_unread": "row", "column_unsure": "column"}
"""Codes of the reasons for which all figures of a line are in doubt, and which line."""

WORDS = "digits_differ_from_words"
"""Code of the reason for which figures are in doubt beside which another number is written in words."""

_Fact = tuple[str, Severity, str, dict[str, object], tuple[CellRef, ...]]  # code, severity, subject, params, cells


def _unreadable(sheet: Grid) -> Iterator[_Fact]:
    codes, raw = list(sheet.rows), sheet.figures["raw"]
    for row, column in np.argwhere(sheet.unreadable).tolist():
        code, label = codes[row], sheet.columns[column].label
        params: dict[str, object] = {"raw": str(raw.iat[sheet.position[row, column]]), "row": code, "column": label}
        yield "cell_unreadable", Severity.ERROR, _subject(code, sheet, column), params, sheet.cells([code], column)


def _doubted(sheet: Grid, doubts: Iterable[tuple[int, str, str]]) -> Iterator[_Fact]:
    """What reading, or what stands beside it in words, puts in doubt: the text, and what the second evidence says.

    A row or a column that nobody is sure of is one finding, with all its figures.
    """
    codes = list(sheet.rows)
    whole: dict[tuple[str, str, str], list[CellRef]] = {}
    for position, reason, other in doubts:
        row, column = np.argwhere(sheet.position == position)[0]
        code, label = codes[row], sheet.columns[column].label
        if reason in LINES:
            name = {"row": code, "column": label}[LINES[reason]]
            whole.setdefault((reason, LINES[reason], name), []).append(sheet.cell(code, column))
            continue
        printed = str(sheet.figures.iloc[position]["raw"])
        params: dict[str, object] = {"row": code, "column": label, "printed": printed, "other": other}
        yield reason, Severity.ERROR, _subject(code, sheet, column), params, sheet.cells([code], column)
    for (reason, line, name), cells in whole.items():
        yield reason, Severity.ERROR, name, {line: name, "count": len(cells)}, tuple(cells)


def _unknown(sheet: Grid) -> Iterator[_Fact]:
    """Lines with figures that are no row of the form: what they say is not published, and that must be said."""
    lines: Sequence[str] = sheet.figures.attrs.get("rows_unknown", ())
    if lines:
        yield "rows_unknown", Severity.ERROR, "rows", {"rows": _few(lines, ", "), "count": len(lines)}, ()


def _not_filled(sheet: Grid, form: Form, marks: _Marks) -> Iterator[_Fact]:
    """Where a row may be absent, or is a single cell, an empty one that is proved to be zero needs no mention."""
    zero = (marks.bound & ~marks.broken).all(axis=1) & (optional(sheet, form) | (form.area is form.unit))
    empty = [code for code, row in sheet.rows.items() if not sheet.filled[row] and not zero[row]]
    if empty:
        yield "row_not_filled", Severity.INFO, "rows", {"row": ", ".join(empty)}, ()


def _equations(sheet: Grid, form: Form, marks: _Marks) -> Iterator[_Fact]:
    system, speaks = on(sheet, form)
    named = system.named
    residual = system.coefficient @ sheet.value
    bound = speaks & ~(named @ sheet.unreadable)
    broken = (residual != 0) & bound
    silent = doubtful(sheet, form, system) & (broken.any(axis=1) | ~(named & sheet.filled).any(axis=1))
    broken[silent] = False
    bound[silent] = False
    marks.bound[:] |= named.T @ bound
    marks.broken[:] |= named.T @ broken
    for number, column in np.argwhere(broken).tolist():
        equation = form.identities[number].over(sheet.rows)
        yield (
            "identity_broken",
            Severity.ERROR,
            _subject(equation.id, sheet, column),
            _sides(sheet, equation, column),
            sheet.cells(dict.fromkeys(equation.rows), column),
        )


def _bounds(sheet: Grid, form: Form) -> Iterator[_Fact]:
    system, speaks = on(sheet, form, bounds=True)
    speaks &= ~(system.named & ~sheet.filled).any(axis=1, keepdims=True) & ~(system.named @ ~sheet.known)
    exceeded = speaks & (system.coefficient @ sheet.value > 0)
    for number, column in np.argwhere(exceeded).tolist():
        bound = form.bounds[number]
        yield (
            "bound_exceeded",
            Severity.WARNING,
            _subject(bound.id, sheet, column),
            _sides(sheet, bound, column),
            sheet.cells(bound.rows, column),
        )


def _running_totals(sheet: Grid, marks: _Marks) -> Iterator[_Fact]:
    """Carries and totals: each must equal the sum of the unit columns before it."""
    units = sheet.of_kind(ColumnKind.UNIT)
    summed = np.cumsum(np.where(units, sheet.value, 0), axis=1)
    unknown = np.cumsum(np.where(units, sheet.unreadable, False), axis=1) > 0
    # An empty row of which every unit is proved to be zero sums to zero; of any other, nobody knows what it sums to.
    known = sheet.filled | (marks.bound & ~marks.broken)[:, units].all(axis=1)
    codes = list(sheet.rows)
    for total in running(sheet):
        column = total.column
        speaks = known & ~unknown[:, column] & ~sheet.unreadable[:, column]
        off = np.where(speaks, sheet.value[:, column] - summed[:, column], 0)
        # A carry that is wrong is wrong itself; only the final total puts its units in doubt.
        blamed = total.bound if sheet.columns[column].kind is ColumnKind.TOTAL else total.bound & ~total.before
        marks.bound[:] |= speaks[:, None] & total.bound
        marks.broken[:] |= (off != 0)[:, None] & blamed
        for row in where(off != 0):
            yield _off_by(sheet, codes[row], column, int(summed[row, column]), int(off[row]), where(blamed))


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


def _few(names: Sequence[str], between: str) -> str:
    """As many as one wants to read."""
    more = ["\N{HORIZONTAL ELLIPSIS}"] if len(names) > MOST_NAMED else []
    return between.join([*names[:MOST_NAMED], *more])


def _subject(what: str, sheet: Grid, column: int) -> str:
    """Names a place for good: the column's position keeps two columns of one name apart."""
    return f"{what} @ {column} {sheet.columns[column].label}"


def _statuses(readings: Readings, marks: _Marks) -> _Statuses:
    """A figure that is bound, by identities that hold, is proved where these leave no doubt about its reading."""
    sheet = readings.sheet
    sure = marks.bound & readings.certain
    flagged = marks.broken & ~readings.absolved | sheet.unreadable | sheet.doubted | ~sure & ~readings.clear
    return _Statuses(sure & ~flagged, flagged)


def _beside_doubt(readings: Readings, status: _Statuses) -> Iterator[int]:
    """The figures of a scan's row, by their position, that are not in doubt themselves where most of them are."""
    sheet = readings.sheet
    if readings.cells and len(sheet.columns) >= SEVERAL:
        mostly = status.flagged.mean(axis=1, keepdims=True) > MOST
        yield from sheet.position[mostly & ~status.flagged].tolist()


def _settled(readings: Readings, status: _Statuses) -> Iterator[_Fact]:
    """First guesses that the sums overruled, and by which identities: one finding for them all."""
    sheet, codes = readings.sheet, list(readings.sheet.rows)
    found = [at for at in readings.at(~status.flagged) if at[2].overruled]
    lines = [
        [codes[row], sheet.columns[column].label, *reversed(cell.two), ", ".join(cell.identities)]
        for row, column, cell in found
    ]
    if lines:
        named = [f"{row} / {column}: {read} \N{RIGHTWARDS ARROW} {now} ({by})" for row, column, read, now, by in lines]
        params: dict[str, object] = {"count": len(lines), "figures": _few(named, "; "), "settled": lines}
        cells = tuple(sheet.cell(codes[row], column) for row, column, _ in found)
        yield "reading_settled", Severity.INFO, "readings", params, cells


def _unsure(readings: Readings, status: _Statuses, marks: _Marks, doubted: Sequence[int]) -> Iterator[_Fact]:
    """Cells whose reading stays in doubt, but for those of a broken identity of which nobody knows which is wrong, and
    those in doubt, by their position, for a reason of their own."""
    sheet, codes = readings.sheet, list(readings.sheet.rows)
    otherwise = np.isin(sheet.position, doubted) & (readings.certain | readings.clear)
    for row, column, cell in readings.at(status.flagged & ~otherwise):
        if cell.rival is not None or not marks.broken[row, column]:
            code, (first, second) = codes[row], cell.two
            label = sheet.columns[column].label
            params: dict[str, object] = {"row": code, "column": label, "first": first, "second": second}
            yield "reading_unsure", Severity.ERROR, _subject(code, sheet, column), params, sheet.cells([code], column)


def _with_status(sheet: Grid, statuses: _Statuses) -> pd.DataFrame:
    status = sheet.figures["status"].astype("object").to_numpy(copy=True)
    status[sheet.position[statuses.proved]] = Status.PROVED.value
    status[sheet.position[statuses.flagged]] = Status.FLAGGED.value
    value = sheet.figures["value"].copy()
    value.iloc[sheet.position[statuses.proved & sheet.blank]] = 0
    return sheet.figures.assign(status=pd.array(status, dtype="string"), value=value)
