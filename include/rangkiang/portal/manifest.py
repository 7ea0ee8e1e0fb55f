"""``dataset.json``: everything the site knows of one dataset, for machines, and the only source of its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.forms import forms
from rangkiang.model import Deliverable, FileEntry
from rangkiang.portal.errors import BadRelease
from rangkiang.portal.protocol import Release

FORMAT = "rangkiang-dataset-1"
FILES = "files/"
NARRATIVE = "narasi.md"
FINDINGS = "temuan.csv"

Manifest = dict[str, Any]

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_DIGITS = re.compile(r"(\d+)")
_SPLITS = {"L": 0, "P": 1, "JML": 2}


def manifest(release: Release) -> Manifest:
    """What is published of a release, apart from the files' bytes. Metadata that is missing is left empty."""
    made = release.deliverable
    said = made.metadata
    return {
        "format": FORMAT,
        "slug": made.slug,
        "version": release.version,
        "digest": made.digest,
        "office": made.office,
        "unit_kerja": said.get("unit_kerja") or _unit_kerja(made.office),
        "stage": made.stage,
        "doctype": made.doctype,
        "form": said.get("form") or "",
        "folder": made.folder,
        "title": texts(said.get("title"), _title(made)),
        "description": texts(said.get("description"), ""),
        "units": said.get("units"),
        "expected_units": said.get("expected_units"),
        "counts": _sorted(said.get("counts")),
        "findings": _sorted(said.get("findings")),
        "totals": _totals(said.get("form") or "", said.get("totals") or {}, said.get("row_labels") or {}),
        "columns": [dict(column) for column in said.get("columns") or ()],
        "documents": [dict(document) for document in said.get("documents") or ()],
        "files": [_file(entry, _rows(made)) for entry in made.files],
    }


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


def check(releases: Sequence[Release]) -> None:
    """Raises BadRelease for a slug or a path that would leave its place, or a slug that two releases claim."""
    seen: set[str] = set()
    for made in (release.deliverable for release in releases):
        if not _SLUG.fullmatch(made.slug) or ".." in made.slug:
            raise BadRelease(made.slug, "its name may hold lower-case letters, digits, '.', '_' and '-' only")
        if made.slug in seen:
            raise BadRelease(made.slug, "two releases bear its name")
        seen.add(made.slug)
        _check_paths(made)


def _check_paths(made: Deliverable) -> None:
    named = [f.path for f in made.files]
    for path in named:
        segments = path.split("/")
        if "\\" in path or "\0" in path or any(s in ("", ".", "..") for s in segments):
            raise BadRelease(made.slug, f"the path {path!r} is not one inside its folder")
        above = {"/".join(segments[:n]) for n in range(1, len(segments))}
        if above & set(named) or named.count(path) > 1:
            raise BadRelease(made.slug, f"the path {path!r} collides with another")


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


def _totals(model: str, totals: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """The totals in the order of the sheet, which a mapping out of a database has lost."""
    leaves = {leaf.code: (n, leaf) for n, leaf in enumerate(forms()[model].leaf_rows)} if model in forms() else {}
    lines = []
    for row in sorted(totals, key=lambda r: (leaves[r][0] if r in leaves else len(leaves), natural(r))):
        label = labels.get(row) or (leaves[row][1].label.id if row in leaves else row)
        lines.append({"row": row, "label": label, "value": totals[row]})
    return lines


def main_table(paths: Sequence[str]) -> str:
    """The dataset's own table: the first CSV of its folder that is not about something else; '' where there is none."""
    return next((p for p in paths if p.endswith(".csv") and "/" not in p and p != FINDINGS), "")


def _file(entry: FileEntry, rows: Mapping[str, int]) -> dict[str, Any]:
    return {
        "path": entry.path,
        "sha256": entry.sha256,
        "size": entry.size,
        "media_type": entry.media_type,
        "title": entry.title,
        "rows": rows.get(entry.path),
    }


def _rows(made: Deliverable) -> dict[str, int]:
    """How many lines tables hold, by path, where the metadata says so: every line of the main table has one status."""
    counts = made.metadata.get("counts") or {}
    main = main_table([f.path for f in made.files])
    return ({main: sum(counts.values())} if main and counts else {}) | dict(made.metadata.get("rows") or {})


def _sorted(counts: Mapping[str, int] | None) -> dict[str, int]:
    return {str(key): int(value) for key, value in sorted((counts or {}).items())}


def _unit_kerja(office: str) -> str:
    return next((o.unit_kerja for o in catalogue.offices() if o.code == office), office)


def _title(made: Deliverable) -> str:
    kind = catalogue.doctype(made.doctype)
    return f"{kind.name.id if kind else made.doctype}, {_unit_kerja(made.office)}"
