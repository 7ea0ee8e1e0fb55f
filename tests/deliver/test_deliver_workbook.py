"""The workbook: the form as the office knows it, live totals that agree, faults one can see."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest

from rangkiang import catalogue
from rangkiang.deliver import Built
from rangkiang.forms import form

FLAGGED = "FFF8CBAD"


def opened(built: Built, values: bool = False) -> Any:
    data = built.contents[f"{built.deliverable.slug}.xlsx"]
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def line_of(sheet: Any, label: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == label)


def sheet_figures(sheet: Any) -> list[list[Any]]:
    return [[c.value for c in line] for line in sheet.iter_rows(min_row=11, min_col=4)]


def test_sheets_are_cover_documents_and_lists(da1: Callable) -> None:
    names = opened(da1().build()).sheetnames
    assert names[0] == "Sampul"
    assert names[1:-4] == [d.name for d in catalogue.districts("13.77")]
    assert names[-4:] == ["Data", "Kamus data", "Temuan", "Asal-usul"]


def test_a_recap_keeps_the_forms_layout_and_its_figures(db1: Callable) -> None:
    sheet = opened(db1().build(), values=True)["KOTA PADANG PANJANG"]
    assert sheet["A1"].value == "MODEL DB1-PPWP"
    assert sheet["A2"].value == form("DB1-PPWP").title
    assert [sheet["A4"].value, sheet["A5"].value] == [
        "KABUPATEN/KOTA : KOTA PADANG PANJANG",
        "PROVINSI : SUMATERA BARAT",
    ]
    assert [sheet.cell(9, n).value for n in (4, 5)] == [d.name for d in catalogue.districts("13.74")]
    assert sheet.cell(8, 6).value == "JUMLAH AKHIR"
    assert sheet.freeze_panes == "D11"
    line = line_of(sheet, "JUMLAH SUARA TIDAK SAH")
    assert [sheet.cell(line, n).value for n in (4, 5, 6)] == [7, 14, 21]
    assert sheet.cell(line, 4).number_format.endswith("#,##0")
    assert "A.3-KPU" in sheet.cell(13, 2).value
    assert [sheet.cell(n, 3).value for n in (13, 14, 15)] == ["L", "P", "JML"]


def test_totals_are_live_sums_with_the_printed_figure_as_their_value(db1: Callable) -> None:
    built = db1().build()
    live, values = opened(built)["KOTA PADANG PANJANG"], opened(built, values=True)["KOTA PADANG PANJANG"]
    checked = 0
    for row in range(11, live.max_row + 1):
        formula = live.cell(row, 6).value
        if formula is not None:
            assert formula == f"=SUM(D{row}:E{row})"
            assert values.cell(row, 6).value == values.cell(row, 4).value + values.cell(row, 5).value
            checked += 1
    assert checked == 39


def test_a_printed_total_that_is_no_sum_stays_printed_coloured_and_explained(db1: Callable) -> None:
    sheet = opened(db1(("V.B", "JUMLAH AKHIR", 999)).build())["KOTA PADANG PANJANG"]
    cell = sheet.cell(line_of(sheet, "JUMLAH SUARA TIDAK SAH"), 6)
    assert cell.value == 999
    assert cell.fill.fgColor.rgb == FLAGGED
    assert "tercetak 999" in cell.comment.text
    assert "seharusnya" not in cell.comment.text
    calm = sheet.cell(line_of(sheet, "Jumlah surat suara yang digunakan"), 4)
    assert calm.comment is None
    assert calm.fill.fgColor.rgb != FLAGGED


@pytest.mark.parametrize("kind", ["clean", "flawed", "parties", "one polling place"])
def test_every_formula_computed_again_gives_the_figure_that_is_published(
    kind: str, db1: Callable, dpr: Callable, votes: Callable
) -> None:
    """Sums run across to the total and down to what the form adds up; what a sheet has wrong stays as it is."""
    makers = {
        "clean": lambda: (db1(), 39 + 2 * 17),
        "flawed": lambda: (db1(("IV.01", "JUMLAH AKHIR", 999), ("V.A", "JUMLAH AKHIR", 7)), 37 + 2 * 17),
        "parties": lambda: (dpr(), 117 + 2 * 33),
        "one polling place": lambda: (votes("C1-PPWP", "13.74", [("13.74.01.1001.003", "")], [("unit", "X", 1)]), 17),
    }
    case, expected = makers[kind]()
    built = case.build()
    sheet, values = (book.worksheets[1] for book in (opened(built), opened(built, values=True)))
    first = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 3).value == "L")
    formulas = [c for line in sheet.iter_rows(min_row=first) for c in line if c.data_type == "f"]
    assert len(formulas) == expected
    for cell in formulas:
        assert again(sheet, cell.coordinate) == values[cell.coordinate].value
    table = pd.read_csv(io.BytesIO(built.contents[f"{built.deliverable.slug}.csv"]))
    shown = [c.value for line in values.iter_rows(min_row=first, min_col=4) for c in line if isinstance(c.value, int)]
    assert sorted(shown) == sorted(table["value"].dropna().astype(int))


def again(sheet: Any, at: str) -> int:
    """A cell's value: that of its sum, computed from the cells that it names."""
    value = sheet[at].value
    if not isinstance(value, str):
        return value or 0
    parts = re.fullmatch(r"=SUM\(([A-Z0-9:,]+)\)", value)
    assert parts, value
    named = [sheet[part] if ":" in part else ((sheet[part],),) for part in parts[1].split(",")]
    return sum(again(sheet, cell.coordinate) for block in named for line in block for cell in line)


