"""Pages are put straight, whichever way they came, and their places are known again."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from rangkiang.scans.cells import cells
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Floats, Leaf, Picture
from rangkiang.scans.upright import upright
from scans.drawn_pages import SCALE, Page, quad, recap, rotation, through, worn

NEAR = 3.5
"""Pixels: a crossing may be so far from where it was drawn."""


def crossings(leaf: Leaf) -> Floats:
    """Of the first table, in pixels of the picture."""
    table = next(table for table in lattices(leaf) if table.shape == (10, 6))
    return through(leaf.back, table.corners)


def tilt(leaf: Leaf) -> float:
    """By how many pixels a rule of the first table goes up or down at most, from end to end."""
    corners = lattices(leaf)[0].corners
    return float(max(np.ptp(corners[..., 1], axis=1).max(), np.ptp(corners[..., 0], axis=0).max()))


@pytest.mark.parametrize("quarters", range(4))
def test_all_four_ways_up(quarters: int) -> None:
    page = recap()
    leaf = upright(page.turned(quarters).picture)
    assert leaf.grey.shape == page.grey.shape
    assert np.abs(leaf.grey.astype(int) - page.grey).mean() < 1
    assert [table.shape for table in lattices(leaf)] == [(10, 6), (2, 4)]


@pytest.mark.parametrize("degrees", [-3.0, 0.4, 2.5, 7.0])
def test_skew(degrees: float) -> None:
    page = recap().seen(rotation(degrees))
    leaf = upright(replace(page, grey=worn(page.grey, 3)).picture)
    assert tilt(leaf) < 3
    assert np.abs(crossings(leaf) - page.corners).max() < NEAR


def test_a_photograph_aslant_on_a_dark_table() -> None:
    back = quad((90, 60), (1010, 110), (980, 860), (40, 800))
    page = recap().seen(back, (1100, 920), around=70)
    shade = np.linspace(0.6, 1.0, page.grey.shape[1])
    leaf = upright(replace(page, grey=worn((page.grey * shade).astype(np.uint8), 4, 0.8)).picture)
    assert tilt(leaf) < 3
    assert np.abs(crossings(leaf) - page.corners).max() < NEAR
    assert len(lattices(leaf)) == 2, "the table that the paper lies on is no table of figures"


def test_boxes_lead_back_to_the_page_as_it_came() -> None:
    page = recap()
    leaf = upright(page.turned(1).picture)
    first = cells(lattices(leaf)[0])[0]
    box = leaf.box(first.corners)
    (left, top), (right, bottom) = page.corners[0, 0], page.corners[2, 1]
    width = page.grey.shape[1]
    shown = np.array([top, width - right, bottom, width - left]) / SCALE  # a quarter turn against the clock
    assert np.array([box.x0, box.y0, box.x1, box.y1]) == pytest.approx(shown, abs=1.5)


def test_what_lies_straight_is_left_as_it_is() -> None:
    page = recap()
    leaf = upright(page.picture)
    assert np.array_equal(leaf.back, np.eye(3))
    assert leaf.printed is leaf.grey


def test_shadows_become_paper() -> None:
    page = recap()
    shade = 0.45 + 0.5 * np.abs(np.linspace(-1, 1, page.grey.shape[0]))[:, None]
    leaf = upright(replace(page, grey=(page.grey * shade).astype(np.uint8)).picture)
    blank = leaf.grey[470:590, 100:880]
    assert blank.min() > 235


def test_coloured_ink_is_taken_away_from_the_straight_page_too() -> None:
    page = recap().seen(rotation(2))
    stamped = cv2.circle(page.grey.copy(), (690, 520), 40, (120,), 10).astype(np.uint8)
    leaf = upright(Picture(1, stamped, page.grey, SCALE))
    ring = leaf.grey < leaf.printed - 100.0
    assert ring.sum() > 2000
    assert leaf.printed[ring].min() > 200


def test_an_empty_page_stays_where_it_is() -> None:
    blank = Page(np.full((760, 980), 250, np.uint8), np.zeros((1, 1, 2)))
    assert np.array_equal(upright(blank.picture).back, np.eye(3))


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 2000), (2000, 5), (40, 40)])
def test_pictures_of_any_shape_are_no_trouble(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)
    for grey in (np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8), noise):
        assert lattices(upright(Picture(1, grey, grey, SCALE))) == []
