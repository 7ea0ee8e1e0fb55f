"""Pages without a head go on under the one before, and candidates that only one block has are flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from helpers.recaps import at, changed, headless, lines, part, table, unnumbered
from rangkiang.forms import form
from rangkiang.model import Cell, Status
from rangkiang.reading import Unreadable, across
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.frame import frame
from rangkiang.reading.scan.blocks import blocks
from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.order import order
from rangkiang.reading.scan.sheet import Taken, take
from rangkiang.reading.segments import segments
from rangkiang.scans.digits import digits
from rangkiang.scans.lattice import lattices
from rangkiang.scans.letters import letters
from scans.drawn_pages import XS, YS, Page, recap

FORM, SLATE = form("DA1-PPWP"), form("DA1-DPD")
NAMES = ("KOTO BARU", "TIKU SELATAN", "JUMLAH AKHIR")


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes(form("DAA1-PPWP"), letters(), digits())


@pytest.fixture(scope="module")
def first(eyes: Eyes) -> Taken:
    """What is read off a page with its head."""
    (found,) = tables_of(recap(), eyes, None)
    return found


def tables_of(page: Page, eyes: Eyes, before: Taken | None) -> list[Taken]:
    found = lattices(page.leaf)
    taken = [take(Drawn(page.leaf, one), 2, eyes, digits(), before.layout if before else None) for one in found]
    return [one for one in taken if one]


def cut(row: int) -> Page:
    """The page from this row on."""
    grey = recap().grey.copy()
    grey[: YS[row] - 2] = 255
    return replace(recap(), grey=grey)


def printed(cells: Sequence[Cell], below: int) -> list[tuple[int, int, int, str]]:
    return [(c.row - below, c.col, c.col_span, c.text) for c in cells if c.row >= below]


@pytest.mark.parametrize("row", [2, 3, 4])
def test_a_page_without_a_head_goes_on_under_the_one_before(eyes: Eyes, first: Taken, row: int) -> None:
    """It begins with a section's title, with a row, or in the middle of one."""
    (second,) = tables_of(cut(row), eyes, first)
    assert second.table.goes_on
    assert printed(second.table.cells, 6 - row) == printed(first.table.cells, 6)
    assert second.layout is first.layout


def test_a_line_that_such_a_page_does_not_show_is_where_it_was(eyes: Eyes, first: Taken) -> None:
    """Its only row is none of L, P and JML."""
    (second,) = tables_of(cut(9), eyes, first)
    assert printed(second.table.cells, 0) == printed(first.table.cells, 9)


def test_without_a_page_before_it_nobody_knows_what_it_is(eyes: Eyes) -> None:
    assert not tables_of(cut(3), eyes, None)


def test_a_table_with_other_columns_goes_on_under_nothing(eyes: Eyes, first: Taken) -> None:
    page = cut(3)
    page.grey[YS[3] : YS[10], XS[3] - 20 : XS[3] + 21] = page.grey[YS[3] : YS[10], XS[3] - 41 : XS[3]]
    page.grey[YS[3] : YS[10], XS[3] + 30 : XS[3] + 32] = 0
    assert not tables_of(page, eyes, first)


def test_a_part_that_goes_on_has_the_columns_of_the_part_before() -> None:
    below = lines(FORM)
    place = at(FORM, "I.B.4.JML") + 1
    parts = list(segments([table(1, NAMES, below[:place]), headless(2, len(NAMES), below[place:])], FORM))
    assert [[column.label for column in one.columns] for one in parts] == [list(NAMES)] * 2
    assert parts[1].lines == part(2, NAMES, below[place:], FORM).lines
    assert parts[1].cells.raw == part(2, NAMES, below[place:], FORM).cells.raw


def test_a_candidate_whose_line_a_block_has_lost_is_flagged_there() -> None:
    slates = ((21, 22, 23), (21, 22))
    heads = (("KOTO BARU", "JUMLAH PINDAHAN"), ("JUMLAH PINDAHAN", "TIKU SELATAN", "JUMLAH AKHIR"))
    pages = [table(n, *one) for n, one in enumerate(zip(heads, (lines(SLATE, s) for s in slates), strict=True), 1)]
    found = frame(across.figures(pages, SLATE, blocks, order, 0.1), "scan.pdf", "0" * 64, SLATE.model)
    assert found.groupby("column_label", sort=False)["row"].nunique().nunique() == 1, "every column has every row"
    odd = found[found.row == "IV.23"]
    assert odd.status.tolist() == [Status.READ.value] * 2 + [Status.FLAGGED.value] * 3
    assert odd.raw.tolist()[2:] == [UNREADABLE] * 3
    assert odd.value.isna().tolist() == [False, False, True, True, True]
    assert set(found[found.row != "IV.23"].status) == {Status.READ.value}


def test_a_row_in_doubt_has_its_figures_flagged() -> None:
    there = (21, 22, 23)
    below, place = lines(SLATE, there), at(SLATE, "IV.23", there)
    page = table(1, NAMES, changed(below, place, unnumbered(below[place])))
    found = frame(across.figures([page], SLATE, blocks, order), "scan.pdf", "0" * 64, SLATE.model)
    assert set(found[found.status == Status.FLAGGED.value].row) == {"IV.23"}
    assert {reason for _, reason, _ in found.attrs["doubts"]} == {across.ROW_UNSURE}


def test_figures_of_a_row_that_damage_hides_are_flagged_on_the_page_where_they_would_stand() -> None:
    below, place = lines(FORM), at(FORM, "III.2")
    cut = at(FORM, "II.1.L")
    pages = [table(1, NAMES, below[:cut]), table(2, NAMES, (*below[cut:place], *below[place + 1 :]))]
    found = frame(across.figures(pages, FORM, blocks, order, 0.1), "scan.pdf", "0" * 64, FORM.model)
    lost = found[found.row == "III.2"]
    assert (list(lost.page), set(lost.raw), set(lost.status)) == ([2] * len(NAMES), {UNREADABLE}, {"flagged"})
    assert lost.value.isna().all()
    assert set(found[found.row != "III.2"].status) == {Status.READ.value}
    assert {reason for _, reason, _ in found.attrs["doubts"]} == {across.ROW_UNREAD}


def test_a_sheet_that_has_lost_more_rows_goes_back() -> None:
    below = lines(FORM)
    with pytest.raises(Unreadable) as refused:
        across.figures([table(1, NAMES, below[: at(FORM, "III.4")])], FORM, blocks, order, 0.1)
    assert refused.value.reason.code == "rows_missing"


def test_a_row_that_every_form_has_is_never_made_up() -> None:
    below, place = lines(FORM), at(FORM, "III.2")
    with pytest.raises(Unreadable) as refused:
        across.figures([table(1, NAMES, (*below[:place], *below[place + 1 :]))], FORM, blocks, order)
    assert (refused.value.reason.code, refused.value.reason.params) == ("rows_missing", {"rows": "III.2"})
