"""Parts of a recap sheet: the lines under a head, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from rangkiang.forms import Form
from rangkiang.model import Box, Cell, Guess, Table
from rangkiang.reading.figures import Cells, packed
from rangkiang.reading.header import CERTAIN, Column, Grid, Head, folded, heads, is_numbering, own_text, split_names

_NEAR = 3.0  # points
_DIRECTIONS: tuple[tuple[Callable[[Box], float], Callable[[Box], float]], ...] = (
    (lambda box: box.x0, lambda box: box.x1),
    (lambda box: box.y0, lambda box: box.y1),
    (lambda box: -box.y1, lambda box: -box.y0),
)
_DIGIT = re.compile("[0-9]")


class Line(NamedTuple):
    """What a row below the head says of itself."""

    number: str
    label: str
    split: str  # code of the sub-row, or ''
    spans: bool  # one cell over label and figures
    filled: bool  # something stands in the columns of figures
    digits: bool  # and it is, or holds, a number
    vague: bool = False  # the label is not read with certainty
    numbers: tuple[Guess, ...] = ()  # what the number may be, on a scan


@dataclass(frozen=True, slots=True)
class Segment:
    """A head and the lines below it, on one page. ``cells`` are the lines' figures, each line's in column order.
    ``headless``: the head is that of the page before."""

    page: int
    engine: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    cells: Cells
    headless: bool = False

    @property
    def block(self) -> tuple[tuple[str, str], ...]:
        """Segments with the same columns continue each other downwards."""
        return tuple((c.kind.value, folded(c.label)) for c in self.columns)

    def says_the_same(self, other: Segment) -> bool:
        """The same lines and figures, wherever they stand?"""
        return self.lines == other.lines and self.cells.raw == other.cells.raw


def segments(tables: Iterable[Table], form: Form) -> Iterator[Segment]:
    """Every part of the tables that has the form's head. A table without one goes on under the head before it."""
    head: Head | None = None
    headed: Table | None = None
    edges: list[float] = []
    for table in tables:
        grid = table.grid()
        found = list(heads(grid, form))
        if table.goes_on and head is not None and table.n_cols == head.width:
            above = found[0][0].top if found else len(grid)
            yield _segment(table, grid, replace(head, top=0, end=0), above, form)
        for head, below in found:
            headed = table
            yield _segment(table, grid, head, below, form)
        if found or head is None or table.goes_on:
            continue
        if headed is not None:
            edges, headed = _edges(headed), None
        fitted = _fitted(table, edges)
        if fitted is not None and fitted.n_cols == head.width:
            if fitted is not table:
                grid = fitted.grid()
            yield _segment(table, grid, replace(head, top=0, end=0), len(grid), form)


def _edges(table: Table) -> list[float]:
    """Where the columns of a ruled table begin, and where the last one ends; empty where boxes do not tell.

    On a page that is drawn sideways columns follow each other upwards or downwards.
    """
    width = table.n_cols
    boxes = [(cell.col, cell.col + cell.col_span, cell.box) for cell in table.cells if cell.box]
    for low, high in _DIRECTIONS:
        found = {column: low(box) for column, _, box in boxes} | {column: high(box) for _, column, box in boxes}
        edges = [found[c] for c in sorted(found)]
        if len(edges) == width + 1 and _growing(edges):
            return edges
    return []


def _growing(values: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _fitted(table: Table, edges: Sequence[float]) -> Table | None:
    """A table without a head, put on the columns of the one before: its own rows may not show all of them.

    None where its columns stand elsewhere: then it is another table.
    """
    own = _edges(table)
    if not own or not edges:
        return table
    places = [min(range(len(edges)), key=lambda n: abs(edges[n] - x)) for x in own]
    if not _growing(places) or any(abs(edges[n] - x) > _NEAR for n, x in zip(places, own, strict=True)):
        return None
    if places == list(range(len(edges))):
        return table
    cells = (replace(c, col=places[c.col], col_span=places[c.col + c.col_span] - places[c.col]) for c in table.cells)
    return replace(table, cells=tuple(cells))


def _segment(table: Table, grid: Grid, head: Head, below: int, form: Form) -> Segment:
    rows = [row for row in range(head.end, below) if not _numbers_columns(grid[row], head)]
    figures = [_figures(grid[row], head) for row in rows]
    used = [n for n, c in enumerate(head.columns) if c.label or any(_says_more(cells[n]) for cells in figures)]
    kept = [[cells[n] for n in used] for cells in figures]
    lines = (_line(grid, row, head, cells, form) for row, cells in zip(rows, kept, strict=True))
    return Segment(
        table.page,
        table.engine,
        tuple(head.columns[n] for n in used),
        tuple(lines),
        packed([cell for cells in kept for cell in cells]),
        headless=head.end == 0,  # that of the page before takes up no rows here
    )


def _numbers_columns(cells: Sequence[Cell | None], head: Head) -> bool:
    """'1 2 3 ...' once more; figures without a label are something else."""
    return is_numbering(cells) and any(c and c.text for c in cells[: head.values])


def _says_more(cell: Cell | None) -> bool:
    """Columns that no unit fills are blank or struck out."""
    return bool(cell and cell.text.strip("-\u2013\u2014Xx0 \n"))


def _line(grid: Grid, row: int, head: Head, figures: Sequence[Cell | None], form: Form) -> Line:
    cells = grid[row]
    spanning = cells[head.label]
    across = _spans(cells, head)
    label_end = head.values if head.split is None else head.split
    split = "" if head.split is None else own_text(grid, row, head.split, split_names(form))
    number = _text(cells[: head.label]) if not across else ""
    label = _text(cells[head.label : label_end]) or (_text(cells[: head.label]) if across else "")
    beside = () if across else tuple(guess for c in cells[: head.label] if c for guess in c.guesses)
    if spanning is not None and spanning.col < head.label:
        number, beside = "", ()
    texts = [c.text for c in figures if c and c.text]
    vague = spanning is not None and spanning.confidence < CERTAIN
    return Line(number, label, split, across, bool(texts), any(map(_DIGIT.search, texts)), vague, beside)


def _spans(cells: Sequence[Cell | None], head: Head) -> bool:
    """A section row: its text goes on over the figures."""
    spanning = cells[head.label]
    return spanning is not None and spanning.col + spanning.col_span > head.values


def _figures(cells: Sequence[Cell | None], head: Head) -> list[Cell | None]:
    if _spans(cells, head):
        return [None] * len(head.columns)
    return [cells[c.first] if c.end == c.first + 1 else _figure(cells[c.first : c.end]) for c in head.columns]


def _figure(cells: Sequence[Cell | None]) -> Cell | None:
    """The cell under one column; of several, the one with text."""
    there = [c for c in cells if c]
    return next((c for c in there if c.text), there[0] if there else None)


def _text(cells: Sequence[Cell | None]) -> str:
    texts: list[str] = []
    last: Cell | None = None
    for cell in cells:
        if cell is not None and cell is not last and cell.text:
            texts += cell.text.split()
        last = cell
    return " ".join(texts)
