"""Several sheets in one file: where each begins, that nothing is lost on the way, and that it is quick."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence

import openpyxl
import pypdfium2
import pytest
import xlsxwriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from rangkiang.intake import Refused, bundle, inspect, parts
from rangkiang.model import State
from rangkiang.reading import tables
from samples import press

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
INBOX = "inbox/13.01_pesisir_selatan/x"
LETTER = ["KOMISI PEMILIHAN UMUM", "Bersama ini kami sampaikan formulir Model DB1-PPWP", "KECAMATAN : SUTERA"]
CONTINUED = ["NO. URAIAN", "1 Jumlah pemilih dalam DPT (Model", "A.3-KPU)", "Model A.4-KPU) 12 12"]


def da1(district: str, regency: str = "PESISIR SELATAN") -> list[str]:
    return ["MODEL DA1-PPWP", "SERTIFIKAT", f"KECAMATAN : {district}", f"KABUPATEN/KOTA : {regency}"]


def db1(*lines: str) -> list[str]:
    return ["MODEL DB1-PPWP", "KABUPATEN/KOTA : PESISIR SELATAN", *lines]


def daa1(village: str, *lines: str, model: str = "DAA1-DPR") -> list[str]:
    """A form that intake has to tell apart whether it is registered or not."""
    return [f"MODEL {model}", f"DESA/KELURAHAN/NAGARI : {village}", "KECAMATAN : PANCUNG SOAL", *lines]


def pdf(*pages: Sequence[str], turned: int = 0) -> bytes:
    """A page of text and rules for each list of lines."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    for lines in pages:
        canvas.setPageRotation(turned)
        for n, line in enumerate(lines):
            canvas.drawString(40, 560 - 14 * n, line)
        for n in range(6):
            canvas.line(40, 300 + 20 * n, 700, 300 + 20 * n)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A sheet for each list of rows, with a sum, a merged cell and names of its own."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for n, rows in enumerate(sheets, 1):
        sheet = book.add_worksheet(f"Lembar {n} & A")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        sheet.write(20, 0, 40 + n)
        sheet.write_formula(20, 1, "=A21+1", None, 41 + n)
        sheet.merge_range(22, 0, 22, 3, f"sebelas {n}")
        sheet.print_area(0, 0, 22, 3)
        book.define_name(f"Semua{n}", f"='Lembar {n} & A'!$A$1")
    book.close()
    return out.getvalue()


def rows(*lines: str) -> list[list[str]]:
    return [[part.strip() for part in line.replace(":", "|:|").split("|")] for line in lines]


