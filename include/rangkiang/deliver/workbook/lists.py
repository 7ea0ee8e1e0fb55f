"""The sheets that are plain lists: tidy data, findings, provenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from rangkiang import catalogue
from rangkiang.deliver.columns import Column, tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import advice
from rangkiang.deliver.words import angka, words
from rangkiang.deliver.workbook.styles import LINE, Styles, height
from rangkiang.model import ColumnKind, Status

LEFT_TO_CSV = ("unit_kerja", "form", "raw", "sha256", "x0", "y0", "x1", "y1", "engine", "confidence", "picture")
"""Columns that a person at a spreadsheet has no use for, or finds on 'Asal-usul'; the CSV has them."""

COUNTS = ("value", "upper", "lower", "difference")
WIDTHS = {"place": 24, "area_name": 22, "unit_name": 28, "row_label": 52, "file": 30, "kecamatan": 24, "kelurahan": 28}


LINES = 100_000
"""A tidy table longer than this is left to CSV and Parquet: few spreadsheets open it, and every minute of a night
counts."""


def data(sheet: Any, made: Dataset, styles: Styles) -> None:
    """The tidy table; of one that is too long, the printed totals alone, if they are not, and where the rest is."""
    columns = [c for c in tidy_columns(made.form) if c.name not in LEFT_TO_CSV]
    if len(made.table) <= LINES:
        plain_table(sheet, made.table, columns, styles)
        return
    totals = made.table[made.table["column_kind"] == ColumnKind.TOTAL.value]
    shown = totals if len(totals) <= LINES else totals[:0]
    what = "Di sini hanya kolom jumlahnya" if len(shown) else "Tidak satu pun disajikan di sini"
    note = (
        f"Tabel rapi memuat {angka(len(made.table))} baris. {what}; seluruhnya ada pada {made.slug}.csv dan .parquet."
    )
    sheet.write_string(0, 0, note, styles("note_line"))
    plain_table(sheet, shown, columns, styles, top=2)


def plain_table(sheet: Any, table: pd.DataFrame, columns: Sequence[Column], styles: Styles, top: int = 0) -> None:
    """A table with a frozen header, on line ``top``, and a filter, in Indonesian; 'Kamus data' has the names that the
    CSV uses."""
    widths = [WIDTHS.get(c.name, 24 if c.enum_of else min(18, len(c.title.id) + 4)) for c in columns]
    _header(sheet, top, [c.title.id for c in columns], widths, styles)
    sheet.set_row(top, 2 * LINE)
    for n, column in enumerate(columns):
        _column(sheet, n, column, table[column.name], top + 1, styles)
    sheet.autofilter(top, 0, top + max(1, len(table)), len(columns) - 1)


def _column(sheet: Any, n: int, column: Column, values: pd.Series[Any], first: int, styles: Styles) -> None:
    if column.type == "string":
        gap = styles("gap")
        spoken = {code: word.name.id for code, word in words(column.enum_of).items()} if column.enum_of else {}
        for line, text in enumerate(values.fillna("").tolist(), start=first):
            if text:
                sheet.write_string(line, n, spoken.get(text, text), gap)
        return
    style = styles("count" if column.name in COUNTS else "plain")
    for line, number in enumerate(values.tolist(), start=first):
        if number is not pd.NA:
            sheet.write_number(line, n, number, style)


def findings(sheet: Any, made: Dataset, remarks: pd.DataFrame, styles: Styles) -> None:
    """The findings in Indonesian, with what can be done about each."""
    severities = words("severities")
    header = ["No.", "Bobot", "Wilayah dokumen", "Uraian", "Saran", "Berkas", "Kode", "Nomor temuan"]
    widths = [6, 12, 24, 70, 50, 34, 20, 20]
    _header(sheet, 0, header, widths, styles)
    text = styles("text")
    for line, (finding, remark) in enumerate(zip(made.findings, remarks.itertuples(), strict=True), start=1):
        advised = advice(finding)
        said, document = str(remark.sentence_id), str(remark.document)
        sheet.set_row(line, height((said, widths[3]), (advised, widths[4]), (document, widths[5])))
        cells = [remark.area_name, said, advised, document, finding.code, finding.id]
        sheet.write_number(line, 0, line, styles("number"))
        for n, cell in enumerate([severities[finding.severity].name.id, *cells], start=1):
            sheet.write_string(line, n, cell, text)
    if made.findings:
        sheet.autofilter(0, 0, len(made.findings), len(header) - 1)
    else:
        sheet.write_string(1, 0, "Tidak ada temuan.", styles("plain"))


def provenance(sheet: Any, made: Dataset, styles: Styles) -> None:
    """Where each document comes from, and how sure its figures are."""
    statuses = words("statuses")
    header = [
        "No.",
        "Kode wilayah (Kemendagri)",
        "Kode wilayah (BPS)",
        "Wilayah",
        "Formulir",
        "Nama berkas dari kantor",
        "Berkas asli dalam map",
    ]
    header += ["SHA-256", "Ukuran (bita)", "Halaman", "Dibaca oleh", "Pemeriksaan lulus", "Pemeriksaan", "Temuan"]
    header += [statuses[s.value].name.id for s in Status]
    widths = [6, 16, 14, 24, 12, 36, 48, 66, 12, 9, 18, 13, 13, 9] + [11] * len(Status)
    _header(sheet, 0, header, widths, styles)
    counts = made.table.groupby(["sha256", "status"]).size()
    for line, member in enumerate(made.members, start=1):
        document, said = member.document, member.document.said
        engines = ", ".join(sorted(str(e) for e in member.figures["engine"].unique()))
        codes = (said.area_code, catalogue.bps_code(said.area_code))
        cells: list[str | int] = [line, *codes, said.area_name, said.form, document.name, made.original(member)]
        cells += [document.sha256, document.size, said.pages, engines, sum(c.success for c in member.checks)]
        cells += [len(member.checks), len(member.findings)]
        cells += [int(counts.get((document.sha256, s.value), 0)) for s in Status]
        _line(sheet, line, cells, styles)


def _line(sheet: Any, line: int, cells: Sequence[str | int], styles: Styles) -> None:
    for n, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(line, n, cell, styles("plain"))
        else:
            sheet.write_number(line, n, cell, styles("number"))


def _header(sheet: Any, line: int, titles: Sequence[str], widths: Sequence[int], styles: Styles) -> None:
    for n, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.write_string(line, n, title, styles("head"))
        sheet.set_column(n, n, width)
    sheet.freeze_panes(line + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(line)
