"""Workbooks as offices make them: what is read is what they show, and what is not sure is in doubt."""

from __future__ import annotations

import io
import random
import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.table import TableColumn, TableRow
from openpyxl.styles import Font

from helpers.books import Cells, Merged, changed, ods, ods_book, ods_cell, ods_table, saved, xls, xlsx
from rangkiang import catalogue
from rangkiang.books import ODS, XLS, XLSM, XLSX
from rangkiang.books.formulas import moved, parsed
from rangkiang.books.sums import MAX_VISITS
from rangkiang.forms import form
from rangkiang.model import Cell, Reason
from rangkiang.proof import prove
from rangkiang.reading import Unreadable, read, tables

FORM = form("DB1-PPWP")
UNITS = ["LENGAYANG", "IV NAGARI\nBAYANG UTARA", "SUTERA", "JUMLAH AKHIR"]
SHEET1 = "xl/worksheets/sheet1.xml"
MAKERS = {XLSX: xlsx, XLS: xls, ODS: ods}


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


@pytest.mark.parametrize("kind", [XLS, ODS])
def test_a_sheet_is_the_same_in_every_kind_of_book(kind: str) -> None:
    frames = [read(MAKERS[k](*recap()), k, FORM, "db1", "0" * 64) for k in (XLSX, kind)]
    assert len(frames[0]) == 4 * len(FORM.leaf_rows)
    assert frames[1].drop(columns="engine").equals(frames[0].drop(columns="engine"))
    assert set(frames[0].status) == {"read", "blank"}
    places = [[(c.row, c.col, c.row_span, c.col_span) for c in tables(MAKERS[k](*recap()), k)[0].cells] for k in MAKERS]
    assert places[0] == places[1] == places[2]


def texts(data: bytes, kind: str, sheet: int = 0) -> list[str]:
    return [cell.text for cell in tables(data, kind)[sheet].cells]


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


# Formulas


def computed(*cells: tuple[str, object], values: Cells | None = None) -> bytes:
    """An XLSX with formulas ('=…', with its stored value, None for none) and values, on one sheet."""
    book = xlsxwriter.Workbook(out := io.BytesIO())
    sheet = book.add_worksheet("Satu")
    for (row, column), value in (values or {}).items():
        sheet.write(row, column, value)
    for n, (formula, value) in enumerate(cells):
        sheet.write_formula(n, 9, formula, None, "-never-" if value is None else value)
    book.close()
    never = re.compile(rb' t="str"><f>([^<]*)</f><v>-never-</v>')
    return changed(out.getvalue(), SHEET1, lambda xml: never.sub(rb"><f>\1</f>", xml))


def at(data: bytes, place: tuple[int, int] = (0, 9), kind: str = XLSX) -> Cell:
    return next(c for c in tables(data, kind)[0].cells if (c.row, c.col) == place)


VALUES = {(0, 0): 1, (1, 0): 2, (2, 0): 30, (0, 1): "-", (1, 1): "1.234", (2, 1): "TPS", (0, 2): 0.5, (1, 2): True}


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        *(("=SUM(A1:A3)", 33), ("=A1+A2-A3", -27), ("=SUM(A1,A2,100)", 103), ("=-(A1+A2)+SUM(A2:A3)", 29)),
        *(("=SUM($A$1:A$3)+10", 43), ("=SUM(A:A)", 33), ("=A1+D9", 1), ("=+A1", 1), ("=SUM(Satu!A1:A2,'Satu'!A3)", 33)),
        *(
            ("=SUM(A1:B3)", 33),
            ("=SUM(C1:C3)", 0.5),
            ("=sum( A1:A3 )", 33),
            ("=SUM(A3:A1)", 33),
            ("=SUM(A1-A2,A3)", 29),
        ),
    ],
)
def test_a_sum_is_computed_again(formula: str, right: float) -> None:
    cell = at(computed((formula, right), values=VALUES))
    assert (cell.text, cell.confidence, cell.doubt) == (f"{right:g}", 1.0, "")
    cell = at(computed((formula, right + 1), values=VALUES))
    assert (cell.text, cell.doubt, cell.other) == (f"{right + 1:g}", "formula_differs", f"{right:g}")


@pytest.mark.parametrize(
    "formula", ["=AVERAGE(A1:A3)", "=A1*2", "=SUM(A1:A3)/3", "=IF(A1,1,2)", "=SUM([1]Data!A1:A3)", "=X"]
)
def test_other_functions_stand_as_they_were_computed(formula: str) -> None:
    cell = at(computed((formula, 7), values=VALUES))
    assert (cell.text, cell.confidence, cell.doubt) == ("7", 1.0, "")
    assert at(computed((formula, None), values=VALUES)).text == formula  # no number, and not blank


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("=SUM(A1:A3)", "33"),
        ("=A1+A2", "3"),
        ("=SUM(A1:B1)", "1"),
        ("=SUM(A1:B2)", None),
        ("=A1+B2", None),
        ("=B3+A1", None),
    ],
)
def test_a_sum_that_was_never_computed_is_taken_where_every_part_is_a_number(formula: str, text: str | None) -> None:
    cell = at(computed((formula, None), values=VALUES))
    assert (cell.text, cell.confidence < 1, cell.doubt) == (text or formula, True, "")


def test_a_program_that_leaves_computing_to_others_stores_zero() -> None:
    assert at(computed(("=SUM(A1:A3)", 0), values=VALUES)).text == "33"
    assert at(computed(("=AVERAGE(A1:A3)", 0), values=VALUES)).text == "=AVERAGE(A1:A3)"


