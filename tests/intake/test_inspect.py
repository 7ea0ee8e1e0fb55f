"""What becomes of files as offices really send them: good, broken, locked, misplaced, hostile."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pypdf
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.intake import inspect, media_type
from rangkiang.model import State
from samples import papers, pdf_sheet
from samples.damage import Level, wear
from samples.letter import letter
from samples.region import province
from samples.sheet import Style

DB1 = form("DB1-PPWP")
NO_SHEET = {"no_sheet", "page_blurred", "page_cut"}  # of noise: what a page is that shows nothing clearly
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INBOX = "inbox/13.01_pesisir_selatan/"


def pdf(*lines: str, draw: Callable[[Canvas], None] = lambda canvas: None) -> bytes:
    """One page of text and rules, on top of what ``draw`` draws."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), invariant=1)
    draw(canvas)
    for n, line in enumerate(lines):
        canvas.drawString(40, 560 - 14 * n, line)
    for n in range(6 if lines else 0):
        canvas.line(40, 300 + 20 * n, 700, 300 + 20 * n)
    canvas.save()
    return out.getvalue()


def sheet(area: str = "PESISIR SELATAN", label: str = "KABUPATEN/KOTA") -> bytes:
    return pdf("MODEL DB1-PPWP", DB1.title, f"{label} : {area}", "PROVINSI : SUMATERA BARAT", "Halaman 1 dari 1")


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    for row in rows:
        active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    noise = random.Random(1).randbytes(200 * 280)  # noqa: S311 - only has to look like a scan
    Image.frombytes("L", (200, 280), noise).save(out, kind)
    return out.getvalue()


def reason(data: bytes, key: str = INBOX + "x", office: str = "13.01") -> tuple[State, str]:
    verdict = inspect(data, key, office)
    assert verdict.reason is not None, verdict
    assert catalogue.explain(verdict.reason, "id")  # every parameter its sentence needs is there
    assert catalogue.explain(verdict.reason, "en")
    return verdict.state, verdict.reason.code


def test_a_sheet_is_what_it_says_it_is() -> None:
    verdict = inspect(sheet(), INBOX + "PL.01.8/DB1-PPWP/hasil akhir (1).dat", "13.01")
    said = verdict.classification
    assert (verdict.state, verdict.media_type, verdict.reason) == (State.ACCEPTED, "application/pdf", None)
    assert said is not None
    assert (said.form, said.doctype, said.stage, said.election) == ("DB1-PPWP", "DB1-PPWP", "PL.01.8", "PPWP-2019")
    assert (said.area_code, said.area_name, said.pages, said.remarks) == ("13.01", "PESISIR SELATAN", 1, ())


@pytest.mark.parametrize(
    ("label", "name", "office"),
    [
        ("KABUPATEN/KOTA", "SOLOK", "13.02"),
        ("KABUPATEN/KOTA", "KOTA SOLOK", "13.72"),
        ("KABUPATEN / KOTA *)", "PADANG PARIAMAN   PROVINSI : SUMATERA BARAT", "13.05"),
        ("KABUPATEN", "SOLOK", "13.02"),
        ("KOTA", "SOLOK", "13.72"),
        ("KABUPATEN/KOTA", "KOTA PARIAMAN Halaman 1 dari 3", "13.77"),
    ],
)
def test_areas_with_one_name_are_told_apart(label: str, name: str, office: str) -> None:
    said = inspect(sheet(name, label), "inbox/x/y", office).classification
    assert said is not None
    assert said.area_code == office


def test_a_district_is_looked_up_within_its_regency() -> None:
    rows = [
        ["MODEL DA1-PPWP"],
        ["KECAMATAN", ":", "KOTO BARU"],
        ["KABUPATEN/KOTA", ":", "DHARMASRAYA"],
        ["NO", "URAIAN"],
    ]
    verdict = inspect(workbook(*rows), "inbox/x/y.xlsx", "13.10")
    assert verdict.classification is not None, verdict
    assert (verdict.media_type, verdict.classification.form) == (XLSX, "DA1-PPWP")
    assert verdict.classification.area_code.startswith("13.10.")


