"""XLSX, XLSM, XLS and ODS: every sheet with text is a table, merged cells are spans, sums are computed again.

A formula is read as its workbook shows it: by the value that was last computed. Where it is a sum (see
``books.formulas``) it is computed again from the cells it adds up. Where the two differ the cell is in doubt
(``formula_differs``); where the file holds no value the sum is taken, with less confidence. In XLS the texts of
formulas are not available: there only values are read. Hidden rows, columns and sheets are read like others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rangkiang.books import (
    ENGINES,
    Circular,
    Grid,
    Place,
    Sheet,
    Sum,
    Sums,
    Unusable,
    Value,
    kind_of,
    open_book,
    text_of,
)
from rangkiang.model import Cell, Table
from rangkiang.reading.collector import no_collector
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

COMPUTED = 0.9
"""Confidence in a sum that the file holds no value for."""

IN_DOUBT = 0.5
MAX_MERGED = 1_000_000  # cells under merged ranges, of one sheet
MAX_VALUES = 4_000_000
"""Cells with something in them, of one sheet: two hundred thousand lines of twenty columns."""


@dataclass(frozen=True, slots=True)
class _Said:
    """The text of a cell that is more, or less, than its value."""

    text: str
    confidence: float = 1.0
    doubt: str = ""
    other: str = ""


def source(data: bytes) -> Source:
    """The sheets of a workbook, hidden ones too. Raises Unreadable: unknown_type, broken_file, encrypted, too_large."""
    try:
        with no_collector():
            tables = tuple(_tables(data, kind_of(data)))
    except Unusable as error:
        raise Unreadable(error.code, **error.params) from error
    return Source(tables, tuple("\n".join(c.text for c in t.cells) for t in tables), len(tables))


def _tables(data: bytes, media_type: str) -> Iterator[Table]:
    book = open_book(data, media_type)
    sums = Sums(book.grid)
    for sheet in book.sheets():
        cells = _cells(sheet, sums)
        if cells:
            yield Table(sheet.number, ENGINES[media_type], tuple(_merged(cells, sheet.spans)), sheet.name)


def _cells(sheet: Sheet, sums: Sums) -> list[Cell]:
    said = {place: _Said(text) for place, text in sheet.notes.texts.items()}
    rows: Iterable[Sequence[Value]] = sheet.rows
    if sheet.notes.formulas:
        grid = sheet.grid()
        rows = grid.rows
        sums.put(sheet.name, grid)
        said |= {place: _formula(sheet.name, place, grid, sums) for place in grid.formulas}
    cells = list(islice(_valued(rows), MAX_VALUES + 1))
    if len(cells) > MAX_VALUES:
        raise Unreadable("too_large", actual=f"> {MAX_VALUES} sel berisi", limit=f"{MAX_VALUES} sel berisi")
    if not said:
        return cells
    told = (Cell(*place, s.text, None, 1, 1, s.confidence, s.doubt, s.other) for place, s in said.items() if s.text)
    return sorted((*(c for c in cells if (c.row, c.col) not in said), *told), key=lambda c: (c.row, c.col))


def _valued(rows: Iterable[Sequence[Value]]) -> Iterator[Cell]:
    """A cell for every value that is not blank. A large sheet has few different numbers: each text is kept once."""
    texts: dict[Value, str] = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value == "":
                continue
            text = texts.get(value, "") if value.__class__ is float else text_of(value)
            if not text and value.__class__ is float:
                text = texts[value] = text_of(value)
            if text:
                yield Cell(r, c, text)


def _formula(name: str, place: Place, grid: Grid, sums: Sums) -> _Said:
    outcome, formula = sums.outcome(name, place), grid.formulas[place]
    if not formula.computed:
        if isinstance(outcome, Sum) and outcome.plain:
            return _Said(text_of(outcome.value), COMPUTED)
        return _Said(f"={formula.text}", IN_DOUBT, "formula_circular" if isinstance(outcome, Circular) else "")
    value = grid.at(place)
    printed = grid.odd.get(place) or text_of(value)
    if isinstance(outcome, Circular):
        return _Said(printed, IN_DOUBT, "formula_circular")
    if isinstance(outcome, Sum) and not _same(value, outcome.value):
        return _Said(printed, IN_DOUBT, "formula_differs", text_of(outcome.value))
    return _Said(printed)


def _same(value: Value, computed: float) -> bool:
    """Sums of fractions differ in their last digits by the order in which they are added."""
    return isinstance(value, int | float) and math.isclose(value, computed, rel_tol=1e-9, abs_tol=1e-9)


def _merged(cells: Sequence[Cell], spans: Mapping[Place, Place]) -> Iterator[Cell]:
    """What stands under a merged range, but for its first cell, is not seen and not read. Ranges end with the text."""
    if not spans:
        yield from cells
        return
    bottom, right = cells[-1].row + 1, max(c.col for c in cells) + 1
    within = {
        (row, col): (min(tall, bottom - row), min(wide, right - col))
        for (row, col), (tall, wide) in spans.items()
        if row < bottom and col < right
    }
    if sum(tall * wide for tall, wide in within.values()) > MAX_MERGED:
        raise Unreadable("too_large", actual=f"> {MAX_MERGED} sel gabungan", limit=f"{MAX_MERGED} sel gabungan")
    covered = {
        (r, c)
        for (row, col), (tall, wide) in within.items()
        for r in range(row, row + tall)
        for c in range(col, col + wide)
    }
    for cell in cells:
        place = cell.row, cell.col
        if place in within:
            yield replace(cell, row_span=within[place][0], col_span=within[place][1])
        elif place not in covered:
            yield cell
