"""Recap sheets come back figure by figure, exactly as printed."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pypdf
import pytest

from rangkiang.forms import form
from rangkiang.model import FIGURE_COLUMNS
from rangkiang.reading import Unreadable, read, tables

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = form("DB1-PPWP")
CODES = [leaf.code for leaf in FORM.leaf_rows]
FIRST = [
    ("LENGAYANG",),
    ("IV NAGARI", "BAYANG UTARA"),
    ("RANAH AMPEK", "HULU TAPAN"),
    ("SUTERA",),
    ("JUMLAH", "PINDAHAN"),
]
SECOND = [("JUMLAH", "PINDAHAN"), ("BAYANG",), ("LUNANG",), ("JUMLAH", "AKHIR")]
CUT = CODES.index("I.B.4.P")  # the second page begins in the middle of a row, without its label


def printed(code: str, column: int) -> str:
    value = (sum(ord(c) * 31**n for n, c in enumerate(code)) * 7 + column * 1013) % 123456
    return ("" if value % 2 else "-") if value % 11 == 0 else f"{value:,}".replace(",", ".")


def value_of(text: str) -> int | None:
    return {"": None, "-": 0}.get(text, int(text.replace(".", "") or 0) if text not in ("", "-") else None)


@pytest.fixture(scope="module")
def pages(page: Any) -> list[Any]:
    upper, lower = CODES[:CUT], CODES[CUT:]
    return [
        page(FIRST, upper, printed),
        page(FIRST, lower, printed),
        page(SECOND, upper, printed, 6),
        page(SECOND, lower, printed, 6),
    ]


@pytest.fixture(scope="module")
def sheet(draw: Any, pages: list[Any]) -> bytes:
    return draw(FORM, "PESISIR SELATAN", pages)


def expected() -> list[tuple[str, str, str, str]]:
    kinds = {"JUMLAH AKHIR": "total"}
    out = []
    for first, columns in ((True, FIRST), (False, SECOND)):
        for code in CODES:
            for n, lines in enumerate(columns):
                label = " ".join(lines)
                carry = "carried_out" if first else "carried_in"
                out.append(
                    (code, kinds.get(label, carry if label == "JUMLAH PINDAHAN" else "unit"), label, printed(code, n))
                )
    return out


def figures(frame: Any) -> list[tuple[str, str, str, str]]:
    return list(zip(frame.row, frame.column_kind, frame.column_label, frame.raw, strict=True))


def test_every_figure_of_a_pdf_in_document_order(sheet: bytes) -> None:
    frame = read(sheet, "application/pdf", FORM, "db1.pdf", "0" * 64)
    assert figures(frame) == expected()
    assert [
        None if v != v or v is None else int(v) for v in frame.value.astype(object).where(frame.value.notna(), None)
    ] == [value_of(raw) for _, _, _, raw in expected()]
    assert set(frame.status[frame.raw == ""]) == {"blank"}
    assert set(frame.status[frame.raw != ""]) == {"read"}


def test_the_frame_keeps_the_contract(sheet: bytes) -> None:
    frame = read(sheet, "application/pdf", FORM, "db1.pdf", "0" * 64)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == dict(FIGURE_COLUMNS)
    assert list(frame.columns) == list(FIGURE_COLUMNS)
    assert sorted(set(frame.page)) == [1, 2, 3, 4]
    assert set(frame.engine) == {"vector"}


def test_boxes_lie_where_the_text_is_drawn(sheet: bytes) -> None:
    """Points from the top left: looked up with another library."""
    import pypdfium2

    frame = read(sheet, "application/pdf", FORM, "db1.pdf", "0" * 64)
    with pypdfium2.PdfDocument(sheet) as document:
        height = document[0].get_height()
        text = document[0].get_textpage()
        for line in frame[(frame.page == 1) & (frame.raw.str.len() > 2)].head(20).itertuples():
            inside = text.get_text_bounded(line.x0, height - line.y1, line.x1, height - line.y0)
            assert inside.strip() == line.raw


def test_a_sheet_drawn_sideways_is_read_alike(draw: Any, pages: list[Any]) -> None:
    document = pypdf.PdfWriter(clone_from=io.BytesIO(draw(FORM, "PESISIR SELATAN", pages)))
    for turned in document.pages:
        width, height = turned.mediabox.width, turned.mediabox.height
        turned.add_transformation(pypdf.Transformation().rotate(90).translate(height, 0))
        turned.mediabox.upper_right = (height, width)
        turned.cropbox.upper_right = (height, width)
    out = io.BytesIO()
    document.write(out)
    assert figures(read(out.getvalue(), "application/pdf", FORM, "db1.pdf", "0" * 64)) == expected()


def test_a_page_with_a_rotation_flag_is_read_alike(draw: Any, pages: list[Any]) -> None:
    document = pypdf.PdfWriter(clone_from=io.BytesIO(draw(FORM, "PESISIR SELATAN", pages)))
    for turned in document.pages:
        turned.rotate(90)
    out = io.BytesIO()
    document.write(out)
    assert figures(read(out.getvalue(), "application/pdf", FORM, "db1.pdf", "0" * 64)) == expected()


def test_merged_cells_are_spans(sheet: bytes) -> None:
    cells = {(c.row, c.col): c for c in tables(sheet, "application/pdf")[0].cells}
    assert (cells[0, 3].text, cells[0, 3].col_span) == ("RINCIAN KECAMATAN", 5)
    assert (cells[5, 1].row_span, cells[5, 1].text) == (3, "Jumlah pemilih dalam DPT (Model A.3-KPU)")
    assert cells[1, 4].text == "IV NAGARI\nBAYANG UTARA"


def test_a_missing_page_is_noticed(draw: Any, page: Any, pages: list[Any]) -> None:
    labels = ["Halaman 1 dari 4", "Halaman 2 dari 4", "Halaman 4 dari 4"]
    left = [
        page(p.columns, p.rows, p.text, p.numbers_from, label)
        for p, label in zip([pages[0], pages[1], pages[3]], labels, strict=True)
    ]
    with pytest.raises(Unreadable) as error:
        read(draw(FORM, "PESISIR SELATAN", left), "application/pdf", FORM, "db1.pdf", "0" * 64)
    assert (error.value.reason.code, error.value.reason.params) == ("pages_missing", {"pages": "3"})


def test_a_missing_row_is_named(draw: Any, page: Any) -> None:
    rows = [code for code in CODES if code not in {"III.2", "V.B"}]
    with pytest.raises(Unreadable) as error:
        read(
            draw(FORM, "X", [page([("A",), ("JUMLAH", "AKHIR")], rows, printed)]),
            "application/pdf",
            FORM,
            "x",
            "0" * 64,
        )
    assert (error.value.reason.code, error.value.reason.params) == ("rows_missing", {"rows": "III.2, V.B"})


def test_a_page_without_a_table(draw: Any, page: Any) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "MODEL DB1-PPWP, tanpa tabel")
    canvas.save()
    with pytest.raises(Unreadable) as error:
        read(out.getvalue(), "application/pdf", FORM, "x.pdf", "0" * 64)
    assert error.value.reason.code == "no_table"


def test_what_is_no_number_is_flagged_and_kept(draw: Any, page: Any) -> None:
    odd = {"I.A.1.L": "12O", "I.A.1.P": "1.2345", "I.A.1.JML": "#REF!", "I.A.2.L": "XXX", "I.A.2.P": "1 204"}
    one = page([("A",), ("JUMLAH", "AKHIR")], CODES, lambda code, n: odd.get(code, "7") if n == 0 else "7")
    frame = read(draw(FORM, "X", [one]), "application/pdf", FORM, "x.pdf", "0" * 64)
    units = frame[frame.column_kind == "unit"].set_index("row")
    assert units.loc[["I.A.1.L", "I.A.1.P", "I.A.1.JML"], "status"].tolist() == ["flagged"] * 3
    assert units.loc[["I.A.1.L", "I.A.1.P", "I.A.1.JML"], "raw"].tolist() == ["12O", "1.2345", "#REF!"]
    assert units.loc[["I.A.1.L", "I.A.1.P", "I.A.1.JML"], "value"].isna().all()
    assert units.loc[["I.A.2.L", "I.A.2.P"], "value"].tolist() == [0, 1204]


def workbook(merged: bool, numbered: bool = True) -> bytes:
    """One sheet, two blocks below each other, numbers as numbers; labels merged over their sub-rows or written once."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["MODEL DB1-PPWP"])
    for columns in (FIRST, SECOND):
        top = sheet.max_row + 2
        sheet.cell(top, 1, "NO.")
        sheet.cell(top, 2, "URAIAN")
        sheet.cell(top, 4, "RINCIAN KECAMATAN")
        for n, lines in enumerate(columns):
            sheet.cell(top + 1, 4 + n, "\n".join(lines))
        for n in range(3 + len(columns) if numbered else 0):
            sheet.cell(top + 2, 1 + n, n + 1)
        at = top + 2 + numbered
        for leaf in FORM.leaf_rows:
            if leaf.split in ("", "L"):
                sheet.cell(at, 1, leaf.parent.number)
                sheet.cell(at, 2, leaf.parent.label.id)
                if merged and leaf.split:
                    sheet.merge_cells(start_row=at, end_row=at + 2, start_column=2, end_column=2)
            sheet.cell(at, 3, leaf.split or None)
            for n in range(len(columns)):
                text = printed(leaf.code, n)
                sheet.cell(at, 4 + n, value_of(text) if text not in ("", "-") else text or None)
            at += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("merged", "numbered"), [(True, True), (False, True), (True, False)])
def test_a_workbook_reads_like_the_sheet(merged: bool, numbered: bool) -> None:
    frame = read(workbook(merged, numbered), XLSX, FORM, "db1.xlsx", "0" * 64)
    assert figures(frame) == [(r, k, c, raw.replace(".", "")) for r, k, c, raw in expected()]
    assert frame[["x0", "y0", "x1", "y1"]].isna().all(axis=None)


def test_a_formula_that_was_never_computed_is_no_blank() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(True)))
    sheet = book.active
    assert sheet is not None
    head = next(c for row in sheet.iter_rows() for c in row if c.value == "LENGAYANG")
    sheet.cell(head.row + 2, head.column, "=AVERAGE(E5:E9)")
    out = io.BytesIO()
    book.save(out)
    frame = read(out.getvalue(), XLSX, FORM, "db1.xlsx", "0" * 64)
    assert frame.loc[0, ["raw", "status"]].tolist() == ["=AVERAGE(E5:E9)", "flagged"]
