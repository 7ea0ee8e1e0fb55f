"""Workbooks as three programs' libraries write them: XLSX, XLS and ODS with the same cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

from rangkiang.books import ODS, XLS, XLSX
from rangkiang.forms import form
from rangkiang.reading import tables

Cells = Mapping[tuple[int, int], object]
"""By row and column, from 0: text, whole number, float, date, or None in a cell that is there and blank."""

Merged = Sequence[tuple[int, int, int, int]]  # first row, first column, rows, columns

FORM = form("DB1-PPWP")
UNITS = ["LENGAYANG", "IV NAGARI\nBAYANG UTARA", "SUTERA", "JUMLAH AKHIR"]
SHEET1 = "xl/worksheets/sheet1.xml"


def xlsx(cells: Cells, merged: Merged = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for (row, column), value in cells.items():
        sheet.cell(row + 1, column + 1, value)
    for row, column, tall, wide in merged:
        sheet.merge_cells(start_row=row + 1, start_column=column + 1, end_row=row + tall, end_column=column + wide)
    return saved(book.save)


def xls(cells: Cells, merged: Merged = ()) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    days = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    over = {(row, column): (row + tall - 1, column + wide - 1) for row, column, tall, wide in merged}
    for (row, column), value in cells.items():
        style = [days] if isinstance(value, date) else []
        if (row, column) in over:
            last_row, last_column = over[row, column]
            sheet.write_merge(row, last_row, column, last_column, value, *style)
        else:
            sheet.write(row, column, value, *style)
    return saved(book.save)


def ods(cells: Cells, merged: Merged = ()) -> bytes:
    over = {(row, column): (tall, wide) for row, column, tall, wide in merged}
    covered = {
        (r, c) for row, col, tall, wide in merged for r in range(row, row + tall) for c in range(col, col + wide)
    }
    height, width = (max(at[n] for at in (*cells, *covered)) + 1 for n in (0, 1))
    table = Table(name="Sheet")
    for row in range(height):
        line = TableRow()
        for column in range(width):
            if (row, column) in covered - set(over):
                line.addElement(CoveredTableCell())
            else:
                line.addElement(ods_cell(cells.get((row, column)), over.get((row, column), (1, 1))))
        table.addElement(line)
    return ods_book(table)


def ods_cell(shown: object = None, span: tuple[int, int] = (1, 1), /, **said: object) -> TableCell:
    """``said`` are attributes as odfpy names them; they outrank what follows from the value."""
    kinds: dict[type, Callable[[], dict[str, object]]] = {
        str: lambda: {"valuetype": "string"},
        int: lambda: {"valuetype": "float", "value": shown},
        float: lambda: {"valuetype": "float", "value": shown},
        date: lambda: {"valuetype": "date", "datevalue": str(shown)},
    }
    attributes = {**(kinds[type(shown)]() if shown is not None else {}), **said}
    if span != (1, 1):
        attributes |= {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]}
    cell = TableCell(**attributes)
    for line in str(shown).split("\n") if shown is not None else ():
        cell.addElement(P(text=line))
    return cell


def ods_book(*tables: Table, hidden: Sequence[str] = ()) -> bytes:
    """Tables with a name in ``hidden`` are hidden sheets."""
    book = OpenDocumentSpreadsheet()
    style = Style(name="gone", family="table")
    style.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(style)
    for table in tables:
        if table.getAttribute("name") in hidden:
            table.setAttribute("stylename", style)
        book.spreadsheet.addElement(table)
    return saved(book.save)


def ods_table(name: str, *rows: Sequence[TableCell], columns: Sequence[TableColumn] = ()) -> Table:
    table = Table(name=name)
    for column in columns:
        table.addElement(column)
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(cell)
        table.addElement(line)
    return table


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A package with one part changed, or added to an empty one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
        if part not in before.namelist():
            after.writestr(part, change(b""))
    return out.getvalue()


def recap() -> tuple[Cells, Merged]:
    """A recap sheet with title rows, labels merged over their sub-rows, numbers as numbers and as text."""
    cells: dict[tuple[int, int], Any] = {(0, 0): "MODEL DB1-PPWP", (2, 0): "NO.", (2, 1): "URAIAN"}
    cells |= {(2, 3): "RINCIAN KECAMATAN", **{(3, 3 + n): name for n, name in enumerate(UNITS)}}
    merged: list[tuple[int, int, int, int]] = [(0, 0, 1, 7), (2, 3, 1, 4), (2, 0, 2, 1), (2, 1, 2, 2)]
    for n, leaf in enumerate(FORM.leaf_rows):
        row = 4 + n
        if leaf.split in ("", "L"):
            cells |= {(row, 0): leaf.parent.number, (row, 1): leaf.parent.label.id}
            merged.append((row, 1, 3 if leaf.split else 1, 1 if leaf.split else 2))
        if leaf.split:
            cells[row, 2] = leaf.split
        values = [1000 * n + 1, f"{n}.{n:03}", n or "-"]
        cells |= {(row, 3 + c): value for c, value in enumerate(values) if value != 7}
        cells[row, 6] = sum(int(str(v).replace(".", "").replace("-", "0")) for v in values if v != 7)
    return cells, merged


def texts(data: bytes, kind: str, sheet: int = 0) -> list[str]:
    return [cell.text for cell in tables(data, kind)[sheet].cells]


MAKERS = {XLSX: xlsx, XLS: xls, ODS: ods}
