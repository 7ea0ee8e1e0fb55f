"""A scan's figures are proved, read or flagged by what their cells may hold; a sum printed wrong is never mended."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pandas as pd
import pytest

from helpers import readers
from helpers.sheets import UNIT_VALUES, of_rows, sheet
from rangkiang.catalogue import explain
from rangkiang.forms import form
from rangkiang.model import Finding, Reason
from rangkiang.proof import DOUBT, prove
from samples.press import compose

DB1, DPR, C1 = form("DB1-PPWP"), form("DB1-DPR"), form("C1-PPWP")
PLAIN = [("unit", "A", 1), ("unit", "B", 2), ("total", "JUMLAH AKHIR", 3)]
Guesses = list[tuple[str, int | None, float]]


def scan(figures: pd.DataFrame, others: Mapping[tuple[str, str], Guesses], p: float = 0.9995) -> pd.DataFrame:
    """The figures as a scan gives them, all read well but the others: by row and column."""
    guesses = []
    for at, (row, label, value, raw) in enumerate(
        zip(figures["row"], figures["column_label"], figures["value"], figures["raw"], strict=True)
    ):
        known = None if value is pd.NA else int(value)
        guesses.append([at, [list(one) for one in others.get((row, label), [(raw, known, p)])]])
    scanned = figures.copy()
    for at, said in guesses:
        text, value, sure = said[0] if said else ("#", None, 0.0)
        status = "flagged" if not said else "read" if value is not None else "blank"
        scanned.loc[at, ["value", "raw", "status", "confidence"]] = [value, text, status, sure]
    scanned.attrs["guesses"] = [one for one in guesses if one[1]]
    return scanned


def proved(others: Mapping[tuple[str, str], Guesses], p: float = 0.9995) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    return prove(scan(sheet(DB1, PLAIN), others, p), DB1, "13.05", "a" * 64)


def cell(figures: pd.DataFrame, row: str, label: str) -> pd.Series:
    return figures[(figures["row"] == row) & (figures["column_label"] == label)].iloc[0]


def test_a_scan_that_is_read_well_and_adds_up_is_proved_in_every_cell() -> None:
    figures, findings = proved({})
    assert set(figures["status"]) == {"proved"}
    assert figures["confidence"].min() >= 1 - DOUBT
    assert findings == ()


def test_a_misread_cell_is_settled_by_its_sums_and_the_finding_says_how() -> None:
    figures, findings = proved({("I.A.1.L", "A"): [("700", 700, 0.6), ("100", 100, 0.38)]})
    found = cell(figures, "I.A.1.L", "A")
    assert (found["value"], found["raw"], found["status"]) == (100, "100", "proved")
    assert [(f.code, f.severity, f.subject) for f in findings] == [("reading_settled", "info", "readings")]
    assert findings[0].params["settled"] == [["I.A.1.L", "A", "700", "100", "lp:I.A.1, pemilih:L, jumlah"]]
    assert [c.value for c in findings[0].cells] == [100]
    text = explain(Reason(findings[0].code, findings[0].params), "en")
    assert "settled by their sums: I.A.1.L / A: 700 \N{RIGHTWARDS ARROW} 100 (lp:I.A.1, pemilih:L, jumlah)." in text


def test_the_text_is_that_of_the_guess_that_was_chosen() -> None:
    dotted = {("III.1", "JUMLAH AKHIR"): [("845", 845, 0.5), ("6.45", 645, 0.2), ("645", 645, 0.29)]}
    assert cell(proved(dotted)[0], "III.1", "JUMLAH AKHIR")["raw"] == "645"


def test_a_well_read_number_is_never_bent_to_make_a_sum() -> None:
    figures, findings = proved({("V.B", "A"): [("8", 8, 0.99), ("7", 7, 0.009)]})
    found = cell(figures, "V.B", "A")
    assert (found["value"], found["raw"], found["status"]) == (8, "8", "flagged")
    assert {f.code for f in findings} == {"identity_broken", "total_broken", "reading_unsure"}
    unsure = next(f for f in findings if f.code == "reading_unsure")
    assert (unsure.subject, unsure.params["first"], unsure.params["second"]) == ("V.B @ 0 A", "8", "7")
    assert (figures["status"] == "flagged").sum() == 1


@pytest.mark.parametrize("others", [[("98", 98, 0.24)], [("98", 98, 0.2), ("60", 60, 0.04)]])
def test_a_figure_with_an_unsure_digit_is_not_bent_to_what_it_hardly_looks_like(others: Guesses) -> None:
    figures, findings = proved({("IV.01", "A"): [("90", 90, 0.75), *others]})
    found = cell(figures, "IV.01", "A")
    assert (found["value"], found["raw"], found["status"]) == (90, "90", "flagged")
    assert {f.code for f in findings} == {"identity_broken", "total_broken", "reading_unsure"}
    assert [(f.params["first"], f.params["second"]) for f in findings if f.code == "reading_unsure"] == [("90", "60")]
    assert (figures["status"] == "flagged").sum() == 1


def test_a_sum_that_fails_in_one_place_only_puts_all_its_cells_in_doubt() -> None:
    figures = of_rows(C1, UNIT_VALUES | {"II.1.JML": 4}, [("unit", "JUMLAH", 1)])
    figures, findings = prove(scan(figures, {}, 0.9999), C1, "13.05", "a" * 64)
    assert list(figures.loc[figures["status"] == "flagged", "row"]) == ["II.1.L", "II.1.P", "II.1.JML"]
    assert {f.subject for f in findings if f.code == "identity_broken"} == {"lp:II.1 @ 0 JUMLAH"}


def test_all_figures_under_a_head_that_nobody_is_sure_of_are_one_finding() -> None:
    figures = scan(sheet(DB1, PLAIN), {})
    figures["status"] = figures["status"].mask(figures["column_label"] == "A", "flagged")
    under = [int(at) for at in figures.index[figures["column_label"] == "A"]]
    figures.attrs["doubts"] = [(at, "column_unsure", "") for at in under]
    figures, findings = prove(figures, DB1, "13.05", "a" * 64)
    assert set(figures.loc[figures["column_label"] == "A", "status"]) == {"flagged"}
    doubts = [f for f in findings if f.code == "column_unsure"]
    assert [(f.subject, f.params["count"], len(f.cells)) for f in doubts] == [("A", len(under), len(under))]


def test_a_cell_that_cannot_be_read_is_flagged_and_harms_no_other() -> None:
    figures, findings = proved({("I.B.2.P", "B"): []})
    assert pd.isna(cell(figures, "I.B.2.P", "B")["value"])
    assert list(figures.loc[figures["status"] != "proved", ["row", "column_label"]].itertuples(index=False)) == [
        ("I.B.2.P", "B")
    ]
    assert [(f.code, f.params["first"], f.params["second"]) for f in findings] == [("reading_unsure", "?", "2")]


def test_a_number_under_ink_that_no_guess_names_is_flagged_without_a_value() -> None:
    figures, findings = proved({("IV.01", "A"): [("50", 50, 0.4), ("80", 80, 0.2)]})
    found = cell(figures, "IV.01", "A")
    assert (found["status"], found["raw"]) == ("flagged", "50")
    assert pd.isna(found["value"])
    assert [(f.code, f.params["first"], f.params["second"]) for f in findings] == [("reading_unsure", "50", "60")]


def test_one_bad_reading_bound_by_one_sum_alone_is_not_proved() -> None:
    figures = of_rows(C1, UNIT_VALUES, [("unit", "JUMLAH", 1)])
    scanned = scan(figures, {("II.1.L", "JUMLAH"): [("1", 1, 0.7), ("7", 7, 0.25)]}, 0.9995)
    done, findings = prove(scanned, C1, "13.05", "a" * 64)
    assert cell(done, "II.1.L", "JUMLAH")["status"] == "flagged"
    assert ("II.1.L", "1", "7") in [
        (f.params.get("row"), f.params.get("first"), f.params.get("second")) for f in findings
    ]


def test_two_poor_readings_that_one_sum_alone_binds_may_be_wrong_by_the_same() -> None:
    """Their row's total bears them out; nobody can read what else their columns' sums need."""
    poor: dict[tuple[str, str], Guesses] = {
        ("IV.01", "A"): [("60", 60, 0.97), ("40", 40, 0.0295)],
        ("IV.01", "B"): [("120", 120, 0.5), ("190", 190, 0.3), ("191", 191, 0.1995)],
    }
    unreadable: dict[tuple[str, str], Guesses] = {("IV.02", label): [] for label in ("A", "B")}
    figures, _ = proved(poor | unreadable)
    assert {cell(figures, "IV.01", label)["status"] for label in ("A", "B")} == {"flagged"}
    figures, _ = proved(poor)
    assert {cell(figures, "IV.01", label)["status"] for label in ("A", "B")} == {"proved"}


def test_a_sum_that_overrules_the_reader_alone_must_leave_less_doubt() -> None:
    """On a worn total: what would bear it out, the sum of its column, has a cell that nobody can read."""
    worn: dict[tuple[str, str], Guesses] = {
        ("IV.01", "JUMLAH AKHIR"): [("10", 10, 0.45), ("180", 180, 0.34), ("18", 18, 0.2)]
    }
    figures, _ = proved(worn | {("IV.02", "JUMLAH AKHIR"): []})
    assert cell(figures, "IV.01", "JUMLAH AKHIR")["status"] == "flagged"
    figures, _ = proved(worn)
    assert cell(figures, "IV.01", "JUMLAH AKHIR")["status"] == "proved"


def test_a_clear_reading_without_arithmetic_is_read_and_a_poor_one_is_flagged() -> None:
    flat = form("TPS-PPWP")
    figures = of_rows(flat, {"IV.01": 3, "IV.02": 4, "V.A": 7, "V.B": 1}, [("unit", "A", 1)])
    for p, status in ((0.99995, "read"), (0.999, "flagged")):
        done, _ = prove(scan(figures, {}, p), flat, "13.05", "a" * 64)
        assert cell(done, "V.B", "A")["status"] == status


def test_an_empty_cell_and_a_dash_are_both_zero() -> None:
    unclear: Guesses = [("", None, 0.5), ("-", 0, 0.4999)]
    figures, findings = proved({("I.A.3.L", label): unclear for label in ("A", "B", "JUMLAH AKHIR")})
    assert set(figures.loc[figures["row"] == "I.A.3.L", "status"]) == {"proved"}
    assert set(figures.loc[figures["row"] == "I.A.3.L", "value"]) == {0}
    assert {f.code for f in findings} <= {"row_not_filled"}


def test_a_place_of_which_a_scan_says_nothing_is_no_zero() -> None:
    scanned = scan(sheet(DB1, PLAIN), {})
    lost = (scanned["row"] == "IV.02") & (scanned["column_label"] == "A")
    at = int(lost.to_numpy().argmax())
    scanned.loc[lost, ["value", "raw", "status"]] = [None, "", "blank"]
    scanned.attrs["guesses"] = [one for one in scanned.attrs["guesses"] if one[0] != at]
    figures, _ = prove(scanned, DB1, "13.05", "a" * 64)
    assert cell(figures, "IV.02", "A")["status"] == "flagged"


def test_a_row_that_slipped_by_a_column_proves_nothing_that_is_wrong() -> None:
    said = {("IV.01", "A"): [("", None, 0.9999)], ("IV.01", "B"): [("60", 60, 0.9999)]}
    figures, _ = proved({**said, ("IV.01", "JUMLAH AKHIR"): [("120", 120, 0.9999)]})
    assert set(figures.loc[figures["row"] == "IV.01", "status"]) == {"flagged"}


def test_the_same_misreading_in_a_number_and_in_its_sum_is_no_proof() -> None:
    """1 was taken for 7 in L and in JML, in a sheet of one column, where lp is all that binds them."""
    rows = UNIT_VALUES | {"II.1.L": 7, "II.1.P": 0, "II.1.JML": 7}
    figures = of_rows(C1, rows, [("unit", "JUMLAH", 1)])
    scanned = scan(figures, {("II.1.L", "JUMLAH"): [("7", 7, 0.99), ("1", 1, 0.009)]}, 0.9999)
    done, _ = prove(scanned, C1, "13.05", "a" * 64)
    assert cell(done, "II.1.L", "JUMLAH")["status"] == "flagged"
    assert cell(done, "II.1.JML", "JUMLAH")["status"] != "proved"


def test_a_doubt_of_the_reading_is_not_proved_away() -> None:
    scanned = scan(sheet(DB1, PLAIN), {("I.A.3.L", "A"): [("", None, 0.9999)]})
    at = int(((scanned["row"] == "I.A.3.L") & (scanned["column_label"] == "A")).to_numpy().argmax())
    scanned.attrs["doubts"] = [[at, "crosses_rule", ""]]
    figures, findings = prove(scanned, DB1, "13.05", "a" * 64)
    assert cell(figures, "I.A.3.L", "A")["status"] == "flagged"
    assert [f.code for f in findings] == ["crosses_rule"]


def by_hand(**others: Guesses) -> pd.DataFrame:
    """A polling place's sheet, read well but for others, by row."""
    places = {(row.replace("_", "."), "TPS"): said for row, said in others.items()}
    scanned = scan(of_rows(C1, UNIT_VALUES, [("unit", "TPS", 1)]), places, 0.9999)
    scanned.attrs["in_words"] = []
    return scanned


