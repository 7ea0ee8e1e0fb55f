"""Ruled tables whose rules do not say everything: rivers part their columns, and lines their rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rangkiang.model import Box, Cell, Table
from rangkiang.reading.pdf.page import Page
from rangkiang.reading.pdf.parts import Place, Row, joined, parted
from rangkiang.reading.pdf.phrases import Line, Phrase, lines, together, words
from rangkiang.reading.pdf.rivers import River, rivers

NEAR = 2.0
"""Points: a rule this close to a river runs in it."""
FIGURES = 0.5
"""Share of figures among its phrases from which a ruled column is taken to hold several."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns and the rows of a table begin and where the last ones end, on the page as it is read."""

    page: Page
    xs: Sequence[float]
    ys: Sequence[float]

    def cell(self, text: str, rows: tuple[int, int], place: Place, top: float, bottom: float) -> Cell:
        """A cell from the first to the end row, at columns of this grid."""
        shown = self.page.frame.back(np.array([[self.xs[place.first], top, self.xs[place.last + 1], bottom]]))
        span = place.last - place.first + 1
        return Cell(rows[0], place.first, text, Box(*shown.round(2)[0].tolist()), rows[1] - rows[0], span)


def finer(page: Page, table: Table, engine: str) -> Table:
    """The table with its crowded cells parted, in another engine's name. The same table where no cell is crowded."""
    grid = _grid(page, table)
    held = _held(table, grid)
    alike: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for cell, rows in held.items():
        alike[cell.col, cell.col_span] += rows
    cuts = {columns: _cuts(rows, columns[1], table.n_cols) for columns, rows in alike.items()}
    fine = _Grid(page, sorted({*grid.xs, *(_place(cut, grid.xs) for found in cuts.values() for cut in found)}), grid.ys)
    pieces = {c: _pieces(rows, _stripes(c, grid.xs, cuts[c.col, c.col_span]), fine.xs) for c, rows in held.items()}
    stacked = [_stacked(pieces, r, fine.xs) for r in range(table.n_rows)]
    if not any(cuts.values()) and not any(stacked):
        return table
    return Table(table.page, engine, tuple(_cells(table, grid, fine, pieces, stacked)), table.title)


def _grid(page: Page, table: Table) -> _Grid:
    xs, ys = [0.0] * (table.n_cols + 1), [0.0] * (table.n_rows + 1)
    boxes = page.frame.there(np.array([[c.box.x0, c.box.y0, c.box.x1, c.box.y1] for c in table.cells if c.box]))
    for cell, (x0, y0, x1, y1) in zip(table.cells, boxes.tolist(), strict=True):
        xs[cell.col], xs[cell.col + cell.col_span] = x0, x1
        ys[cell.row], ys[cell.row + cell.row_span] = y0, y1
    return _Grid(page, xs, ys)


def _held(table: Table, grid: _Grid) -> dict[Cell, list[Line]]:
    """The lines of text of each cell that has any."""
    x, y = grid.page.middle.T
    inside = (x > grid.xs[0]) & (x < grid.xs[-1]) & (y > grid.ys[0]) & (y < grid.ys[-1])
    cells = table.grid()
    held: dict[Cell, list[Phrase]] = defaultdict(list)
    for word in words(grid.page, inside):
        row, column = bisect_left(grid.ys, word.middle) - 1, bisect_left(grid.xs, word.middle_x) - 1
        if 0 <= row < len(cells) and 0 <= column < len(cells[row]) and (cell := cells[row][column]):
            held[cell].append(word)
    return {cell: lines(found) for cell, found in held.items()}


def _cuts(rows: Sequence[Line], span: int, width: int) -> list[River]:
    """The rivers that part cells. A ruled column is parted only where it holds columns of figures, and more than two:
    a count and its share may belong together, and justified words drift apart.
    """
    found = rivers(rows)
    if span > 1 or width == 1:
        return found
    several = [p for row in rows if len(row) > 1 for p in row]
    return found if len(found) > 1 and sum(p.is_figure for p in several) >= FIGURES * len(several) else []


def _place(cut: River, xs: Sequence[float]) -> float:
    """Where the columns part: at a rule that runs in the river, else in its middle."""
    return next((x for x in xs if cut[0] - NEAR < x < cut[1] + NEAR), (cut[0] + cut[1]) / 2)


