"""Formulas of workbooks: sums are computed again, and what differs from what is stored is said."""

from __future__ import annotations

import io
import re
import time

import openpyxl
import pytest
import xlsxwriter

from helpers.books import (
    FORM,
    SHEET1,
    Cells,
    changed,
    ods_book,
    ods_cell,
    ods_table,
    recap,
    saved,
    texts,
    xlsx,
)
from rangkiang import catalogue
from rangkiang.books import ODS, XLSX
from rangkiang.books.formulas import moved, parsed
from rangkiang.books.sums import MAX_VISITS
from rangkiang.model import Cell, Reason
from rangkiang.proof import prove
from rangkiang.reading import read, tables


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