def test_sums_of_sums_use_what_is_computed_again() -> None:
    data = computed(("=SUM(A1:A2)", 3), ("=J1+A3", 33), ("=J4", 99), ("=SUM(A1:A3)", 99), values=VALUES)
    found = {c.row: (c.text, c.doubt, c.other) for c in tables(data, XLSX)[0].cells if c.col == 9}
    assert found == {
        0: ("3", "", ""),
        1: ("33", "", ""),
        2: ("99", "formula_differs", "33"),
        3: ("99", "formula_differs", "33"),
    }


def test_sums_across_the_sheets_of_a_book() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Rekap 'A' DA1")
    assert first is not None
    first["A1"] = "='Rekap ''A'' DA1'!B2+SUM('rekap ''a'' da1'!B2:B3)"
    first["A2"] = "=Tidak_ada!B2"
    second["B2"], second["B3"] = 5, "=B2+1"
    assert texts(saved(book.save), XLSX) == ["16", "=Tidak_ada!B2"]
    assert texts(saved(book.save), XLSX, 1) == ["5", "6"]


def test_circles_are_found() -> None:
    data = computed(("=SUM(J1:J3)", 5), ("=J3+1", 1), ("=J2", 1), ("=A1+J2", 4), values=VALUES)
    found = {c.row: c.doubt for c in tables(data, XLSX)[0].cells if c.col == 9}
    assert found == {0: "formula_circular", 1: "formula_circular", 2: "formula_circular", 3: ""}


def test_a_long_chain_and_a_sum_of_everything_end_soon() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for n in range(1, 1201):
        sheet.append([1, f"=A{n}+B{n - 1}" if n > 1 else "=A1", f"=SUM(A$1:B{n})"])
    began = time.process_time()
    cells = tables(saved(book.save), XLSX)[0].cells
    assert cells[-2].text == "1200"
    assert time.process_time() - began < 15
    assert MAX_VISITS < 2 * 1200 * 1200 / 2
    assert cells[-1].text == "=SUM(A$1:B1200)"  # not computed again any more, and said so


def test_a_formula_shared_by_cells() -> None:
    shared = (
        b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>'
        b'<c r="C1"><f t="shared" ref="C1:C3" si="0">SUM($A1:B1)</f><v>3</v></c></row>'
        b'<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>5</v></c><c r="C2"><f t="shared" si="0"/><v>9</v></c></row>'
        b'<row r="3"><c r="A3"><v>6</v></c><c r="C3"><f t="shared" si="0"/><v>7</v></c></row>'
    )
    data = changed(xlsx({(0, 0): 1}), SHEET1, lambda xml: re.sub(rb"<row.*</row>", shared, xml))
    assert [(c.text, c.doubt, c.other) for c in tables(data, XLSX)[0].cells if c.col == 2] == [
        ("3", "", ""),
        ("9", "", ""),
        ("7", "formula_differs", "6"),
    ]
    assert moved("SUM($A1:B$1)+'C1 D1'!C1+LOG10(A1)", (0, 0), (2, 1)) == "SUM($A3:C$1)+'C1 D1'!D3+LOG10(B3)"
    assert moved("A1", (5, 5), (4, 5)) == "#REF!"


@pytest.mark.parametrize(
    "text", ["", "SUM(", "SUM()", "A1:A3", "A1 A2", "1+", "(A1", "A1)", "SUM(A1,)", "A1%", "((" * 5000]
)
def test_what_is_no_sum(text: str) -> None:
    assert parsed(text) is None


def test_formulas_of_ods() -> None:
    rows = [
        [ods_cell(1), ods_cell(2), ods_cell("4", formula="of:=SUM([.A1:.B1])", valuetype="float", value=4)],
        [ods_cell(5), ods_cell("-"), ods_cell(formula="of:=[.A1]+[.A2]")],
        [ods_cell("6", formula="of:=SUM([.A1:.A2];[$Dua.A1])", valuetype="float", value=13)],
        [ods_cell("8", formula="of:=AVERAGE([.A1:.A2])", valuetype="float", value=8)],
        [ods_cell(formula="of:=AVERAGE([.A1:.A2])")],
    ]
    data = ods_book(ods_table("Satu", *rows), ods_table("Dua", [ods_cell(7)]))
    found = {(c.row, c.col): (c.text, c.doubt, c.other) for c in tables(data, ODS)[0].cells}
    assert found[0, 2] == ("4", "formula_differs", "3")
    assert found[1, 2] == ("6", "", "")
    assert found[2, 0] == ("13", "", "")
    assert found[3, 0] == ("8", "", "")
    assert found[4, 0] == ("=AVERAGE(A1:A2)", "", "")


def test_a_stale_sum_is_flagged_to_the_end_with_a_finding() -> None:
    cells, merged = recap()
    data = changed(
        xlsx({**cells, (4, 6): "=SUM(D5:F5)"}, merged),
        SHEET1,
        lambda xml: re.sub(
            rb"<f>SUM\(D5:F5\)</f><v\s*/>|<f>SUM\(D5:F5\)</f><v></v>", rb"<f>SUM(D5:F5)</f><v>99</v>", xml
        ),
    )
    frame = read(data, XLSX, FORM, "db1", "0" * 64)
    stale = (frame.row == FORM.leaf_rows[0].code) & (frame.column_kind == "total")
    assert frame.loc[stale, ["value", "raw", "status"]].values.tolist() == [[99, "99", "flagged"]]
    proved, findings = prove(frame, FORM, "13.01", "0" * 64)
    assert proved.loc[stale, ["value", "status"]].values.tolist() == [[99, "flagged"]]
    (found,) = [f for f in findings if f.code == "formula_differs"]
    assert (found.params["printed"], found.params["other"]) == ("99", "1")
    assert [c.value for c in found.cells] == [99]
    for language in ("id", "en"):
        assert "99" in catalogue.explain(Reason(found.code, found.params), language)


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
