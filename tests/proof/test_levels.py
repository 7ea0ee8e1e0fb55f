"""A unit's column on one sheet must be the total of that unit's own sheet."""

from __future__ import annotations

import pandas as pd

from helpers.sheets import UNIT_VALUES, put, sheet
from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.model import Classification, Document, State
from rangkiang.proof import Sheet, flag, reconcile

AGAM = "13.06"
FIRST, SECOND = (d for d in catalogue.districts(AGAM)[:2])


def a_sheet(model: str, area: str, name: str, figures: pd.DataFrame, sha256: str) -> Sheet:
    entry = form(model)
    said = Classification(model, model, entry.stage, entry.election, area, name)
    return Sheet(
        Document(AGAM, sha256, "inbox/x", 1, "application/pdf", State.ARRANGED, classification=said), entry, figures
    )


def sheets(lower: pd.DataFrame) -> list[Sheet]:
    columns = [("unit", FIRST.name, 1), ("unit", SECOND.name, 1), ("total", "JUMLAH AKHIR", 2)]
    db1 = sheet(form("DB1-PPWP"), columns, "b" * 64)
    return [
        a_sheet("DB1-PPWP", AGAM, "AGAM", db1, "b" * 64),
        a_sheet("DA1-PPWP", FIRST.code, FIRST.name, lower, "c" * 64),
    ]


LOWER = sheet(form("DA1-PPWP"), [("unit", "NAGARI X", 1), ("total", "JUMLAH AKHIR", 1)], "c" * 64)


def test_levels_that_agree_raise_no_finding_and_an_absent_sheet_is_said_to_be_missing() -> None:
    agreements, findings = reconcile(sheets(LOWER))
    assert findings == ()
    states = {(a.place_code, a.state) for a in agreements}
    assert states == {(FIRST.code, "agrees"), (SECOND.code, "missing")}
    assert len(agreements) == 2 * len(UNIT_VALUES)


def test_a_difference_names_both_figures_and_flags_both_cells() -> None:
    pair = sheets(put(LOWER, "IV.02", "JUMLAH AKHIR", 100))
    _, findings = reconcile(pair)
    assert [(f.params["upper"], f.params["lower"], f.params["difference"]) for f in findings] == [(110, 100, 10)]
    assert findings[0].sha256 == "b" * 64
    upper = flag(pair[0].figures, "b" * 64, findings)
    lower = flag(pair[1].figures, "c" * 64, findings)
    assert list(
        upper.loc[upper["status"] == "flagged", ["row", "column_label"]].itertuples(index=False, name=None)
    ) == [("IV.02", FIRST.name)]
    assert list(lower.loc[lower["status"] == "flagged", ["row", "column_kind"]].itertuples(index=False, name=None)) == [
        ("IV.02", "total")
    ]


def test_a_figure_that_one_level_left_empty_is_neither_agreement_nor_difference() -> None:
    agreements, findings = reconcile(sheets(put(LOWER, "II.1.L", "JUMLAH AKHIR", None, "blank")))
    assert findings == ()
    assert [a.row for a in agreements if a.state == "not_filled"] == ["II.1.L"]
