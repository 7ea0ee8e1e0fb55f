"""A unit's column on one sheet must be the total of that unit's own sheet."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.sheets import UNIT_VALUES, of_rows, put, sheet
from rangkiang import catalogue
from rangkiang.catalogue.places import villages
from rangkiang.forms import form
from rangkiang.model import CellRef, Classification, ColumnKind, Document, Finding, Severity, State
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


def test_two_sheets_that_were_read_for_certain_and_differ_are_printed_so_and_an_unsure_cell_is_read_wrong() -> None:
    upper, lower = sheets(put(LOWER, "IV.02", "JUMLAH AKHIR", 100))
    assert [a.state for a in reconcile([upper, lower])[0] if a.difference] == ["printed_error"]
    doubted = put(LOWER, "IV.02", "JUMLAH AKHIR", 100, "flagged")
    cell = CellRef("c" * 64, "IV.02", "total", "JUMLAH AKHIR", 100, 1)
    for code, state in (("reading_unsure", "reading_error"), ("total_broken", "printed_error")):
        found = Finding(AGAM, "c" * 64, code, Severity.ERROR, "IV.02", {}, (cell,))
        below = replace(lower, figures=doubted, findings=[found])
        assert [a.state for a in reconcile([upper, below])[0] if a.difference] == [state]
    scanned = replace(lower, figures=doubted.assign(confidence=0.7))
    assert [a.state for a in reconcile([upper, scanned])[0] if a.difference] == ["reading_error"]


VILLAGE = villages(FIRST.code)[0]
DAA1 = a_sheet(
    "DAA1-PPWP",
    VILLAGE.code,
    VILLAGE.name,
    sheet(form("DAA1-PPWP"), [("unit", "TPS 1", 1), ("unit", "TPS 2", 1), ("total", "JUMLAH AKHIR", 2)], "d" * 64),
    "d" * 64,
)


def c1(number: int) -> Sheet:
    figures = sheet(form("C1-PPWP"), [("unit", f"TPS {number}", 1)], "e" * 64)
    return a_sheet("C1-PPWP", f"{VILLAGE.code}.{number:03}", f"TPS {number}", figures, "e" * 64)


def tps(*votes: int) -> Sheet:
    """A table with a line per polling place of the village, and one of another kecamatan's village."""
    names = [f"{FIRST.name} / {VILLAGE.name} / TPS {n}" for n, _ in enumerate(votes, 1)]
    lines = of_rows(form("TPS-PPWP"), UNIT_VALUES, [("unit", name, 1) for name in names], "f" * 64)
    for name, value in zip(names, votes, strict=True):
        lines = put(lines, "IV.01", name, value)
    return a_sheet("TPS-PPWP", AGAM, "AGAM", lines, "f" * 64)


def test_a_polling_places_own_sheet_is_compared_with_its_column_on_the_villages() -> None:
    agreements, findings = reconcile([DAA1, c1(2)])
    assert findings == ()
    assert {(a.place_code[-3:], a.state, a.lower_form) for a in agreements} == {
        ("001", "missing", "C1-PPWP"), ("002", "agrees", "C1-PPWP"),
    }  # fmt: skip


def test_where_its_sheet_is_missing_a_table_of_polling_places_speaks_of_the_rows_that_it_has() -> None:
    agreements, findings = reconcile([DAA1, c1(2), tps(61, 99)])
    said = {(a.place_code[-3:], a.row): (a.lower_form, a.lower, a.state) for a in agreements}
    assert said["001", "IV.01"] == ("TPS-PPWP", 61, "printed_error")
    assert said["002", "IV.01"] == ("C1-PPWP", 60, "agrees")
    assert {row for place, row in said if place == "001"} == {leaf.code for leaf in form("TPS-PPWP").leaf_rows}
    (found,) = findings
    assert [c.column_label for c in found.cells] == ["TPS 1", f"{FIRST.name} / {VILLAGE.name} / TPS 1"]
    assert [a.finding for a in agreements if a.difference] == [found.id]


def test_the_lines_of_one_stage_are_compared_with_sheets_of_any() -> None:
    assert reconcile([DAA1, c1(2)], "PL.01.7") == ((), ())
    assert reconcile([DAA1, c1(2)], "PL.01.8") == reconcile([DAA1, c1(2)])


def test_each_electoral_district_is_compared_with_its_own_sheet() -> None:
    """One kecamatan lies in two electoral districts of the council: each DB1 finds its own DA1."""

    def of_dapil(model: str, area: str, number: str, label: str, times: int) -> Sheet:
        kind = ColumnKind.UNIT if model.startswith("DB1") else ColumnKind.TOTAL
        entry = form(model)
        values = {leaf.code: 3 for leaf in entry.leaf_rows if not leaf.parent.optional}
        made = a_sheet(model, area, "X", of_rows(entry, values, [(kind.value, label, times)]), number * 64)
        said = replace(made.document.said, dapil=f"AGAM {number}")
        return replace(made, document=replace(made.document, classification=said))

    uppers = [of_dapil("DB1-DPRD-KABKOTA", AGAM, n, FIRST.name, t) for n, t in (("1", 1), ("2", 2))]
    lowers = [of_dapil("DA1-DPRD-KABKOTA", FIRST.code, n, "JUMLAH", t) for n, t in (("2", 2), ("1", 1))]
    agreements, findings = reconcile([*uppers, *lowers])
    assert findings == ()
    assert {(a.dapil, a.upper, a.lower, a.state) for a in agreements} == {
        ("AGAM 1", 3, 3, "agrees"), ("AGAM 2", 6, 6, "agrees"),
    }  # fmt: skip
