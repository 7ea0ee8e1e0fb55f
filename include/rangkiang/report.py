"""What a run came to, as tables for a terminal: the offices, the province's totals, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.model import Level, State
from rangkiang.steps import Barn
from rangkiang.steps.status import OfficeStatus, status

DASH = "–"


def offices_table(barn: Barn) -> Table:
    """One line per office: documents received and what became of them, figures proved and flagged, datasets live."""
    table = Table(title="Progress by office", caption="documents | figures | datasets")
    table.add_column("office")
    for name in (
        "received",
        "twice",
        "read",
        "waiting",
        "quarantined",
        "held",
        "proved",
        "flagged",
        "filed",
        "published",
        "missing",
    ):
        table.add_column(name, justify="right")
    lines = status(barn)
    for line in lines:
        table.add_row(line.office.unit_kerja, *_numbers(line))
    table.add_section()
    table.add_row("Total", *[_number(sum(column)) for column in zip(*map(_counts, lines), strict=True)])
    return table


def _counts(line: OfficeStatus) -> tuple[int, ...]:
    return (
        line.received,
        line.duplicates,
        line.read,
        *(line.states.get(s, 0) for s in (State.WAITING, State.QUARANTINED, State.HELD)),
        line.proved,
        line.flagged,
        line.filed,
        line.published,
        sum(len(e.missing) for e in line.expected),
    )


def _numbers(line: OfficeStatus) -> list[str]:
    return [_number(n) for n in _counts(line)]


def _number(n: int) -> str:
    return f"{n:,}" if n else DASH


def totals(barn: Barn, doctype: str = "DB1-PPWP") -> dict[str, dict[str, int]]:
    """Votes by office code and row code, as filed in each office's dataset of that kind."""
    return {
        d.office: {row: int(v) for row, v in d.metadata.get("totals", {}).items()}
        for d in barn.ledger.deliverables()
        if d.doctype == doctype
    }


def totals_table(barn: Barn, doctype: str = "DB1-PPWP") -> tuple[Table, bool]:
    """Votes of each regency beside the official figures, and the province's. False where any differs."""
    found, official = totals(barn, doctype), catalogue.official_results()
    contestants = [row for row in form(doctype).rows if row.contestant]
    table = Table(title=f"Votes by regency: {doctype} as filed, beside the official result of 2019")
    table.add_column("regency")
    for row in contestants:
        table.add_column(f"{row.contestant} filed", justify="right")
        table.add_column(f"{row.contestant} official", justify="right")
    table.add_column("equal")
    regencies = [o for o in catalogue.offices() if o.level is Level.KABKOTA]
    right = True
    for office in regencies:
        mine = found.get(office.code, {})
        same = all(mine.get(r.code) == official[office.code].votes[r.code] for r in contestants)
        right &= same
        cells = [_pair(mine.get(r.code), official[office.code].votes[r.code]) for r in contestants]
        table.add_row(office.name, *(c for pair in cells for c in pair), "yes" if same else "NO")
    province = catalogue.offices()[0]
    sums: Mapping[str, int] = {
        r.code: sum(found.get(o.code, {}).get(r.code, 0) for o in regencies) for r in contestants
    }
    same = all(sums[r.code] == official[province.code].votes[r.code] for r in contestants)
    cells = [_pair(sums[r.code], official[province.code].votes[r.code]) for r in contestants]
    table.add_section()
    table.add_row(province.name, *(c for pair in cells for c in pair), "yes" if same else "NO")
    return table, right and same


def findings_table(barn: Barn) -> Table:
    """What was found, by kind: how often, on how many documents, and where two levels differ, which places."""
    table = Table("finding", "severity", "times", "documents", "where", title="Findings")
    findings = barn.ledger.findings()
    for code in sorted({f.code for f in findings}):
        mine = [f for f in findings if f.code == code]
        places = sorted({str(f.params["place"]) for f in mine if "place" in f.params})
        where = f"{len(places)} places: {', '.join(places)}" if places else ""
        documents = len({(f.office, f.sha256) for f in mine})
        table.add_row(code, mine[0].severity.value, f"{len(mine):,}", f"{documents:,}", where)
    return table


def _pair(found: int | None, official: int) -> tuple[str, str]:
    return (DASH if found is None else f"{found:,}"), f"{official:,}"
