"""Cells are cut out of straight pages, and out of bent ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rangkiang.scans.cells import cells, crop
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Grey, Leaf, Picture
from rangkiang.scans.upright import upright
from scans.drawn_pages import SCALE, XS, YS, quad, recap, rotation


def picture_of(leaf: Leaf, row: int, column: int, printed: bool = True) -> Grey:
    table = lattices(leaf)[0]
    (found,) = (one for one in cells(table) if one.region[:2] == (row, column))
    return crop(leaf, found.corners, printed)


def ink(grey: Grey) -> float:
    """Share of the inner part that is dark."""
    height, width = grey.shape
    return float((grey[6 : height - 6, 6 : width - 6] < 128).mean())


def test_a_cell_of_a_straight_page_is_a_part_of_it() -> None:
    leaf = recap().leaf
    found = picture_of(leaf, 4, 3)
    assert np.shares_memory(found, leaf.printed)
    assert found.shape == pytest.approx((YS[5] - YS[4], XS[4] - XS[3]), abs=4)
    assert 0.02 < ink(found) < 0.3


def test_a_merged_cell_is_cut_out_once_and_whole() -> None:
    found = picture_of(recap().leaf, 3, 1)
    assert found.shape == pytest.approx((YS[6] - YS[3], XS[2] - XS[1]), abs=5)


def test_a_cell_that_lies_askew_is_put_straight() -> None:
    page = recap().seen(quad((0, 0), (979, 14), (974, 759), (8, 740)))
    found = picture_of(page.leaf, 4, 3)
    straight = picture_of(recap().leaf, 4, 3)
    assert found.shape == pytest.approx(straight.shape, abs=4)
    assert ink(found) == pytest.approx(ink(straight), rel=0.2)
    assert found[3:-3, 8:-8].mean(axis=1).min() > 120, "no rule runs through it"


def test_pens_are_left_out_or_shown() -> None:
    page = recap()
    signed = page.grey.copy()
    signed[YS[4] + 10 : YS[4] + 20, XS[3] + 20 : XS[3] + 50] = 80
    leaf = replace(page.leaf, grey=signed)
    assert ink(picture_of(leaf, 4, 3, printed=False)) > ink(picture_of(leaf, 4, 3)) + 0.05


def test_a_corner_beyond_the_page_is_white() -> None:
    corners = np.array([[900.0, 700], [1100, 710], [1095, 800], [895, 790]])
    assert crop(recap().leaf, corners)[-20:, -50:].min() == 255


def test_every_cell_leads_back_to_its_place_on_the_page_as_it_came() -> None:
    page = recap().seen(rotation(2.0))
    leaf = upright(Picture(1, page.grey, page.grey, SCALE))
    for found in cells(lattices(leaf)[0]):
        top, left, bottom, right = found.region
        drawn = page.corners[[top, top, bottom, bottom], [left, right, right, left]] / SCALE
        box = leaf.box(found.corners)
        around = [*drawn.min(axis=0), *drawn.max(axis=0)]
        assert [box.x0, box.y0, box.x1, box.y1] == pytest.approx(around, abs=2)
