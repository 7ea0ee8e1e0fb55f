"""Ink on the rough crop of a cell: what is left of rules is none of it, and no letter is lost with them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from rangkiang.scans.crops import inked
from rangkiang.scans.leaf import Grey
from scans.cell_pictures import cell

CLEAN = cell("1.204")


def extent(picture: Grey) -> tuple[int, int, int, int]:
    return inked(picture).extent


def test_ink_is_where_it_was_printed() -> None:
    rows, columns = np.nonzero(CLEAN < 128)
    assert extent(CLEAN) == pytest.approx((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1), abs=1)


@pytest.mark.parametrize("quarters", range(4))
def test_a_rule_along_an_edge_is_no_ink(quarters: int) -> None:
    ruled = np.rot90(CLEAN, quarters).copy()
    ruled[:3] = 0
    assert extent(ruled) == extent(np.rot90(CLEAN, quarters))


@pytest.mark.parametrize("quarters", range(4))
def test_a_rule_that_runs_out_of_the_crop_is_no_ink(quarters: int) -> None:
    """It slopes: a part of it is seen along one edge only."""
    sloping = np.rot90(CLEAN, quarters).copy()
    sloping[:2, : sloping.shape[1] // 2] = 0
    assert extent(sloping) == extent(np.rot90(CLEAN, quarters))


def test_a_number_that_touches_such_a_rule_is_not_lost_with_it() -> None:
    left, top, right, bottom = extent(CLEAN)
    high = np.roll(CLEAN, 2 - top, axis=0)
    high[:2, left - 30 : right - 20] = 0
    found = extent(high)
    assert found[0] == left, "the rule to its left is none of it"
    assert found[1:] == pytest.approx((2, right, bottom + 2 - top), abs=1)


def test_what_is_painted_over_is_paper() -> None:
    ruled = CLEAN.copy()
    ruled[:2, :80] = 0
    assert inked(ruled).grey[:3].min() > 200


def test_a_letter_at_the_edge_of_a_tight_crop_stays() -> None:
    left, top, right, bottom = extent(CLEAN)
    tight = CLEAN[top:bottom, left:right]
    assert inked(tight).ink.sum() == pytest.approx(inked(CLEAN).ink.sum(), rel=0.1)


@pytest.mark.parametrize("text", ["1", "-", "7", "."])
def test_a_narrow_sign_is_no_rule(text: str) -> None:
    assert inked(cell(text)).ink.any()


def test_an_empty_cell_with_rules_on_all_sides_has_no_ink() -> None:
    assert not inked(cell("", rules=2)).ink.any()
    assert inked(cell("", rules=2)).extent == (0, 0, 0, 0)


def test_specks_beside_a_text_are_no_ink_however_fine_the_picture() -> None:
    large = cv2.resize(CLEAN, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    specked = large.copy()
    for y, x in ((8, 8), (8, -12), (-12, 8), (-12, -12)):
        specked[y : y + 3, x : x + 3] = 0
    assert extent(specked) == extent(large)