def test_carries_are_not_in_the_workbook(db1: Callable) -> None:
    book = opened(db1().build(), values=True)
    texts = {str(c.value) for sheet in book for line in sheet.iter_rows() for c in line if c.value is not None}
    assert not [text for text in texts if text.startswith("JUMLAH PINDAHAN")]


def test_a_flat_table_is_the_table_with_sums_of_what_is_shown(tps: Callable) -> None:
    lines = [
        ("PADANG PANJANG TIMUR", "GUGUK MALINTANG", "7", {"IV.01": 10, "IV.02": 20, "V.A": 31, "V.B": 1}),
        ("PADANG PANJANG TIMUR", "GUGUK MALINTANG", "8", {"IV.01": 1, "IV.02": 2, "V.A": 3, "V.B": None}),
    ]
    built = tps("13.74", lines).build()
    sheet = opened(built)["KOTA PADANG PANJANG"]
    assert [sheet.cell(5, n).value for n in range(1, 8)] == [
        "PADANG PANJANG TIMUR",
        "GUGUK MALINTANG",
        7,
        10,
        20,
        31,
        1,
    ]
    assert sheet.cell(7, 4).value == "=SUBTOTAL(109,D5:D6)"
    assert opened(built, values=True)["KOTA PADANG PANJANG"].cell(7, 4).value == 11
    assert sheet.cell(6, 7).value in (None, "")
    assert "31 dan 30" in sheet.cell(5, 6).comment.text
    assert sheet.freeze_panes == "D5"


def test_the_data_sheet_holds_every_figure(db1: Callable) -> None:
    built = db1().build()
    sheet = opened(built)["Data"]
    header = [c.value for c in sheet[1]]
    assert sheet.max_row - 1 == built.deliverable.metadata["rows"][f"{built.deliverable.slug}.csv"]
    assert isinstance(sheet.cell(2, header.index("Nilai") + 1).value, int)
    assert sheet.cell(2, header.index("Kode wilayah (Kemendagri)") + 1).value == "13.74"
    assert sheet.cell(2, header.index("Status") + 1).value == "terbukti"


def test_findings_and_provenance_are_told_in_words(db1: Callable) -> None:
    case = db1(("V.B", "JUMLAH AKHIR", 999))
    book = opened(case.build())
    told = [line[3].value for line in book["Temuan"].iter_rows(min_row=2)]
    assert len(told) == len(case.members[0].findings)
    assert any("tercetak 999" in text for text in told)
    source = [c.value for c in book["Asal-usul"][2]]
    assert case.members[0].document.sha256 in source
    assert "DB1 Padang Panjang.pdf" in source


def test_the_dictionary_names_every_row_of_the_form(db1: Callable) -> None:
    sheet = opened(db1().build())["Kamus data"]
    listed = {c.value for c in sheet["A"]}
    assert {leaf.code for leaf in form("DB1-PPWP").leaf_rows} <= listed


def test_text_of_a_file_never_becomes_a_formula(tps: Callable) -> None:
    values = {"IV.01": None, "IV.02": 2, "V.A": 4, "V.B": 0}
    book = opened(tps("13.74", [('=HYPERLINK("http://x")', "@B", "7", values)], raw="=1+1").build())
    formulas = {str(c.value) for sheet in book for line in sheet.iter_rows() for c in line if c.data_type == "f"}
    assert all(f.startswith("=SUBTOTAL(109,") for f in formulas)


def test_many_documents_do_not_get_a_sheet_each(da1: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rangkiang.deliver.workbook.DOCUMENTS", 3)
    book = opened(da1().build())
    assert len(book.sheetnames) == 3 + 5
    texts = [str(c.value) for c in book["Sampul"]["A"] if c.value]
    assert any(text.startswith("1 dokumen lain") for text in texts)


def test_the_workbook_does_not_say_when_it_was_made(db1: Callable) -> None:
    built = db1().build()
    with zipfile.ZipFile(io.BytesIO(built.contents[f"{built.deliverable.slug}.xlsx"])) as parts:
        assert "2019-04-17T00:00:00Z" in parts.read("docProps/core.xml").decode()
        assert {i.date_time for i in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
