"""The second opinion: where a sheet does not add up, camelot reads the page too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.guard import Guard, jobs
from rangkiang.model import Status
from rangkiang.proof import prove
from rangkiang.reading import PDF, read, tables
from rangkiang.reading.pdf.second import DIFFERS, compare
from rangkiang.settings import Limits
from samples import papers
from samples.pdf_sheet import draw
from samples.region import province
from samples.sheet import Style, sheet

MODEL = "DB1-PPWP"


@pytest.fixture(scope="module")
def whole() -> bytes:
    """A sheet that adds up."""
    return papers.db1(province()[0])


def misprinted() -> bytes:
    """A sheet whose printed total of valid votes is one too many."""
    zero = {leaf.code: 0 for leaf in form(MODEL).leaf_rows}
    units = [("SUTERA", {**zero, "IV.01": 3, "V.A": 3, "V.C": 3, "III.4": 3, "III.1": 3, "I.B.4.JML": 3})]
    units[0][1].update({"I.B.1.L": 3, "I.B.1.JML": 3, "I.B.4.L": 3, "I.A.1.L": 3, "I.A.1.JML": 3, "I.A.4.L": 3})
    units[0][1]["I.A.4.JML"] = 3
    total = {**units[0][1], "V.A": 4}
    entire = sheet(MODEL, ("PESISIR SELATAN", "SUMATERA BARAT"), units, "KPU", "contoh", total)
    return draw(entire, Style())


def test_two_readers_agree_on_a_clean_sheet(whole: bytes) -> None:
    found = tables(whole, PDF)
    checked, said = compare(found, whole, {1, 2})
    assert not any(cell.doubt for table in checked for cell in table.cells)
    assert [decision.page for decision in said] == [1, 2]
    assert all(", 0 differ" in decision.why for decision in said)
    assert sum(bool(cell.other) for table in checked for cell in table.cells) > 300


def test_a_number_that_the_second_reader_reads_otherwise_is_in_doubt(whole: bytes) -> None:
    first, *rest = tables(whole, PDF)
    at = next(n for n, cell in enumerate(first.cells) if cell.text == "6.646" or (len(cell.text) == 5 and cell.box))
    wrong = replace(first.cells[at], text="99.999")
    altered = replace(first, cells=(*first.cells[:at], wrong, *first.cells[at + 1 :]))
    (checked, *_), _ = compare([altered, *rest], whole, {1})
    doubted = [cell for cell in checked.cells if cell.doubt]
    assert [(cell.text, cell.doubt, cell.other) for cell in doubted] == [("99.999", DIFFERS, first.cells[at].text)]


def test_a_second_reader_that_sees_nothing_of_a_page_has_no_say(whole: bytes) -> None:
    moved = [
        replace(table, cells=tuple(replace(c, box=replace(c.box, x0=-9, x1=-8)) if c.box else c for c in table.cells))
        for table in tables(whole, PDF)
    ]
    checked, said = compare(moved, whole, {1})
    assert not any(cell.doubt for table in checked for cell in table.cells)
    assert "does not see" in said[0].why


def test_a_sheet_that_does_not_add_up_is_read_twice_and_a_printed_error_stays_the_papers() -> None:
    data = misprinted()
    figures = from_parquet(jobs.reading_of(jobs.read(data, PDF, MODEL, "db1.pdf", "0" * 64)).figures)
    assert any(engine == "camelot-lattice" and ", 0 differ" in why for _, engine, why in figures.attrs["decisions"])
    proved, findings = prove(figures, form(MODEL), "13.01", "0" * 64)
    assert {f.code for f in findings} >= {"identity_broken", "total_broken"}
    assert DIFFERS not in {f.code for f in findings}
    assert proved.loc[(proved.row == "V.A") & (proved.column_kind == "total"), "value"].tolist() == [4]


def test_a_sheet_that_adds_up_is_read_once(whole: bytes) -> None:
    figures = from_parquet(jobs.reading_of(jobs.read(whole, PDF, MODEL, "db1.pdf", "0" * 64)).figures)
    assert {engine for _, engine, _ in figures.attrs["decisions"]} == {"vector"}


def test_a_doubted_number_is_flagged_with_both_readings_and_keeps_its_value(whole: bytes) -> None:
    figures = read(whole, PDF, form(MODEL), "db1.pdf", "0" * 64)
    figures.attrs["doubts"] = [[0, DIFFERS, "7"]]
    figures.loc[0, "status"] = Status.FLAGGED.value
    proved, findings = prove(figures, form(MODEL), "13.01", "0" * 64)
    assert proved.loc[0, "status"] == Status.FLAGGED.value
    assert proved.loc[0, "value"] == figures.loc[0, "value"]
    (finding,) = [f for f in findings if f.code == DIFFERS]
    assert finding.params["other"] == "7"


def test_the_second_reader_works_within_the_limits_of_a_worker() -> None:
    with Guard(Limits()) as guard:
        figures = guard.read(misprinted(), PDF, form(MODEL), "db1.pdf", "0" * 64, 1)
    assert any(engine == "camelot-lattice" and ", 0 differ" in why for _, engine, why in figures.attrs["decisions"])
