"""Writes a recap sheet as the workbook it was made in: one worksheet per block of columns."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from rangkiang.model import ColumnKind
from samples.sheet import ELECTION, Column, Group, Sheet, Style, blocks, groups, printed_split

MADE = datetime(2019, 5, 3)
"""Stands in every workbook as its date, so that the same sheet gives the same bytes."""
_VALUES = 3  # first column of figures
_LINE, _LETTERS = 15, 75  # height of a line in points, and how many letters the label's column holds
_CELL = {"border": 1, "valign": "vcenter", "font_name": "Arial", "font_size": 9}


def write(entire: Sheet, style: Style) -> bytes:
    """The sheet as XLSX bytes, the same on every run."""
    out = io.BytesIO()
    book = new_book(out)
    pages = blocks(entire, style)
    for number, columns in enumerate(pages, 1):
        page = book.add_worksheet(f"Hal {number}")
        _set_up(page, len(columns))
        top = _titles(book, page, entire, f"Halaman {number} dari {len(pages)}", _VALUES + len(columns) - 1)
        _Table(book, page, entire, style, columns).write(top)
    book.close()
    return out.getvalue()


def new_book(out: io.BytesIO) -> Any:
    """An empty workbook without a time of day."""
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": MADE})
    return book


def _set_up(page: Any, figures: int) -> None:
    page.set_landscape()
    page.set_paper(14)  # Folio, what Indonesian offices call F4
    page.fit_to_pages(1, 1)
    page.center_horizontally()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.set_column(0, 0, 5)
    page.set_column(1, 1, 52)
    page.set_column(2, 2, 6)
    page.set_column(_VALUES, _VALUES + figures - 1, 17)


def _titles(book: Any, page: Any, entire: Sheet, pages: str, last: int) -> int:
    """Title rows and the lines that name the area; returns the first row of the table."""
    bold = {"bold": True, "font_name": "Arial"}
    page.write_string(0, last, f"MODEL {entire.form.model}", book.add_format({**bold, "align": "right"}))
    centred = book.add_format({**bold, "align": "center", "valign": "vcenter", "text_wrap": True})
    page.merge_range(1, 0, 1, last, entire.form.title, centred)
    page.set_row(1, 30)
    page.merge_range(2, 0, 2, last, ELECTION, centred)
    for row, (label, name) in enumerate(entire.places, 3):
        page.write_string(row, 0, f"{label} : {name}", book.add_format(bold))
    page.write_string(3, last, pages, book.add_format({"font_name": "Arial", "align": "right"}))
    return 4 + len(entire.places)


class _Table:
    """One block of columns on one worksheet."""

    def __init__(self, book: Any, page: Any, entire: Sheet, style: Style, columns: tuple[Column, ...]) -> None:
        self.page, self.entire, self.style, self.columns = page, entire, style, columns
        self.last = _VALUES + len(columns) - 1
        grey = {"bg_color": "#E6E6E6", "bold": True, "align": "center", "text_wrap": True}
        self.head = book.add_format({**_CELL, **grey})
        self.section = book.add_format({**_CELL, "bold": True, "bg_color": "#F5F5F5"})
        self.label = book.add_format({**_CELL, "text_wrap": True})
        self.narrow = book.add_format({**_CELL, "align": "center"})
        self.number = book.add_format({**_CELL, "num_format": "#,##0" if style.thousands else "0"})
        self.running = book.add_format({**_CELL, "num_format": "#,##0" if style.thousands else "0", "bold": True})
        self.plain = book.add_format({"font_name": "Arial", "font_size": 9})
        self.small = book.add_format({"font_name": "Arial", "font_size": 8, "italic": True})

    def write(self, top: int) -> None:
        row = self._head(top)
        self.page.freeze_panes(row, _VALUES)
        for group in groups(self.entire.form):
            row = self._group(group, row)
        self.page.write_string(row + 1, 1, self.entire.signed_by, self.plain)
        for n, signer in enumerate(("KETUA", "ANGGOTA", "SAKSI"), 1):
            self.page.write_string(row + 1 + n, 1, f"{signer}: (tanda tangan)", self.plain)
        self.page.write_string(row + 6, 0, self.entire.note, self.small)

    def _head(self, top: int) -> int:
        self.page.merge_range(top, 0, top + 1, 0, "NO.", self.head)
        self.page.merge_range(top, 1, top + 1, 2, "URAIAN", self.head)
        units = [n for n, c in enumerate(self.columns, _VALUES) if c.kind is ColumnKind.UNIT]
        title = f"RINCIAN {self.entire.form.printed_unit}"
        if len(units) > 1:
            self.page.merge_range(top, units[0], top, units[-1], title, self.head)
        else:
            self.page.write_string(top, units[0], title, self.head)
        self.page.set_row(top + 1, 40)
        for n, column in enumerate(self.columns, _VALUES):
            if n in units:
                self.page.write_string(top + 1, n, column.label, self.head)
            else:
                self.page.merge_range(top, n, top + 1, n, column.label, self.head)
        self._numbering(top + 2)
        return top + 3

    def _numbering(self, row: int) -> None:
        self.page.write_number(row, 0, 1, self.head)
        self.page.merge_range(row, 1, row, 2, 2, self.head)
        for n in range(len(self.columns)):
            self.page.write_number(row, _VALUES + n, n + 3, self.head)

    def _group(self, group: Group, row: int) -> int:
        if group.heading:
            self.page.merge_range(row, 0, row, self.last, group.label, self.section)
            return row + 1
        end = row + len(group.leaves) - 1
        if end > row:
            self.page.merge_range(row, 0, end, 0, group.number, self.narrow)
            self.page.merge_range(row, 1, end, 1, group.label, self.label)
        else:
            self.page.set_row(row, _LINE * (1 + len(group.label) // _LETTERS))
            self.page.write_string(row, 0, group.number, self.narrow)
            self.page.merge_range(row, 1, row, 2, group.label, self.label)
        for at, leaf in enumerate(group.leaves, row):
            if end > row:
                self.page.write_string(at, 2, printed_split(self.entire.form, leaf), self.narrow)
            for n, column in enumerate(self.columns, _VALUES):
                self._figure(at, n, column.figures.get(leaf.code), column.kind is ColumnKind.UNIT)
        return end + 1

    def _figure(self, row: int, column: int, value: int | None, unit: bool) -> None:
        pen = self.number if unit else self.running
        if value is None:
            self.page.write_blank(row, column, None, pen)
        elif value == 0 and self.style.zero != "0":
            self.page.write_string(row, column, self.style.zero, pen)
        else:
            self.page.write_number(row, column, value, pen)
