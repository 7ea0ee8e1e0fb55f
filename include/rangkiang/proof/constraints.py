"""What must add up on a sheet: the form's identities down every column, the running totals along every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rangkiang.forms import Form
from rangkiang.model import ColumnKind
from rangkiang.proof.grid import Grid, where
from rangkiang.proof.tableau import Sum

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class System:
    """Equations over the rows of a form or, of those, the rows of a sheet."""

    coefficient: NDArray[np.int64]  # (equations, rows): what a row counts for in left minus right
    named: Mask  # (equations, rows): does the equation name the row?


@dataclass(frozen=True, slots=True)
class Running:
    """A carry or a total: ``column`` must equal the sum of the columns ``before`` it, which are units; that is, of the
    running total before it, if there is ``one``, and the units since."""

    column: int
    before: Mask  # (columns,)
    one: int | None

    @property
    def bound(self) -> Mask:
        """The columns that it binds, itself included."""
        bound = self.before.copy()
        bound[self.column] = True
        return bound

    @property
    def parts(self) -> list[int]:
        """The columns that it is the sum of, the fewest that there are."""
        if self.one is None:
            return where(self.before)
        return [self.one, *(column for column in where(self.before) if column > self.one)]


@lru_cache(128)
def _system(form: Form, bounds: bool) -> System:
    equations = form.bounds if bounds else form.identities
    at = {leaf.code: n for n, leaf in enumerate(form.leaf_rows)}
    coefficient = np.zeros((len(equations), len(at)), dtype=np.int64)
    named = np.zeros((len(equations), len(at)), dtype=bool)
    for n, equation in enumerate(equations):
        for code, count in equation.residual.items():
            coefficient[n, at[code]] = count
            named[n, at[code]] = True
    return System(coefficient, named)


def on(sheet: Grid, form: Form, *, bounds: bool = False) -> tuple[System, Mask]:
    """The form's identities or bounds over the sheet's rows, and where they may speak: (equations, columns).

    A row that may be absent and is counts for nothing; where another is (a flat table may leave columns out), what
    names it says nothing. A carry is no column to speak in.
    """
    whole = _system(form, bounds)
    at = {leaf.code: n for n, leaf in enumerate(form.leaf_rows)}
    there = [at[code] for code in sheet.rows]
    asked = np.array([leaf.code not in sheet.rows and not leaf.parent.optional for leaf in form.leaf_rows], dtype=bool)
    complete = ~(whole.named & asked).any(axis=1, keepdims=True)
    columns = sheet.of_kind(ColumnKind.UNIT, ColumnKind.TOTAL)
    return System(whole.coefficient[:, there], whole.named[:, there]), complete & columns


def optional(sheet: Grid, form: Form) -> Mask:
    """Per row of the sheet: could it have been absent?"""
    codes = {leaf.code for leaf in form.leaf_rows if leaf.parent.optional}
    return np.array([code in codes for code in sheet.rows], dtype=bool)


def doubtful(sheet: Grid, form: Form, system: System) -> Mask:
    """Per equation: does it name a row that nobody filled in, so that it speaks only where it holds?

    Among candidates some of whom have votes, one whose row is empty all the way across has none. Beside candidates so
    has a party, or a party's total, where those of other parties are filled in.
    """
    candidates = system.named & optional(sheet, form)
    excused = candidates & np.any(candidates & sheet.filled, axis=1, keepdims=True)
    beside = system.named & ~candidates & candidates.any(axis=1, keepdims=True)
    for side in (beside & (system.coefficient > 0), beside & (system.coefficient < 0)):
        excused |= side & (side & sheet.filled).any()
    found: Mask = np.any(system.named & ~sheet.filled & ~excused, axis=1)
    return found


def running(sheet: Grid) -> Iterator[Running]:
    """Every column that is no unit."""
    units = sheet.of_kind(ColumnKind.UNIT)
    one = None
    for column in where(~units):
        yield Running(column, units & (np.arange(len(units)) < column), one)
        one = column


def sums(sheet: Grid, form: Form) -> Iterator[Sum]:
    """All of it as sums over cells, numbered row by row, for readings that are in doubt.

    An equation with a row that nobody filled in counts where it holds in most columns: a misreading in one of them
    must not silence it, as it would on a file whose text is exact.
    """
    system, speaks = on(sheet, form)
    holds = (system.coefficient @ sheet.value == 0) | (system.named @ sheet.unreadable)
    mostly = (2 * (holds & speaks).sum(axis=1) > speaks.sum(axis=1)) & (system.named & sheet.filled).any(axis=1)
    counts = mostly | ~doubtful(sheet, form, system)
    columns = len(sheet.columns)
    for number, column in np.argwhere(speaks & counts[:, None]).tolist():
        rows = where(system.named[number])
        coefficients = tuple(system.coefficient[number, rows].tolist())
        yield Sum(form.identities[number].id, tuple(row * columns + column for row in rows), coefficients)
    for total in running(sheet):
        across = (*total.parts, total.column)
        coefficients = (*(1 for _ in total.parts), -1)
        for row in where(sheet.filled):
            yield Sum(TOTALS, tuple(row * columns + column for column in across), coefficients)


TOTALS = "jumlah"
"""Name of the rule that a row's carries and total are the sums of its units."""