def _stripes(cell: Cell, xs: Sequence[float], cuts: Sequence[River]) -> list[tuple[River, float, float]]:
    """From where to where text may stand in the columns of a cell, and where the columns begin and end."""
    left, right = xs[cell.col], xs[cell.col + cell.col_span]
    at = [left, *(_place(cut, xs) for cut in cuts), right]
    starts, ends = [left, *(b for _, b in cuts)], [*(a for a, _ in cuts), right]
    return [((a, b), x0, x1) for a, b, (x0, x1) in zip(starts, ends, pairwise(at), strict=True)]


def _pieces(rows: Sequence[Line], stripes: Sequence[tuple[River, float, float]], edges: Sequence[float]) -> list[Row]:
    """The lines of a cell, each phrase at its columns of the finer grid."""
    first = [bisect_left(edges, x0) for _, x0, _ in stripes]
    last = [bisect_left(edges, x1) - 1 for _, _, x1 in stripes]
    columns = [text for text, _, _ in stripes]
    return [[Place(0, first[p.first], last[p.last], p.phrases) for p in parted(row, columns)] for row in rows]


def _stacked(pieces: Mapping[Cell, list[Row]], row: int, edges: Sequence[float]) -> list[Row]:
    """The rows that stand in one row of the grid, or nothing where they are one."""
    inside = [p for cell, rows in pieces.items() if cell.row == row and cell.row_span == 1 for r in rows for p in r]
    by_line = _by_line(inside)
    if len(by_line) < 2 or not (_overlaid(inside) or _listed(by_line)):
        return []
    found = joined(by_line, list(pairwise(edges)))
    return found if len(found) > 1 else []


def _by_line(places: Sequence[Place]) -> list[Row]:
    marks = []
    for n, place in enumerate(places):
        whole = together(place.phrases)
        marks.append(Phrase(str(n), whole.x0, whole.y0, whole.x1, whole.y1))
    return [[places[int(mark.text)] for mark in line] for line in lines(marks, phrases=False)]


def _overlaid(places: Sequence[Place]) -> bool:
    """Does a text stand over several others?"""
    ranges = {(p.first, p.last) for p in places}
    return any(a != b and a[0] <= b[1] and b[0] <= a[1] for a in ranges for b in ranges)


def _listed(rows: Sequence[Row]) -> bool:
    """Does a column list figures, with something before them?"""
    figures: dict[int, int] = defaultdict(int)
    for row in rows:
        for place in row[1:]:
            figures[place.first] += together(place.phrases).is_figure
    return max(figures.values(), default=0) > 1


def _cells(
    table: Table, grid: _Grid, fine: _Grid, pieces: Mapping[Cell, list[Row]], stacked: Sequence[list[Row]]
) -> Iterator[Cell]:
    """The cells on the finer grid; rows without any text, as between double rules, are left out."""
    filled = [any(c.row <= r < c.row + c.row_span for c in pieces) for r in range(table.n_rows)]
    heights = [max(int(some), len(rows)) for some, rows in zip(filled, stacked, strict=True)]
    starts = [0, *np.cumsum(heights).tolist()]
    for r, rows in enumerate(stacked):
        for n, row in enumerate(rows, starts[r]):
            for place in row:
                whole = together(place.phrases)
                yield fine.cell(whole.text, (n, n + 1), place, whole.y0, whole.y1)
    for cell in table.cells:
        rows_of = (starts[cell.row], starts[cell.row + cell.row_span])
        if rows_of[0] == rows_of[1] or (cell.row_span == 1 and stacked[cell.row] and cell in pieces):
            continue
        top, bottom = grid.ys[cell.row], grid.ys[cell.row + cell.row_span]
        for place, text in _texts(cell, grid, fine, pieces.get(cell, ())):
            yield fine.cell(text, rows_of, place, top, bottom)


def _texts(cell: Cell, grid: _Grid, fine: _Grid, rows: Sequence[Row]) -> Iterator[tuple[Place, str]]:
    """What a cell holds, column by column; its own text where it is not parted."""
    phrases: dict[tuple[int, int], list[Phrase]] = defaultdict(list)
    for row in rows:
        for place in row:
            phrases[place.first, place.last] += place.phrases
    if len(phrases) > 1:
        yield from ((Place(0, a, b, ()), together(found).text) for (a, b), found in phrases.items())
        return
    first = bisect_left(fine.xs, grid.xs[cell.col])
    last = bisect_left(fine.xs, grid.xs[cell.col + cell.col_span]) - 1
    yield Place(0, *next(iter(phrases), (first, last)), ()), cell.text
