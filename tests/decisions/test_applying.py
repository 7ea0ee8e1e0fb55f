"""What decisions make of a sheet: the corrected cell is evidence, and arithmetic does the rest."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from decisions.made import after, decided, said
from helpers.sheets import put, sheet
from rangkiang.decisions import Applied, accept, apply, between, weigh
from rangkiang.forms import form
from rangkiang.model import CellRef, Decision, Finding, Severity, Verdict, View
from rangkiang.proof import prove

DB1 = form("DB1-PPWP")
COLUMNS = [("unit", "A", 1), ("unit", "B", 2), ("total", "JUMLAH AKHIR", 3)]
RIGHT = sheet(DB1, COLUMNS)
MISREAD = put(RIGHT, "V.B", "A", 9)


def proved(figures: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    return prove(figures, DB1, "13.05", "a" * 64)


def found(figures: pd.DataFrame, code: str, row: str) -> Finding:
    return next(f for f in proved(figures)[1] if f.code == code and any(c.row == row for c in f.cells))


def in_force(reading: pd.DataFrame, *decisions: Decision) -> Applied:
    opinions = [said(d, View.CONFIRM, "budi", 1) for d in decisions]
    return apply(reading, proved, weigh(decisions, opinions))


def cell(figures: pd.DataFrame, row: str, label: str) -> tuple[object, str, str]:
    line = figures[(figures["row"] == row) & (figures["column_label"] == label)].iloc[0]
    return None if pd.isna(line["value"]) else int(line["value"]), line["raw"], line["status"]


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in found]


def scan(figures: pd.DataFrame, row: str, label: str, guesses: list[list[object]]) -> pd.DataFrame:
    """As it is read off a scan: one cell may hold this or that, any other is read well."""
    here = (figures["row"] == row) & (figures["column_label"] == label)
    values = zip(figures["raw"], figures["value"], here, strict=True)
    scanned = figures.copy()
    scanned.attrs["guesses"] = [[n, guesses if h else [[raw, int(v), 0.9995]]] for n, (raw, v, h) in enumerate(values)]
    return scanned


def test_a_corrected_cell_proves_the_sheet() -> None:
    decision = decided(found(MISREAD, "identity_broken", "V.B"), Verdict.CORRECT, MISREAD, ("V.B", "A"), 7)
    applied = in_force(MISREAD, decision)
    assert cell(applied.figures, "V.B", "A") == (7, "9", "proved")
    assert set(applied.figures["status"]) == {"proved"}
    assert applied.findings == ()
    (note,) = applied.notes([])
    assert (note.code, note.params["read"], note.params["value"]) == ("figure_corrected", 9, 7)
    assert (note.params["by"], note.params["confirmed"], note.params["decision"]) == ("siti", "budi", decision.id)
    assert MISREAD["value"].equals(put(RIGHT, "V.B", "A", 9)["value"])


def test_a_corrected_cell_of_a_scan_settles_what_the_sums_left_open() -> None:
    reading = scan(put(RIGHT, "V.B", "A", 8), "V.B", "A", [["8", 8, 0.99], ["7", 7, 0.009]])
    unsure = found(reading, "reading_unsure", "V.B")
    applied = in_force(reading, decided(unsure, Verdict.CORRECT, reading, ("V.B", "A"), 7))
    assert cell(applied.figures, "V.B", "A") == (7, "7", "proved")
    assert set(applied.figures["status"]) == {"proved"}
    assert codes(applied.findings) == []


def test_a_corrected_cell_that_the_sums_contradict_is_decided_and_they_are_still_said_to_be_broken() -> None:
    decision = decided(found(MISREAD, "identity_broken", "V.B"), Verdict.CORRECT, MISREAD, ("V.B", "A"), 10)
    applied = in_force(MISREAD, decision)
    assert cell(applied.figures, "V.B", "A") == (10, "9", "decided")
    assert cell(applied.figures, "V.C", "A")[2] == "flagged"
    assert "identity_broken" in codes(applied.findings)


def test_a_cell_may_be_corrected_to_be_empty() -> None:
    reading = put(RIGHT, "II.2.P", "A", 6)
    finding = found(reading, "identity_broken", "II.2.P")
    applied = in_force(reading, decided(finding, Verdict.CORRECT, reading, ("II.2.P", "A"), None))
    assert cell(applied.figures, "II.2.P", "A") == (0, "6", "proved")


def test_two_misread_cells_of_one_finding_are_corrected_one_by_one() -> None:
    reading = put(MISREAD, "V.A", "A", 171)
    finding = found(reading, "identity_broken", "V.B")
    first = decided(finding, Verdict.CORRECT, reading, ("V.B", "A"), 7)
    second = decided(finding, Verdict.CORRECT, reading, ("V.A", "A"), 170)
    assert set(in_force(reading, first, second).figures["status"]) == {"proved"}


def test_a_finding_that_a_correction_brings_up_can_be_corrected_in_its_turn() -> None:
    """Two misreadings that make up for each other: only with the first corrected is the second seen."""
    reading = put(put(RIGHT, "V.A", "A", 171), "V.B", "A", 6)
    first = decided(found(reading, "identity_broken", "V.A"), Verdict.CORRECT, reading, ("V.A", "A"), 170)
    behind = next(f for f in in_force(reading, first).findings if f.subject not in _subjects(proved(reading)[1]))
    second = decided(behind, Verdict.CORRECT, reading, ("V.B", "A"), 7, minutes=3)
    both = in_force(reading, first, second)
    assert set(both.figures["status"]) == {"proved"}
    assert codes(both.notes([])) == ["figure_corrected", "figure_corrected"]
    (note,) = in_force(reading, second).notes([])
    assert (note.code, note.params["lapse"]) == ("decision_lapsed", "gone")


def _subjects(findings: tuple[Finding, ...]) -> set[str]:
    return {f.subject for f in findings}


def test_a_decision_lapses_where_something_else_is_read_now() -> None:
    decision = decided(found(MISREAD, "identity_broken", "V.B"), Verdict.CORRECT, MISREAD, ("V.B", "A"), 7)
    better = put(RIGHT, "V.B", "A", 6)
    applied = in_force(better, decision)
    assert cell(applied.figures, "V.B", "A") == (6, "6", "flagged")
    (note,) = applied.notes([])
    assert (note.code, note.params["lapse"]) == ("decision_lapsed", "reads")
    (note,) = in_force(RIGHT, decision).notes([])
    assert note.params["lapse"] == "gone"


def test_what_is_accepted_is_published_as_printed_and_the_finding_stays() -> None:
    printed = put(RIGHT, "V.C", "B", 355)
    findings = proved(printed)[1]
    decisions = [decided(f, Verdict.ACCEPT, printed) for f in findings]
    applied = in_force(printed, *decisions)
    assert applied.findings == findings
    notes = applied.notes([])
    assert {n.code for n in notes} == {"finding_accepted"}
    assert {n.params["finding"] for n in notes} == {f.id for f in findings}
    figures = accept(applied.figures, "a" * 64, findings, {f.id for f in findings})
    assert cell(figures, "V.C", "B") == (355, "355", "decided")
    assert set(figures["status"]) == {"proved", "decided"}


def test_a_figure_stays_flagged_while_one_finding_about_it_is_open() -> None:
    printed = put(RIGHT, "V.C", "B", 355)
    findings = proved(printed)[1]
    total = next(f for f in findings if f.code == "total_broken")
    figures = accept(proved(printed)[0], "a" * 64, findings, {total.id})
    assert cell(figures, "V.C", "B")[2] == "flagged"
    assert cell(figures, "V.C", "A")[2] == "decided"


def test_a_corrected_cell_is_in_doubt_no_longer() -> None:
    reading = put(RIGHT, "V.B", "A", 7, "flagged")
    (at,) = reading.index[(reading["row"] == "V.B") & (reading["column_label"] == "A")]
    reading.attrs["doubts"] = [[int(at), "formula_differs", "8"]]
    doubted = found(reading, "formula_differs", "V.B")
    assert cell(proved(reading)[0], "V.B", "A")[2] == "flagged"
    applied = in_force(reading, decided(doubted, Verdict.CORRECT, reading, ("V.B", "A"), 7))
    assert (set(applied.figures["status"]), applied.findings) == ({"proved"}, ())


def test_columns_of_one_name_are_told_apart() -> None:
    twins = sheet(DB1, [("unit", "A", 1), ("unit", "A", 1), ("total", "JUMLAH AKHIR", 2)])
    at = twins.index[(twins["row"] == "V.B") & (twins["column_label"] == "A")][1]
    twins.loc[at, "value"] = 9
    finding = next(f for f in proved(twins)[1] if f.code == "identity_broken")
    decision = decided(finding, Verdict.CORRECT, twins, ("V.B", "A"), 7)
    assert decision.cell is not None
    assert (decision.cell.nth, decision.cell.value) == (1, 9)
    assert set(in_force(twins, decision).figures["status"]) == {"proved"}


def test_a_new_scan_that_was_asked_for_is_said_and_a_deferral_is_not() -> None:
    finding = found(MISREAD, "identity_broken", "V.B")
    assert codes(in_force(MISREAD, decided(finding, Verdict.RESCAN, MISREAD)).notes([])) == ["rescan_asked"]
    assert in_force(MISREAD, decided(finding, Verdict.DEFER, MISREAD)).notes([]) == ()


def test_an_accepted_difference_between_levels_lapses_once_either_figure_is_another() -> None:
    cells = (CellRef("a" * 64, "IV.01", "unit", "A", 60), CellRef("c" * 64, "IV.01", "total", "JUMLAH AKHIR", 61))
    finding = Finding("13.05", "a" * 64, "level_differs", Severity.ERROR, "IV.01 @ 13.05.01", {}, cells)
    what = (finding.office, finding.sha256, finding.code, finding.subject)
    records = weigh([Decision(*what, Verdict.ACCEPT, "siti", after(0), "sama di kertas", cells)], [])
    assert [(n.code, n.cells) for n in between(records, [finding])] == [("finding_accepted", cells)]
    other = replace(finding, cells=(cells[0], replace(cells[1], value=62)))
    assert [n.params["lapse"] for f in ([other], []) for n in between(records, f)] == ["reads", "gone"]
