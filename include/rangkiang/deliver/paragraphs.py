"""What the narrative's paragraphs say: facts turned into words. No number here but through ``angka`` or ``persen``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rangkiang import catalogue
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.words import angka, persen, sentence_case, words
from rangkiang.forms import Form
from rangkiang.forms.contest import Contestant, contestants, has_parties
from rangkiang.model import FileEntry, Status

DASH = "-"

PARTIAL = 40
"""Rows known in part that are told one by one."""

ORIGINALS = "asli/"
LISTED = 3
"""Originals that the narrative lists one by one; more are counted, for the workbook lists them all."""


def originals(made: Dataset) -> list[str]:
    """'2 PDF', '13 XLSX'."""
    names = words("media_types")
    count = Counter(m.document.media_type for m in made.members)
    return [f"{angka(n)} {names[t].name.id if t in names else t}" for t, n in sorted(count.items())]


def sources(made: Dataset) -> list[str]:
    """What the figures were read off, and the reader: 'sel lembar kerja XLSX (`openpyxl`)'."""
    names = words("engines")
    engines = sorted({str(engine) for m in made.members for engine in m.figures["engine"].unique()})
    return [f"{names[e].name.id if e in names else 'sel tabel'} (`{e}`)" for e in engines]


def file_lines(files: Sequence[FileEntry]) -> tuple[list[Mapping[str, str]], str]:
    """The files one by one, but for many originals, of which only the number is said; '' where they are listed."""
    folded = [f for f in files if f.path.startswith(ORIGINALS)]
    if len(folded) <= LISTED:
        return linked(files), ""
    return linked([f for f in files if f not in folded]), angka(len(folded))


def linked(files: Sequence[FileEntry]) -> list[Mapping[str, str]]:
    """Files as a narrative lists them."""
    return [{"path": f.path, "href": quote(f.path), "title": f.title} for f in files]


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
    """Totals: the contestants' in ballot order, then section by section; turnout. Candidates of parties are left to the
    tables: nobody reads two hundred of them in prose."""
    totals = facts.totals(made)
    marked_lines = facts.statuses(made)[Status.FLAGGED]
    contest = {c.row: _name(made, c) for c in contestants(made.form) if c.row in totals}
    valid = sum(totals[row].value for row in contest)
    told = [t for t in totals.values() if t.row in contest or t.row not in _votes(made.form)]
    return {
        "votes": [
            {
                "name": name,
                "value": _value(totals[row]),
                "share": persen(totals[row].value, valid) if valid else DASH,
            }
            for row, name in contest.items()
        ],
        "parties": has_parties(made.form),
        "dapils": list(made.dapils),
        "sections": list(_sections(made, {t.row: t for t in told if t.row not in contest})),
        "marked": any(t.flagged for t in told),
        "marked_lines": "" if made.form.has_total or not marked_lines else angka(marked_lines),
        "basis": f"{_basis(made)}, perolehan suara adalah sebagai berikut.",
        **_partial(made, [t for t in told if not t.complete], contest),
        "counted_in": "dokumen" if made.form.has_total else catalogue.level_name(made.form.unit),
        "turnout": _turnout(made),
    }


def _name(made: Dataset, contestant: Contestant) -> str:
    """'2 Partai Gerakan Indonesia Raya', '21 Nama Calon': as the ballot numbers them."""
    return f"{contestant.number} {contestant.name}" if contestant.name else made.labels[contestant.row]


def _votes(form: Form) -> set[str]:
    """Codes of the rows whose votes are part of a contestant's."""
    return {row.code for row in form.rows if row.party}


def _basis(made: Dataset) -> str:
    what = "dokumen ini" if len(made.members) == 1 else f"{angka(len(made.members))} dokumen ini"
    if made.form.has_total:
        return f"Menurut kolom jumlah pada {what}"
    if made.form.keys:
        return f"Bila seluruh baris pada {what} dijumlahkan"
    return f"Menurut {what}" if len(made.members) == 1 else f"Bila {what} dijumlahkan"


def _partial(made: Dataset, totals: Sequence[facts.Total], contest: Mapping[str, str]) -> dict[str, Any]:
    """Rows that are known in part: the first of them, and how many others."""
    lines = [
        {"label": contest.get(t.row, made.labels[t.row]), "known": angka(t.known), "of": angka(t.of)} for t in totals
    ]
    rest = len(lines) - PARTIAL
    return {"partial": lines[:PARTIAL], "partial_rest": angka(rest) if rest > 0 else ""}


def _sections(made: Dataset, totals: Mapping[str, facts.Total]) -> Iterable[Mapping[str, Any]]:
    """One small table per section of the form: a line per row, a column per split."""
    for section in made.form.sections:
        rows = [r for r in made.form.rows if r.section == section.code]
        splits = [(s.code, s.label.id) for s in made.form.splits] if any(r.split for r in rows) else [("", "Jumlah")]
        codes = [(row.label.id, [f"{row.code}.{s}" if row.split else row.code for s, _ in splits]) for row in rows]
        lines = [
            {"label": label, "values": [_value(totals[c]) if c in totals else DASH for c in wanted]}
            for label, wanted in codes
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