def test_a_figure_that_differs_from_its_words_is_flagged_whatever_the_sums_say() -> None:
    scanned = by_hand()
    at, number = scanned["row"].tolist().index("V.C"), UNIT_VALUES["V.C"]
    scanned.attrs["in_words"] = [[at, "as the figure says", number]]
    assert prove(scanned, C1, "13.05", "a" * 64)[1] == ()
    scanned.attrs["in_words"] = [[at, "ENAM", 6]]
    figures, findings = prove(scanned, C1, "13.05", "a" * 64)
    assert (figures["value"].iloc[at], figures["status"].iloc[at]) == (number, "flagged")
    assert set(figures.drop(index=at)["status"]) == {"proved"}
    assert [(f.code, f.params["other"]) for f in findings] == [("digits_differ_from_words", "ENAM")]
    assert str(number) in explain(Reason(findings[0].code, findings[0].params))


def test_a_hand_errs_more_often_than_a_press() -> None:
    """What reads like another number than the sums ask for is proved on print; it may be the hand that was wrong."""
    number = UNIT_VALUES["V.C"]
    scanned = by_hand(V_C=[(str(number + 1), number + 1, 0.7), (str(number), number, 0.25)])
    assert cell(prove(scanned, C1, "13.05", "a" * 64)[0], "V.C", "TPS")["status"] == "flagged"
    del scanned.attrs["in_words"]
    assert cell(prove(scanned, C1, "13.05", "a" * 64)[0], "V.C", "TPS")["status"] == "proved"


