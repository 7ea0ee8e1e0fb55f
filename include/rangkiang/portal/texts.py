"""How the site writes numbers, sizes, links and the names of things."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from rangkiang import catalogue
from rangkiang.model import Level

DASH = "\N{EN DASH}"

STATUSES = {
    "proved": "terbukti",
    "read": "terbaca",
    "flagged": "bertanda",
    "decided": "diputuskan",
    "blank": "kosong",
}

SEVERITIES = {"critical": "gawat", "error": "kesalahan", "warning": "perhatian", "info": "keterangan"}

CONTESTS = {"pair": "Pasangan calon", "party": "Partai politik", "person": "Calon"}
"""Who stands, by what a voter marks on the ballot."""

AGREEMENTS = {
    "agrees": "sama",
    "printed_error": "berbeda seperti tercetak",
    "reading_error": "bacaan meragukan",
    "explained": "dijelaskan keputusan",
    "not_filled": "tidak diisi",
    "missing": "belum ada",
}

FINDING_COLUMNS = {
    "severity": "Bobot",
    "sentence_id": "Uraian",
    "area_name": "Wilayah",
    "document": "Dokumen",
}

CHANGE_COLUMNS = {
    "version": "Versi",
    "day": "Tanggal",
    "kind": "Perubahan",
    "area": "Wilayah",
    "place": "Kolom",
    "row_label": "Uraian baris",
    "was": "Semula",
    "now": "Menjadi",
    "was_status": "Status semula",
    "now_status": "Status kini",
    "why": "Alasan",
    "decision": "Keputusan",
    "decided_by": "Diputuskan oleh",
}

CHANGES = {
    "first": "terbit pertama",
    "again": "terbit kembali",
    "withdrawn": "ditarik",
    "figure": "angka",
    "status": "status angka",
    "document_added": "dokumen baru",
    "document_changed": "dokumen berubah",
    "document_withdrawn": "dokumen ditarik",
    "file_added": "berkas baru",
    "file_changed": "berkas berubah",
    "file_withdrawn": "berkas ditarik",
    "anew": "disusun ulang",
}

PREVIEW_COLUMNS = {
    "level": "Tingkat",
    "place": "Wilayah",
    "area_name": "Wilayah",
    "kecamatan": "Kecamatan",
    "kelurahan": "Desa/kelurahan/nagari",
    "tps": "TPS",
    "unit_name": "Kolom",
    "row": "Baris",
    "row_label": "Uraian baris",
    "value": "Nilai",
    "status": "Status",
    "upper_form": "Formulir atas",
    "upper": "Nilai atas",
    "lower_form": "Formulir bawah",
    "lower": "Nilai bawah",
    "difference": "Selisih",
    "state": "Keadaan",
    "decision": "Keputusan",
    "decided_by": "Diputuskan oleh",
    "why": "Alasan",
}
"""Columns that people read, in their order; where from is in the file itself."""

_KINDS = {
    "application/pdf": "PDF",
    "text/csv": "CSV",
    "text/markdown": "Markdown",
    "application/json": "JSON",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.apache.parquet": "Parquet",
    "application/x-parquet": "Parquet",
}

_TYPES = {
    "string": "teks",
    "integer": "bilangan bulat",
    "number": "bilangan",
    "boolean": "ya/tidak",
    "date": "tanggal",
}


def number(value: object) -> str:
    """1.234.567, or a dash where there is no number."""
    return catalogue.number(value) if isinstance(value, int) else DASH


def percent(value: float | None) -> str:
    """86,18 %, or a dash."""
    return DASH if value is None else f"{value:.2f} %".replace(".", ",")


def size(count: int) -> str:
    """Bytes in the unit a reader would choose: 512 bita, 12,3 kB, 4,0 MB."""
    if count < 1000:
        return f"{count} bita"
    unit, name = (1000, "kB") if count < 1_000_000 else (1_000_000, "MB")
    return f"{count / unit:.1f} {name}".replace(".", ",")


def href(path: str) -> str:
    """A path as a relative link: spaces, unicode, '#', '?' and '%' escaped."""
    return quote(path)


def kind(media_type: str, path: str) -> str:
    """What sort of file it is, in a word."""
    bare = media_type.partition(";")[0].strip()
    return _KINDS.get(bare) or path.rpartition(".")[2].upper()[:8]


def column_type(name: str) -> str:
    """The type of a column in Indonesian."""
    return _TYPES.get(name.lower(), name)


def word(text: str) -> str:
    """The text of a table's cell; a code that is no text for people as a reader says it."""
    return _words().get(text, text)


def unit_kerja(office: str) -> str:
    """The office's name; its code for one that the catalogue does not have."""
    return next((o.unit_kerja for o in catalogue.offices() if o.code == office), office)


def stage_name(code: str) -> str:
    """The kode tahapan's name; '' for one that is not on the list."""
    found = catalogue.stage(code)
    return found.name.id if found else ""


@cache
def _words() -> dict[str, str]:
    return {str(level): catalogue.level_name(level) for level in Level} | STATUSES | SEVERITIES | AGREEMENTS | CHANGES
