"""What there is to say of a table that was read off a scan."""

from __future__ import annotations

from rangkiang.model import Cell, FoundSum, Severity, Status, Table
from rangkiang.steps.scanned import found_sums, marked, tally

CELLS = (
    Cell(0, 0, "KAMANG"),
    Cell(0, 1, "57", status=Status.PROVED),
    Cell(0, 2, "112", status=Status.FLAGGED, col_span=2),
    Cell(0, 4, "?", status=Status.FLAGGED),
)


def test_a_number_in_doubt_is_marked_where_it_stands_and_nothing_else_is() -> None:
    said = [marked(cell.text, cell, cell.col) for cell in CELLS]
    assert said == ["KAMANG", "57", "112 ?", "?"]
    assert marked("", CELLS[2], 3) == ""
    assert marked("x", None, 0) == "x"


def test_figures_are_counted_by_how_they_stand() -> None:
    assert tally(Table(1, "scan", CELLS)) == "1 proved, 0 read, 2 flagged"
    assert tally(Table(1, "vector", CELLS[:1])) == ""


def test_a_sum_says_where_it_does_not_hold() -> None:
    sums = (FoundSum(False, 5, (1, 2, 3, 4), (1, 2, 4), (3,)), FoundSum(True, 4, (1, 3), (1, 2, 3, 4), ()))
    across, down = found_sums(Table(1, "scan", CELLS, sums=sums))
    assert (across.name, across.success, across.severity) == ("kolom 6 = jumlah kolom 2–5", False, Severity.WARNING)
    assert across.detail == "berlaku pada 3 dari 4 baris; tidak pada baris 4"
    assert (down.name, down.success, down.detail) == (
        "baris 5 = jumlah baris 2, 4",
        True,
        "berlaku pada 4 dari 4 kolom",
    )
