"""Ruled tables: every cell is found, none is cut in two, and none is made up."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from rangkiang.scans.cells import cells
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Floats, Lattice, Leaf
from rangkiang.scans.mend import alike
from scans.drawn_pages import XS, YS, Page, boxes, recap, worn

NEAR = 3.0
"""Pixels: a cell's edge may be so far from where it was drawn."""


def found(page: Page) -> list[Lattice]:
    return lattices(page.leaf)


def assert_recap(tables: list[Lattice], page: Page, near: float = NEAR) -> None:
    """The table and the signatures, cell by cell."""
    assert [table.shape for table in tables] == [(10, 6), (2, 4)]
    assert np.abs(tables[0].corners - page.corners).max() < near
    drawn = {(YS.index(y0), XS.index(x0), YS.index(y1), XS.index(x1)) for x0, y0, x1, y1 in boxes()}
    assert {quad.region for quad in cells(tables[0])} == drawn


def test_merged_cells_section_rows_and_group_heads_are_spans() -> None:
    assert_recap(found(recap()), recap())


@pytest.mark.parametrize("ink", [120, 170, 200])
def test_faint_rules_on_noisy_paper(ink: int) -> None:
    page = recap(ink)
    assert_recap(found(replace(page, grey=worn(page.grey, 4, 0.6))), page)


def test_breaks_in_rules_are_closed() -> None:
    page = recap()
    broken = page.grey.copy()
    for n in range(12):
        y, x = 235 + 18 * n, 478 + 140 * (n % 4)
        broken[y : y + 9, x : x + 5] = 255  # of an upright rule
        broken[YS[3 + n % 7] - 2 : YS[3 + n % 7] + 3, 500 + 33 * n : 508 + 33 * n] = 255  # of a level one
    assert_recap(found(replace(page, grey=broken)), page)


def test_a_rule_lost_in_one_row_is_drawn_as_in_the_others() -> None:
    page = recap()
    hidden = page.grey.copy()
    cv2.circle(hidden, (620, 310), 11, (90,), -1)  # a blot on a crossing
    assert_recap(found(replace(page, grey=hidden)), page)


def test_rules_are_followed_over_curled_paper() -> None:
    page = recap()
    height, width = page.grey.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(page.grey, x, y - _curl(x).astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,))
    there = page.corners + np.stack([0 * page.corners[..., 0], _curl(page.corners[..., 0])], axis=-1)
    curled = Page(bent.astype(np.uint8), there)
    assert_recap(found(curled), curled)


def _curl(x: Floats) -> Floats:
    curl: Floats = 9 * np.sin(x / 330)
    return curl


def test_a_pen_stroke_is_no_rule() -> None:
    page = recap()
    signed = page.grey.copy()
    cv2.line(signed, (690, 245), (694, 445), (20,), 7)
    cv2.line(signed, (180, 500), (400, 503), (20,), 7)
    assert_recap(found(replace(page, grey=signed)), page)


def test_rules_that_shine_through_are_none_though_they_are_long() -> None:
    """As they lie over the figures of a page whose back has a table as wide."""
    thick, dark = np.array([4.6, 1.5, 4.5, 1.4, 4.7, 4.6]), np.array([150.0, 22, 137, 20, 161, 90])
    lengths = np.array([735.0, 520, 735, 480, 730, 440])
    assert alike(thick, dark, lengths).tolist() == [True, False, True, False, True, True]


def test_a_column_of_ones_is_no_rule() -> None:
    page = recap()
    digits = page.grey.copy()
    for top in YS[3:-1]:
        digits[top + 8 : top + 24, 640:643] = 0
    assert_recap(found(replace(page, grey=digits)), page)


def test_a_frame_around_the_page_is_no_table() -> None:
    page = recap()
    framed = cv2.rectangle(page.grey.copy(), (30, 15), (950, 745), (0,), 2).astype(np.uint8)
    assert_recap(found(replace(page, grey=framed)), page)


