"""Faults sown into the sample inbox, each with what must become of it. None touches the votes of a DB1."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from samples import damage, papers, pdf_sheet
from samples.blot import blotted
from samples.damage import Level, wear
from samples.inbox import Inbox
from samples.letter import letter
from samples.region import RegencyTally
from samples.sheet import Style
from samples.xlsx_sheet import new_book

PASSWORD = "contoh-2019"  # noqa: S105 - of a file that is locked to show that it is refused
WRONG_ROW, WRONG_BY = "II.1.JML", 10
BLOTTED = "V.A"
_NO_LIGHT = 120  # times darker than by day: at 12 it can still be read
NO_NUMBER = "1O7"  # the letter O for a zero

Tallies = Mapping[str, RegencyTally]


@dataclass(frozen=True, slots=True)
class Fault:
    """One sown fault. ``expect`` says what must be seen: any of state, reason, finding, and where."""

    fault: str
    office: str
    key: str  # '' for a document that is not there
    expect: Mapping[str, Any]
    id: str
    en: str


def sow(box: Inbox, tallies: Sequence[RegencyTally]) -> list[Fault]:
    """Put every fault into an inbox that has none."""
    by_code = {t.office.code: t for t in tallies}
    return [plant(box, by_code) for plant in _PLANTS]


def _sum_error(box: Inbox, tallies: Tallies) -> Fault:
    """One printed sum is wrong in the last block of columns, where no carry repeats it; the total column is right."""
    tally = tallies["13.06"]
    last = tally.districts[-1]
    wrong = {**last.figures, WRONG_ROW: (last.figures[WRONG_ROW] or 0) + WRONG_BY}
    units = [(d.district.name, wrong if d is last else d.figures) for d in tally.districts]
    key = papers.db1_key(tally.office)
    box.files[key] = papers.db1(tally, units)
    name = last.district.name
    return Fault(
        "sum_error",
        "13.06",
        key,
        {"finding": "identity_broken", "row": WRONG_ROW, "column": name, "also": ["total_broken"], "state": "filed"},
        f"Jumlah pemilih disabilitas Kecamatan {name} tercetak {WRONG_BY} lebih banyak daripada L + P.",
        f"The number of voters with disabilities in {name} is printed {WRONG_BY} higher than male plus female.",
    )


def _duplicate(box: Inbox, tallies: Tallies) -> Fault:
    office = tallies["13.75"].office
    first = papers.db1_key(office)
    key = box.put(office.code, "salinan/scan DB1 bukittinggi (1).pdf", box.files[first])
    return Fault(
        "duplicate_file",
        office.code,
        key,
        {"finding": "duplicate_file", "first": first},
        "Berkas yang sama persis dikirim dua kali dengan nama lain.",
        "The same bytes were sent twice under another name.",
    )


def _wrong_office(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.04"].districts[0]
    key = box.put("13.03", papers.da1_path(tally, ".xlsx"), papers.da1_xlsx(tally))
    return Fault(
        "wrong_office",
        "13.03",
        key,
        {"state": "quarantined", "reason": "wrong_office"},
        f"DA1 Kecamatan {tally.district.name} (Tanah Datar) masuk ke kotak Sijunjung.",
        f"The DA1 of {tally.district.name} (Tanah Datar) came into Sijunjung's inbox.",
    )


def _encrypted(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.71"].districts[-1]
    data = pdf_sheet.draw(papers.da1(tally), Style(), PASSWORD)
    key = box.put("13.71", papers.da1_path(tally, " (terkunci).pdf"), data)
    return Fault(
        "encrypted",
        "13.71",
        key,
        {"state": "quarantined", "reason": "encrypted"},
        "PDF dikunci dengan kata sandi.",
        "The PDF is locked with a password.",
    )


def _truncated(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.12"].districts[0]
    data = pdf_sheet.draw(papers.da1(tally), Style())
    key = box.put("13.12", papers.da1_path(tally, ".pdf"), data[: len(data) * 6 // 10])
    return Fault(
        "broken_file",
        "13.12",
        key,
        {"state": "quarantined", "reason": "broken_file"},
        "PDF terpotong: unggahan berhenti di tengah jalan.",
        "The PDF is cut short: its upload stopped half way.",
    )


def _empty_workbook(box: Inbox, _: Tallies) -> Fault:
    out = io.BytesIO()
    book = new_book(out)
    book.add_worksheet("Sheet1")
    book.close()
    key = box.put("13.10", "PL.01.8/DA1-PPWP/Book1.xlsx", out.getvalue())
    return Fault(
        "empty_workbook",
        "13.10",
        key,
        {"state": "quarantined", "reason": "empty_workbook"},
        "Buku kerja tidak berisi apa pun.",
        "The workbook holds nothing.",
    )


def _scan(box: Inbox, tallies: Tallies) -> Fault:
    """No fault of the paper: it is signed, stamped and scanned askew, as most of what an office has."""
    tally = tallies["13.09"].districts[0]
    data = wear(pdf_sheet.draw(papers.da1(tally), Style(per_block=12)), Level.OFFICE, 2019)
    key = box.put("13.09", papers.da1_path(tally, " (pindai).pdf"), data)
    return Fault(
        "scan",
        "13.09",
        key,
        {"state": "filed"},
        "Hasil pindai yang miring, dicap dan ditandatangani: dibaca dan dibuktikan seperti yang lain.",
        "A scan, askew, stamped and signed: read and proved like any other.",
    )


def _dark_scan(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.09"].districts[1]
    page = next(damage.pages(pdf_sheet.draw(papers.da1(tally), Style(per_block=12)), Level.PHOTO, 2019)).picture
    out = io.BytesIO()
    Image.fromarray(page // _NO_LIGHT).save(out, "JPEG", quality=60)
    key = box.put("13.09", papers.da1_path(tally, " (foto).jpg"), out.getvalue())
    return Fault(
        "page_dark",
        "13.09",
        key,
        {"state": "quarantined", "reason": "page_dark"},
        "Foto tanpa cahaya: tidak ada yang dapat dibaca.",
        "A photograph without light: nothing can be read.",
    )


def _blot(box: Inbox, tallies: Tallies) -> Fault:
    """Ink lies over one number: its sums would tell what it is, but nobody has read it."""
    tally = tallies["13.10"].districts[0]
    style, village = Style(per_block=12), tally.villages[0]
    sheet = blotted(pdf_sheet.draw(papers.da1(tally), style), style.print(village.figures[BLOTTED]))
    key = box.put("13.10", papers.da1_path(tally, " (pindai).pdf"), wear(sheet, Level.CLEAN, 2019))
    return Fault(
        "ink_blot",
        "13.10",
        key,
        {"state": "filed", "finding": "reading_unsure", "row": BLOTTED, "column": village.name},
        f"Noda tinta menutupi satu angka ({BLOTTED}, {village.name}): ditandai sampai seseorang membaca aslinya.",
        f"Ink covers one number ({BLOTTED}, {village.name}): flagged until somebody reads it off the original.",
    )


def _missing(box: Inbox, tallies: Tallies) -> Fault:
    office = tallies["13.73"].office
    del box.files[papers.tps_key(office)]
    return Fault(
        "document_missing",
        office.code,
        "",
        {"finding": "document_missing", "doctype": "TPS-PPWP", "area": office.code},
        "Tabel TPS tidak dikirim.",
        "The TPS table was not sent.",
    )


def _bad_table(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.02"]
    rows = papers.tps_rows(tally)
    rows[5][-1] = NO_NUMBER
    rows.insert(9, rows[8])
    key = papers.tps_key(tally.office)
    box.files[key] = papers.tps(tally, rows)
    return Fault(
        "check_failed",
        tally.office.code,
        key,
        {"state": "held", "finding": "check_failed", "also": ["cell_unreadable"], "raw": NO_NUMBER},
        f"Tabel TPS memuat sel yang bukan angka ({NO_NUMBER}) dan satu TPS tercatat dua kali.",
        f"The TPS table has a cell that is no number ({NO_NUMBER}) and one TPS stands twice.",
    )


def _unknown_document(box: Inbox, tallies: Tallies) -> Fault:
    office = tallies["13.08"].office
    key = box.put(office.code, "PL.01.8/surat pengantar.pdf", letter(office))
    return Fault(
        "unknown_document",
        office.code,
        key,
        {"state": "quarantined", "reason": "unknown_document"},
        "Surat pengantar, bukan formulir hasil.",
        "A covering letter, no results form.",
    )


def _unknown_stage(box: Inbox, tallies: Tallies) -> Fault:
    tally = tallies["13.07"].districts[0]
    name = papers.da1_path(tally, ".xlsx").rpartition("/")[2]
    key = box.put("13.07", f"PL.99.9/{name}", papers.da1_xlsx(tally))
    return Fault(
        "unknown_stage",
        "13.07",
        key,
        {"state": "filed", "finding": "unknown_stage"},
        "Map memakai kode tahapan PL.99.9 yang tidak ada dalam daftar.",
        "The folder has the stage code PL.99.9, which is not on the list.",
    )


_PLANTS: tuple[Callable[[Inbox, Tallies], Fault], ...] = (
    _sum_error,
    _duplicate,
    _wrong_office,
    _encrypted,
    _truncated,
    _empty_workbook,
    _scan,
    _dark_scan,
    _blot,
    _missing,
    _bad_table,
    _unknown_document,
    _unknown_stage,
)
