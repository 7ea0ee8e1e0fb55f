"""Real tables: canvasses of American counties, and the European half of the ICDAR 2013 table competition."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from helpers import canvass, icdar
from rangkiang.model import Table
from rangkiang.reading import survey

BEST_PEER = 0.796
"""Macro-F of camelot 2.0 hybrid, the best of its modes, on the same 27 files; measured 2026-11-24. bench/foreign.py
measures all of them again."""

SHEETS = (
    "ky_2018_general_marshall",
    "ky_2023_general_boyd",
    "ky_2024_general_scott",
    "ut_2018_primary_daggett",
    "ut_2018_primary_sanjuan",
    "ut_2020_general_garfield",
    "ut_2020_general_sevier",
)
PARTIES = {"REP": "Republican", "DEM": "Democratic"}
WAYS = {  # columns of the truth by columns of the sheet
    "votes": ("TOTAL",),
    "early_voting": ("EARLY VOTING",),
    "election_day": ("ELECTION DAY VOTING",),
    "absentee": ("ABSENTEE MAIL IN", "ABSENTEE WALK IN"),
}


def read(path: Path) -> list[Table]:
    return list(survey(path.read_bytes(), "application/pdf").tables)


@pytest.fixture(scope="module")
def canvasses(shared_data: Path) -> Path:
    folder = shared_data / "openelections" / "digital"
    if not folder.is_dir():
        pytest.skip(f"the canvasses are not here ({folder})")
    return folder


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_vote_of_a_canvass_is_where_its_candidate_and_its_precinct_say(canvasses: Path, sheet: str) -> None:
    truth = list(csv.DictReader((canvasses / f"{sheet}.truth.csv").open(encoding="utf-8")))
    found = canvass.lines(read(canvasses / f"{sheet}.pdf"))
    by_way = "early_voting" in truth[0]
    wrong = list(_wrong_by_way(truth, found) if by_way else _wrong_by_precinct(truth, found))
    assert truth
    assert not wrong, f"{len(wrong)} of {len(truth)}: {wrong[:10]}"


def _wrong_by_precinct(truth: list[dict[str, str]], found: list[canvass.Line]) -> Iterator[tuple[object, ...]]:
    precincts = list(dict.fromkeys(record["precinct"] for record in truth))
    first = {record["office"]: _name(record) for record in reversed(truth)}
    for record in truth:
        name, precinct = _name(record), record["precinct"]
        written = name == "Write-In Totals"
        line = canvass.find(found, first[record["office"]] if written else name)
        chosen = canvass.written_in(found, line) if written else found[line : line + 1]
        seen = sum(canvass.across(one, precinct, precincts) or 0 for one in chosen)
        if line < 0 or seen != int(record["votes"]):
            yield name, precinct, record["votes"], seen


def _wrong_by_way(truth: list[dict[str, str]], found: list[canvass.Line]) -> Iterator[tuple[object, ...]]:
    """Contests follow each other as on the sheet, so 'Under Votes' is the next line of that name."""
    at = 0
    for record in truth:
        name = _name(record)
        written = name == "Write In Total"
        line = at if written else canvass.find(found, name, at)
        if line < 0:
            yield name, "no such line"
            continue
        at = line
        chosen = canvass.written_in(found, line) if written else found[line : line + 1]
        values = {way: int(record[way]) for way in WAYS}
        lost = values["votes"] != sum(values.values()) - values["votes"]  # the truth has lost its numbers above 999
        for way, columns in WAYS.items():
            seen = sum(canvass.under(one, column) for one in chosen for column in columns)
            if seen != values[way] and not (lost and not values[way]):
                yield name, way, values[way], seen


def _name(record: Mapping[str, str]) -> str:
    """Of a pair the first; counts of voters are broken down by party."""
    candidate = record["candidate"].split(" / ")[0].strip(" /")
    return candidate or " ".join([record["office"], PARTIES.get(record["party"], "")]).strip()


def test_icdar_tables_are_read_at_least_as_well_as_by_the_best_of_camelot(shared_data: Path) -> None:
    folder = shared_data / "icdar2013"
    if not folder.is_dir():
        pytest.skip(f"the competition's files are not here ({folder})")
    scores = {
        pdf.stem: icdar.score(read(pdf), [icdar.truth(path) for path in truths])
        for pdf, truths in icdar.documents(folder).items()
    }
    assert len(scores) == 27
    assert icdar.macro_f(scores.values()) >= BEST_PEER, {name: round(s.f, 2) for name, s in scores.items()}
