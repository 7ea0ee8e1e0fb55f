"""The head of a recap sheet: which columns there are, and the lines below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import Cell, ColumnKind, Table

Grid = list[list[Cell | None]]

_NUMBER = re.compile(r"\(?(\d{1,3})\)?")
_NEAR = 3.0  # points
_HEAD_ROWS = 8  # the row that numbers the columns comes within so many rows of the head's first


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: grid columns ``first`` to ``end`` (exclusive)."""

    first: int
    end: int
    label: str
    kind: ColumnKind = ColumnKind.UNIT


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the head. ``cells`` are in the order of the segment's columns."""

    page: int
    number: str
    label: str
    split: str  # code of the sub-row, or ''
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A head and the lines below it, on one page."""

    engine: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def block(self) -> tuple[tuple[str, str], ...]:
        """Segments with the same columns continue each other downwards."""
        return tuple((c.kind.value, fold(c.label)) for c in self.columns)


@dataclass(frozen=True, slots=True)
class _Head:
    top: int
    end: int  # first row below
    label: int  # first grid column of the label
    values: int  # first grid column of the figures
    width: int
    columns: tuple[Column, ...]
    split: int | None  # grid column of L, P, JML


def segments(tables: Sequence[Table], form: Form) -> Iterator[Segment]:
    """Every part of the tables that has the form's head. A table without one goes on under the head before it."""
    last: _Head | None = None
    edges: list[float] = []
    for table in tables:
        grid = table.grid()
        tops = list(_tops(grid))
        if tops:
            edges = _edges(table)
        elif last is not None and (fitted := _fitted(table, edges)).n_cols == last.width:
            yield _segment(table, fitted.grid(), replace(last, top=0, end=0), table.n_rows, form)
        below = [*(top for top, _ in tops[1:]), len(grid)]
        for (top, title), following in zip(tops, below, strict=False):
            last = _head(grid, top, title, following, form)
            yield _segment(table, grid, last, following, form)


def _edges(table: Table) -> list[float]:
    """Where the columns of a ruled table begin, and where the last one ends; empty where there are no boxes."""
    found: dict[int, float] = {}
    for cell in table.cells:
        if cell.box:
            found[cell.col], found[cell.col + cell.col_span] = cell.box.x0, cell.box.x1
    return [found[c] for c in sorted(found)]