def test_a_pen_that_joins_a_table_to_the_frame_of_its_page_makes_no_column_of_the_paper_between() -> None:
    """The frame's lines are far longer and darker than the table's rules."""
    page = recap(120)
    framed = cv2.rectangle(page.grey.copy(), (20, 8), (960, 752), (0,), 4)
    for y in (300, 480):
        cv2.line(framed, (20, y), (80, y), (0,), 3)
    (table, *_) = found(replace(page, grey=framed.astype(np.uint8)))
    assert table.shape == (10, 6)
    assert np.abs(table.corners - page.corners).max() < 2 * NEAR, "the pen bends the rule it crosses"


def test_black_cells_end_where_rules_would() -> None:
    page = recap()
    filled = page.grey.copy()
    filled[YS[2] : YS[3], XS[0] : XS[-1]] = 0
    assert_recap(found(replace(page, grey=filled)), page)


def test_text_alone_is_no_table() -> None:
    page = recap(ink=255)
    assert found(page) == []


def test_a_large_picture_gives_the_same_places() -> None:
    page = recap()
    large = cv2.resize(page.grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    tables = lattices(Leaf(1, large, large, np.eye(3), page.leaf.scale * 2))
    assert np.abs(tables[0].corners - (page.corners + 0.5) * 2 + 0.5).max() < 2 * NEAR


def test_stamps_do_not_hide_rules_of_another_colour() -> None:
    page = recap()
    stamped = cv2.circle(page.grey.copy(), (690, 340), 70, (90,), 12).astype(np.uint8)
    leaf = Leaf(1, stamped, page.grey, np.eye(3), page.leaf.scale)
    assert_recap(lattices(leaf), page)


@pytest.mark.parametrize("gap", [14, 30])
def test_a_table_that_faint_rules_left_in_pieces_is_one(gap: int) -> None:
    """Between two rows no upright rule can be seen."""
    page = recap()
    torn = page.grey.copy()
    torn[YS[7] + 3 : YS[7] + 3 + gap, :] = 255
    tables = found(replace(page, grey=torn))
    assert [table.shape for table in tables] == [(10, 6), (2, 4)]
    assert np.abs(tables[0].corners - page.corners).max() < NEAR


@pytest.mark.parametrize("row", [4, 5, 8])
@pytest.mark.parametrize(("ink", "broken"), [(205, 0), (120, 2)])
def test_a_row_whose_upright_rules_have_faded_is_a_row_of_cells(row: int, ink: int, broken: int) -> None:
    page = recap()
    faded = page.grey.copy()
    for x in XS[1:-1]:
        rule = faded[YS[row] + 2 : YS[row + 1] - 1, x - 2 : x + 3]
        rule[:] = np.maximum(rule, ink)
        for n in range(broken):
            rule[n::8] = 255
    assert_recap(found(replace(page, grey=worn(faded, 3, 0.5))), page)


@pytest.mark.parametrize("row", [4, 5, 8])
def test_rules_of_a_row_that_are_left_in_pieces_are_rules(row: int) -> None:
    """Half of each is lost, of most of them."""
    page = recap()
    pieces = page.grey.copy()
    for x in XS[1:4]:
        rule = pieces[YS[row] + 2 : YS[row + 1] - 1, x - 2 : x + 3]
        for n in range(6):
            rule[n::12] = 255
    assert_recap(found(replace(page, grey=worn(pieces, 3, 0.5))), page)


def test_signatures_close_below_a_table_are_a_table_of_their_own() -> None:
    page = recap()
    close = page.grey.copy()
    close[470:570] = page.grey[595:695]
    close[590:] = 255
    assert [table.shape for table in found(replace(page, grey=close))] == [(10, 6), (2, 4)]


def test_a_frame_does_not_keep_a_torn_table_from_being_one() -> None:
    page = recap()
    torn = page.grey.copy()
    torn[YS[7] + 3 : YS[7] + 20, :] = 255
    framed = cv2.rectangle(torn, (30, 15), (950, 745), (0,), 2).astype(np.uint8)
    assert [table.shape for table in found(replace(page, grey=framed))] == [(10, 6), (2, 4)]
