"""Parts of a recap sheet: the lines under a head, on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import Cell, Table
from rangkiang.reading.header import Column, Grid, Head, heads, own_text, split_names

_NEAR = 3.0  # points


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


def segments(tables: Sequence[Table], form: Form) -> Iterator[Segment]:
    """Every part of the tables that has the form's head. A table without one goes on under the head before it."""
    last: Head | None = None
    edges: list[float] = []
    for table in tables:
        grid = table.grid()
        found = list(heads(grid, form))
        for head, below in found:
            last, edges = head, _edges(table)
            yield _segment(table, grid, head, below, form)
        if not found and last is not None:
            fitted = _fitted(table, edges)
            if fitted.n_cols == last.width:
                yield _segment(table, fitted.grid(), replace(last, top=0, end=0), table.n_rows, form)


def _edges(table: Table) -> list[float]:
    """Where the columns of a ruled table begin, and where the last one ends; empty where boxes do not tell."""
    found: dict[int, float] = {}
    for cell in table.cells:
        if cell.box:
            found[cell.col], found[cell.col + cell.col_span] = cell.box.x0, cell.box.x1
    edges = [found[c] for c in sorted(found)]
    return edges if len(edges) == table.n_cols + 1 and _growing(edges) else []


def _growing(values: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _fitted(table: Table, edges: Sequence[float]) -> Table:
    """A table without a head, put on the columns of the one before: its own rows may not show all of them."""
    own = _edges(table)
    if not own or not edges:
        return table
    places = [min(range(len(edges)), key=lambda n: abs(edges[n] - x)) for x in own]
    if not _growing(places) or any(abs(edges[n] - x) > _NEAR for n, x in zip(places, own, strict=True)):
        return table
    cells = (replace(c, col=places[c.col], col_span=places[c.col + c.col_span] - places[c.col]) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _segment(table: Table, grid: Grid, head: Head, below: int, form: Form) -> Segment:
    lines = [_line(table.page, grid, r, head, form) for r in range(head.end, below)]
    used = [n for n, c in enumerate(head.columns) if c.label or any(_says_more(line.cells[n]) for line in lines)]
    kept = [replace(line, cells=tuple(line.cells[n] for n in used)) for line in lines]
    return Segment(table.engine, tuple(head.columns[n] for n in used), tuple(kept))


def _says_more(cell: Cell | None) -> bool:
    """Columns that no unit fills are blank or struck out."""
    return bool(cell and cell.text.strip("-\u2013\u2014Xx0 \n"))


def _line(page: int, grid: Grid, row: int, head: Head, form: Form) -> Line:
    cells = grid[row]
    spanning = cells[head.label]
    across = spanning is not None and spanning.col + spanning.col_span > head.values  # a section row
    label_end = head.values if head.split is None else head.split
    split = "" if head.split is None else own_text(grid, row, head.split, split_names(form))
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
