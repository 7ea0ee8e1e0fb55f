"""Scans: what a scanner or a phone makes of a sheet comes to the figures that are printed on it, or is flagged."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd
import pytest

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.guard import jobs
from rangkiang.model import Guess, Status, Table
from rangkiang.proof import prove
from rangkiang.reading import PDF, Unreadable, digital, read, scan
from rangkiang.reading.errors import Pictured
from rangkiang.reading.pages import check, in_order
from rangkiang.reading.scan.guesses import combined
from rangkiang.reading.scan.strays import without_strays
from rangkiang.reading.source import Source
from rangkiang.scans.leaf import Lattice
from samples import papers, pdf_sheet
from samples.damage import Level, wear
from samples.letter import letter
from samples.press import Print, sheets
from samples.press.score import Outcome, score
from samples.region import province
from samples.sheet import Style

SHA = "0" * 64


@pytest.fixture(scope="module")
def prints() -> list[Print]:
    """A DAA1 drawn sideways, a DB1 drawn sideways the other way: one page each."""
    return [one for one in islice(sheets(11, 40), 4) if one.model in ("DAA1-PPWP", "DB1-PPWP")]


@pytest.mark.parametrize("n", [0, 1])
def test_a_clean_scan_is_proved_whichever_way_it_lies(prints: list[Print], n: int) -> None:
    one = prints[n]
    entry = form(one.model)
    figures = read(wear(one.pdf, Level.CLEAN, 5), PDF, entry, "scan.pdf", SHA)
    found = score(one.truth, prove(figures, entry, "", SHA)[0])
    assert not found.silent
    assert found.share(Outcome.PROVED) > 0.99


@pytest.fixture(scope="module")
def office_scan() -> bytes:
    """Two pages, stamped, signed and scanned askew."""
    tally = next(t for t in province() if t.office.code == "13.09").districts[0]
    return wear(pdf_sheet.draw(papers.da1(tally), Style(per_block=12)), Level.OFFICE, 2019)


@pytest.fixture(scope="module")
def taken(office_scan: bytes) -> jobs.Reading:
    return jobs.reading_of(jobs.read(office_scan, PDF, "DA1-PPWP", "scan.pdf", SHA))


def test_a_stamped_and_signed_scan_comes_to_the_figures_of_the_digital_sheet(
    office_scan: bytes, taken: jobs.Reading
) -> None:
    from rangkiang.frames import from_parquet

    tally = next(t for t in province() if t.office.code == "13.09").districts[0]
    entry = form("DA1-PPWP")
    truth = digital(pdf_sheet.draw(papers.da1(tally), Style(per_block=12)), PDF, entry, "x", SHA)
    proved = prove(from_parquet(taken.figures), entry, "", SHA)[0]
    assert proved["row"].tolist() == truth["row"].tolist()
    sure = (proved["status"] != Status.FLAGGED.value).to_numpy()
    assert sure.mean() > 0.9
    assert (proved["value"].fillna(0) == truth["value"].fillna(0))[sure].all()


def test_every_page_of_a_scan_has_the_pictures_of_its_cells(taken: jobs.Reading) -> None:
    assert sorted(taken.crops) == [1, 2]
    assert all(crops.startswith(b"RIFF") and crops[8:12] == b"WEBP" for crops in taken.crops.values())


def test_a_scan_is_told_from_a_digital_sheet(office_scan: bytes) -> None:
    with pytest.raises(Pictured):
        digital(office_scan, PDF, form("DA1-PPWP"), "x", SHA)


def test_a_scan_without_the_forms_table_is_no_sheet_of_it() -> None:
    with pytest.raises(Unreadable) as refused:
        read(wear(letter(catalogue.office("13.08")), Level.CLEAN, 1), PDF, form("DA1-PPWP"), "x", SHA)
    assert refused.value.reason.code == "no_table"


def test_a_page_whose_table_nobody_can_read_is_named(office_scan: bytes) -> None:
    """Its rules are lost: what is left on the page is no table."""
    seen = scan.look(office_scan, PDF, form("DA1-PPWP"))
    first = tuple(table for table in seen.source.tables if table.page == 1)
    cut = replace(
        seen, source=replace(seen.source, tables=tuple(replace(t, cells=t.cells[: len(t.cells) // 2]) for t in first))
    )
    with pytest.raises(Unreadable) as refused:
        scan.figures(cut, form("DA1-PPWP"), "x", SHA)
    assert (refused.value.reason.code, refused.value.reason.params) == ("pages_unread", {"pages": "2"})


def test_pages_are_put_in_the_order_of_their_numbers_where_all_have_one() -> None:
    tables = tuple(Table(n, "scan", ()) for n in (1, 2, 3))
    mixed = Source(tables, ("Halaman 3 dari 3", "Halaman 1 dari 3", "Halaman 2 / 3"), 3)
    assert [table.page for table in in_order(mixed)] == [2, 3, 1]
    unnumbered = Source(tables, ("Halaman 3 dari 3", "", "Halaman 2 / 3"), 3)
    assert [table.page for table in in_order(unnumbered)] == [1, 2, 3]


def test_no_page_is_missing_where_one_of_many_says_so() -> None:
    def numbered(*said: str) -> Source:
        return Source((), tuple(f"Halaman {one}" if one else "" for one in said), len(said))

    check(numbered("1 dari 4", "2 dari 5", "", "4 dari 4"))
    with pytest.raises(Unreadable) as refused:
        check(numbered("1 dari 4", "2 dari 4", "4 dari 4"))
    assert (refused.value.reason.code, refused.value.reason.params) == ("pages_missing", {"pages": "3"})


def test_a_pen_stroke_across_figures_is_no_rule() -> None:
    rows, columns = 6, 5
    corners = np.stack(np.meshgrid(np.arange(columns + 1) * 50.0, np.arange(rows + 1) * 20.0), axis=-1)
    above = np.ones((rows + 1, columns), dtype=bool)
    before = np.ones((rows, columns + 1), dtype=bool)
    before[1:, 3] = [True, False, False, False, False]  # a stroke in column 3 crosses one row of figures
    found = without_strays(Lattice(corners, above, before), (0, 0, 1, 2), lambda _: False)
    assert found.shape == (6, 4)
    assert found.before[1:].all()
    assert found.above.all()


def test_two_readers_that_agree_leave_less_doubt_and_two_that_differ_more() -> None:
    figures = pd.DataFrame({"raw": ["138"], "value": [138], "confidence": [0.9], "status": [Status.READ.value]})
    figures.attrs["guesses"] = [[0, [["138", 138, 0.9], ["133", 133, 0.08]]]]
    agree = combined(figures, {0: (Guess("138", 138, 0.95),)})
    differ = combined(figures, {0: (Guess("133", 133, 0.95),)})
    assert agree.attrs["guesses"][0][1][0][2] > 0.99
    (text, value, p), *_ = differ.attrs["guesses"][0][1]
    assert (text, value) == ("133", 133)
    assert p < 0.99
    assert differ["value"].tolist() == [133]
