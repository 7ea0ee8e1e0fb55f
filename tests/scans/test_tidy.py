"""Two tables that a stamp or a faint border has made one."""

from __future__ import annotations

import numpy as np

from rangkiang.scans.leaf import Lattice
from rangkiang.scans.tidy import apart


def stacked(upper: tuple[int, ...], lower: tuple[int, ...], rows: int = 6) -> Lattice:
    """Rows with these of eleven upright lines, a row of paper, and rows with those."""
    corners = np.stack(np.meshgrid(50.0 * np.arange(11), 30.0 * np.arange(2 * rows + 2)), axis=-1)
    before = np.zeros((2 * rows + 1, 11), dtype=bool)
    before[:rows, upper] = before[rows + 1 :, lower] = True
    return Lattice(corners, np.ones((2 * rows + 2, 10), dtype=bool), before)


def test_a_table_below_another_has_lines_of_its_own() -> None:
    """As the signatures do below the figures."""
    figures, names = apart(stacked((0, 1, 2, 4, 6, 8), (0, 3, 5, 10)))
    assert (figures.shape, names.shape) == ((6, 5), (6, 3))
    assert figures.corners[0, :, 0].tolist() == [0, 50, 100, 200, 300, 400]
    assert names.corners[0, :, 0].tolist() == [0, 150, 250, 500]
    assert names.corners[0, 0, 1] == 7 * 30
    assert all(one.before.all() and one.above.all() for one in (figures, names))


def test_a_row_without_any_border_is_still_its_table_s() -> None:
    whole = stacked((0, 1, 2, 4, 10), (0, 1, 2, 4, 10))
    assert list(apart(whole)) == [whole]
