"""Which tables of a page are its own, and not those of the sheet's back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from rangkiang.reading.scan.sides import tables_of
from rangkiang.scans.leaf import Grey, Leaf

HIGH, WIDE = 40, 150
"""Pixels of a cell."""


def ruled(grey: Grey, left: int, top: int, shape: tuple[int, int], ink: int) -> None:
    for row, column in np.ndindex(shape):
        x, y = left + column * WIDE, top + row * HIGH
        cv2.rectangle(grey, (x, y), (x + WIDE, y + HIGH), (ink,), 2)
        cv2.putText(grey, "137", (x + 30, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (ink,), 2)


def page(rows: int, behind: int) -> Leaf:
    """Some rows of a table, and on the sheet's back a larger one that begins in the middle of the last of them."""
    grey: Grey = np.full((1500, 1100), 255, np.uint8)
    if behind:
        ruled(grey, 130, 100 + HIGH * rows - HIGH // 2, (behind, 6), 215)
    ruled(grey, 100, 100, (rows, 5), 20)
    return Leaf(1, grey, grey, np.eye(3), 150 / 72)


@pytest.mark.parametrize("behind", [0, 20])
def test_of_a_page_with_two_rows_these_are_found_and_not_the_back_of_the_sheet(behind: int) -> None:
    _, found = tables_of(page(2, behind), [])
    assert [one.lattice.shape for one in found] == [(2, 5)]


def test_a_pale_page_is_no_back_of_another() -> None:
    leaf = page(12, 0)
    pale = np.where(leaf.grey < 128, np.uint8(190), leaf.grey)
    _, found = tables_of(Leaf(1, pale, pale, np.eye(3), leaf.scale), [])
    assert [one.lattice.shape for one in found] == [(12, 5)]
