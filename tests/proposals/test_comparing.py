"""Two versions of a dataset beside each other: exactly the figures that differ, each with why."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from rangkiang.model import Deliverable, FileEntry
from rangkiang.proposals import Cause, DatasetChange, Version, change

SHA, OTHER = "a" * 64, "b" * 64
DOCUMENT = {"name": "tps.csv", "sha256": SHA, "area_code": "13.06", "area_name": "AGAM"}


def dataset(*documents: dict[str, str], digest: str = "1") -> Deliverable:
    files = (FileEntry("x.csv", digest, 9, "text/csv"), FileEntry("asli/a.pdf", "same", 9, "application/pdf"))
    return Deliverable("13.06", "PL.01.8", "DB1-PPWP", "f", "x", digest, files, {"documents": list(documents)})


def polling_places(*figures: tuple[str, int | None, str]) -> pd.DataFrame:
    """A flat table of one row: TPS, value, status."""
    lines = [
        {
            "kode_kemendagri": "13.06", "form": "TPS-PPWP", "column_kind": "unit", "unit_level": "tps", "unit_code": "",
            "kecamatan_code": "13.06.01", "kecamatan": "BASO", "kelurahan": "TABEK", "tps": tps, "row": "IV.01",
            "row_label": "01", "value": value, "status": status, "raw": "", "sha256": SHA,
        }
        for tps, value, status in figures
    ]  # fmt: skip
    return pd.DataFrame(lines).astype({"value": "Int64"})


def corrected(tps: str, decision: str = "d1") -> pd.DataFrame:
    cell = {"sha256": SHA[:12], "row": "IV.01", "kind": "unit", "column": f"BASO / TABEK / TPS {tps}", "value": 7}
    line = {"id": "f", "code": "figure_corrected", "subject": decision, "sha256": SHA, "cells": json.dumps([cell])}
    return pd.DataFrame([line], dtype="string")


def compare(
    was: pd.DataFrame, now: pd.DataFrame, findings: pd.DataFrame | None = None, most: int = 50
) -> DatasetChange:
    before = Version(dataset(DOCUMENT), was)
    after = Version(dataset(DOCUMENT, digest="2"), now, pd.DataFrame() if findings is None else findings)
    return change(before, after, False, lambda _: Cause("removed"), most)


def told(found: DatasetChange) -> Sequence[tuple[str, str, str, list[str]]]:
    return [(c.place, c.was, c.now, [cause.code for cause in c.causes]) for c in found.cells]


def test_only_the_figure_that_a_decision_is_about_has_it_for_its_own_reason() -> None:
    was = polling_places(("1", 5, "proved"), ("2", 17, "flagged"), ("3", 9, "flagged"))
    now = polling_places(("1", 5, "proved"), ("2", 7, "decided"), ("3", 9, "proved"))
    found = compare(was, now, corrected("2"))
    assert [(c.place, c.causes) for c in found.cells] == [
        ("BASO, TABEK, 2", (Cause("decision", {"decision": "d1"}),)),
        ("BASO, TABEK, 3", (Cause("decision", {"decision": "d1"}),)),  # its sums hold now
    ]
    both = pd.concat([corrected("2"), corrected("3", "d2")], ignore_index=True)
    one, other = compare(was, now, both).cells
    assert ([c.params["decision"] for c in one.causes], [c.params["decision"] for c in other.causes]) == (
        ["d1"],
        ["d2"],
    )
    assert [f.path for f in found.files] == ["x.csv"]


def test_figures_that_come_and_go_and_columns_of_one_name_are_told_apart() -> None:
    was = polling_places(("1", 5, "proved"), ("1", 6, "proved"), ("4", None, "blank"))
    now = polling_places(("1", 5, "proved"), ("1", 8, "proved"), ("9", 3, "proved"))
    assert told(compare(was, now)) == [
        ("BASO, TABEK, 1", "6", "8", ["anew"]),
        ("BASO, TABEK, 9", "", "3", ["anew"]),
        ("BASO, TABEK, 4", "", "", ["anew"]),
    ]


def test_what_is_too_much_to_list_is_counted() -> None:
    was = polling_places(*((str(n), n, "proved") for n in range(40)))
    now = polling_places(*((str(n), n + (n == 39), "flagged") for n in range(40)))
    found = compare(was, now, most=3)
    assert (len(found.cells), found.cell_count, found.file_count) == (3, 40, 1)
    assert found.cells[0].place == "BASO, TABEK, 39"  # another figure comes before another status


def test_a_document_that_is_another_one_is_the_reason_for_its_figures_alone() -> None:
    second = {**DOCUMENT, "area_code": "13.07", "area_name": "LAIN", "sha256": OTHER}
    table = polling_places(("1", 5, "proved"))
    was = pd.concat([table, table.assign(kode_kemendagri="13.07")])
    now = pd.concat([table.assign(status="flagged"), table.assign(kode_kemendagri="13.07", value=6)])
    before = Version(dataset(DOCUMENT, second), was)
    after = Version(dataset(DOCUMENT, {**second, "sha256": "c" * 64, "name": "baru.csv"}, digest="2"), now)
    found = change(before, after, False, lambda _: Cause("removed"))
    assert [(c.area, c.causes[0].code) for c in found.cells] == [("LAIN", "replaced"), ("AGAM", "anew")]
    assert [(d.kind, d.name, dict(d.causes[0].params)) for d in found.documents] == [
        ("changed", "baru.csv", {"was": "tps.csv", "now": "baru.csv"})
    ]


def test_a_comparison_of_levels_is_shown_with_both_its_figures() -> None:
    line = {
        "level": "kecamatan",
        "place_code": "13.06.01",
        "row": "IV.01",
        "upper_form": "DB1-PPWP",
        "lower_form": "DA1",
    }
    was = pd.DataFrame([{**line, "upper": 5, "lower": pd.NA, "state": "missing"}])
    now = pd.DataFrame([{**line, "upper": 5, "lower": 6, "state": "differs"}])
    before, after = Version(dataset(), was), Version(dataset(digest="2"), now)
    (cell,) = change(before, after, False, lambda _: Cause("removed")).cells
    assert (cell.area, cell.was, cell.now, cell.now_status) == ("13.06.01", "5 / \N{EN DASH}", "5 / 6", "differs")
    assert [c.code for c in cell.causes] == ["compared"]


def test_where_nothing_of_before_is_kept_no_figure_is_called_the_same() -> None:
    before = Version(dataset(DOCUMENT))
    after = Version(dataset(DOCUMENT, digest="2"), polling_places(("1", 5, "proved")))
    found = change(before, after, False, lambda _: Cause("removed"))
    assert (found.compared, found.cell_count) == (False, 0)
