"""A store of filed datasets as the deliver room makes them, in memory: DB1 of some regencies, DC1, a reconciliation."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.model import Deliverable, FileEntry
from rangkiang.portal import Release

STAGE = "PL.01.8"
ORIGINAL = "asli/DB1 PPWP №1 (salinan) #2 100%.pdf"


@dataclass
class Filed:
    """What the offices have filed, by key; ``fetched`` remembers every key that was asked for."""

    objects: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def fetch(self, key: str) -> bytes:
        self.fetched.append(key)
        return self.objects[key]

    def file(self, made: Deliverable, contents: Mapping[str, bytes]) -> Release:
        """Put the contents in the store and name them as a release."""
        files = tuple(_entry(path, data) for path, data in sorted(contents.items()))
        digest = hashlib.sha256("".join(f.sha256 for f in files).encode()).hexdigest()
        release = Release(replace(made, files=files, digest=digest), f"filed/{made.folder}/")
        self.objects |= {release.source_prefix + path: data for path, data in contents.items()}
        return release

    def recap(self, office: str, doctype: str = "DB1-PPWP", **changes: bytes) -> Release:
        """A recap dataset of one office with the official votes; ``changes`` replace a file's bytes by its stem."""
        made = recap(office, doctype)
        contents = recap_contents(made)
        contents |= {path: changes[Path(path).stem] for path in contents if Path(path).stem in changes}
        return self.file(made, contents)

    def reconciliation(self) -> Release:
        """A dataset without a form: one CSV, no totals, almost no metadata."""
        lines = [["level", "place", "row", "upper", "lower", "difference", "state"]]
        lines += [["kabkota", o.name, "IV.01", "10", "10", "0", "agrees"] for o in catalogue.offices()[1:]]
        folder = f"KPU Provinsi Sumatera Barat/{STAGE}/Rekonsiliasi"
        title = {"id": "Rekonsiliasi antartingkat", "en": "Reconciliation"}
        made = Deliverable("13", STAGE, "Rekonsiliasi", folder, "rekonsiliasi-pl.01.8", "", (), {"title": title})
        return self.file(made, {"rekonsiliasi.csv": as_csv(lines)})


def recap(office_code: str, doctype: str) -> Deliverable:
    office, leaves = catalogue.office(office_code), form(doctype).leaf_rows
    votes = catalogue.official_results()[office_code].votes
    totals = {leaf.code: votes.get(leaf.code, 1000 + n) for n, leaf in enumerate(leaves)}
    slug = f"{doctype.lower()}-{office_code}-{office.short_name.lower().replace(' ', '-')}"
    kind = catalogue.doctype(doctype)
    assert kind is not None
    metadata: dict[str, Any] = {
        "title": {"id": f"{kind.name.id}, {office.short_name}", "en": kind.name.en},
        "description": {"id": f"Hasil rekapitulasi di {office.short_name}, dibaca dari dokumen resmi.", "en": "Recap"},
        "unit_kerja": office.unit_kerja,
        "form": doctype,
        "totals": dict(sorted(totals.items(), reverse=True)),  # a database does not keep the order
        "row_labels": {leaf.code: leaf.label.id for leaf in leaves},
        "counts": {"proved": len(leaves) - 2, "flagged": 2, "read": 0, "decided": 0, "blank": 0},
        "columns": [
            {"name": "row", "type": "string", "title": {"id": "Kode baris", "en": "Row code"}},
            {"name": "value", "type": "integer", "title": "Nilai"},
        ],
        "documents": [
            {
                "area": office.name,
                "area_code": office.code,
                "file": "DB1 PPWP №1 (salinan) #2 100%.pdf",
                "sha256": hashlib.sha256(_original(office_code)).hexdigest(),
                "pages": 3,
                "engine": "camelot-lattice",
                "counts": {"proved": 50, "flagged": 2},
            }
        ],
        "findings": {"total_broken": 1, "unit_missing": 1},
        "coverage": [{"level": "kecamatan", "present": 14, "expected": 15, "missing": []}],
        "totals_known": {"V.B": [14, 15]},
        "totals_flagged": ["IV.01", "I.A.1.P"],
        "licence": {"name": "cc-by", "title": {"id": "Data terbuka"}},
        "rows": {f"{slug}.csv": len(leaves), "temuan.csv": 2},
    }
    folder = f"{office.unit_kerja}/{STAGE}/{doctype}"
    return Deliverable(office_code, STAGE, doctype, folder, slug, "", (), metadata)


def recap_contents(made: Deliverable) -> dict[str, bytes]:
    office, totals = catalogue.office(made.office), made.metadata["totals"]
    table = [["unit_kerja", "area_name", "unit_name", "row", "row_label", "value", "status", "sha256"]]
    labels = made.metadata["row_labels"]
    table += [
        [office.unit_kerja, office.name, "JUMLAH AKHIR", row, labels[row], value, "proved", "a" * 64]
        for row, value in sorted(totals.items())
    ]
    findings = [
        ["id", "code", "severity", "area_name", "document", "sentence_id", "sentence_en", "cells"],
        ["1", "total_broken", "error", office.name, "DB1.pdf", "Jumlah baris IV.01 tercetak 10.", "Printed", "[]"],
        ["2", "unit_missing", "error", office.name, "DB1.pdf", "Tidak ada kolom untuk <X> & Y.", "None", "[]"],
    ]
    return {
        f"{made.slug}.csv": as_csv(table),
        "temuan.csv": as_csv(findings),
        "narasi.md": narrative(office.short_name).encode(),
        ORIGINAL: _original(made.office),
        f"{made.slug}.xlsx": b"PK" + made.slug.encode() * 40,
        "datapackage.json": b"{}",
    }


def narrative(place: str) -> str:
    return (
        f"# Hasil rekapitulasi, {place}\n\nHimpunan ini memuat *satu* dokumen.\n\n## Isi\n\n"
        "| Peserta | Suara |\n|---|--:|\n| Satu | 1.234 |\n\n- [temuan.csv](temuan.csv): temuan\n"
        f"- [asli]({quote(ORIGINAL)})\n- [tidak ada](hilang.csv)\n\n<script>alert(1)</script>\n"
    )


def as_csv(lines: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def _original(office: str) -> bytes:
    return b"%PDF-1.7 " + office.encode() * 50


def _entry(path: str, data: bytes) -> FileEntry:
    kinds = {"csv": "text/csv", "pdf": "application/pdf", "md": "text/markdown", "json": "application/json"}
    media_type = kinds.get(path.rpartition(".")[2], "application/octet-stream")
    return FileEntry(path, hashlib.sha256(data).hexdigest(), len(data), media_type, f"Berkas {Path(path).suffix}")
