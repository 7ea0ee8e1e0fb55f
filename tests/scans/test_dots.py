"""Rules of which a black-and-white scan has left dots."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans.cells import cells
from rangkiang.scans.dots import drawn_through
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Grey, Leaf

SCALE = 300 / 72
XS, YS = (100, 180, 700, 840, 980, 1120, 1260), tuple(range(120, 760, 40))


def dotted(seed: int = 4) -> Grey:
    """A table with a dash in every cell, of whose rules a good third is there."""
    rng = np.random.default_rng(seed)
    page: Grey = np.full((900, 1400), 255, np.uint8)
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), (0,), 1)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), (0,), 1)
    left = cv2.dilate((rng.random(page.shape) < 0.12).astype(np.uint8), np.ones((2, 2), np.uint8))
    page[left == 0] = 255
    for y in YS[:-1]:
        for x in XS[2:-1]:
            cv2.line(page, (x + 20, y + 20), (x + 30, y + 20), (0,), 3)
        cv2.putText(page, "JUMLAH SUARA SAH", (XS[1] + 8, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0,), 2)
    return page


def test_a_table_of_dotted_rules_is_found_cell_by_cell() -> None:
    page = dotted()
    (table,) = lattices(Leaf(1, page, page, np.eye(3), SCALE))
    assert table.shape == (len(YS) - 1, len(XS) - 1)
    assert len(cells(table)) == table.shape[0] * table.shape[1]
    assert np.abs(table.corners[:, :, 0] - XS).max() < 4
    assert np.abs(table.corners[:, :, 1] - np.array(YS)[:, None]).max() < 4


def test_letters_and_dashes_below_each_other_are_no_rule() -> None:
    page: Grey = np.full((900, 1400), 255, np.uint8)
    for y in YS:
        for x in XS:
            cv2.line(page, (x + 20, y + 20), (x + 30, y + 20), (0,), 3)
        cv2.putText(page, "S.E., M.M. - 1.234", (XS[1] + 8, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0,), 2)
    assert (drawn_through(page, SCALE) == page).all()


def test_a_page_with_greys_is_left_as_it_is() -> None:
    page = np.minimum(dotted(), np.uint8(250))
    assert drawn_through(page, SCALE) is page
