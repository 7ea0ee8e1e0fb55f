"""'Kamus data': columns, rows of the form, statuses and identities, as the registry has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rangkiang.deliver import standards
from rangkiang.deliver.columns import Column, tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.words import words
from rangkiang.deliver.workbook.styles import Styles, height
from rangkiang.forms import LeafRow

WIDTHS = (20, 66, 56, 16, 74, 26, 40, 14, 44)

_TYPES = {"string": "teks", "integer": "bilangan bulat", "number": "bilangan"}
_ESCAPED = (
    "Dalam CSV, teks yang dapat disangka rumus diberi satu apostrof di depannya (juga sesudah titik koma, tab,"
    " atau ganti baris); buang untuk mendapat teks aslinya. Bilangan dan tanda - yang berdiri sendiri dibiarkan."
)


def dictionary(sheet: Any, made: Dataset, styles: Styles) -> None:
    """Write the lists below each other."""
    sections = {s.code: s.label.id for s in made.form.sections}
    rows = [_row(made, leaf, sections.get(leaf.parent.section, "")) for leaf in made.leaves]
    columns = [_column(column) for column in tidy_columns(made.form)]
    statuses = [(code, w.name.id, w.name.en, "", w.means.id) for code, w in words("statuses").items()]
    kinds = [(code, w.name.id, w.name.en) for code, w in words("column_kinds").items()]
    identities = [(e.id, str(e), "harus terpenuhi") for e in made.form.identities]
    bounds = [(e.id, str(e), "batas kewajaran") for e in made.form.bounds]
    header = ("Nama", "Judul", "Judul (Inggris)", "Jenis", "Definisi", "Konsep", "Klasifikasi", "Ukuran", "Satuan")
    line = _list(sheet, 0, "Kolom tabel", header, columns, styles)
    sheet.write_string(line - 1, 0, _ESCAPED, styles("note_line"))
    header = ("Kode", "Uraian", "Uraian (Inggris)", "Satuan", "Definisi", "Konsep", "Klasifikasi", "Ukuran", "Bagian")
    line = _list(sheet, line + 1, "Baris formulir", header, rows, styles)
    line = _list(sheet, line, "Status angka", ("Kode", "Nama", "Nama (Inggris)", "", "Arti"), statuses, styles)
    line = _list(sheet, line, "Jenis kolom", ("Kode", "Nama", "Nama (Inggris)"), kinds, styles)
    equations = [*identities, *bounds]
    line = _list(sheet, line, "Persamaan yang diuji", ("Nama", "Persamaan", "Sifat"), equations, styles)
    references = [(key, said.id, said.en) for key, said in standards.references().items()]
    _list(sheet, line, "Kode referensi", ("Kunci", "Pemilik kode", "Pemilik kode (Inggris)"), references, styles)
    for n, width in enumerate(WIDTHS):
        sheet.set_column(n, n, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _row(made: Dataset, leaf: LeafRow, section: str) -> Sequence[str]:
    said = standards.of_row(leaf)
    names = (leaf.code, made.labels[leaf.code], leaf.label.en)
    return (*names, said.satuan, said.definisi, said.konsep, said.klasifikasi, said.ukuran, section)


def _column(column: Column) -> Sequence[str]:
    said = standards.of_column(column)
    names = (column.name, column.title.id, column.title.en, _TYPES[column.type], column.means.id)
    return (*names, said.konsep, said.klasifikasi, said.ukuran, said.satuan) if said else (*names, "", "", "", "")


def _list(
    sheet: Any, line: int, title: str, header: Sequence[str], entries: Sequence[Sequence[str]], styles: Styles
) -> int:
    """Write one list; returns the line after the empty one below it."""
    sheet.write_string(line, 0, title, styles("title"))
    used = [n for n, name in enumerate(header) if name]
    for n in used:
        sheet.write_string(line + 1, n, header[n], styles("head"))
    for at, entry in enumerate(entries, start=line + 2):
        sheet.set_row(at, height(*((entry[n], WIDTHS[n]) for n in used)))
        for n in used:
            sheet.write_string(at, n, entry[n], styles("label"))
    return line + 3 + len(entries)
