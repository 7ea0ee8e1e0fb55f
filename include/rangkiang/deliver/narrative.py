"""The narrative: official Indonesian, in which every number is computed from the data by code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from rangkiang import catalogue
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.remarks import by_code, sentence
from rangkiang.deliver.words import angka, persen, sentence_case, words
from rangkiang.model import FileEntry, Severity

EXAMPLES = 10
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


def narrative(made: Dataset, files: Sequence[FileEntry], licence: Licence) -> str:
    """Markdown. ``files`` are the files it tells of."""
    context = {
        "title": made.title.id,
        "kind": made.kind.id,
        "unit_kerja": made.office.unit_kerja,
        "stage": made.stage,
        "stage_name": made.stage_name.id,
        "election": made.election.id,
        "documents": angka(len(made.members)),
        "originals": _originals(made),
        "coverage": list(_coverage(made)),
        "unit": catalogue.level_name(made.form.unit),
        "has_total": made.form.has_total,
        "lines": angka(len(made.table)),
        "engines": sorted(f"`{e}`" for e in {str(e) for m in made.members for e in m.figures["engine"].unique()}),
        "checks": _checks(made),
        "files": [{"path": f.path, "href": quote(f.path), "title": f.title} for f in files],
        "licence": licence.title,
        **_content(made),
        **_quality(made),
    }
    text = _environment().get_template("narasi.md.j2").render(context)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rangkiang.deliver"),
        autoescape=select_autoescape(),  # HTML only: this is Markdown, see safe_markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["aman"] = safe_markdown
    return environment


def safe_markdown(text: str) -> str:
    """Text from a file as Markdown that says just that: no markup, one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def _originals(made: Dataset) -> list[str]:
    names = words("media_types")
    count = Counter(m.document.media_type for m in made.members)
    return [f"{angka(n)} {names[t].name.id if t in names else t}" for t, n in sorted(count.items())]


def _coverage(made: Dataset) -> Iterable[Mapping[str, Any]]:
    for line in facts.coverage(made):
        yield {
            "level": sentence_case(catalogue.level_name(line.level)),
            "present": angka(line.present),
            "expected": angka(line.expected) if line.expected else "",
            "missing": [a.name for a in line.missing],
        }


def _content(made: Dataset) -> dict[str, Any]:
    totals = facts.totals(made)
    leaves = {leaf.code: leaf for leaf in made.form.leaf_rows}
    contest = [total for code, total in totals.items() if leaves[code].parent.contestant]
    valid = sum(total.value for total in contest)
    counted_in = "dokumen" if made.form.has_total else catalogue.level_name(made.form.unit)
    what = "dokumen ini" if len(made.members) == 1 else f"{angka(len(made.members))} dokumen ini"
    return {
        "votes": [
            {
                "number": leaves[t.row].parent.contestant,
                "name": leaves[t.row].label.id.removeprefix(leaves[t.row].parent.contestant).strip(),
                "value": angka(t.value),
                "share": persen(t.value, valid) if valid else "–",
            }
            for t in contest
        ],
        "others": [
            {"label": leaves[t.row].label.id, "value": angka(t.value)} for t in totals.values() if t not in contest
        ],
        "basis": f"Menurut kolom jumlah pada {what}, perolehan suara adalah sebagai berikut."
        if made.form.has_total
        else f"Bila seluruh baris pada {what} dijumlahkan, perolehan suara adalah sebagai berikut.",
        "partial": [
            {"label": leaves[t.row].label.id, "known": angka(t.known), "of": angka(t.of)}
            for t in totals.values()
            if not t.complete
        ],
        "counted_in": counted_in,
        "turnout": _turnout(made),
    }


def _turnout(made: Dataset) -> dict[str, Any] | None:
    found = facts.turnout(made)
    return found and {
        "voted": angka(found.voted),
        "voters": angka(found.voters),
        "counted": found.counted,
        "share": persen(found.voted, found.voters),
        "partial": found.known < found.of,
        "known": angka(found.known),
        "of": angka(found.of),
    }


def _quality(made: Dataset) -> dict[str, Any]:
    statuses, kinds, severities = words("statuses"), words("findings"), words("severities")
    severity = {f.code: f.severity for f in made.findings}
    areas = {m.document.sha256: m.document.said.area_name for m in made.members}
    grave = [f for f in made.findings if f.severity in (Severity.CRITICAL, Severity.ERROR)]
    return {
        "figures": angka(len(made.table)),
        "statuses": [
            {
                "count": angka(n),
                "share": persen(n, len(made.table)),
                "name": statuses[code].name.id,
                "means": statuses[code].means.id,
            }
            for code, n in facts.statuses(made).items()
            if n
        ],
        "findings": [
            {"count": angka(n), "name": kinds[code].name.id, "severity": severities[severity[code]].name.id}
            for code, n in by_code(made.findings).items()
        ],
        "findings_count": angka(len(made.findings)),
        "examples": [
            {"area": areas.get(f.sha256, made.place), "sentence": sentence(f)} for f in grave[:EXAMPLES]
        ],
    }


def _checks(made: Dataset) -> str:
    checks = [check for member in made.members for check in member.checks]
    passed = sum(check.success for check in checks)
    return f"{angka(passed)} dari {angka(len(checks))} pemeriksaan lulus" if checks else "hasilnya tercatat terpisah"
