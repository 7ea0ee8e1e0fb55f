"""'Sampul': what this is, where it comes from, how complete and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.words import angka, persen, sentence_case, words
from rangkiang.deliver.workbook.styles import LINE, Styles, height
from rangkiang.forms import LeafRow
from rangkiang.forms.contest import contestants

WIDTHS = (30, 16, 90)

SUM = "JML"
"""Of a row that is split, the cover shows the sum alone."""

_SHEETS = (
    ("Data", "semua angka dalam satu tabel rapi"),
    ("Kamus data", "konsep, definisi, dan satuan kolom serta baris; status; persamaan yang diuji"),
    ("Temuan", "temuan dan keputusan yang perlu diketahui pembaca angka"),
    ("Asal-usul", "berkas asal, sidik jari, dan hasil pemeriksaannya"),
)


def cover(sheet: Any, made: Dataset, licence: Licence, version: str, names: Sequence[str], styles: Styles) -> None:
    """Write the cover; ``names`` are the document sheets, to link to."""
    for n, width in enumerate(WIDTHS):
        sheet.set_column(n, n, width)
    sheet.hide_gridlines(2)
    sheet.set_default_row(LINE + 1)
    sheet.merge_range(0, 0, 0, 2, made.title.id, styles("cover_title"))
    sheet.set_row(0, 44)
    line = _about(sheet, made, licence, version, styles)
    line = _totals(sheet, made, line + 1, styles)
    line = _statuses(sheet, made, line + 1, styles)
    _links(sheet, made, names, line + 1, styles)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _about(sheet: Any, made: Dataset, licence: Licence, version: str, styles: Styles) -> int:
    entries = [
        ("Unit kerja", made.office.unit_kerja),
        ("Kode wilayah", f"Kemendagri {made.office.code}; BPS {made.office.bps}"),
        ("Kode tahapan", f"{made.stage} - {made.stage_name.id}"),
        ("Jenis dokumen", made.kind.id),
        ("Pemilihan", made.election.id),
        ("Jumlah dokumen", angka(len(made.members))),
        *([("Daerah pemilihan", "; ".join(made.dapils))] if made.dapils else []),
        ("Cakupan", "; ".join(map(_coverage, facts.coverage(made))) or "tidak tercatat dalam katalog"),
        ("Jumlah angka", angka(facts.known(made))),
        ("Jumlah temuan", angka(len(made.findings))),
        ("Sumber", f"Berkas yang diserahkan {made.office.unit_kerja}; daftarnya pada lembar Asal-usul"),
        ("Versi", version),
        ("Cara mengutip", f"{made.office.unit_kerja}. {made.title.id}. Tahapan {made.stage}. Versi {version}."),
        ("Lisensi", licence.title),
    ]
    for n, (key, text) in enumerate(entries, start=2):
        sheet.write_string(n, 0, key, styles("key"))
        sheet.merge_range(n, 1, n, 2, text, styles("text"))
        sheet.set_row(n, height((text, sum(WIDTHS[1:]) + 12)))
    return 2 + len(entries)


def _coverage(line: facts.Coverage) -> str:
    of = f" dari {angka(line.expected)}" if line.expected else ""
    missing = f" (belum ada {', '.join(a.name for a in line.missing)})" if line.missing else ""
    return f"{angka(line.present)}{of} {catalogue.level_name(line.level)}{missing}"


def _totals(sheet: Any, made: Dataset, line: int, styles: Styles) -> int:
    totals, parties = facts.totals(made), {c.row: f"{c.number} {c.name}" for c in contestants(made.form) if c.name}
    wanted = [leaf for leaf in made.leaves if leaf.code in totals and _told(leaf, parties)]
    sheet.write_string(line, 0, "Jumlah seluruhnya", styles("subtitle"))
    for n, leaf in enumerate(wanted, start=line + 1):
        total = totals[leaf.code]
        note = "" if total.complete else f" (diketahui pada {angka(total.known)} dari {angka(total.of)})"
        sheet.write_string(n, 0, leaf.code, styles("no"))
        sheet.write_number(n, 1, total.value, styles("figure", "flagged" if total.flagged else ""))
        sheet.write_string(n, 2, parties.get(leaf.code, made.labels[leaf.code]) + note, styles("label"))
    return line + 1 + len(wanted)


def _told(leaf: LeafRow, contest: Collection[str]) -> bool:
    """Of a row that is split its sum, of a party all its votes."""
    return leaf.split in ("", SUM) and (not leaf.parent.party or leaf.code in contest)


def _statuses(sheet: Any, made: Dataset, line: int, styles: Styles) -> int:
    """The legend: colours and how many figures there are of each."""
    sheet.write_string(line, 0, "Arti warna", styles("subtitle"))
    counts = facts.statuses(made)
    for n, (code, word) in enumerate(words("statuses").items(), start=line + 1):
        share = f" ({persen(counts[code], len(made.table))})" if counts[code] else ""
        sheet.write_string(n, 0, sentence_case(word.name.id), styles("no", code))
        sheet.write_number(n, 1, counts[code], styles("figure"))
        sheet.write_string(n, 2, sentence_case(word.means.id) + share, styles("label"))
    return line + 1 + len(words("statuses"))


def _links(sheet: Any, made: Dataset, names: Sequence[str], line: int, styles: Styles) -> None:
    sheet.write_string(line, 0, "Isi buku kerja", styles("subtitle"))
    shown = [(name, f"dokumen {m.document.said.area_code}") for name, m in zip(names, made.members, strict=False)]
    for n, (name, says) in enumerate([*shown, *_SHEETS], start=line + 1):
        sheet.write_url(n, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", styles("link"), name)
        sheet.merge_range(n, 1, n, 2, sentence_case(says), styles("text"))
    if len(made.members) > len(shown):
        rest = len(made.members) - len(shown)
        text = f"{angka(rest)} dokumen lain tidak mendapat lembar sendiri; angkanya ada pada lembar Data."
        sheet.write_string(line + 1 + len(shown) + len(_SHEETS), 0, text, styles("note_line"))
