"""Live sums: a figure that is the sum of others is a formula, as on the office's own sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

from rangkiang.forms import Form
from rangkiang.model import ColumnKind

UNITS = 3  # the first column of figures, after NO., URAIAN and L/P/JML

Sums = Mapping[str, Sequence[str]]


class Figure(NamedTuple):
    row: str
    kind: str
    label: str
    value: int | None
    status: str
    raw: str | None
    sha256: str


@cache
def sums(form: Form, there: frozenset[str]) -> Sums:
    """Rows that are the sum of two or more others that are there, as the form's identities say; the first counts."""
    found: dict[str, Sequence[str]] = {}
    for equation in form.identities:
        rows = [term.row for term in equation.right if term.row in there]
        plain = all(term.coefficient == 1 for term in (*equation.left, *equation.right))
        if plain and equation.relation == "=" and len(equation.left) == 1 and len(rows) > 1:
            found.setdefault(equation.left[0].row, rows)
    return found


@dataclass(frozen=True, slots=True)
class Live:
    """A sheet's figures by row, the lines that they stand on, and which rows are sums of which."""

    by_row: Mapping[str, Sequence[Figure]]
    lines: Mapping[str, int]
    sums: Sums

    def formula(self, cells: Sequence[Figure], n: int) -> str:
        """What computes a row's ``n``th figure: a total from its units, a unit's from the rows that add up to it; ''
        where nothing gives the figure that is printed."""
        cell, line = cells[n], self.lines[cells[n].row]
        if cell.kind == ColumnKind.TOTAL.value:
            units = [c.value or 0 for c in cells[:n] if c.kind == ColumnKind.UNIT.value]  # the first columns of all
            whole = units and sum(units) == cell.value
            return f"=SUM({xl_range(line, UNITS, line, UNITS + len(units) - 1)})" if whole else ""
        parts = [self.by_row[row][n].value for row in self.sums.get(cell.row, ())]
        if not parts or None in parts or sum(part or 0 for part in parts) != cell.value:
            return ""
        return f"=SUM({','.join(self._ranges(self.sums[cell.row], UNITS + n))})"

    def _ranges(self, rows: Sequence[str], column: int) -> list[str]:
        """The cells of some rows in one column, those below each other as one range."""
        runs: list[list[int]] = []
        for line in sorted(self.lines[row] for row in rows):
            if runs and line == runs[-1][-1] + 1:
                runs[-1].append(line)
            else:
                runs.append([line])
        return [xl_range(run[0], column, run[-1], column) for run in runs]
