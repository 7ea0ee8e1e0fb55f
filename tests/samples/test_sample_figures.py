"""The sample province against the rules of the forms, written out here a second time on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangkiang import catalogue
from samples.arithmetic import divide
from samples.region import RegencyTally, polling_places

Figures = Mapping[str, int | None]
SEXES = ("L", "P", "JML")
SPLIT = ("I.A.1", "I.A.2", "I.A.3", "I.A.4", "I.B.1", "I.B.2", "I.B.3", "I.B.4", "II.1", "II.2")


def broken(f: Mapping[str, int]) -> Iterator[str]:
    """What is wrong in one column."""
    yield from (f"{r}: L + P" for r in SPLIT if f[f"{r}.L"] + f[f"{r}.P"] != f[f"{r}.JML"])
    for part in ("I.A", "I.B"):
        yield from (
            f"{part} 1+2+3 {s}" for s in SEXES if f[f"{part}.4.{s}"] != sum(f[f"{part}.{n}.{s}"] for n in (1, 2, 3))
        )
    if f["III.1"] != f["III.2"] + f["III.3"] + f["III.4"]:
        yield "III"
    if f["V.A"] != f["IV.01"] + f["IV.02"] or f["V.C"] != f["V.A"] + f["V.B"]:
        yield "V"
    if not f["V.C"] == f["III.4"] == f["I.B.4.JML"]:
        yield "votes, ballots, voters"
    for low, high in (("I.B.1", "I.A.1"), ("I.B.2", "I.A.2"), ("I.B.3", "I.A.3"), ("II.2", "II.1"), ("II.1", "I.A.4")):
        yield from (f"{low} > {high} {s}" for s in SEXES if f[f"{low}.{s}"] > f[f"{high}.{s}"])
    yield from (f"{row} < 0" for row, value in f.items() if value < 0)


def columns(tallies: tuple[RegencyTally, ...]) -> Iterator[tuple[str, Figures, list[Figures]]]:
    """Every column with the columns below it."""
    for tally in tallies:
        yield tally.office.code, tally.figures, [d.figures for d in tally.districts]
        for entry in tally.districts:
            yield entry.district.code, entry.figures, [v.figures for v in entry.villages]
            yield from ((village.key, village.figures, []) for village in entry.villages)


def test_every_identity_and_bound_holds_in_every_column(tallies: tuple[RegencyTally, ...]) -> None:
    checked = [(where, list(broken(dict(figures)))) for where, figures, _ in columns(tallies)]  # type: ignore[arg-type]
    assert len(checked) > 19 + 179 + 1000
    assert [(where, what) for where, what in checked if what] == []


def test_every_level_is_the_sum_of_the_one_below(tallies: tuple[RegencyTally, ...]) -> None:
    for where, figures, parts in columns(tallies):
        for row in figures if parts else ():
            assert figures[row] == sum(part[row] or 0 for part in parts), (where, row)


def test_votes_and_the_permanent_list_are_the_official_ones(tallies: tuple[RegencyTally, ...]) -> None:
    for tally in tallies:
        official = catalogue.official_results()[tally.office.code]
        assert {row: tally.figures[row] for row in official.votes} == dict(official.votes)
        assert (tally.figures["I.A.1.L"], tally.figures["I.A.1.P"]) == (official.dpt_l, official.dpt_p)


@pytest.mark.parametrize(
    ("row", "announced"),
    [("IV.01", 407_761), ("IV.02", 2_488_733), ("V.A", 2_896_494), ("V.B", 40_225), ("V.C", 2_936_719),
     ("I.A.4.JML", 3_882_387)],
)  # fmt: skip
def test_the_province_comes_to_what_was_announced(tallies: tuple[RegencyTally, ...], row: str, announced: int) -> None:
    assert sum(t.figures[row] or 0 for t in tallies) == announced


def test_the_kecamatan_are_the_real_ones(tallies: tuple[RegencyTally, ...]) -> None:
    used = [d.district.code for t in tallies for d in t.districts]
    assert sorted(used) == sorted(d.code for d in catalogue.districts())


def test_tps_add_up_to_their_village(tallies: tuple[RegencyTally, ...]) -> None:
    village = tallies[0].districts[0].villages[0]
    places = polling_places(village)
    for row in ("I.A.1.L", "I.A.1.P", "I.B.4.JML", "IV.01", "IV.02", "V.A", "V.B"):
        assert sum(p.figures[row] for p in places) == village.figures[row], row


@given(st.integers(0, 10**7), st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_dividing_loses_nothing_and_stays_near_the_proportion(total: int, weights: list[int]) -> None:
    parts = divide(total, weights)
    assert sum(parts) == total
    assert all(abs(p * sum(weights) - total * w) < sum(weights) for p, w in zip(parts, weights, strict=True))
