"""The table of regions: votes and turnout in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rangkiang.catalogue import Texts
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative.paragraphs import DASH, contestant_name
from rangkiang.deliver.narrative.regions import Region, Regions, regions
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.words import sentence_case
from rangkiang.forms.contest import VOTED, Contestant, contestants

PAIRS = 4
"""Up to so many contestants have a column each; of more, the valid votes are told."""

VALID = "V.A"
_NUMBER = Texts("Nomor {}", "No. {}")
_VALID = Texts("Suara sah", "Valid votes")
_VOTED = Texts("Pengguna hak pilih", "Voted")
_TURNOUT = Texts("Partisipasi", "Turnout")


def by_region(made: Dataset, teller: Teller) -> dict[str, Any] | None:
    """Head and lines of the table, and what its charts show; None where there is but one region."""
    turnout = facts.turnout(made)
    voters = list(turnout.rows) if turnout else []
    each = [c for c in contestants(made.form) if c.row in made.labels]
    shown = each if len(each) <= PAIRS else []
    columns = [*(c.row for c in shown), VALID, VOTED]
    found = regions(made, [*columns, *voters], teller.lang)
    if found is None:
        return None
    heads = [*(teller.text(_NUMBER).format(c.number) for c in shown), teller.text(_VALID), teller.text(_VOTED)]
    kept = [n for n, row in enumerate(columns) if any(row in region.sums for region in found.each)]
    lines = [_line(region, [columns[n] for n in kept], voters, found, teller) for region in found.each]
    return {
        "level": sentence_case(found.level),
        "heads": [heads[n] for n in kept] + ([teller.text(_TURNOUT)] if voters else []),
        "lines": lines,
        "partial": any(DASH in line["values"] for line in lines),
        "contest": _contest(shown, made, lines),
        "valid": [(line["name"], line["sums"].get(VALID), line["told"].get(VALID, "")) for line in lines],
        "turnout": [(line["name"], line["turnout"], line["share"]) for line in lines if line["turnout"]],
    }


def _line(region: Region, rows: Sequence[str], voters: Sequence[str], found: Regions, teller: Teller) -> dict[str, Any]:
    told = {
        row: teller.number(region.sums[row], f"{region.name}: {row}", found.lines.total(row, region.where))
        for row in rows
        if row in region.sums
    }
    values = [told.get(row, DASH) for row in rows]
    share, turnout = DASH, None
    if voters and all(row in region.sums for row in (VOTED, *voters)):
        turnout = (region.sums[VOTED], sum(region.sums[row] for row in voters))
        if turnout[1]:
            source = found.lines.share([VOTED], voters, region.where)
            share = teller.share(*turnout, f"{region.name}: partisipasi", source)
        else:
            turnout = None
    return {
        "name": region.name,
        "values": [*values, share] if voters else values,
        "sums": region.sums,
        "told": told,
        "turnout": turnout,
        "share": share,
    }


def _contest(shown: Sequence[Contestant], made: Dataset, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Names of the few contestants, and their votes in each region where all are known."""
    rows = [c.row for c in shown]
    return {
        "names": [contestant_name(c, made.labels) for c in shown],
        "lines": [
            (line["name"], tuple(line["sums"][r] for r in rows), tuple(line["told"][r] for r in rows))
            for line in lines
            if rows and all(r in line["sums"] for r in rows)
        ],
    }