LINES = {
    "C1": "TPS : 003",
    "DAA1": "DESA/KELURAHAN/NAGARI : INDERAPURA",
    "DA1": "KECAMATAN : PANCUNG SOAL",
    "DB1": "KABUPATEN/KOTA : PESISIR SELATAN",
    "DC1": "PROVINSI : SUMATERA BARAT",
}
AREAS = {"C1": "13.01.01.2001.003", "DAA1": "13.01.01.2001", "DA1": "13.01.01", "DB1": "13.01", "DC1": "13"}
PRINTED = {"DPRD-PROV": ["DPRD PROVINSI", "DPRD-PROV"], "DPRD-KABKOTA": ["DPRD KAB/KOTA"]}
UNDER = {
    "PPWP": "PEMILIHAN UMUM PRESIDEN DAN WAKIL PRESIDEN TAHUN 2019",
    "DPR": "PEMILIHAN UMUM ANGGOTA DEWAN PERWAKILAN RAKYAT TAHUN 2019",
    "DPD": "PEMILIHAN UMUM ANGGOTA DEWAN PERWAKILAN DAERAH TAHUN 2019",
    "DPRD-PROV": "PEMILIHAN UMUM ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH PROVINSI TAHUN 2019",
    "DPRD-KABKOTA": "PEMILIHAN UMUM ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH KABUPATEN/KOTA TAHUN 2019",
}
SHEETS = [d.code for d in catalogue.doctypes() if d.form and d.code != "TPS-PPWP"]


@pytest.mark.parametrize("model", SHEETS)
@pytest.mark.parametrize("dapil", ["SUMATERA BARAT I", ""])
def test_every_sheet_says_its_form_area_and_electoral_district(model: str, dapil: str) -> None:
    level, _, ballot = model.partition("-")
    order = list(LINES)
    places = [LINES[each] for each in order[order.index(level) :]] + [f"DAERAH PEMILIHAN : {dapil}"] * bool(dapil)
    title = [form(model).title, UNDER[ballot]]
    heads = [[f"MODEL {level}-{printed}", *title] for printed in PRINTED.get(ballot, [ballot])]
    for head in [*heads, title, [f"{title[0]}   {heads[0][0]}", title[1]]]:
        verdict = inspect(pdf(*head, *places), "inbox/x/y.pdf", "13" if level == "DC1" else "13.01")
        said = verdict.classification
        assert said is not None, verdict
        parties = ballot not in ("PPWP", "DPD")
        assert (said.form, said.doctype, said.area_code) == (model, model, AREAS[level])
        assert said.dapil == (dapil if parties else "")
        assert [r.code for r in said.remarks] == ["dapil_missing"] * (parties and not dapil)
        assert said.election == f"{ballot}-2019"


def test_a_head_counts_more_than_what_the_sheet_mentions() -> None:
    lines = ["Lampiran Model DB1-DPR dan DB1-DPD", "MODEL DB1-PPWP", "KABUPATEN/KOTA : PESISIR SELATAN"]
    said = inspect(pdf(*lines), INBOX + "x.pdf", "13.01").classification
    assert said is not None
    assert said.form == "DB1-PPWP"
    unknown = ["MODEL DB2-KPU", "CATATAN KEJADIAN KHUSUS PADA MODEL DB1-PPWP", "KABUPATEN/KOTA : PESISIR SELATAN"]
    assert reason(pdf(*unknown))[1] == "unknown_document"


def test_the_wrong_office() -> None:
    assert reason(sheet(), "inbox/13.02_solok/x.pdf", "13.02") == (State.QUARANTINED, "wrong_office")
    assert reason(sheet(), "inbox/13_sumatera_barat/x.pdf", "13") == (State.QUARANTINED, "wrong_office")
    places = [LINES[level] for level in ("C1", "DAA1", "DA1", "DB1")]
    verdict = inspect(pdf("MODEL C1-PPWP", *places), "inbox/13.02_solok/x.pdf", "13.02")
    assert verdict.reason is not None
    assert verdict.reason.params["area"] == "TPS 003 INDERAPURA, Kabupaten Pesisir Selatan"


def test_folders_and_content() -> None:
    assert reason(sheet(), INBOX + "PL.01.8/DA1-PPWP/x.pdf") == (State.QUARANTINED, "path_disagrees")
    accepted = inspect(sheet(), INBOX + "PL.99.9/db1 ppwp/dari email/x.pdf", "13.01").classification
    assert accepted is not None
    assert accepted.stage == "PL.01.8"
    assert [(r.code, dict(r.params)) for r in accepted.remarks] == [("unknown_stage", {"stage": "PL.99.9"})]