def texts(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.mark.parametrize(
    ("pages", "starts"),
    [
        ([da1("SUTERA")], [1]),
        ([da1("SUTERA"), da1("Sutera"), da1("SUTERA", "KABUPATEN PESISIR SELATAN")], [1]),
        ([da1("SUTERA"), CONTINUED, CONTINUED], [1]),
        ([LETTER, LETTER, da1("PANCUNG SOAL"), CONTINUED], [1]),
        ([LETTER, da1("PANCUNG SOAL"), LETTER, db1()], [1, 3]),  # it names another area: it goes with what follows
        ([da1("SUTERA"), da1("LENGAYANG"), CONTINUED, da1("SUTERA")], [1, 2, 4]),
        ([da1("SUTERA"), db1(), db1("Halaman 2 dari 2")], [1, 2]),
        ([db1(), ["MODEL DB2-KPU", "KABUPATEN/KOTA : PESISIR SELATAN", "lihat Model DB1-PPWP"]], [1, 2]),
        ([db1(), ["MODEL DB1-DPR", "KABUPATEN/KOTA : PESISIR SELATAN"]], [1, 2]),
        ([da1("KOTO BARU", "DHARMASRAYA"), da1("KOTO BARU", "SOLOK")], [1, 2]),
        ([daa1("INDERAPURA"), daa1("INDERAPURA"), daa1("TIGA SEPAKAT INDERAPURA")], [1, 3]),
        ([daa1("INDERAPURA", "DAERAH PEMILIHAN : X 1"), daa1("INDERAPURA", "DAERAH PEMILIHAN : X  1")], [1]),
        ([daa1("INDERAPURA", "DAERAH PEMILIHAN : X 1"), daa1("INDERAPURA", "DAERAH PEMILIHAN : X 2")], [1, 2]),
        ([daa1("INDERAPURA", f"TPS : {n}", model="C1-DPD") for n in ("001", "1", "002")], [1, 3]),
        ([["tanpa judul"], ["tanpa judul"]], [1]),
        ([[*db1(), f"Halaman {n} dari 2"] for n in (1, 2)], [1]),
        ([[*db1(), f"Halaman {n} dari 2"] for n in (1, 2, 1, 2)], [1, 3]),  # a second copy
        ([[*db1(), "Halaman 1 dari 1"] for _ in range(3)], [1]),  # printed one by one
        ([[*db1(), "Halaman 2 dari 2"], CONTINUED, [*db1(), "Halaman 1 dari 2"]], [1, 3]),
        ([[*db1(), "Halaman 2 dari 2"], [*CONTINUED, "Halaman 1 dari 3"]], [1]),  # an attachment
    ],
)
def test_where_sheets_begin(pages: list[list[str]], starts: list[int]) -> None:
    data = pdf(*pages)
    found = bundle.ranges(data, PDF)
    assert [first for first, _ in found] == starts
    assert [page for first, last in found for page in range(first, last + 1)] == list(range(1, len(pages) + 1))
    made = parts(data, PDF)
    assert [(part.first_page, part.last_page) for part in made] == list(found)
    assert [text for part in made for text in texts(part.data)] == texts(data)
    if len(found) == 1:
        assert made[0].data == data


def test_sheets_of_every_form_however_they_are_turned_say_what_they_are() -> None:
    """pdfium sees no line end in text that is turned; names of columns may run another way on any page."""
    turns = set()
    for printed in press.sheets(5, 110):
        said = inspect(printed.pdf, "x.pdf").classification
        assert said is not None
        assert (said.form, said.dapil, said.pages) == (printed.model, printed.dapil, printed.pages)
        assert said.area_code or said.area_name == printed.places[0][1]
        turns.add(printed.style.turn)
    assert turns == {"upright", "rotate 90", "rotate 180", "rotate 270", "sideways left", "sideways right"}


def test_sheets_of_every_form_and_style_stapled_together_are_told_apart() -> None:
    for printed in press.bundles(2, 4):
        assert [first for first, _ in bundle.ranges(printed.pdf, PDF)] == list(printed.first)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_part_is_the_same_pages_and_the_same_bytes_each_time(turned: int) -> None:
    data = pdf(da1("SUTERA"), da1("LENGAYANG"), CONTINUED, turned=turned)
    first = parts(data, PDF)
    time.sleep(1.1)  # a file made in another second
    assert parts(data, PDF) == first
    with pypdfium2.PdfDocument(data) as whole, pypdfium2.PdfDocument(first[1].data) as part:
        assert len(part) == 2
        for n, page in enumerate(part):
            assert page.get_rotation() == turned
            assert page.get_size() == whole[n + 1].get_size()
            assert page.render(scale=0.5).to_numpy().tobytes() == whole[n + 1].render(scale=0.5).to_numpy().tobytes()
    for part in first:
        assert bundle.ranges(part.data, PDF) == ((1, part.last_page - part.first_page + 1),)


def test_a_file_of_several_sheets_is_split_and_each_is_judged_by_itself() -> None:
    data = pdf(da1("SUTERA"), da1("ATLANTIS"), da1("KOTO BARU", "DHARMASRAYA"), db1())
    verdict = inspect(data, INBOX, "13.01")
    assert (verdict.state, verdict.media_type, verdict.classification) == (State.SPLIT, PDF, None)
    assert verdict.reason is not None
    assert (verdict.reason.code, verdict.reason.params["count"]) == ("several_sheets", 4)
    found = [inspect(part.data, INBOX, "13.01") for part in parts(data, PDF)]
    assert [v.classification.area_code if v.classification else v.reason and v.reason.code for v in found] == [
        "13.01.08",
        "unknown_area",
        "wrong_office",
        "13.01",
    ]


def test_a_letter_in_front_says_nothing_about_the_sheet() -> None:
    said = inspect(pdf(LETTER, da1("PANCUNG SOAL")), INBOX, "13.01").classification
    assert said is not None
    assert (said.form, said.area_code, said.pages) == ("DA1-PPWP", "13.01.01", 2)


def test_a_scan_among_digital_sheets_that_says_nothing_comes_back_alone() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.effect_noise((200, 280), 50))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    for district, scanned in (("SUTERA", True), ("LENGAYANG", False)):
        if scanned:
            canvas.drawImage(picture, 0, 0, *landscape(A4))
        for n, line in enumerate(da1(district)):
            canvas.drawString(40, 560 - 14 * n, line)
        for n in range(0 if scanned else 6):
            canvas.line(40, 300 + 20 * n, 700, 300 + 20 * n)
        canvas.showPage()
    canvas.save()
    assert inspect(out.getvalue(), INBOX, "13.01").state is State.SPLIT
    found = [inspect(part.data, INBOX, "13.01").state for part in parts(out.getvalue(), PDF)]
    assert found == [State.QUARANTINED, State.ACCEPTED]


