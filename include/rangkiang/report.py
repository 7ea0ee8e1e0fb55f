"""What a run came to, as tables for a terminal: the offices, the province's totals, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.forms.contest import contestants
from rangkiang.model import Level, State
from rangkiang.steps import Barn, gate
from rangkiang.steps.status import OfficeStatus, status

DASH = "–"


def offices_table(barn: Barn) -> Table:
    """One line per office: documents received and what became of them, figures proved and flagged, datasets live
    and those that wait for a decision about how they differ from another level."""
    table = Table(title="Progress by office", caption="documents | figures | datasets")
    table.add_column("office")
    for name in (
        "received",
        "twice",
        "read",
        "quarantined",
        "held",
        "proved",
        "flagged",
        "filed",
        "published",
        "undecided",
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
        *(line.states.get(s, 0) for s in (State.QUARANTINED, State.HELD)),
        line.proved,
        line.flagged,
        line.filed,
        line.published,
        line.waiting,
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
    """Votes of each regency beside the official figures, and the province's. False where any differs.

    Of a ballot whose official figures the catalogue does not have, only what is filed.
    """
    found, official = totals(barn, doctype), catalogue.official_results()
    province = catalogue.offices()[0]
    contest = contestants(form(doctype))
    known = all(c.row in official[province.code].votes for c in contest)
    beside = ", beside the official result of 2019" if known else ""
    table = Table(title=f"Votes by regency: {doctype} as filed{beside}")
    table.add_column("regency")
    for contestant in contest:
        table.add_column(f"{contestant.number} filed", justify="right")
        if known:
            table.add_column(f"{contestant.number} official", justify="right")
    if known:
        table.add_column("equal")
    right = True

    def line(office: catalogue.Office, mine: Mapping[str, int]) -> None:
        nonlocal right
        votes = official[office.code].votes if known else {}
        same = all(mine.get(c.row) == votes.get(c.row) for c in contest) or not known
        right &= same
        cells = [_pair(mine.get(c.row), votes.get(c.row)) for c in contest]
        said = ["yes" if same else "NO"] if known else []
        table.add_row(office.name, *(c for pair in cells for c in pair[: 1 + known]), *said)

    regencies = [o for o in catalogue.offices() if o.level is Level.KABKOTA]
    for office in regencies:
        line(office, found.get(office.code, {}))
    table.add_section()
    line(province, {c.row: sum(found.get(o.code, {}).get(c.row, 0) for o in regencies) for c in contest})
    return table, right


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


def held_lines(barn: Barn) -> list[str]:
    """What differences between levels keep from the public, and how to decide about them; nothing where none does."""
    lines = []
    for one in gate.held(barn):
        kept = "what was released before stays" if one.live else "nothing of it is released yet"
        name = f"{one.doctype} of {catalogue.office(one.office).unit_kerja}"
        lines.append(f"held: {name}: {one.differences} differences between levels are not decided; {kept}")
    if lines:
        lines.append("to release them: rangkiang findings (level_differs), then rangkiang decide accept FINDING …")
    return lines


def _pair(found: int | None, official: int | None) -> tuple[str, str]:
    return _figure(found), _figure(official)


def _figure(number: int | None) -> str:
    return DASH if number is None else f"{number:,}"
