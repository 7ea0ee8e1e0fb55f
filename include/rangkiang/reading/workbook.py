"""XLSX by openpyxl: every sheet with text is a table, merged cells are spans, formulas give what they last gave."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rangkiang.model import Cell, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

ENGINE = "openpyxl"
MAX_CELLS = 10_000_000
"""Rows times columns of one sheet: a stray cell in the last corner of a sheet must not fill the memory."""

_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:</c>|<v\s*/>|<v>\s*</v>)")


def source(data: bytes) -> Source:
    """The sheets of a workbook, hidden ones too. Raises Unreadable('broken_file' or 'too_large')."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        # A formula that was never computed has no value: its text is kept, to be flagged and not taken for blank.
        formulas = openpyxl.load_workbook(io.BytesIO(data)) if _uncomputed(data) else None
    except Exception as error:  # a parser of hostile files may raise anything: it becomes one sentence
        raise Unreadable("broken_file", detail=f"{type(error).__name__}: {error}"[:200]) from error
    tables = tuple(_tables(book, formulas))
    return Source(tables, tuple("\n".join(c.text for c in t.cells) for t in tables), len(tables))


def text_of(value: object) -> str:
    """A cell's value as text, exactly: 1234.0 is '1234', 12.5 is '12.5'."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _uncomputed(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA_WITHOUT_VALUE.search(parts.read(name)) for name in sheets)


def _tables(book: Workbook, formulas: Workbook | None) -> Iterator[Table]:
    for page, sheet in enumerate(book.worksheets, 1):
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise Unreadable("too_large", actual=f"{sheet.max_row} x {sheet.max_column} sel", limit=f"{MAX_CELLS} sel")
        texts = _texts(sheet, formulas[sheet.title] if formulas else None)
        if not texts:
            continue
        rows, cols = max(r for r, _ in texts), max(c for _, c in texts)
        spans = {(m.min_row, m.min_col): (m.max_row, m.max_col) for m in sheet.merged_cells.ranges}
        cells = tuple(_cell(at, text, spans, rows, cols) for at, text in sorted(texts.items()))
        yield Table(page, ENGINE, cells, sheet.title)


def _texts(sheet: Worksheet, formulas: Any) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for r, row in enumerate(sheet.iter_rows(values_only=True), 1):
        for c, value in enumerate(row, 1):
            if value is None and formulas is not None:
                value = formulas.cell(r, c).value
            if text := text_of(value):
                found[r, c] = text
    return found


def _cell(at: tuple[int, int], text: str, spans: dict[tuple[int, int], tuple[int, int]], rows: int, cols: int) -> Cell:
    row, col = at
    last_row, last_col = spans.get(at, at)
    return Cell(row - 1, col - 1, text, None, min(last_row, rows) - row + 1, min(last_col, cols) - col + 1)