def _fitted(table: Table, edges: Sequence[float]) -> Table:
    """A table without a head, put on the columns of the one before: its own rows may not show all of them."""
    own = _edges(table)
    if not own or not edges:
        return table
    places = [min(range(len(edges)), key=lambda n: abs(edges[n] - x)) for x in own]
    if any(abs(edges[n] - x) > _NEAR for n, x in zip(places, own, strict=True)):
        return table
    cells = (replace(c, col=places[c.col], col_span=places[c.col + c.col_span] - places[c.col]) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _tops(grid: Grid) -> Iterator[tuple[int, Cell]]:
    for r, row in enumerate(grid):
        for cell in row:
            if cell and cell.row == r and fold(cell.text) == "URAIAN":
                yield r, cell
                break


def _head(grid: Grid, top: int, title: Cell, below: int, form: Form) -> _Head:
    numbers = next((r for r in range(top + 1, min(top + _HEAD_ROWS, below)) if _is_numbering(grid[r])), None)
    end = max((c.row + c.row_span for c in grid[top] if c and c.col <= title.col), default=top + 1)
    lowest = (numbers if numbers is not None else end) - 1
    end = end if numbers is None else numbers + 1
    values = title.col + title.col_span
    split = None
    names = _split_names(form)
    for column in range(title.col, min(values + 1, len(grid[top]))):
        if column > title.col and any(_own_text(grid, r, column, names) for r in range(end, below)):
            split, values = column, max(values, column + 1)
    columns = _kinds(tuple(_columns(grid, top, lowest, values)), form)
    return _Head(top, end, title.col, values, len(grid[top]), columns, split)


def _is_numbering(row: Sequence[Cell | None]) -> bool:
    """A row that numbers the columns: whole numbers, growing, and nothing else."""
    texts = [c.text for c in dict.fromkeys(row) if c and c.text]
    found = [_NUMBER.fullmatch(t) for t in texts]
    numbers = [int(m[1]) for m in found if m]
    growing = all(a < b for a, b in pairwise(numbers))
    return len(numbers) >= 3 and len(numbers) == len(texts) and growing and numbers[1] == numbers[0] + 1


def _split_names(form: Form) -> dict[str, str]:
    return {fold(name): split.code for split in form.splits for name in split.printed}


def _own_text(grid: Grid, row: int, column: int, names: dict[str, str]) -> str:
    cell = grid[row][column]
    return names.get(fold(cell.text), "") if cell and cell.col == column else ""


def _columns(grid: Grid, top: int, lowest: int, values: int) -> Iterator[Column]:
    """Columns as the lowest row of the head cuts them; a cell there without text takes the one above it."""
    column = values
    while column < len(grid[lowest]):
        cell = grid[lowest][column]
        end = max(column + 1, cell.col + cell.col_span if cell else 0)
        above = (grid[r][column] for r in range(lowest, top - 1, -1))
        named = next((c for c in above if c and c.text), None)
        group = named is not None and fold(named.text).startswith("RINCIAN")
        yield Column(column, end, "" if named is None or group else " ".join(named.text.split()))
        column = end


def _kinds(columns: tuple[Column, ...], form: Form) -> tuple[Column, ...]:
    """Running totals are known by name and place: carried in stands first, carried out and the total last."""
    named = [n for n, c in enumerate(columns) if c.label]
    first, last = (named[0], named[-1]) if named else (-1, -1)

    def kind(n: int, label: str) -> ColumnKind:
        if n == first and n != last and _is(label, form.carries["carried_in"]):
            return ColumnKind.CARRIED_IN
        if n != first and _is(label, form.carries["carried_out"]):
            return ColumnKind.CARRIED_OUT
        return ColumnKind.TOTAL if _is(label, form.carries["total"]) else ColumnKind.UNIT

    return tuple(replace(c, kind=kind(n, c.label)) for n, c in enumerate(columns))


def _is(label: str, names: Sequence[str]) -> bool:
    """'JUMLAH PINDAHAN (hal. 1)' is a carry too, but not everything that starts with 'JUMLAH' is a total."""
    text = fold(label)
    return any(text == fold(n) or (" " in n and text.startswith(fold(n))) for n in names)


def _segment(table: Table, grid: Grid, head: _Head, below: int, form: Form) -> Segment:
    lines = [_line(table.page, grid, r, head, form) for r in range(head.end, below)]
    used = [n for n, c in enumerate(head.columns) if c.label or any(_says_more(line.cells[n]) for line in lines)]
    kept = [replace(line, cells=tuple(line.cells[n] for n in used)) for line in lines]
    return Segment(table.engine, tuple(head.columns[n] for n in used), tuple(kept))


def _says_more(cell: Cell | None) -> bool:
    """Columns that no unit fills are blank or struck out."""
    return bool(cell and cell.text.strip("-\u2013\u2014Xx0 \n"))


def _line(page: int, grid: Grid, row: int, head: _Head, form: Form) -> Line:
    cells = grid[row]
    spanning = cells[head.label]
    across = spanning is not None and spanning.col + spanning.col_span > head.values  # a section row
    label_end = head.values if head.split is None else head.split
    split = "" if head.split is None else _own_text(grid, row, head.split, _split_names(form))
    number = _text(cells[: head.label]) if not across else ""
    label = _text(cells[head.label : label_end]) or (_text(cells[: head.label]) if across else "")
    if spanning is not None and spanning.col < head.label:
        number = ""
    values = tuple(None if across else _figure(cells[c.first : c.end]) for c in head.columns)
    return Line(page, number, label, split, values)


def _figure(cells: Sequence[Cell | None]) -> Cell | None:
    """The cell under one column; of several, the one with text."""
    there = [c for c in dict.fromkeys(cells) if c]
    return next((c for c in there if c.text), there[0] if there else None)


def _text(cells: Sequence[Cell | None]) -> str:
    return " ".join(" ".join(c.text.split()) for c in dict.fromkeys(cells) if c and c.text)
