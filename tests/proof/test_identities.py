"""Every identity of the registry proves what holds and finds what does not."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.sheets import UNIT_VALUES, of_rows, put, sheet
from rangkiang.forms import form
from rangkiang.proof import prove

DB1 = form("DB1-PPWP")
PLAIN = [("unit", "A", 1), ("unit", "B", 2), ("total", "JUMLAH AKHIR", 3)]
CARRIED = [
    ("unit", "A", 1),
    ("carried_out", "JUMLAH PINDAHAN", 1),
    ("carried_in", "JUMLAH PINDAHAN", 1),
    ("unit", "B", 2),
    ("total", "JUMLAH AKHIR", 3),
]


def statuses(figures: pd.DataFrame, *rows: str) -> dict[tuple[str, str], str]:
    here = figures[figures["row"].isin(rows)]
    return dict(zip(zip(here["row"], here["column_label"], strict=True), here["status"], strict=True))


@pytest.mark.parametrize("columns", [PLAIN, CARRIED], ids=["plain", "carried"])
def test_a_sheet_that_adds_up_is_proved_in_every_cell(columns: list[tuple[str, str, int]]) -> None:
    figures, findings = prove(sheet(DB1, columns), DB1, "13.05", "a" * 64)
    assert set(figures["status"]) == {"proved"}
    assert findings == ()


@pytest.mark.parametrize("equation", DB1.identities, ids=lambda e: e.id)
def test_each_identity_finds_its_own_violation_and_repairs_nothing(equation) -> None:  # type: ignore[no-untyped-def]
    row = equation.left[0].row
    broken = put(sheet(DB1, PLAIN), row, "A", UNIT_VALUES[row] + 5)
    figures, findings = prove(broken, DB1, "13.05", "a" * 64)
    mine = [f for f in findings if f.code == "identity_broken" and f.subject.startswith(f"{equation.id} @")]
    assert [(f.params["column"], f.params["difference"]) for f in mine] == [("A", 5)]
    assert {c.row for c in mine[0].cells} == set(equation.rows)
    assert all(statuses(figures, r)[(r, "A")] == "flagged" for r in equation.rows)
    pd.testing.assert_series_equal(figures["value"], broken["value"])


def test_a_wrong_total_is_a_finding_that_binds_the_whole_row() -> None:
    figures, findings = prove(put(sheet(DB1, PLAIN), "III.2", "JUMLAH AKHIR", 9), DB1, "13.05", "a" * 64)
    total = next(f for f in findings if f.code == "total_broken")
    assert (total.params["printed"], total.params["computed"], total.params["difference"]) == (9, 3, 6)
    assert {c.column_label for c in total.cells} == {"A", "B", "JUMLAH AKHIR"}
    assert set(statuses(figures, "III.2").values()) == {"flagged"}


def test_a_wrong_carry_is_its_own_fault_and_not_that_of_the_units() -> None:
    figures = sheet(DB1, CARRIED)
    here = (figures["row"] == "V.B") & (figures["column_kind"] == "carried_out")
    figures.loc[here, "value"] = 8
    proved, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert [(f.code, f.params["printed"], f.params["computed"]) for f in findings] == [("carry_broken", 8, 7)]
    assert list(proved.loc[proved["status"] == "flagged", "column_kind"]) == ["carried_out"]


def test_an_empty_cell_is_zero_only_where_the_sums_say_so() -> None:
    figures = sheet(DB1, PLAIN)
    for label in ("A", "B", "JUMLAH AKHIR"):
        figures = put(figures, "I.A.3.L", label, None, "blank")
    figures, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert set(statuses(figures, "I.A.3.L").values()) == {"proved"}
    assert set(figures.loc[figures["row"] == "I.A.3.L", "value"]) == {0}
    assert [f.code for f in findings] == ["row_not_filled"]


def test_a_row_that_nobody_filled_in_breaks_nothing_and_proves_nothing() -> None:
    figures = sheet(DB1, PLAIN)
    for label in ("A", "B", "JUMLAH AKHIR"):
        figures = put(figures, "V.B", label, None, "blank")
    figures, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert [f.code for f in findings] == ["row_not_filled"]
    assert set(statuses(figures, "V.B").values()) == {"blank"}
    assert figures.loc[figures["row"] == "V.B", "value"].isna().all()


@pytest.mark.parametrize("others", [True, False])
def test_an_empty_total_beside_votes_breaks_its_sum_where_other_parties_have_totals(others: bool) -> None:
    """Who leaves all of them empty has not filled them in."""
    dpr = form("DA1-DPR")
    slate = {f"IV.{party}.{row}": votes for party in (1, 2) for row, votes in (("0", 3), ("1", 4), ("T", 7))}
    figures = of_rows(dpr, {**slate, "V.A": 14}, PLAIN)
    for row in ("IV.1.T",) if others else ("IV.1.T", "IV.2.T"):
        for label in ("A", "B", "JUMLAH AKHIR"):
            figures = put(figures, row, label, None, "blank")
    _, findings = prove(figures, dpr, "13.05", "a" * 64)
    broken = {f.subject.partition(" ")[0] for f in findings if f.code == "identity_broken"}
    assert ("suara-partai:1" in broken) is others
    assert "suara-partai:2" not in broken


def test_text_that_is_no_number_is_flagged_and_leaves_the_other_cells_their_proof() -> None:
    figures, findings = prove(put(sheet(DB1, PLAIN), "II.2.P", "A", None, "flagged"), DB1, "13.05", "a" * 64)
    assert [f.code for f in findings] == ["cell_unreadable"]
    assert statuses(figures, "II.2.P") == {
        ("II.2.P", "A"): "flagged",
        ("II.2.P", "B"): "proved",
        ("II.2.P", "JUMLAH AKHIR"): "proved",
    }


def test_a_bound_is_a_warning_and_flags_nothing() -> None:
    figures = sheet(DB1, PLAIN)
    for row, by in (("II.2.L", 4), ("II.2.JML", 4)):
        figures = put(put(figures, row, "A", UNIT_VALUES[row] + by), row, "JUMLAH AKHIR", 3 * UNIT_VALUES[row] + by)
    proved, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert {f.code for f in findings} == {"bound_exceeded"}
    assert set(proved["status"]) == {"proved"}


@settings(max_examples=60, deadline=None)
@given(cell=st.integers(0, 39 * 3 - 1), by=st.integers(-50, 50).filter(bool))
def test_no_single_wrong_figure_of_a_recap_sheet_goes_unnoticed(cell: int, by: int) -> None:
    figures = sheet(DB1, PLAIN)
    figures.loc[cell, "value"] = figures.loc[cell, "value"] + by
    proved, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert proved.loc[cell, "status"] == "flagged"
    assert any(f.severity == "error" for f in findings)


def test_the_same_violation_is_the_same_finding_every_time() -> None:
    broken = put(sheet(DB1, PLAIN), "V.C", "B", 1)
    first, second = (prove(broken, DB1, "13.05", "a" * 64)[1] for _ in range(2))
    assert [f.id for f in first] == [f.id for f in second]
    assert len({f.id for f in first}) == len(first)
