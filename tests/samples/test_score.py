"""The account is strict: whatever is not flagged must be what is printed, where it is printed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from rangkiang.model import FIGURE_COLUMNS, CellRef, Finding, Severity
from samples.press import Truth
from samples.press.score import Outcome, Score, score, score_slip
from samples.press.slips import Slip

BOX = (0.0, 0.0, 1.0, 1.0)
SLIP = Slip("jml", 0, "I.A.1.JML", "unit", "KAPAU", 12, 21, ("I.A.1.JML = I.A.1.L + I.A.1.P",), ())


def cell(value: int, printed: str | None = None, row: str = "V.A", label: str = "KAPAU", page: int = 1) -> Truth:
    return Truth(page, row, "unit", label, value, str(value) if printed is None else printed, BOX)


def frame(*figures: dict[str, object]) -> pd.DataFrame:
    usual = {"page": 1, "row": "V.A", "column_kind": "unit", "column_label": "KAPAU", "status": "read", "value": None}
    whole = pd.DataFrame([usual | {"confidence": 0.97} | figure for figure in figures], columns=list(FIGURE_COLUMNS))
    return whole.astype(dict(FIGURE_COLUMNS))


def outcomes(made: Score) -> dict[str, int]:
    return {outcome.value: n for outcome, n in (made.numbers + made.blanks).items()}


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"value": 7, "status": "proved"}, Outcome.PROVED),
        ({"value": 7}, Outcome.READ),
        ({"value": 7, "status": "flagged"}, Outcome.FLAGGED),
        ({"value": 1, "status": "flagged"}, Outcome.FLAGGED_WRONG),
        ({"status": "flagged"}, Outcome.FLAGGED_WRONG),
        ({"value": 1, "status": "proved"}, Outcome.SILENT),
        ({"value": 1}, Outcome.SILENT),
        ({}, Outcome.SILENT),
        ({"status": "blank"}, Outcome.SILENT),
    ],
)
def test_a_printed_number_has_one_outcome(said: dict[str, object], outcome: Outcome) -> None:
    assert outcomes(score([cell(7)], frame(said))) == {outcome: 1}


def test_a_blank_is_the_zero_it_stands_for() -> None:
    made = score([cell(0, "")], frame({"status": "blank"}))
    assert (made.blanks, made.cells) == ({Outcome.BLANK: 1}, 0)
    assert outcomes(score([cell(0, "-")], frame({"status": "blank"}))) == {Outcome.BLANK: 1}
    assert outcomes(score([cell(0, "")], frame({"value": 3}))) == {Outcome.SILENT: 1}


@pytest.mark.parametrize("wrong", [{"row": "V.B"}, {"column_label": "GADUT"}, {"column_kind": "total"}, {"page": 2}])
def test_a_right_number_in_the_wrong_place_is_a_silent_error(wrong: dict[str, object]) -> None:
    made = score([cell(7)], frame({"value": 7} | wrong))
    assert outcomes(made) == {Outcome.MISSING: 1, Outcome.STRAY: 1}
    assert [silent.value for silent in made.silent] == [7]
    flagged = score([cell(7)], frame({"value": 7, "status": "flagged"} | wrong))
    assert outcomes(flagged) == {Outcome.MISSING: 1, Outcome.STRAY_FLAGGED: 1}


def test_a_total_is_known_by_its_kind_whatever_it_is_called() -> None:
    printed = replace(cell(7, label="JUMLAH AKHIR"), column_kind="total")
    made = score([printed], frame({"value": 7, "column_kind": "total", "column_label": "JUMLAH"}))
    assert outcomes(made) == {Outcome.READ: 1}


def test_a_figure_that_is_given_twice_counts_once() -> None:
    assert outcomes(score([cell(7)], frame({"value": 7}, {"value": 7}))) == {Outcome.READ: 1, Outcome.STRAY: 1}


def test_every_cell_of_a_refused_sheet_is_missing() -> None:
    assert outcomes(score([cell(7), cell(8, row="V.B")], None)) == {Outcome.MISSING: 2}


def test_scores_add_up() -> None:
    whole = score([cell(7)], frame({"value": 7, "confidence": 0.97}))
    whole.add(score([cell(7)], frame({"value": 1, "confidence": 0.96})))
    assert (whole.cells, whole.share(Outcome.SILENT)) == (2, 0.5)
    assert [b for b in whole.bins if b[0]] == [[2, pytest.approx(1.93), 1]]


def finding(code: str, row: str) -> Finding:
    return Finding("", "0", code, Severity.ERROR, "x", {}, (CellRef("0", row, "unit", "KAPAU", 21, 1),))


def test_a_slip_is_reported_by_a_broken_sum_that_names_it() -> None:
    truth = [cell(21, row="I.A.1.JML")]
    figures = frame({"row": "I.A.1.JML", "value": 21, "status": "flagged"})
    assert score_slip(SLIP, truth, figures, [finding("identity_broken", "I.A.1.JML")]).reported
    assert not score_slip(SLIP, truth, figures, [finding("identity_broken", "V.C")]).reported
    assert not score_slip(SLIP, truth, figures, [finding("cell_unreadable", "I.A.1.JML")]).reported


def test_a_slip_is_repaired_when_it_is_given_as_it_should_have_been() -> None:
    truth = [cell(21, row="I.A.1.JML")]
    assert not score_slip(SLIP, truth, frame({"row": "I.A.1.JML", "value": 21}), []).repaired
    assert score_slip(SLIP, truth, frame({"row": "I.A.1.JML", "value": 12}), []).repaired
