"""Workbooks and delimited text at the door: what they are by their content, and which are not let in."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.table import TableColumn

from helpers.books import Cells, changed, ods, ods_book, ods_cell, ods_table, saved, xls, xlsx
from rangkiang import catalogue
from rangkiang.books import ODS, XLS, XLSB, XLSM, XLSX
from rangkiang.books.compound import Compound
from rangkiang.intake import inspect, media_type
from rangkiang.model import Reason, State

KEY = "inbox/13.01_pesisir_selatan/x"
HEAD: Cells = {(0, 0): "MODEL DB1-PPWP", (1, 0): "KABUPATEN/KOTA : PESISIR SELATAN", (2, 0): "NO."}
SHEET1 = "xl/worksheets/sheet1.xml"
MAKERS = {XLSX: xlsx, XLS: xls, ODS: ods}


def reason(data: bytes) -> Reason:
    verdict = inspect(data, KEY, "13.01")
    assert verdict.reason is not None, verdict
    assert catalogue.explain(verdict.reason, "id")
    return verdict.reason


def remarks(data: bytes) -> list[Reason]:
    said = inspect(data, KEY, "13.01").classification
    assert said is not None
    assert all(catalogue.explain(remark, language) for remark in said.remarks for language in ("id", "en"))
    return list(said.remarks)


@pytest.mark.parametrize("kind", [XLSX, XLS, ODS])
def test_books_are_known_by_their_content(kind: str) -> None:
    verdict = inspect(MAKERS[kind](HEAD), KEY + ".pdf", "13.01")
    assert (verdict.state, verdict.media_type) == (State.ACCEPTED, kind)
    assert verdict.classification is not None
    assert (verdict.classification.form, verdict.classification.area_code) == ("DB1-PPWP", "13.01")
    assert verdict.classification.remarks == ()


def macros(data: bytes) -> bytes:
    """What a program that writes macros declares, with a part that holds them."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    data = changed(
        data,
        "[Content_Types].xml",
        lambda xml: xml.replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    )
    return changed(data, "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0" + bytes(600))


def test_a_book_with_macros_is_read_and_they_are_not() -> None:
    verdict = inspect(macros(xlsx(HEAD)), KEY, "13.01")
    assert (verdict.state, verdict.media_type) == (State.ACCEPTED, XLSM)