def test_unknown_area_and_unknown_document() -> None:
    assert reason(sheet("ATLANTIS"))[1] == "unknown_area"
    assert reason(pdf("MODEL DB1-PPWP", DB1.title, "tanpa nama wilayah di sini"))[1] == "unknown_area"
    assert reason(pdf("Undangan rapat koordinasi pengumpulan berkas hasil pemilu"))[1] == "unknown_document"
    assert reason(b"nama;jumlah\nA;1\n")[1] == "unknown_document"


def test_a_loose_sheet_from_elsewhere_is_taken_with_a_remark() -> None:
    said = inspect(sheet("KOTA ATLANTIS"), "x.pdf").classification
    assert said is not None
    assert (said.area_code, said.area_name, said.form) == ("", "KOTA ATLANTIS", "DB1-PPWP")
    assert [(r.code, dict(r.params)) for r in said.remarks] == [("unknown_area", {"area": "KOTA ATLANTIS"})]
    assert reason(pdf("MODEL DB1-PPWP", DB1.title, "tanpa nama wilayah"), "x.pdf", "")[1] == "unknown_area"


def test_flat_tables_by_their_header() -> None:
    lines = b"kecamatan;kelurahan;tps;01;02;sah;tsah\nLENGAYANG;A;1;1;2;3;0\nSUTERA;B;1;1;2;3;0\n"
    said = inspect(lines, INBOX + "tps.txt", "13.01").classification
    assert said is not None
    assert (said.form, said.stage, said.area_code) == ("TPS-PPWP", "PL.01.7", "13.01")
    assert reason(lines, "inbox/13.02_solok/tps.csv", "13.02")[1] == "wrong_office"
    named = b"kabkota;" + lines.replace(b"\nLENGAYANG", b"\nKOTA SOLOK;LENGAYANG").replace(
        b"\nSUTERA", b"\nKOTA SOLOK;SUTERA"
    )
    said = inspect(named, "inbox/x/tps.csv", "13.72").classification
    assert said is not None
    assert said.area_code == "13.72"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_picture_that_is_no_sheet_comes_back(kind: str) -> None:
    state, code = reason(picture(kind))
    assert state is State.QUARANTINED
    assert code in NO_SHEET


def test_a_scanned_letter_is_no_sheet_and_a_scanned_sheet_is_known_by_its_titles() -> None:
    told = wear(letter(catalogue.office("13.08")), Level.CLEAN, 1)
    assert reason(told) == (State.QUARANTINED, "no_sheet")
    tally = next(t for t in province() if t.office.code == "13.09").districts[0]
    scan = wear(pdf_sheet.draw(papers.da1(tally), Style()), Level.OFFICE, 7)
    said = inspect(scan, "inbox/13.09_kepulauan_mentawai/x.pdf", "13.09").classification
    assert said is not None
    assert (said.form, said.area_code) == ("DA1-PPWP", "13.09.01")


def test_an_empty_page_and_a_dark_one_come_back_for_what_they_are() -> None:
    def page(grey: int) -> bytes:
        out = io.BytesIO()
        Image.new("L", (850, 1100), grey).save(out, "PNG")
        return out.getvalue()

    assert [reason(page(grey))[1] for grey in (250, 20)] == ["page_empty", "page_dark"]


def test_of_a_scanned_pdf_the_picture_is_asked_and_not_the_text_behind_it() -> None:
    from reportlab.lib.utils import ImageReader

    image = ImageReader(io.BytesIO(picture()))

    def cover(canvas: Canvas) -> None:
        canvas.drawImage(image, 0, 0, *landscape(A4))

    assert reason(pdf(draw=cover))[1] in NO_SHEET

    def covered(canvas: Canvas) -> None:
        cover(canvas)
        text = canvas.beginText(40, 500)
        text.setTextRenderMode(3)
        text.textLine("MODEL DB1-PPWP " + DB1.title)
        canvas.drawText(text)

    assert reason(pdf(draw=covered))[1] in NO_SHEET
    mixed = pypdf.PdfWriter()
    mixed.append(io.BytesIO(sheet()))
    mixed.append(io.BytesIO(pdf(draw=cover)))
    out = io.BytesIO()
    mixed.write(out)
    said = inspect(out.getvalue(), INBOX + "x.pdf", "13.01").classification
    assert said is not None
    assert (said.form, said.area_code, said.pages) == ("DB1-PPWP", "13.01", 2)


