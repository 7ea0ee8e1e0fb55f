"""The papers that a few offices may hand in, right and wrong, each with what is printed on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from rangkiang.model import Level
from samples import damage, hostile, papers, pdf_sheet
from samples.arithmetic import Figures, total
from samples.faults import WRONG_BY, WRONG_ROW
from samples.letter import letter
from samples.region import DistrictTally, RegencyTally, province
from samples.sheet import Style

Place = tuple[str, str]  # the column's name, '' for the total; the row's code
Columns = Sequence[tuple[str, Figures]]

_DISTRICTS = 3  # whose DA1 an office may hand in
_HEAVY = frozenset({"too_slow", "too_large", hostile.FILED})
"""Ends of hostile files that cost minutes, or whose figures nobody here knows."""


@dataclass(frozen=True)
class Paper:
    """One file: what is printed on it, and of what is printed wrong, what should stand there."""

    office: str
    path: str
    make: Callable[[], bytes] = field(repr=False)
    printed: Mapping[Place, int] = field(repr=False, default_factory=dict)
    misprinted: Mapping[Place, int] = field(repr=False, default_factory=dict)

    @cached_property
    def data(self) -> bytes:
        return self.make()

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def papers_of(office: str, scan: bool) -> list[list[Paper]]:
    """Of every file that an office may hand in, the editions that may follow one another under its name."""
    tally = _tally(office)
    found = [list(_regency(tally)), list(_polling_places(tally))]
    for entry in tally.districts[:_DISTRICTS]:
        found.append(list(_district(entry, ".xlsx", papers.da1_xlsx)))
        found.append(list(_district(entry, " cetak.pdf", _as_pdf)))
    if scan:
        found.append(list(_district(tally.districts[0], " (pindai).pdf", _as_scan))[:1])
    return found


def useless(office: str) -> list[Paper]:
    """Files of which nothing may ever be published, whoever hands them in."""
    bad = [b for b in hostile.bad_files() if b.end not in _HEAVY]
    cover = Paper(office, "surat pengantar.pdf", partial(letter, _tally(office).office))
    return [cover, *(Paper(office, f"lain/{b.name}", b.make) for b in bad)]


def _tally(office: str) -> RegencyTally:
    return next(t for t in province() if t.office.code == office)


def _regency(tally: RegencyTally) -> Iterator[Paper]:
    """The DB1: as it should be; one sum printed wrong; two columns that changed places."""
    path = papers.db1_key(tally.office).split("/", 2)[2]
    right = [(d.district.name, d.figures) for d in tally.districts]
    (first, one), (second, two), *others = right
    wrong = [(first, _wrong(one)), (second, two), *others]
    swapped = [(first, two), (second, one), *others]
    for columns, misprinted in ((right, {}), (wrong, {(first, WRONG_ROW): one[WRONG_ROW] or 0}), (swapped, {})):
        printed = _printed(columns, tally.figures)
        yield Paper(tally.office.code, path, partial(papers.db1, tally, columns), printed, misprinted)


def _district(entry: DistrictTally, suffix: str, make: Callable[[DistrictTally], bytes]) -> Iterator[Paper]:
    """A DA1: as it should be; two villages that changed places; one sum printed wrong, and the total with it."""
    one, two, *others = entry.villages
    swapped = (replace(one, figures=two.figures), replace(two, figures=one.figures), *others)
    wrong = (replace(one, figures=_wrong(one.figures)), two, *others)
    right = {(one.name, WRONG_ROW): one.figures[WRONG_ROW] or 0, ("", WRONG_ROW): entry.figures[WRONG_ROW] or 0}
    for villages, misprinted in ((entry.villages, {}), (swapped, {}), (wrong, right)):
        columns = [(v.name, v.figures) for v in villages]
        printed = _printed(columns, total((figures for _, figures in columns), entry.figures))
        edition = partial(make, replace(entry, villages=villages))
        yield Paper(entry.district.office, papers.da1_path(entry, suffix), edition, printed, misprinted)


def _polling_places(tally: RegencyTally) -> Iterator[Paper]:
    """The table of polling places: as it should be; and with some lines less."""
    path = papers.tps_key(tally.office).split("/", 2)[2]
    lines = papers.tps_lines(tally)
    levels = (Level.KECAMATAN, Level.KELURAHAN, Level.TPS)
    columns = [("/".join(names[level] for level in levels), figures) for names, figures in lines]
    printed = _printed(columns, total((figures for _, figures in lines), lines[0][1]))
    rows = papers.tps_rows(tally)
    for kept in (rows, [*rows[:5], *rows[8:]]):
        yield Paper(tally.office.code, path, partial(papers.tps, tally, kept), printed)


def _as_pdf(entry: DistrictTally) -> bytes:
    return pdf_sheet.draw(papers.da1(entry), Style())


def _as_scan(entry: DistrictTally) -> bytes:
    return damage.wear(pdf_sheet.draw(papers.da1(entry), Style(per_block=12)), damage.Level.CLEAN, 2019)


def _wrong(figures: Figures) -> Figures:
    return {**figures, WRONG_ROW: (figures[WRONG_ROW] or 0) + WRONG_BY}


def _printed(columns: Columns, sums: Figures) -> dict[Place, int]:
    every = [*columns, ("", sums)]
    return {(name, row): value for name, figures in every for row, value in figures.items() if value is not None}
