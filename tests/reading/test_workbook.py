"""Workbooks as offices make them: what is read is what they show, and what is not sure is in doubt."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.table import TableColumn, TableRow
from openpyxl.styles import Font

from helpers.books import (
    FORM,
    MAKERS,
    SHEET1,
    changed,
    ods_book,
    ods_cell,
    ods_table,
    recap,
    saved,
    texts,
    xls,
    xlsx,
)
from rangkiang import catalogue
from rangkiang.books import ODS, XLS, XLSM, XLSX
from rangkiang.reading import Unreadable, read, tables


@pytest.mark.parametrize("kind", [XLS, ODS])
def test_a_sheet_is_the_same_in_every_kind_of_book(kind: str) -> None:
    frames = [read(MAKERS[k](*recap()), k, FORM, "db1", "0" * 64) for k in (XLSX, kind)]
    assert len(frames[0]) == 4 * len(FORM.leaf_rows)
    assert frames[1].drop(columns="engine").equals(frames[0].drop(columns="engine"))
    assert set(frames[0].status) == {"read", "blank"}
    places = [[(c.row, c.col, c.row_span, c.col_span) for c in tables(MAKERS[k](*recap()), k)[0].cells] for k in MAKERS]
    assert places[0] == places[1] == places[2]


def lone(value: object, number_format: str = "") -> bytes:
    """An XLSX with one cell."""
    book = openpyxl.Workbook()
    cell = book.active["C3"]  # type: ignore[index]
    cell.value = value
    if number_format:
        cell.number_format = number_format
    return saved(book.save)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        *(
            (1234, "", "1234"),
            (1234.0, "", "1234"),
            (12.5, "", "12.5"),
            (-2, "", "-2"),
            (0, "", "0"),
            (1e20, "", "1e+20"),
        ),
        *((" 12 ", "", "12"), ("1.234", "", "1.234"), ("a\nb", "", "a\nb"), (True, "", "TRUE")),
        *((0.1 + 0.2, "", "0.3"), (1233.9999999999998, "", "1234"), (12, '#,##0 "hari %"', "12")),
        *((date(2019, 4, 17), "", "2019-04-17"), (datetime(2019, 4, 17, 13, 5), "", "2019-04-17T13:05:00")),
        *((clock(13, 5), "", "13:05:00"), (timedelta(hours=30), "", "30:00:00"), (1234, "dd/mm/yyyy", "1903-05-18")),
        *((0.855, "0.0%", "85.5%"), (1, "0%", "100%"), ("#REF!", "", "#REF!"), ("#N/A", "", "#N/A")),
    ],
)
def test_values_of_xlsx(value: object, number_format: str, text: str) -> None:
    (cell,) = tables(lone(value, number_format), XLSX)[0].cells
    assert (cell.row, cell.col, cell.text, cell.doubt) == (2, 2, text, "")


def test_values_of_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Satu")
    values = [1, 1.5, " 1.234 ", True, datetime(2019, 4, 17)]
    for n, value in enumerate(values):
        sheet.write(1, 1 + n, value, xlwt.easyxf(num_format_str="DD/MM/YYYY" if n == 4 else "General"))
    shares = xlwt.easyxf(num_format_str="0%")
    for n, value in enumerate((0.85, 1, 0.123456789)):
        sheet.write(2, 1 + n, value, shares)
    sheet.row(3).set_cell_error(1, "#DIV/0!")
    sheet.row(3).set_cell_error(2, "#REF!")
    sheet.write(3, 3, xlwt.Formula("SUM(B2:C2)"))  # the library computes nothing
    data = saved(book.save)
    assert texts(data, XLS) == [
        *("1", "1.5", "1.234", "TRUE", "2019-04-17"),
        *("85%", "100%", "12.3456789%"),
        *("#DIV/0!", "#REF!", "=…"),
    ]


def test_values_of_ods() -> None:
    row = [
        *(ods_cell(5), ods_cell(" 1.234 "), ods_cell(date(2019, 4, 17)), ods_cell("a\nb")),
        ods_cell("85%", valuetype="percentage", value=0.85),
        ods_cell("BENAR", valuetype="boolean", booleanvalue="true"),
        ods_cell("13:05", valuetype="time", timevalue="PT13H05M00S"),
        ods_cell("Rp 5", valuetype="currency", value=5),
        ods_cell("#REF!", valuetype="float", value=0),
        ods_cell("17/04", valuetype="date", datevalue="2019-04-17T13:05:00"),
    ]
    found = tables(ods_book(ods_table("Satu", row)), ODS)[0]
    expected = ["5", "1.234", "2019-04-17", "a\nb", "85%", "TRUE", "13:05:00", "5", "#REF!", "2019-04-17T13:05:00"]
    assert [c.text for c in found.cells] == expected
    assert found.title == "Satu"


def test_rich_text_and_a_macro_book() -> None:
    book = xlsxwriter.Workbook(out := io.BytesIO())
    sheet = book.add_worksheet("Satu")
    sheet.write_rich_string("A1", "TPS ", book.add_format({"bold": True}), "001")
    book.close()
    assert texts(out.getvalue(), XLSX) == ["TPS 001"]
    macros = changed(
        out.getvalue(),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )
    assert texts(macros, XLSM) == ["TPS 001"]


def test_rows_repeated_in_ods_and_blank_ends_that_cost_nothing() -> None:
    line = TableRow(numberrowsrepeated=3)
    line.addElement(ods_cell(7, numbercolumnsrepeated=2))
    line.addElement(ods_cell(numbercolumnsrepeated=16382))
    last = TableRow(numberrowsrepeated=1048573)
    last.addElement(ods_cell(numbercolumnsrepeated=16384))
    table = ods_table("Satu")
    table.addElement(line)
    table.addElement(last)
    cells = tables(ods_book(table), ODS)[0].cells
    assert [(c.row, c.col, c.text) for c in cells] == [(r, c, "7") for r in range(3) for c in range(2)]


# What is hidden, what is far away, what is merged


def test_hidden_rows_columns_and_sheets_are_read() -> None:
    book = openpyxl.Workbook()
    sheet, gone = book.active, book.create_sheet("Gudang")
    assert sheet is not None
    sheet.append([1, 2])
    sheet.append([3, 4])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    gone.append([5])
    gone.sheet_state = "veryHidden"
    found = tables(saved(book.save), XLSX)
    assert [[c.text for c in t.cells] for t in found] == [["1", "2", "3", "4"], ["5"]]
    assert [(t.page, t.title) for t in found] == [(1, "Sheet"), (2, "Gudang")]
    hidden = ods_table("Gudang", [ods_cell(5)], columns=[TableColumn(visibility="collapse")])
    assert texts(ods_book(hidden, hidden=["Gudang"]), ODS) == ["5"]


def test_a_formatted_cell_in_the_last_corner_costs_nothing() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"].font = 1, Font(bold=True)
    data = saved(book.save)
    (table,) = tables(data, XLSX)
    assert (table.n_rows, table.n_cols) == (1, 1)


@pytest.mark.parametrize("place", [(1048575, 16383), (1048575, 11), (900, 16383)])
def test_a_value_in_the_last_corner_is_refused(place: tuple[int, int]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 1
    sheet.cell(place[0] + 1, place[1] + 1, 1)
    assert refusal(saved(book.save), XLSX) == "too_large"


def test_a_value_in_the_last_corner_of_other_books_is_refused() -> None:
    assert refusal(xls({(0, 0): 1, (65535, 255): 1}), XLS) == "too_large"
    line = TableRow(numberrowsrepeated=1048576)
    line.addElement(ods_cell(7, numbercolumnsrepeated=16384))
    table = ods_table("Satu")
    table.addElement(line)
    assert refusal(ods_book(table), ODS) == "too_large"


def refusal(data: bytes, kind: str) -> str:
    with pytest.raises(Unreadable) as error:
        tables(data, kind)
    assert catalogue.explain(error.value.reason)
    return error.value.reason.code


def test_what_stands_under_a_merged_cell_is_not_seen() -> None:
    merged = b'<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="C1:C90"/></mergeCells></worksheet>'
    cells = {(0, 0): 1, (0, 1): 2, (1, 1): 3, (0, 2): 4, (2, 0): 5}
    data = changed(xlsx(cells), SHEET1, lambda xml: xml.replace(b"</worksheet>", merged))
    found = [(c.row, c.col, c.text, c.row_span, c.col_span) for c in tables(data, XLSX)[0].cells]
    assert found == [(0, 0, "1", 2, 2), (0, 2, "4", 3, 1), (2, 0, "5", 1, 1)]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: re.sub(rb' r="[A-Z]+[0-9]+"', b"", xml),
        lambda xml: re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml),
        lambda xml: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml.replace(b"xmlns=", b"xmlns:x=")).replace(
            b"<x:?xml", b"<?xml"
        ),
    ],
)
def test_markup_of_other_programs(change: Callable[[bytes], bytes]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([1, 2, "=SUM(A1:B1)"], [3, 4, "#REF!"]):
        sheet.append(row)
    data = changed(saved(book.save), SHEET1, change)
    found = [(c.row, c.col, c.text) for c in tables(data, XLSX)[0].cells]
    assert found == [(0, 0, "1"), (0, 1, "2"), (0, 2, "3"), (1, 0, "3"), (1, 1, "4"), (1, 2, "#REF!")]


@pytest.mark.parametrize("kind", [XLSX, XLS, ODS])
def test_damaged_books_are_refused_or_read(kind: str) -> None:
    """Bytes changed at random: tables or a reason, never another exception."""
    chance, good = random.Random(2019), MAKERS[kind](*recap())  # noqa: S311
    for _ in range(60):
        data = bytearray(good)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        cut = bytes(data[: chance.choice((len(data), len(data) * 2 // 3))])
        assert outcome(cut, kind) in {"read", "broken_file", "encrypted", "too_large", "unknown_type"}


def outcome(data: bytes, kind: str) -> str:
    try:
        tables(data, kind)
    except Unreadable as error:
        return error.reason.code
    return "read"