def test_sheets_of_a_workbook_keep_formulas_values_and_names() -> None:
    data = workbook(
        rows("MODEL DA1-PPWP", "KECAMATAN : SUTERA", "KABUPATEN/KOTA : PESISIR SELATAN"),
        rows("NO.|URAIAN", "1|lanjutan"),
        rows("KECAMATAN : LENGAYANG", "KABUPATEN/KOTA : PESISIR SELATAN", "SERTIFIKAT|MODEL DA1-PPWP"),
    )
    assert inspect(data, INBOX, "13.01").state is State.SPLIT
    made = parts(data, XLSX)
    assert made == parts(data, XLSX)
    assert [(part.first_page, part.last_page) for part in made] == [(1, 2), (3, 3)]
    last = openpyxl.load_workbook(io.BytesIO(made[1].data))
    assert last.sheetnames == ["Lembar 3 & A"]
    assert last.active is not None
    assert last.active["B21"].value == "=A21+1"
    assert last.active.print_area == "'Lembar 3 & A'!$A$1:$D$23"
    assert [str(merged) for merged in last.active.merged_cells.ranges] == ["A23:D23"]
    assert list(last.defined_names) == ["Semua3"]
    values = openpyxl.load_workbook(io.BytesIO(made[1].data), data_only=True)
    assert (values.active and values.active["B21"].value) == 44
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(io.BytesIO(made[1].data)) as part:
        assert part.testzip() is None
        sheets = [name for name in part.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets == ["xl/worksheets/sheet3.xml"]
        assert part.read(sheets[0]) == whole.read(sheets[0])
    said = [inspect(part.data, INBOX, "13.01").classification for part in made]
    assert [s and s.area_code for s in said] == ["13.01.08", "13.01.03"]


def test_a_chart_stays_with_the_sheet_it_follows_and_a_hidden_sheet_is_shown_when_it_is_alone() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for n, district in enumerate(("SUTERA", "LENGAYANG", "BAYANG")):
        sheet = book.add_worksheet(district)
        for r, line in enumerate(da1(district)):
            sheet.write(r, 0, line)
        if n == 0:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=SUTERA!$A$1:$A$2"})
            book.add_chartsheet("Grafik").set_chart(chart)
        if n == 2:
            sheet.hide()
    book.close()
    made = parts(out.getvalue(), XLSX)
    books = [openpyxl.load_workbook(io.BytesIO(part.data)) for part in made]
    assert [b.sheetnames for b in books] == [["SUTERA", "Grafik"], ["LENGAYANG"], ["BAYANG"]]
    assert [(part.first_page, part.last_page) for part in made] == [(1, 1), (2, 2), (3, 3)]
    assert [s.sheet_state for b in books for s in b.worksheets] == ["visible"] * 3


def test_sums_over_another_sheet_keep_their_values() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for n, lines in enumerate((da1("SUTERA"), db1())):
        sheet = book.add_worksheet(f"L{n}")
        for r, line in enumerate(lines):
            sheet.write(r, 0, line)
    sheet.write_formula(9, 0, "=SUM(L0!A1:A9)+1", None, 77)
    book.close()
    _, last = parts(out.getvalue(), XLSX)
    (table,) = tables(last.data, XLSX)
    assert [cell.text for cell in table.cells][-1] == "77"


def test_a_workbook_of_one_sheets_pages_stays_as_it_is() -> None:
    data = workbook(rows("MODEL DB1-PPWP", "KABUPATEN/KOTA : PESISIR SELATAN"), rows("NO.|URAIAN"))
    (only,) = parts(data, XLSX)
    assert (only.first_page, only.last_page, only.data) == (1, 2, data)


def test_a_polling_places_number_may_be_a_number() -> None:
    head = ["MODEL C1-PPWP", "DESA/KELURAHAN/NAGARI : INDERAPURA", "KECAMATAN : PANCUNG SOAL"]
    one, other = ([*rows(*head), ["TPS", ":", number]] for number in (3, 30))
    assert len(parts(workbook(one, other), XLSX)) == 2
    assert bundle.head(["\t".join(["TPS", ":", "3"]), *head], {})["tps"] == "13.01.01.2001.003"


def test_a_kind_of_workbook_that_cannot_be_cut_is_refused_with_a_word() -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for district in ("SUTERA", "LENGAYANG"):
        sheet = Table(name=district)
        for line in da1(district):
            row, cell = TableRow(), TableCell(valuetype="string")
            cell.addElement(P(text=line))
            row.addElement(cell)
            sheet.addElement(row)
        book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    with pytest.raises(Refused) as refused:
        parts(out.getvalue(), ODS)
    assert (refused.value.reason.code, refused.value.reason.params["count"]) == ("sheets_differ", 2)


def test_more_sheets_than_anybody_sends_are_refused() -> None:
    data = pdf(*([da1("SUTERA"), da1("LENGAYANG")] * (bundle.MAX_PARTS // 2)), da1("SUTERA"))
    verdict = inspect(data, INBOX, "13.01")
    assert (verdict.state, verdict.reason and verdict.reason.code) == (State.QUARANTINED, "too_large")


def test_five_hundred_pages_are_told_apart_in_a_time_that_grows_with_the_pages() -> None:
    def seconds(count: int) -> float:
        data = pdf(*([da1("SUTERA"), da1("LENGAYANG")] * (count // 2)))
        started = time.process_time()
        assert len(parts(data, PDF)) == count
        return time.process_time() - started

    seconds(10)
    few, many = seconds(50), seconds(500)
    assert many < 10
    assert many < 25 * max(few, 0.01)
