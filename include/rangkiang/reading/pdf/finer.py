"""Ruled tables whose rules do not say everything: rivers part their columns, and lines their rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
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


def finer(page: Page, table: Table, engine: str) -> Table:
    """The table with its crowded cells parted, in another engine's name. The same table where no cell is crowded."""
    xs, ys = _edges(page, table)
    held = _held(page, table, xs, ys)
    rows_of: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for cell, rows in held.items():
        rows_of[cell.col, cell.col_span] += rows
    cuts = {columns: _cuts(rows, columns[1], table.n_cols) for columns, rows in rows_of.items()}
    cuts = {columns: found for columns, found in cuts.items() if found}
    edges = sorted({*xs, *(_place(cut, xs) for found in cuts.values() for cut in found)})
    pieces = {
        cell: _pieces(rows, _stripes(cell, xs, cuts.get((cell.col, cell.col_span), [])), edges)
        for cell, rows in held.items()
    }
    stacked = {r: _stacked(pieces, r, edges) for r in range(table.n_rows)}
    if not cuts and not any(stacked.values()):
        return table
    return Table(table.page, engine, tuple(_cells(page, table, pieces, stacked, xs, ys, edges)), table.title)


def _cuts(rows: Sequence[Line], span: int, width: int) -> list[River]:
    """The rivers that part cells. A ruled column is parted only where it holds columns of figures, and more than two:
    a count and its share may belong together, and justified words drift apart.
    """
    found = rivers(rows)
    if span > 1 or width == 1:
        return found
    several = [p for row in rows if len(row) > 1 for p in row]
    return found if len(found) > 1 and sum(p.is_figure for p in several) >= FIGURES * len(several) else []


def _edges(page: Page, table: Table) -> tuple[list[float], list[float]]:
    """Where the columns and the rows begin, and where the last ones end."""
    xs, ys = [0.0] * (table.n_cols + 1), [0.0] * (table.n_rows + 1)
    boxes = page.frame.there(np.array([[c.box.x0, c.box.y0, c.box.x1, c.box.y1] for c in table.cells if c.box]))
    for cell, (x0, y0, x1, y1) in zip(table.cells, boxes.tolist(), strict=True):
        xs[cell.col], xs[cell.col + cell.col_span] = x0, x1
        ys[cell.row], ys[cell.row + cell.row_span] = y0, y1
    return xs, ys


def _held(page: Page, table: Table, xs: Sequence[float], ys: Sequence[float]) -> dict[Cell, list[Line]]:
    """The lines of text of each cell that has any."""
    x, y = page.middle.T
    inside = (x > xs[0]) & (x < xs[-1]) & (y > ys[0]) & (y < ys[-1])
    grid = table.grid()
    held: dict[Cell, list[Phrase]] = defaultdict(list)
    for word in words(page, inside):
        row, column = bisect_left(ys, word.middle) - 1, bisect_left(xs, (word.x0 + word.x1) / 2) - 1
        if 0 <= row < len(grid) and 0 <= column < len(grid[row]) and (cell := grid[row][column]):
            held[cell].append(word)
    return {cell: lines(found) for cell, found in held.items()}


def _place(cut: River, xs: Sequence[float]) -> float:
    """Where the columns part: at a rule that runs in the river, else in its middle."""
    return next((x for x in xs if cut[0] - NEAR < x < cut[1] + NEAR), (cut[0] + cut[1]) / 2)


def _stripes(cell: Cell, xs: Sequence[float], cuts: Sequence[River]) -> list[tuple[River, float, float]]:
    """From where to where text may stand in the columns of a cell, and where the columns begin and end."""
    left, right = xs[cell.col], xs[cell.col + cell.col_span]
    at = [left, *(_place(cut, xs) for cut in cuts), right]
    starts, ends = [left, *(b for _, b in cuts)], [*(a for a, _ in cuts), right]
    return [((a, b), x0, x1) for a, b, x0, x1 in zip(starts, ends, at, at[1:], strict=False)]