def test_a_watermark_does_not_make_a_scan() -> None:
    from reportlab.lib.utils import ImageReader

    image = ImageReader(io.BytesIO(picture()))
    data = pdf(
        "MODEL DB1-PPWP",
        DB1.title,
        "KABUPATEN/KOTA : PESISIR SELATAN",
        draw=lambda c: c.drawImage(image, 0, 0, 840, 590),
    )
    assert inspect(data, INBOX + "x.pdf", "13.01").state is State.ACCEPTED


def test_locked_files() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet()))
    writer.encrypt("rahasia", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert reason(out.getvalue()) == (State.QUARANTINED, "encrypted")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert reason(ole) == (State.QUARANTINED, "encrypted")


def test_empty_files() -> None:
    assert reason(b"") == (State.QUARANTINED, "empty_file")
    assert reason(workbook()) == (State.QUARANTINED, "empty_workbook")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("make", [sheet, lambda: workbook(["MODEL DB1-PPWP"], ["KABUPATEN/KOTA : PESISIR SELATAN"])])
def test_files_cut_short(make: Callable[[], bytes], share: float) -> None:
    data = make()
    assert reason(data[: int(len(data) * share)]) == (State.QUARANTINED, "broken_file")


def test_unknown_types_are_named() -> None:
    for data, kind in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/x-ole-storage"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (bytes(range(256)) * 8, "application/octet-stream"),
        (b"halo", "text/plain"),
    ]:
        verdict = inspect(data, INBOX + "x.pdf", "13.01")
        assert verdict.reason is not None
        assert (verdict.reason.code, verdict.reason.params["media_type"]) == ("unknown_type", kind)


def hostile(part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    good = workbook(["MODEL DB1-PPWP"], ["KABUPATEN/KOTA : PESISIR SELATAN"])
    with zipfile.ZipFile(io.BytesIO(good)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(before.read(name)) if name == part else before.read(name))
    return out.getvalue()


def test_hostile_workbooks() -> None:
    sheet1 = "xl/worksheets/sheet1.xml"
    assert inspect(hostile(sheet1, bytes), INBOX + "x", "13.01").state is State.ACCEPTED
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert reason(hostile(sheet1, lambda xml: entity + xml))[1] == "broken_file"
    wide = entity.decode().encode("utf-16")
    assert reason(hostile("xl/theme/theme1.xml", lambda _: wide))[1] == "broken_file"
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert reason(hostile(sheet1, lambda xml: xml.replace(b"</worksheet>", merged)))[1] == "too_large"
    assert reason(hostile("docProps/app.xml", lambda _: b" " * (301 * 1024 * 1024)))[1] == "too_large"


def test_nothing_raises_for_damaged_bytes() -> None:
    """Bytes of good files changed at random: a verdict each time, never an exception."""
    chance = random.Random(2019)  # noqa: S311
    good = [sheet(), workbook(["MODEL DB1-PPWP"], ["KABUPATEN/KOTA : PESISIR SELATAN"]), "a;b\n1;2\n".encode("utf-16")]
    for _ in range(120):
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert inspect(bytes(data), INBOX + "x", "13.01").state in {State.ACCEPTED, State.QUARANTINED}


def test_real_tables_of_polling_places(shared_data: object) -> None:
    from pathlib import Path

    lines = Path(str(shared_data), "sumbar2019", "tps_kawalpemilu_ppwp.csv").read_text("utf-8").splitlines()
    for office in catalogue.offices()[1:]:
        own = "\n".join([lines[0], *(line for line in lines if line.split(",")[1] == office.name)])
        said = inspect(own.encode(), "inbox/x/tps.csv", office.code).classification
        assert said is not None
        assert (said.area_code, said.form) == (office.code, "TPS-PPWP")
        without = "\n".join(",".join(f for n, f in enumerate(line.split(",")) if n != 1) for line in own.splitlines())
        said = inspect(without.encode(), "inbox/x/tps.csv", office.code).classification
        assert said is not None
        assert said.area_code == office.code
    assert media_type("\n".join(lines).encode()) == "text/csv"
