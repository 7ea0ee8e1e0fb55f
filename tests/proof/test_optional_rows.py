"""Candidates differ from sheet to sheet: a row that is not printed counts for nothing, and hides nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.sheets import UNIT_VALUES, of_rows, put
from rangkiang.catalogue import find_area, parties
from rangkiang.forms import form
from rangkiang.model import Classification, Document, Finding, Level, State
from rangkiang.proof import Sheet, prove, reconcile

DPR, DPD = form("DB1-DPR"), form("DB1-DPD")
PARTIES = [str(p.number) for p in parties() if not p.aceh_only]
PLAIN = [("unit", "A", 1), ("unit", "B", 2), ("total", "JUMLAH AKHIR", 3)]
VOTERS = {code: value for code, value in UNIT_VALUES.items() if not code.startswith(("IV", "V"))}


def votes(**others: dict[str, int]) -> dict[str, int]:
    """Figures of one unit: every party has 1 vote of its own, 3 for its first and 2 for its fourth candidate."""
    blocks = {party: {"0": 1, "1": 3, "4": 2} | others.get(f"party_{party}", {}) for party in PARTIES}
    rows = {f"IV.{p}.{n}": v for p, block in blocks.items() for n, v in [*block.items(), ("T", sum(block.values()))]}
    valid = sum(v for code, v in rows.items() if code.endswith(".T"))
    return VOTERS | rows | {"V.A": valid, "V.B": 177 - valid, "V.C": 177}


def proved(figures: pd.DataFrame, entry=DPR) -> tuple[pd.DataFrame, tuple[Finding, ...]]:  # type: ignore[no-untyped-def]
    return prove(figures, entry, "13.01", "a" * 64)


def test_rows_that_no_candidate_has_are_not_missed() -> None:
    figures, findings = proved(of_rows(DPR, votes(), PLAIN))
    assert findings == ()
    assert set(figures["status"]) == {"proved"}


@pytest.mark.parametrize("row", ["IV.3.0", "IV.3.4", "IV.3.T"])
def test_a_wrong_figure_of_a_party_breaks_that_partys_sum(row: str) -> None:
    before = votes()
    figures, findings = proved(put(of_rows(DPR, before, PLAIN), row, "B", 2 * before[row] + 5))
    first = next(f for f in findings if f.code == "identity_broken")
    assert first.subject.startswith(("suara-partai:3 @", "suara-sah @"))
    mine = next(f for f in findings if f.subject.startswith("suara-partai:3 @"))
    assert mine.params["equation"] == "IV.3.T = IV.3.0 + IV.3.1 + IV.3.4"
    assert [c.row for c in mine.cells] == ["IV.3.T", "IV.3.0", "IV.3.1", "IV.3.4"]
    assert figures.loc[(figures["row"] == row) & (figures["column_label"] == "B"), "status"].item() == "flagged"


def test_a_candidate_without_votes_whose_row_is_empty_hides_no_violation() -> None:
    figures = of_rows(DPR, votes(party_5={"4": 0}), PLAIN)
    for label in ("A", "B", "JUMLAH AKHIR"):
        figures = put(figures, "IV.5.4", label, None, "blank")
    done, findings = proved(figures)
    assert findings == ()
    assert set(done.loc[done["row"] == "IV.5.4", "status"]) == {"proved"}
    assert set(done.loc[done["row"] == "IV.5.4", "value"]) == {0}
    _, findings = proved(put(figures, "IV.5.T", "A", 9))
    assert "suara-partai:5 @ 0 A" in {f.subject for f in findings}


def test_candidates_that_nobody_filled_in_break_nothing() -> None:
    figures = of_rows(DPR, votes(), PLAIN)
    for row in ("IV.5.1", "IV.5.4"):
        for label in ("A", "B", "JUMLAH AKHIR"):
            figures = put(figures, row, label, None, "blank")
    done, findings = proved(figures)
    assert [(f.code, f.params["row"]) for f in findings] == [("row_not_filled", "IV.5.1, IV.5.4")]
    assert set(done.loc[done["row"] == "IV.5.1", "status"]) == {"blank"}


def test_persons_add_up_to_the_valid_votes() -> None:
    rows = VOTERS | {"IV.21": 100, "IV.24": 60, "V.A": 160, "V.B": 17, "V.C": 177}
    assert proved(of_rows(DPD, rows, PLAIN), DPD)[1] == ()
    _, findings = proved(of_rows(DPD, rows | {"IV.24": 61}, PLAIN), DPD)
    assert {f.params["equation"] for f in findings} == {"V.A = IV.21 + IV.24"}
    assert [f.params["difference"] for f in findings] == [-1, -2, -3]


def test_a_required_row_that_a_flat_table_lacks_keeps_its_equations_silent() -> None:
    flat = form("TPS-PPWP")
    rows = {"IV.01": 3, "IV.02": 4, "V.A": 7, "V.B": 1}
    figures, findings = proved(of_rows(flat, rows, [("unit", "A", 1)]), flat)
    assert findings == ()
    assert dict(zip(figures["row"], figures["status"], strict=True)) == {
        **dict.fromkeys(("IV.01", "IV.02", "V.A"), "proved"),
        "V.B": "read",
    }


AGAM = "13.06"


def a_sheet(model: str, area: str, figures: pd.DataFrame, sha256: str, dapil: str = "") -> Sheet:
    entry = form(model)
    said = Classification(model, model, entry.stage, entry.election, area, "X", dapil=dapil)
    document = Document(AGAM, sha256, "inbox/x", 1, "application/pdf", State.ARRANGED, classification=said)
    return Sheet(document, entry, figures)


def of_agam(dapil: str, rows: dict[str, int], sha256: str = "b" * 64) -> Sheet:
    columns = [("unit", "TILATANG KAMANG", 1), ("total", "JUMLAH", 1)]
    return a_sheet("DB1-DPR", AGAM, of_rows(DPR, rows, columns, sha256), sha256, dapil)


def of_tilatang(dapil: str, rows: dict[str, int], sha256: str) -> Sheet:
    columns = [("unit", "NAGARI X", 1), ("total", "JUMLAH", 1)]
    place = find_area(Level.KECAMATAN, "TILATANG KAMANG", AGAM)
    assert place
    return a_sheet("DA1-DPR", place.code, of_rows(form("DA1-DPR"), rows, columns, sha256), sha256, dapil)


def test_each_district_is_compared_with_its_own() -> None:
    upper = of_agam("SUMATERA BARAT I", votes())
    other = of_tilatang("SUMATERA BARAT II", votes(party_2={"4": 9}), "c" * 64)
    assert {a.state for a in reconcile([upper, other])[0]} == {"missing"}
    same = of_tilatang("SUMATERA BARAT 1", votes(), "d" * 64)
    agreements, findings = reconcile([upper, other, same])
    assert ({a.state for a in agreements}, {a.lower_sha256 for a in agreements}) == ({"agrees"}, {"d" * 64})
    assert findings == ()
    unnamed = of_tilatang("", votes(), "e" * 64)
    assert {a.state for a in reconcile([upper, unnamed])[0]} == {"agrees"}


def test_a_candidate_that_one_level_leaves_out_has_no_votes_there() -> None:
    upper = of_agam("X 1", votes(party_2={"7": 0, "8": 2}))
    lower = of_tilatang("X 1", votes(party_2={"9": 2}), "c" * 64)
    agreements, findings = reconcile([upper, lower])
    said = {a.row: (a.upper, a.lower, a.state) for a in agreements if a.row.startswith("IV.2.")}
    assert said["IV.2.7"] == (0, 0, "agrees")
    assert said["IV.2.8"] == (2, 0, "printed_error")
    assert said["IV.2.9"] == (0, 2, "printed_error")
    assert {f.params["row"] for f in findings} == {"IV.2.8", "IV.2.9"}


def test_the_one_column_of_a_polling_place_feeds_the_village() -> None:
    village = "13.06.01.2001"
    columns = [("unit", "TPS 001", 1), ("unit", "TPS 002", 2), ("total", "JUMLAH", 3)]
    upper = a_sheet("DAA1-DPR", village, of_rows(form("DAA1-DPR"), votes(), columns, "b" * 64), "b" * 64, "X 1")
    lower = of_rows(form("C1-DPR"), votes(), [("unit", "JUMLAH", 1)], "c" * 64)
    place = a_sheet("C1-DPR", f"{village}.001", lower, "c" * 64, "X 1")
    agreements, findings = reconcile([upper, place])
    assert {(a.place_code[-3:], a.state) for a in agreements} == {("001", "agrees"), ("002", "missing")}
    wrong = put(lower, "V.B", "JUMLAH", 0)
    _, findings = reconcile([upper, a_sheet("C1-DPR", f"{village}.001", wrong, "c" * 64, "X 1")])
    assert [(f.params["upper"], f.params["lower"], f.cells[1].column_kind) for f in findings] == [(81, 0, "unit")]


def test_a_row_that_is_proved_empty_in_every_unit_proves_its_running_totals_too() -> None:
    carried = [("unit", "A", 1), ("carried_out", "JUMLAH PINDAHAN", 1), ("carried_in", "JUMLAH PINDAHAN", 1)]
    columns = [*carried, ("unit", "B", 2), ("total", "JUMLAH AKHIR", 3)]
    figures = of_rows(DPR, votes(party_5={"4": 0}), columns)
    figures["value"] = figures["value"].mask(figures["row"] == "IV.5.4")
    figures["status"] = figures["status"].mask(figures["row"] == "IV.5.4", "blank")
    done, findings = proved(figures)
    assert findings == ()
    assert set(done.loc[done["row"] == "IV.5.4", "value"]) == {0}
