"""Ruled tables: the lines make the cells, and a character belongs to the cell under its middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Box, Cell, Table
from rangkiang.reading.pdf import words
from rangkiang.reading.pdf.page import Page
from rangkiang.reading.pdf.rules import Grid, grids
from rangkiang.spans import Region, regions

ENGINE = "vector"

ONE_WORD = 0.05
"""Characters closer than this share of their size are of one word, whatever rule runs between them."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruled tables of a page, and the text outside them."""

    tables: tuple[Table, ...]
    outside: str


def ruled(page: Page) -> Ruled:
    """Every ruled table of a page, from top to bottom.

    A cell across which a number runs is in doubt (``crosses_rule``): its digits may be shared out wrongly.
    """
    found = [g for g in grids(page.across, page.down) if g.shape != (1, 1)]  # a single box is a frame, not a table
    places = [regions(g.above, g.before) for g in found]
    starts = np.cumsum([0, *map(len, places)]).tolist()
    owner = np.full(len(page.text), -1, dtype=np.int64)
    for n in sorted(range(len(found)), key=lambda n: found[n].area):  # a table in a cell of another has its own text
        _claim(owner, page, found[n], places[n], starts[n])
    texts = words.texts(page, owner, starts[-1])
    doubtful = _crossed(page, owner)
    tables = []
    for n, grid in enumerate(found):
        title = words.outside(page, (owner < 0) & (page.middle[:, 1] < grid.ys[0])) if n == 0 else ""
        cells = tuple(_cells(page, grid, places[n], starts[n], texts, doubtful))
        tables.append(Table(page.number, ENGINE, cells, title))
    return Ruled(tuple(tables), words.outside(page, owner < 0))


def _claim(owner: NDArray[np.int64], page: Page, grid: Grid, places: Sequence[Region], start: int) -> None:
    """Give the grid's cells the characters in them that no smaller grid has."""
    rows, columns = grid.shape
    at = np.zeros((rows, columns), dtype=np.int64)
    for n, (r0, c0, r1, c1) in enumerate(places):
        at[r0:r1, c0:c1] = n
    x, y = page.middle[:, 0], page.middle[:, 1]
    column = np.searchsorted(grid.xs, x, side="right") - 1
    row = np.searchsorted(grid.ys, y, side="right") - 1
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows) & (owner < 0) & page.solid
    owner[inside] = start + at[row[inside], column[inside]]


def _crossed(page: Page, owner: NDArray[np.int64]) -> frozenset[int]:
    """The cells whose numbers run on into another cell."""
    near = page.solid[:-1] & page.solid[1:] & (owner[:-1] != owner[1:])
    if not near.any():
        return frozenset()
    digit = np.fromiter(map(str.isdigit, page.text), dtype=bool, count=len(page.text))
    first, second = page.boxes[:-1], page.boxes[1:]
    size = np.minimum(first[:, 3] - first[:, 1], second[:, 3] - second[:, 1])
    level = np.abs(page.middle[1:, 1] - page.middle[:-1, 1]) < 0.3 * size
    joined = near & level & (digit[:-1] | digit[1:]) & (np.abs(second[:, 0] - first[:, 2]) < ONE_WORD * size)
    return frozenset(owner[:-1][joined].tolist() + owner[1:][joined].tolist())


def _cells(
    page: Page, grid: Grid, places: Sequence[Region], start: int, texts: Sequence[str], doubtful: frozenset[int]
) -> Iterator[Cell]:
    at = np.array(places)
    xs, ys = np.array(grid.xs), np.array(grid.ys)
    corners = np.column_stack([xs[at[:, 1]], ys[at[:, 0]], xs[at[:, 3]], ys[at[:, 2]]])
    shown = page.frame.back(corners).round(2).ravel().tolist()
    # A long document has few different numbers and labels in it, and a great many cells: what is equal is kept once.
    one: dict[float, float] = {}
    shown = list(map(one.setdefault, shown, shown))
    boxes = map(Box, shown[0::4], shown[1::4], shown[2::4], shown[3::4])
    rows, columns = at[:, 0].tolist(), at[:, 1].tolist()
    spans = (at[:, 2] - at[:, 0]).tolist(), (at[:, 3] - at[:, 1]).tolist()
    doubts = ["crosses_rule" if n in doubtful else "" for n in range(start, start + len(places))]
    confidence = (0.5 if doubt else 1.0 for doubt in doubts)
    own = map(intern, texts[start : start + len(places)])
    return map(Cell, rows, columns, own, boxes, *spans, confidence, doubts)
