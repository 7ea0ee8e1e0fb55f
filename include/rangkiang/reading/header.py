"""The head of a recap sheet: where it stands and which columns there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import Cell, ColumnKind

Grid = list[list[Cell | None]]

folded = lru_cache(16384)(fold)
"""Heads and labels come again on every page."""

_NUMBER = re.compile(r"\(?(\d{1,3})\)?")
CERTAIN = 0.9
"""A text of this confidence is read with certainty."""

_HEAD_ROWS = 8  # the row that numbers the columns comes within so many rows of the head's first
_LONGEST_SPLIT = 12  # letters of 'LAKI-LAKI' and its like


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: grid columns ``first`` to ``end`` (exclusive)."""

    first: int
    end: int
    label: str
    kind: ColumnKind = ColumnKind.UNIT
    sure: bool = True  # read with certainty


@dataclass(frozen=True, slots=True)
class Head:
    """Places are rows and columns of the grid it stands on."""

    top: int
    end: int  # first row below
    label: int  # first grid column of the label
    values: int  # first grid column of the figures
    width: int
    columns: tuple[Column, ...]
    split: int | None  # grid column of L, P, JML


def heads(grid: Grid, form: Form) -> Iterator[tuple[Head, int]]:
    """Every head on a grid and the row where what belongs to it ends: at the next head or with the grid."""
    tops = list(_tops(grid))
    ends = [*(top for top, _ in tops[1:]), len(grid)]
    for (top, title), below in zip(tops, ends, strict=False):
        yield _head(grid, top, title, below, form), below


def _tops(grid: Grid) -> Iterator[tuple[int, Cell]]:
    for r, row in enumerate(grid):
        for cell in row:
            if cell and cell.row == r and cell.text[:1] in ("U", "u") and folded(cell.text) == "URAIAN":
                yield r, cell
                break


def _head(grid: Grid, top: int, title: Cell, below: int, form: Form) -> Head:
    values = title.col + title.col_span
    numbers = next((r for r in range(top + 1, min(top + _HEAD_ROWS, below)) if is_numbering(grid[r])), None)
    if numbers is None:  # the first row with something beside the figures is no part of the head any more
        numbers = end = next((r for r in range(top + 1, below) if _begins(grid[r][:values], r)), below)
    else:
        end = numbers + 1
    names, split = split_names(form), None
    for column in range(title.col + 1, min(values + 1, len(grid[top]))):
        if any(own_text(grid, r, column, names) for r in range(end, below)):
            split, values = column, max(values, column + 1)
    columns = kinds(tuple(_columns(grid, top, numbers - 1, values, form)), form)
    while split is None and len(columns) > 1 and not columns[0].label and _labels_cover(grid, end, below, columns[0]):
        values, columns = columns[0].end, columns[1:]
    return Head(top, end, title.col, values, len(grid[top]), columns, split)


def _begins(cells: Sequence[Cell | None], row: int) -> bool:
    return any(c and c.row == row and c.text for c in cells)


def is_numbering(row: Sequence[Cell | None]) -> bool:
    """A row that numbers the columns: whole numbers, growing, and nothing else."""
    numbers: list[int] = []
    last: Cell | None = None
    for cell in row:
        if cell is None or cell is last or not cell.text:
            continue
        last = cell
        found = _NUMBER.fullmatch(cell.text)
        if not found:
            return False
        numbers.append(int(found[1]))
    return len(numbers) >= 2 and numbers[1] == numbers[0] + 1 and all(a < b for a, b in pairwise(numbers))


def _labels_cover(grid: Grid, end: int, below: int, column: Column) -> bool:
    """Do labels reach over this column and no further? Then on other parts of the sheet it holds L, P, JML."""
    cells = [grid[r][column.first] for r in range(end, below)]
    return any(c and c.col < column.first and c.col + c.col_span == column.end for c in cells)


@lru_cache(64)
def split_names(form: Form) -> Mapping[str, str]:
    """Codes of the sub-rows by what sheets print for them, folded."""
    return {fold(name): split.code for split in form.splits for name in split.printed}


def own_text(grid: Grid, row: int, column: int, names: Mapping[str, str]) -> str:
    """The code of the sub-row that a cell beginning in this column names, or ''."""
    cell = grid[row][column]
    if cell is None or cell.col != column or not cell.text or len(cell.text) > _LONGEST_SPLIT:
        return ""
    return names.get(folded(cell.text), "")


def _columns(grid: Grid, top: int, lowest: int, values: int, form: Form) -> Iterator[Column]:
    """Columns as the lowest row of the head cuts them; a cell there without text takes the one above it."""
    column = values
    while column < len(grid[lowest]):
        cell = grid[lowest][column]
        end = max(column + 1, cell.col + cell.col_span if cell else 0)
        above = (grid[r][column] for r in range(lowest, top - 1, -1))
        named = next((c for c in above if c and c.text), None)
        group = named is not None and _is_group(named, column, end, form)
        label = "" if named is None or group else " ".join(named.text.split())
        yield Column(column, end, label, sure=named is None or named.confidence >= CERTAIN)
        column = end


def _is_group(cell: Cell, first: int, end: int, form: Form) -> bool:
    """'RINCIAN KECAMATAN' stands over names and is none; over the one column of a sheet without a total it is."""
    wider = cell.col < first or cell.col + cell.col_span > end
    return wider or (form.has_total and folded(cell.text).startswith("RINCIAN"))


def kinds(columns: Sequence[Column], form: Form) -> tuple[Column, ...]:
    """Running totals are known by name and place: carried in stands first, what nobody is sure of left aside; carried
    out and the total last."""
    named = [n for n, c in enumerate(columns) if c.label]
    first, last = (named[0], named[-1]) if named else (-1, -1)
    sure = next((n for n in named if columns[n].sure), last)

    def kind(n: int, label: str) -> ColumnKind:
        if n != last and first <= n <= sure and _is(label, form.carries["carried_in"]):
            return ColumnKind.CARRIED_IN
        if n != first and _is(label, form.carries["carried_out"]):
            return ColumnKind.CARRIED_OUT
        return ColumnKind.TOTAL if _is(label, form.carries["total"]) else ColumnKind.UNIT

    return tuple(replace(c, kind=kind(n, c.label)) for n, c in enumerate(columns))


def _is(label: str, names: Sequence[str]) -> bool:
    """'JUMLAH PINDAHAN (hal. 1)' is a carry too, but not everything that starts with 'JUMLAH' is a total."""
    text = folded(label)
    return any(text == folded(n) or (" " in n and text.startswith(folded(n))) for n in names)