def test_what_else_the_frame_carries_stays_with_it() -> None:
    scanned = scan(sheet(DB1, PLAIN), {})
    scanned.attrs["decisions"] = [[1, "scan", "a picture"]]
    assert prove(scanned, DB1, "13.05", "a" * 64)[0].attrs == scanned.attrs


@pytest.mark.parametrize("model", ["C1-PPWP", "DA1-PPWP", "DB1-DPD", "DC1-DPR"])
@pytest.mark.parametrize("reader", readers.LEVELS, ids=lambda reader: reader.name)
def test_no_simulated_misreading_passes_silently(model: str, reader: readers.Reader) -> None:
    printed = compose(3, model, 1)
    rng = random.Random(f"{model}/{reader.name}")  # noqa: S311
    there = readers.figures(printed)
    said = [readers.read(reader, figure.printed, printed.style.zero, rng) for figure in there]
    figures, _ = prove(readers.frame(printed, there, said), form(model), "13.05", "a" * 64)
    settled = zip(there, figures["value"].array.fillna(0), figures["status"], strict=True)
    assert all(value == figure.printed for figure, value, status in settled if status != "flagged")
    assert (figures["status"] == "flagged").mean() < 0.3


def test_of_a_row_that_is_mostly_in_doubt_nothing_is_proved() -> None:
    """Its figures are another row's: here and there they add up all the same."""
    columns = [("unit", label, n) for n, label in enumerate("ABCDE", 1)]
    plain = scan(sheet(DB1, [*columns, ("total", "JUMLAH AKHIR", 15)]), {})
    moved = scan(sheet(DB1, [*columns, ("total", "JUMLAH AKHIR", 15)]), {("I.A.2.L", label): [] for label in "ABCD"})
    for one, statuses in ((plain, {"proved"}), (moved, {"flagged"})):
        figures, findings = prove(one, DB1, "13.05", "a" * 64)
        assert set(figures.loc[figures["row"] == "I.A.2.L", "status"]) == statuses
        beside = [[cell.column_label for cell in f.cells] for f in findings if f.code == "row_unsure"]
        assert beside == ([["E", "JUMLAH AKHIR"]] if one is moved else [])


def test_a_figure_that_the_reader_flags_without_a_word_comes_with_a_reason() -> None:
    scanned = scan(sheet(DB1, PLAIN), {})
    flagged = (scanned["row"] == "IV.02") & (scanned["column_label"] == "A")
    scanned.loc[flagged, ["status", "confidence"]] = ["flagged", 0.6]
    at = int(flagged.to_numpy().argmax())
    scanned.attrs["guesses"] = [one for one in scanned.attrs["guesses"] if one[0] != at]
    figures, findings = prove(scanned, DB1, "13.05", "a" * 64)
    assert cell(figures, "IV.02", "A")["status"] == "flagged"
    assert [(f.code, f.params["row"], f.params["column"]) for f in findings] == [("reading_unsure", "IV.02", "A")]
