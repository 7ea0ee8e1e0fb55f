"""``dataset.json``: everything the site knows of one dataset, for machines, and the only source of its pages.

Which files a version consists of stands in a file of its own beside its folder, ``v<N>.json``, and never changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.forms import forms
from rangkiang.model import Deliverable, FileEntry
from rangkiang.portal.protocol import Edition, Release, Withdrawal
from rangkiang.portal.texts import unit_kerja

FORMAT = "rangkiang-dataset-2"
VERSION_FORMAT = "rangkiang-version-1"
WITHDRAWN_FORMAT = "rangkiang-withdrawn-1"
LOG = "perubahan.csv"
NARRATIVE = "narasi.md"
FINDINGS = "temuan.csv"
DIFFERENCES = "selisih.csv"
NUMBERS = "narasi-angka.csv"

Manifest = dict[str, Any]

_DIGITS = re.compile(r"(\d+)")
_SPLITS = {"L": 0, "P": 1, "JML": 2}


def manifest(release: Release) -> Manifest:
    """What is published of a release, apart from the files' bytes. Metadata that is missing is left empty."""
    made = release.deliverable
    said = made.metadata
    return {
        "format": FORMAT,
        "slug": made.slug,
        "number": release.number,
        "day": release.day,
        "version": release.version,
        "digest": made.digest,
        "files_folder": files_folder(release.number),  # "latest" is a pointer: the files lie where they stay
        "log": LOG if release.log else "",
        "versions": [_version(edition) for edition in release.editions],
        "office": made.office,
        "unit_kerja": said.get("unit_kerja") or unit_kerja(made.office),
        "stage": made.stage,
        "doctype": made.doctype,
        "form": said.get("form") or "",
        "notice": said.get("notice") or "",
        "folder": made.folder,
        "title": texts(said.get("title"), _title(made)),
        "description": texts(said.get("description"), ""),
        "licence": texts((said.get("licence") or {}).get("title"), "")["id"],
        "coverage": _coverage(said),
        "counts": _sorted(said.get("counts")),
        "findings": _sorted(said.get("findings")),
        "held": [dict(one) for one in said.get("held") or ()],
        "totals": _totals(said),
        "columns": [dict(column) for column in said.get("columns") or ()],
        "documents": [_document(document) for document in said.get("documents") or ()],
        "files": [_file(entry, said.get("rows") or {}) for entry in made.files],
    }


def version(edition: Edition) -> Manifest:
    """What one version consists of."""
    made = edition.deliverable
    return {
        "format": VERSION_FORMAT,
        "slug": made.slug,
        "title": texts(made.metadata.get("title"), _title(made)),
        **_version(edition),
        "files": [_file(entry, made.metadata.get("rows") or {}) for entry in made.files],
    }


def withdrawn(what: Withdrawal) -> Manifest:
    """What is left to say of a dataset that was withdrawn."""
    made = what.deliverable
    versions = [_version(edition) for edition in what.editions]
    return {
        "format": WITHDRAWN_FORMAT,
        "slug": made.slug,
        "office": made.office,
        "unit_kerja": made.metadata.get("unit_kerja") or unit_kerja(made.office),
        "stage": made.stage,
        "doctype": made.doctype,
        "title": texts(made.metadata.get("title"), _title(made)),
        "withdrawn": what.day,
        "log": LOG,
        "versions": [{key: one[key] for key in ("number", "day", "version", "digest")} for one in versions],
    }


def files_folder(number: int) -> str:
    """Where the files of a version lie, in the dataset's folder."""
    return f"v{number}/"


def version_file(number: int) -> str:
    """Where it stands what a version consists of, in the dataset's folder."""
    return f"v{number}.json"


def dump(content: object) -> bytes:
    """JSON that is the same bytes for the same content."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def load(data: bytes | None) -> Manifest | None:
    """A manifest as it stands on the site; None where there is none that can be understood."""
    try:
        found = json.loads(data or b"")
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def texts(value: object, otherwise: str) -> dict[str, str]:
    """A text in both languages, from a text in one or in both."""
    if isinstance(value, Mapping):
        main = str(value.get("id") or value.get("en") or otherwise)
        return {"id": main, "en": str(value.get("en") or main)}
    return {"id": str(value or otherwise), "en": str(value or otherwise)}


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts row codes as a sheet does where no form says how: numbers by value, L before P before JML."""
    return tuple(_part(part) for segment in code.split(".") for part in _DIGITS.split(segment) if part)


def _part(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdecimal() else (1, _SPLITS.get(part, -1), part)


def _totals(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The totals in the order of the sheet, which a mapping out of a database has lost."""
    form = forms().get(said.get("form") or "")
    leaves = {leaf.code: (n, leaf.label.id) for n, leaf in enumerate(form.leaf_rows if form else ())}
    totals, labels, known = (said.get(key) or {} for key in ("totals", "row_labels", "totals_known"))
    return [
        {
            "row": row,
            "label": labels.get(row) or leaves.get(row, (0, row))[1],
            "value": totals[row],
            "flagged": row in (said.get("totals_flagged") or ()),
            "known": known.get(row),  # [sheets on which it is known, sheets]; null for all
        }
        for row in sorted(totals, key=lambda row: (leaves.get(row, (len(leaves), ""))[0], natural(row)))
    ]


def _coverage(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How much is there of how much, by level; the level is '' where only a count was said."""
    if said.get("coverage"):
        return [{key: line.get(key) for key in ("level", "present", "expected")} for line in said["coverage"]]
    if said.get("units") is None:
        return []
    return [{"level": "", "present": said["units"], "expected": said.get("expected_units")}]


def main_table(paths: Sequence[str]) -> str:
    """The dataset's own table: the first CSV of its folder that is not about something else; '' where there is none."""
    others = (FINDINGS, DIFFERENCES, NUMBERS)
    return next((p for p in paths if p.endswith(".csv") and "/" not in p and p not in others), "")


def _version(edition: Edition) -> dict[str, Any]:
    made = edition.deliverable
    return {
        "number": edition.number,
        "day": edition.day,
        "version": made.digest[:12],
        "digest": made.digest,
        "files_folder": files_folder(edition.number),
        "manifest": version_file(edition.number),
        "file_count": len(made.files),
        "bytes": sum(entry.size for entry in made.files),
    }


def _file(entry: FileEntry, rows: Mapping[str, int]) -> dict[str, Any]:
    return {
        "path": entry.path,
        "sha256": entry.sha256,
        "size": entry.size,
        "media_type": entry.media_type,
        "title": entry.title,
        "rows": rows.get(entry.path),
    }


def _document(said: Mapping[str, Any]) -> dict[str, Any]:
    """Where figures come from, as the dataset's page shows it; '' or None for what was not said."""
    return {
        "area": said.get("area") or said.get("area_name") or "",
        "area_code": said.get("area_code") or "",
        "file": said.get("file") or said.get("name") or "",
        "sha256": said.get("sha256") or "",
        "pages": said.get("pages"),
        "engine": said.get("engine") or "",
        "counts": _sorted(said.get("counts")),
    }


def _sorted(counts: Mapping[str, int] | None) -> dict[str, int]:
    return {str(key): int(value) for key, value in sorted((counts or {}).items())}


def _title(made: Deliverable) -> str:
    kind = catalogue.doctype(made.doctype)
    return f"{kind.name.id if kind else made.doctype}, {unit_kerja(made.office)}"
