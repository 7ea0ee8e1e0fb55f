"""What the narrative's paragraphs say: facts turned into words. No number here but through the teller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative import queries
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.words import words
from rangkiang.forms import Form
from rangkiang.forms.contest import VOTED, Contestant, brief, contestants, has_parties
from rangkiang.model import Status

DASH = "-"
TABLE_CELLS = Texts("sel tabel", "the cells of a table")
FLAGGED = Texts("bertanda", "flagged")
DOCUMENTS = Texts("dokumen", "documents")
TOTAL = Texts("Jumlah", "Total")

PARTIAL = 40
"""Rows known in part that are told one by one."""


def opening(made: Dataset, teller: Teller) -> dict[str, Any]:
    """Whose documents of what these are, how they were read, and what they were tested with."""
    text, identities = teller.text, len(made.form.identities)
    return {
        "title": text(made.title),
        "kind": text(made.kind),
        "unit_kerja": made.office.unit_kerja,
        "stage": made.stage,
        "stage_name": text(made.stage_name),
        "election": text(made.election),
        "many": len(made.members) > 1,
        "documents": teller.number(len(made.members), "Banyaknya dokumen", queries.DOCUMENTS),
        "originals": teller.listed(list(_originals(made, teller))),
        "unit": catalogue.level_name(made.form.unit, teller.lang),
        "has_total": made.form.has_total,
        "lines": teller.number(len(made.table), "Banyaknya baris tabel rapi", queries.CELLS),
        "sources": teller.listed(_sources(made, teller)),
        "identities": teller.number(
            identities, "Banyaknya persamaan formulir", "buku kerja: Kamus data, Persamaan yang harus terpenuhi"
        ),
        "identity": brief(str(made.form.identities[-1])),
        "compared": made.form.below or "",
    }


def _originals(made: Dataset, teller: Teller) -> Iterable[str]:
    """'2 PDF', '13 XLSX'."""
    names = words("media_types")
    for media, n in sorted(Counter(m.document.media_type for m in made.members).items()):
        name = teller.text(names[media].name) if media in names else media
        source = f"datapackage.json: berkas di asli/ dengan mediatype {media}"
        yield f"{teller.number(n, f'Banyaknya berkas asli {name}', source)} {name}"


def _sources(made: Dataset, teller: Teller) -> list[str]:
    """What the figures were read off, and the reader: 'sel lembar kerja XLSX (`openpyxl`)'."""
    names = words("engines")
    engines = sorted({str(engine) for m in made.members for engine in m.figures["engine"].unique()})
    return [f"{teller.text(names[e].name if e in names else TABLE_CELLS)} (`{e}`)" for e in engines]


def content(made: Dataset, teller: Teller) -> dict[str, Any]:
    """Totals: the contestants' in ballot order, then section by section; turnout. Candidates of parties are left to the
    tables: nobody reads two hundred of them in prose."""
    totals, lines = facts.totals(made), queries.lines(made)
    labels, spoken = made.labels, made.labels_in(teller.lang)
    marked_lines = facts.statuses(made)[Status.FLAGGED]
    contest = {c.row: contestant_name(c, labels) for c in contestants(made.form) if c.row in totals}
    valid = sum(totals[row].value for row in contest)
    told = [t for t in totals.values() if t.row in contest or t.row not in _votes(made.form)]
    values = {
        t.row: teller.number(t.value, f"Jumlah {t.row} {contest.get(t.row, labels[t.row])}".strip(), lines.total(t.row))
        + (f" ({teller.text(FLAGGED)})" if t.flagged else "")
        for t in told
    }
    shares = {
        row: teller.share(totals[row].value, valid, f"Persentase {name}", lines.share([row], list(contest)))
        for row, name in contest.items()
        if valid
    }
    partial = [t for t in told if not t.complete]
    return {
        "votes": [
            {"name": name, "value": values[row], "number": totals[row].value, "share": shares.get(row, DASH)}
            for row, name in contest.items()
        ],
        "parties": has_parties(made.form),
        "dapils": list(made.dapils),
        "sections": list(_sections(made, {r: v for r, v in values.items() if r not in contest}, spoken, teller)),
        "marked": any(t.flagged for t in told),
        "marked_lines": ""
        if made.form.has_total or not marked_lines
        else teller.number(
            marked_lines, "Banyaknya angka berstatus bertanda", f"{queries.CELLS} WHERE status = 'flagged'"
        ),
        "keyed": bool(made.form.keys),
        "partial": [
            {
                "label": contest.get(t.row, spoken[t.row]),
                "known": teller.number(t.known, f"Diketahui: {t.row}", lines.known(t.row)),
                "of": teller.number(t.of, f"Seluruhnya: {t.row}", lines.there(t.row)),
            }
            for t in partial[:PARTIAL]
        ],
        "partial_rest": teller.number(
            len(partial) - PARTIAL,
            "Baris lain yang diketahui sebagian",
            lines.incomplete([t.row for t in told], PARTIAL),
        )
        if len(partial) > PARTIAL
        else "",
        "counted_in": teller.text(DOCUMENTS)
        if made.form.has_total
        else catalogue.level_name(made.form.unit, teller.lang),
        "turnout": _turnout(made, lines, teller),
    }


def contestant_name(contestant: Contestant, labels: Mapping[str, str]) -> str:
    """'2 Partai Gerakan Indonesia Raya', '21 Nama Calon': as the ballot numbers them."""
    return f"{contestant.number} {contestant.name}" if contestant.name else labels[contestant.row]


def _votes(form: Form) -> set[str]:
    """Codes of the rows whose votes are part of a contestant's."""
    return {row.code for row in form.rows if row.party}


def _sections(
    made: Dataset, values: Mapping[str, str], spoken: Mapping[str, str], teller: Teller
) -> Iterable[Mapping[str, Any]]:
    """One small table per section of the form: a line per row, a column per split."""
    for section in made.form.sections:
        rows = [r for r in made.form.rows if r.section == section.code]
        splits: Sequence[tuple[str, str]] = [("", teller.text(TOTAL))]
        if any(r.split for r in rows):
            splits = [(s.code, teller.text(s.label)) for s in made.form.splits]
        codes = [
            (teller.text(row.label), [f"{row.code}.{s}" if row.split else row.code for s, _ in splits]) for row in rows
        ]
        lines = [
            {"name": label, "values": [values.get(code, DASH) for code in wanted]}
            for label, wanted in codes
            if any(code in values for code in wanted)
        ]
        if lines:
            heading = teller.text(section.label)
            yield {
                "heading": heading.capitalize() if heading.isupper() else heading,
                "splits": [name for _, name in splits],
                "lines": lines,
            }


def _turnout(made: Dataset, lines: queries.Lines, teller: Teller) -> dict[str, Any] | None:
    found = facts.turnout(made)
    if found is None:
        return None
    rows = list(found.rows)

    def source(expression: str) -> str:
        return lines.both(expression, VOTED, rows)

    return {
        "voted": teller.number(found.voted, "Partisipasi: pengguna hak pilih", source("SUM(bagian)")),
        "voters": teller.number(found.voters, "Partisipasi: pemilih", source("SUM(keseluruhan)")),
        "counted": teller.text(found.counted),
        "share": teller.share(
            found.voted, found.voters, "Tingkat partisipasi", source("100.0 * SUM(bagian) / SUM(keseluruhan)")
        ),
        "partial": found.known < found.of,
        "known": teller.number(found.known, "Partisipasi: dihitung atas", source("COUNT(*)")),
        "of": teller.number(found.of, "Partisipasi: dari", lines.count()),
    }
