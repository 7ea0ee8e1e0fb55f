"""What the narrative's paragraphs say: facts turned into words. No number here but through ``angka`` or ``persen``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import by_code, sentence
from rangkiang.deliver.words import angka, persen, sentence_case, words
from rangkiang.model import Finding, Severity, Status

EXAMPLES = 3
"""Findings of one kind that the narrative quotes."""

DASH = "-"


def originals(made: Dataset) -> list[str]:
    """'2 PDF', '13 XLSX'."""
    names = words("media_types")
    count = Counter(m.document.media_type for m in made.members)
    return [f"{angka(n)} {names[t].name.id if t in names else t}" for t, n in sorted(count.items())]


def coverage_lines(made: Dataset) -> Iterable[Mapping[str, Any]]:
    """One line per level: what is there, of what the catalogue expects."""
    for line in facts.coverage(made):
        yield {
            "level": sentence_case(catalogue.level_name(line.level)),
            "present": angka(line.present),
            "expected": angka(line.expected) if line.expected else "",
            "missing": [a.name for a in line.missing],
        }


def content(made: Dataset) -> dict[str, Any]:
    """Totals: the contestants' in ballot order, then section by section; turnout."""
    totals = facts.totals(made)
    leaves = {leaf.code: leaf for leaf in made.form.leaf_rows}
    marked_lines = facts.statuses(made)[Status.FLAGGED]
    contest = [total for code, total in totals.items() if leaves[code].parent.contestant]
    valid = sum(total.value for total in contest)
    counted_in = "dokumen" if made.form.has_total else catalogue.level_name(made.form.unit)
    what = "dokumen ini" if len(made.members) == 1 else f"{angka(len(made.members))} dokumen ini"
    return {
        "votes": [
            {
                "number": leaves[t.row].parent.contestant,
                "name": leaves[t.row].label.id.removeprefix(leaves[t.row].parent.contestant).strip(),
                "value": _value(t),
                "share": persen(t.value, valid) if valid else DASH,
            }
            for t in contest
        ],
        "sections": list(_sections(made, {t.row: t for t in totals.values() if t not in contest})),
        "marked": any(t.flagged for t in totals.values()),
        "marked_lines": "" if made.form.has_total or not marked_lines else angka(marked_lines),
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


def _sections(made: Dataset, totals: Mapping[str, facts.Total]) -> Iterable[Mapping[str, Any]]:
    """One small table per section of the form: a line per row, a column per split."""
    for section in made.form.sections:
        rows = [r for r in made.form.rows if r.section == section.code]
        splits = [(s.code, s.label.id) for s in made.form.splits] if any(r.split for r in rows) else [("", "Jumlah")]
        codes = {row.label.id: [f"{row.code}.{s}" if row.split else row.code for s, _ in splits] for row in rows}
        lines = [
            {"label": label, "values": [_value(totals[c]) if c in totals else DASH for c in wanted]}
            for label, wanted in codes.items()
            if any(c in totals for c in wanted)
        ]
        if lines:
            yield {"heading": section.label.id.capitalize(), "splits": [name for _, name in splits], "lines": lines}


def _value(total: facts.Total) -> str:
    return angka(total.value) + (" (bertanda)" if total.flagged else "")


def _turnout(made: Dataset) -> dict[str, Any] | None:
    found = facts.turnout(made)
    if found is None:
        return None
    return {
        "voted": angka(found.voted),
        "voters": angka(found.voters),
        "counted": found.counted,
        "share": persen(found.voted, found.voters),
        "partial": found.known < found.of,
        "known": angka(found.known),
        "of": angka(found.of),
    }


def quality(made: Dataset) -> dict[str, Any]:
    """How sure the figures are, and what was found."""
    statuses, kinds, severities = words("statuses"), words("findings"), words("severities")
    severity = {f.code: f.severity for f in made.findings}
    areas = {m.document.sha256: m.document.said.area_name for m in made.members}
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
        "examples": [{"area": areas.get(f.sha256, made.place), "sentence": sentence(f)} for f in _examples(made)],
    }


def checks(made: Dataset) -> str:
    """How many data checks passed."""
    every = [check for member in made.members for check in member.checks]
    passed = sum(check.success for check in every)
    return f"{angka(passed)} dari {angka(len(every))} pemeriksaan lulus" if every else "hasilnya tercatat terpisah"


def _examples(made: Dataset) -> list[Finding]:
    """The first few grave findings of each kind."""
    found: dict[str, list[Finding]] = {}
    for finding in made.findings:
        if finding.severity in (Severity.CRITICAL, Severity.ERROR):
            found.setdefault(finding.code, []).append(finding)
    return [finding for kind in found.values() for finding in kind[:EXAMPLES]]
