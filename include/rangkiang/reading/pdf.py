"""Vector PDFs: camelot's lattice gives the ruled grid, the characters give the text."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from camelot.io import read_pdf

from rangkiang.model import Box, Cell, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.glyphs import Run, main_direction, runs, text_of
from rangkiang.reading.source import Source

ENGINE = "camelot-lattice"

# No text boxes: their clustering takes nine tenths of camelot's time and nobody looks at them. No vertical lines: a
# column of single digits must not be taken for one, nor a sheet full of rotated headers for a rotated page.
LAYOUT = {"boxes_flow": None, "detect_vertical": False}


def source(data: bytes) -> Source:
    """All ruled tables of a PDF. Raises Unreadable('broken_file') where the file cannot be parsed."""
    try:
        found = _lattice(data, "vector") or _lattice(data, "combined")
        with pypdfium2.PdfDocument(data) as document:
            pages = len(document)
    except Exception as error:  # a parser of hostile files may raise anything: it becomes one sentence
        raise Unreadable("broken_file", detail=f"{type(error).__name__}: {error}"[:200]) from error
    tables: list[Table] = []
    texts: list[str] = []
    for number, on_page in groupby(found, key=lambda t: int(t.page)):
        page_tables, text = _page(number, list(on_page))
        tables += page_tables
        texts.append(text)
    return Source(tuple(tables), tuple(texts), pages)


def _lattice(data: bytes, engine: str) -> list[Any]:
    """``vector`` takes the rules from the drawing; ``combined`` renders the page too, and is fifty times slower."""
    options = {"engine": engine, "backend": "pdfium", "use_fallback": False, "layout_kwargs": LAYOUT}
    return list(read_pdf(io.BytesIO(data), pages="all", flavor="lattice", suppress_stdout=True, **options))


def _page(number: int, grids: Sequence[Any]) -> tuple[list[Table], str]:
    left = runs(grids[0].textlines)
    direction = main_direction(left)
    tables = []
    for grid in grids:
        inside, left = _parted(grid, left)
        cells = [_turned(c, grid, direction) for c in _cells(grid, inside)]
        title = text_of(run for run in left if run.middle[1] > grid.rows[0][0])
        tables.append(Table(number, ENGINE, tuple(sorted(cells, key=lambda c: (c.row, c.col))), title))
    return tables, text_of(left)


def _parted(grid: Any, found: list[Run]) -> tuple[list[Run], list[Run]]:
    x0, x1, y0, y1 = grid.cols[0][0], grid.cols[-1][1], grid.rows[-1][1], grid.rows[0][0]
    inside: list[Run] = []
    outside: list[Run] = []
    for run in found:
        x, y = run.middle
        (inside if x0 <= x <= x1 and y0 <= y <= y1 else outside).append(run)
    return inside, outside


def _cells(grid: Any, inside: list[Run]) -> Iterator[Cell]:
    """One cell per region of the grid that no inner edge divides. A run belongs to the cell under its middle."""
    spans = list(_spans(grid))
    owner = {(r, c): n for n, (r0, c0, r1, c1) in enumerate(spans) for r in range(r0, r1) for c in range(c0, c1)}
    texts: dict[int, list[Run]] = {}
    tops = [-top for top, _ in grid.rows]
    lefts = [left for left, _ in grid.cols]
    for run in inside:
        x, y = run.middle
        at = max(0, bisect_right(tops, -y) - 1), max(0, bisect_right(lefts, x) - 1)
        texts.setdefault(owner[at], []).append(run)
    height = float(grid.pdf_size[1])
    for n, (r0, c0, r1, c1) in enumerate(spans):
        top, bottom = height - grid.rows[r0][0], height - grid.rows[r1 - 1][1]
        box = Box(round(grid.cols[c0][0], 2), round(top, 2), round(grid.cols[c1 - 1][1], 2), round(bottom, 2))
        yield Cell(r0, c0, text_of(texts.get(n, ())), box, r1 - r0, c1 - c0)


def _spans(grid: Any) -> Iterator[tuple[int, int, int, int]]:
    """Regions (first row, first column, end row, end column), growing right and then down over missing edges."""
    taken: set[tuple[int, int]] = set()
    cells = grid.cells
    for r0, row in enumerate(cells):
        for c0 in range(len(row)):
            if (r0, c0) in taken:
                continue
            c1 = c0 + 1
            while c1 < len(row) and (r0, c1) not in taken and not (row[c1 - 1].right or row[c1].left):
                c1 += 1
            r1 = r0 + 1
            while r1 < len(cells) and all(_open_above(cells, r1, c) and (r1, c) not in taken for c in range(c0, c1)):
                r1 += 1
            taken.update((r, c) for r in range(r0, r1) for c in range(c0, c1))
            yield r0, c0, r1, c1


def _open_above(cells: Any, row: int, column: int) -> bool:
    return not (cells[row - 1][column].bottom or cells[row][column].top)


def _turned(cell: Cell, grid: Any, direction: tuple[int, int]) -> Cell:
    """Where the whole sheet is drawn sideways, rows and columns change places; boxes stay where they are."""
    below = len(grid.rows) - cell.row - cell.row_span
    beyond = len(grid.cols) - cell.col - cell.col_span
    places = {(0, 1): (cell.col, below), (0, -1): (beyond, cell.row), (-1, 0): (below, beyond)}
    if direction not in places:
        return cell
    row, col = places[direction]
    sideways = direction[0] == 0
    row_span, col_span = (cell.col_span, cell.row_span) if sideways else (cell.row_span, cell.col_span)
    return Cell(row, col, cell.text, cell.box, row_span, col_span, cell.confidence)
