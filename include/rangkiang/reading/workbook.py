"""XLSX, XLSM, XLS and ODS: every sheet with text is a table, merged cells are spans, sums are computed again.

A formula is read as its workbook shows it: by the value that was last computed. Where it is a sum (see
``books.sums``) it is computed again from the cells it adds up. Where the two differ the cell is in doubt
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
    Rows,
    Sheet,
    Spans,
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
    for sheet in book.sheets:
        rows, spans = sheet.opened()
        cells = _cells(sheet, rows, sums)
        if cells:
            yield Table(sheet.number, ENGINES[media_type], tuple(_merged(cells, spans)), sheet.name)


def _cells(sheet: Sheet, rows: Rows, sums: Sums) -> list[Cell]:
    said = {place: _Said(text) for place, text in sheet.notes.texts.items()}
    if sheet.notes.formulas:
        grid = sheet.grid(rows)
        rows = grid.rows
        sums.put(sheet.name, grid)
        told = ((place, _formula(sheet.name, place, grid, sums)) for place in grid.formulas)
        said |= {place: one for place, one in told if one.text}  # a formula may give an empty text: that is blank
    cells = list(islice(_valued(_put(rows, said) if said else rows), MAX_VALUES + 1))
    if len(cells) > MAX_VALUES:
        raise Unreadable("too_large", actual=f"> {MAX_VALUES} sel berisi", limit=f"{MAX_VALUES} sel berisi")
    return cells


def _put(rows: Rows, said: Mapping[Place, _Said]) -> Iterator[Sequence[Value | _Said]]:
    """The rows with what is said in the place of their values; it may stand beyond the last of those."""
    of_row: dict[int, dict[int, _Said]] = {}
    for (r, c), one in said.items():
        of_row.setdefault(r, {})[c] = one
    height = 0
    for height, row in enumerate(rows, 1):
        yield _with(row, of_row.pop(height - 1, {}))
    for r in range(height, max(of_row, default=-1) + 1):
        yield _with((), of_row.get(r, {}))


def _with(row: Sequence[Value], said: Mapping[int, _Said]) -> Sequence[Value | _Said]:
    if not said:
        return row
    found: list[Value | _Said] = [*row, *[""] * (max(said) + 1 - len(row))]
    for c, one in said.items():
        found[c] = one
    return found


def _valued(rows: Iterable[Sequence[Value | _Said]]) -> Iterator[Cell]:
    """A cell for every value that is not blank. A large sheet has few different numbers: each text is kept once."""
    texts: dict[float, str] = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, _Said):
                yield Cell(r, c, value.text, None, 1, 1, value.confidence, value.doubt, value.other)
                continue
            if type(value) is float:
                text = texts.get(value) or texts.setdefault(value, text_of(value))
            else:
                text = text_of(value)
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


def _merged(cells: Sequence[Cell], spans: Spans) -> Iterator[Cell]:
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