def _pieces(rows: Sequence[Line], stripes: Sequence[tuple[River, float, float]], edges: Sequence[float]) -> list[Row]:
    columns = [text for text, _, _ in stripes]
    first = [bisect_left(edges, x0) for _, x0, _ in stripes]
    last = [bisect_left(edges, x1) - 1 for _, _, x1 in stripes]
    return [[Place(0, first[p.first], last[p.last], p.phrases) for p in parted(row, columns)] for row in rows]


def _stacked(pieces: dict[Cell, list[Row]], row: int, edges: Sequence[float]) -> list[Row]:
    """The rows that stand in one row of the grid, or nothing where they are one."""
    inside = [p for cell, rows in pieces.items() if cell.row == row and cell.row_span == 1 for r in rows for p in r]
    if len(inside) < 2:
        return []
    by_line = _by_line(inside)
    if len(by_line) < 2 or not (_overlaid(inside) or _listed(by_line)):
        return []
    found = joined(by_line, list(pairwise(edges)))
    return found if len(found) > 1 else []


def _by_line(places: Sequence[Place]) -> list[Row]:
    numbered = lines([Phrase(str(n), *_box(p)) for n, p in enumerate(places)], phrases=False)
    return [[places[int(mark.text)] for mark in line] for line in numbered]


def _box(place: Place) -> tuple[float, float, float, float]:
    whole = together(place.phrases)
    return whole.x0, whole.y0, whole.x1, whole.y1


def _overlaid(places: Sequence[Place]) -> bool:
    """Does a text stand over several others?"""
    ranges = {(p.first, p.last) for p in places}
    return any(a != b and a[0] <= b[1] and b[0] <= a[1] for a in ranges for b in ranges)


def _listed(rows: Sequence[Row]) -> bool:
    """Does a column list figures, with something before most of them?"""
    figures: dict[int, int] = defaultdict(int)
    for row in rows:
        for place in row[1:]:
            figures[place.first] += together(place.phrases).is_figure
    return max(figures.values(), default=0) > 1


def _cells(
    page: Page,
    table: Table,
    pieces: dict[Cell, list[Row]],
    stacked: dict[int, list[Row]],
    xs: Sequence[float],
    ys: Sequence[float],
    edges: Sequence[float],
) -> Iterator[Cell]:
    heights = [max(1, len(stacked[r])) for r in range(table.n_rows)]
    starts = [0, *np.cumsum(heights).tolist()]
    column = [bisect_left(edges, x) for x in xs]

    def cell(row: int, end: int, first: int, last: int, text: str, top: float, bottom: float) -> Cell:
        (box,) = page.frame.back(np.array([[edges[first], top, edges[last + 1], bottom]])).round(2).tolist()
        return Cell(row, first, text, Box(*box), end - row, last - first + 1)

    for r, rows in stacked.items():
        for n, row in enumerate(rows, starts[r]):
            for p in row:
                whole = together(p.phrases)
                yield cell(n, n + 1, p.first, p.last, whole.text, whole.y0, whole.y1)
    for old in table.cells:
        if old.row_span == 1 and stacked[old.row] and old in pieces:
            continue
        row, end = starts[old.row], starts[old.row + old.row_span]
        top, bottom = ys[old.row], ys[old.row + old.row_span]
        first, last = column[old.col], column[old.col + old.col_span] - 1
        ranges: dict[tuple[int, int], list[Phrase]] = defaultdict(list)
        for line in pieces.get(old, []):
            for p in line:
                ranges[p.first, p.last] += p.phrases
        if len(ranges) < 2:
            (first, last) = next(iter(ranges), (first, last))
            yield cell(row, end, first, last, old.text, top, bottom)
        else:
            for (a, b), found in ranges.items():
                yield cell(row, end, a, b, together(found).text, top, bottom)