def test_binary_books_and_other_documents_are_named() -> None:
    def packed(**parts: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for name, content in parts.items():
                package.writestr(name.replace("__", "/").replace("_", "."), content)
        return out.getvalue()

    assert media_type(packed(xl__workbook_bin=b"")) == XLSB
    assert reason(packed(xl__workbook_bin=b"")).code == "unknown_type"
    text = b"application/vnd.oasis.opendocument.text"
    assert media_type(packed(mimetype=text, content_xml=b"<x/>")) == text.decode()
    assert reason(packed(mimetype=text, content_xml=b"<x/>")).code == "unknown_type"


def test_old_documents_are_told_apart_by_their_streams() -> None:
    good = xls(HEAD)
    assert set(Compound(good).streams) == {"Workbook"}
    renamed = good.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert media_type(renamed) == "application/x-ole-storage"
    letter = "WordDocument".encode("utf-16-le")
    entry = good.index("Workbook".encode("utf-16-le"))
    word = good[:entry] + letter + good[entry + len(letter) : entry + 64] + struct.pack("<H", 26) + good[entry + 66 :]
    assert media_type(word) == "application/msword"
    assert reason(word).params["media_type"] == "application/msword"


def test_locked_books() -> None:
    locked = changed(
        ods(HEAD),
        "META-INF/manifest.xml",
        lambda xml: xml.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"),
    )
    assert reason(locked).code == "encrypted"
    good = xls(HEAD)
    start = good.index(struct.pack("<HHHH", 0x809, 16, 0x600, 5))  # the book's own records
    first = start + 20
    assert reason(good[:first] + struct.pack("<H", 0x2F) + good[first + 2 :]).code == "encrypted"


@pytest.mark.parametrize("at", [40, 44, 64, 72])
def test_old_books_that_declare_more_than_they_are(at: int) -> None:
    """A reader that makes room for it would take the whole process down."""
    good = xls(HEAD)
    assert reason(good[:at] + struct.pack("<I", 0x70000000) + good[at + 4 :]).code == "broken_file"


@pytest.mark.parametrize("kind", [XLS, ODS])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_books_cut_short(kind: str, share: float) -> None:
    data = MAKERS[kind](HEAD)
    assert reason(data[: int(len(data) * share)]).code in {"broken_file", "unknown_type"}


def test_ods_is_held_to_the_same_safety() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert reason(changed(ods(HEAD), "content.xml", lambda xml: entity + xml)).code == "broken_file"
    bomb = changed(ods(HEAD), "Pictures/x", lambda _: bytes(301 * 1024 * 1024))
    assert reason(bomb).code == "too_large"
    span = [ods_cell("MODEL DB1-PPWP", numbercolumnsrepeated=16000)]
    assert reason(ods_book(ods_table("Satu", *[span] * 700))).code == "too_large"


def test_sizes_are_measured_and_not_believed() -> None:
    data = changed(xlsx(HEAD), "docProps/app.xml", lambda _: bytes(50_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.getinfo("docProps/app.xml")
    small = data.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 1000))
    assert len(small) == len(data)
    assert small != data
    tracemalloc.start()
    assert reason(small).code == "broken_file"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert part.file_size == 50_000_000
    assert peak < 20_000_000


def test_parts_that_share_bytes_or_a_name() -> None:
    out = io.BytesIO(xlsx(HEAD))
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(SHEET1, b"<worksheet/>")
    assert reason(out.getvalue()).code == "broken_file"
    data = bytearray(xlsx(HEAD))
    entries = [n for n in range(len(data)) if data[n : n + 4] == b"PK\x01\x02"]
    data[entries[1] + 42 : entries[1] + 46] = data[entries[0] + 42 : entries[0] + 46]
    assert reason(bytes(data)).code == "broken_file"


def hidden_rows() -> bytes:
    book = openpyxl.Workbook()
    sheet, other, blank = book.active, book.create_sheet("Gudang"), book.create_sheet("Catatan")
    assert sheet is not None
    for (row, column), value in HEAD.items():
        sheet.cell(row + 1, column + 1, value)
    sheet["C9"] = 7
    sheet.row_dimensions[9].hidden = True
    other["A1"], other.sheet_state = 5, "hidden"
    blank["A1"], blank.sheet_state = "tanpa angka", "hidden"
    return saved(book.save)


def hidden_in_xls() -> bytes:
    book = xlwt.Workbook()
    sheet, other = book.add_sheet("Sheet"), book.add_sheet("Gudang")
    for (row, column), value in HEAD.items():
        sheet.write(row, column, value)
    sheet.write(8, 2, 7)
    sheet.col(2).hidden = True
    other.write(0, 0, 5)
    other.visibility = 1
    return saved(book.save)


def hidden_in_ods() -> bytes:
    rows = [[ods_cell(value), ods_cell(7)] for value in HEAD.values()]
    columns = [TableColumn(), TableColumn(visibility="collapse")]
    other = ods_table("Gudang", [ods_cell(5)])
    return ods_book(ods_table("Sheet", *rows, columns=columns), other, hidden=["Gudang"])


@pytest.mark.parametrize("make", [hidden_rows, hidden_in_xls, hidden_in_ods])
def test_hidden_figures_are_remarked_on(make: Callable[[], bytes]) -> None:
    assert remarks(make()) == [Reason("hidden_cells", {"sheets": "Sheet, Gudang"})]


def test_values_of_other_books_are_remarked_on() -> None:
    linked = changed(xlsx(HEAD), "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    assert remarks(linked) == [Reason("external_values")]


def test_nothing_but_the_first_rows_of_a_long_book_is_looked_at() -> None:
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for (row, column), value in HEAD.items():
        sheet.write(row, column, value)
    for n in range(5000):
        sheet.write_row(10 + n, 0, range(20))
    book.close()
    assert inspect(out.getvalue(), KEY, "13.01").state is State.ACCEPTED


def test_text_that_is_no_table() -> None:
    line = b"kecamatan;kelurahan;tps;01;02;sah;tsah\nLENGAYANG;A;1;1;2;3;0\n"
    assert inspect(line, KEY, "13.01").state is State.ACCEPTED
    assert reason(line + b"SUTERA;" + b"x" * 2_000_000).code == "too_large"
    assert reason(line + b'SUTERA;"' + b"x\n" * 100_000).code == "too_large"
    assert reason(line + b'SUTERA;"never closed;1;1;2;3;0\n').code == "broken_file"
    assert reason(line.replace(b"A;1", b"A\x00;1")).code in {"broken_file", "unknown_type"}
    assert inspect(line.replace(b"\n", b"\r"), KEY, "13.01").state is State.ACCEPTED
    assert inspect(line + b"\x1a", KEY, "13.01").state is State.ACCEPTED
