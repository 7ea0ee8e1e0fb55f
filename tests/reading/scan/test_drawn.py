"""What is no part of a form's table: strokes, signatures that hang on it, and rules of the sheet's back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.strays import cut, without_strays
from rangkiang.scans.leaf import Grey, Lattice, Leaf

HIGH, WIDE = 30, 60
"""Pixels of a cell."""
ALL_HEAD = (0, 1, 1, 2)
"""The title of the labels, in the second column of the first row."""


def lattice(rows: int, columns: int) -> Lattice:
    """Every rule is drawn."""
    corners = np.stack(np.meshgrid(10.0 + WIDE * np.arange(columns + 1), 10.0 + HIGH * np.arange(rows + 1)), axis=-1)
    return Lattice(corners, np.ones((rows + 1, columns), dtype=bool), np.ones((rows, columns + 1), dtype=bool))


def every(lattice: Lattice) -> np.ndarray:
    """All its level lines."""
    return np.ones(len(lattice.corners), dtype=bool)


def kept(columns: int, *without: int) -> np.ndarray:
    """Which upright lines are the form's."""
    return np.isin(np.arange(columns + 1), without, invert=True)


def test_a_lattice_of_all_its_lines_is_the_same() -> None:
    whole = lattice(8, 5)
    assert cut(whole, every(whole), kept(5)) is whole


def test_a_line_is_taken_away_and_the_cells_beside_it_are_one() -> None:
    found = cut(lattice(8, 5), every(lattice(8, 5)), kept(5, 3))
    assert found.shape == (8, 4)
    assert found.corners[0, :, 0].tolist() == [10.0, 70.0, 130.0, 250.0, 310.0]
    assert found.above.all()
    assert found.before.all()


def test_a_rule_half_drawn_beside_a_stray_line_is_drawn_where_most_of_it_is() -> None:
    whole = lattice(4, 3)
    whole.above[2] = [True, True, False]
    uneven = whole.corners.copy()
    uneven[:, 2, 0] = 110  # the stray line: of the cells to its left and right the latter is far wider
    found = cut(Lattice(uneven, whole.above, whole.before), every(whole), kept(3, 2))
    assert found.above[2].tolist() == [True, False]


def test_a_rule_between_figures_that_a_stamp_hides_is_drawn() -> None:
    """A section's title reaches over all columns, and goes on doing so."""
    hidden = lattice(8, 6)
    hidden.before[3, 1:6] = False  # a section
    hidden.before[4:6, 4] = False
    found = without_strays(hidden, ALL_HEAD, lambda _: False)
    assert found.before[4:6].all()
    assert found.before[3].tolist() == [True, *[False] * 5, True]


def test_a_pen_beside_the_rows_numbers_is_no_column_of_the_table() -> None:
    """Numbers, labels and figures; left of them runs a stroke, to which hardly a level line goes on."""
    crossed = lattice(8, 6)
    crossed.above[2:, 0] = False
    found = without_strays(crossed, (0, 2, 1, 3), lambda _: False)
    assert found.corners[0, :, 0].tolist() == [70.0, 130.0, 190.0, 250.0, 310.0, 370.0]
    ruled = without_strays(lattice(8, 6), (0, 2, 1, 3), lambda _: False)
    assert ruled.shape == (8, 6)


def test_a_stroke_across_the_title_parts_no_head() -> None:
    crossed = lattice(8, 5)
    crossed.above[1, :2] = True
    found = without_strays(crossed, (0, 1, 2, 2), lambda _: False)
    assert found.above[1].tolist() == [False, False, True, True, True]


def test_a_level_line_of_which_little_is_left_is_kept_where_it_makes_rows_as_high_as_the_others() -> None:
    """It is drawn beside all figures; one that cuts a row anywhere else is a stroke."""
    faint = lattice(12, 6)
    faint.above[7, 2:] = [False, True, False, False]
    assert without_strays(faint, ALL_HEAD, lambda _: False).above[7, 2:].all()
    stroke = lattice(12, 6)
    stroke.above[7, 2:] = [False, True, False, False]
    stroke.corners[7, :, 1] -= HIGH / 2
    assert without_strays(stroke, ALL_HEAD, lambda _: False).shape == (11, 6)


@pytest.mark.parametrize("units", [1, 2, 4])
def test_a_head_further_down_keeps_its_cells(units: int) -> None:
    """RINCIAN over the units, and beside them a total as high as both rows; figures above and below."""
    whole = lattice(12, 3 + units)
    whole.before[6, 3 : 2 + units] = False
    whole.above[7, [0, 1, -1]] = False
    found = without_strays(whole, ALL_HEAD, lambda _: False)
    assert found.above[7].tolist() == whole.above[7].tolist()


def test_signatures_joined_to_a_table_by_a_pen_are_cut_off() -> None:
    """Below ten rows of figures in five columns stand three of names in three: the pen's line goes through both."""
    signed = lattice(13, 6)
    signed.before[:10, 3] = False  # a line of the names' table only
    signed.before[10:, [1, 2, 4, 5]] = False
    found = cut(signed, every(signed), kept(6, 3))
    assert found.shape == (10, 5)
    assert found.before.all()


def test_signatures_with_lines_in_the_same_places_are_cut_off_where_rows_end() -> None:
    """Between the figures and the names there is an empty strip, without any line through it."""
    signed = lattice(14, 5)
    signed.before[10:12, 1:-1] = False
    signed.before[12:, [1, 3, 4]] = False
    assert cut(signed, every(signed), kept(5)).shape == (10, 5)


def test_section_rows_and_merged_rows_end_no_table() -> None:
    whole = lattice(12, 5)
    whole.before[[3, 8, 11], 1:-1] = False  # sections, the last one at the end of the page
    assert cut(whole, every(whole), kept(5)).shape == (12, 5)


def test_a_fold_between_figures_is_no_rule_though_the_head_has_it() -> None:
    whole = lattice(8, 6)
    whole.before[1:, 4] = False
    whole.before[0, 4] = True
    found = without_strays(whole, ALL_HEAD, lambda _: False)
    assert found.shape == (8, 5)


def test_the_line_left_of_l_p_and_jml_is_kept_where_it_is_drawn_for_a_few_rows() -> None:
    few = lattice(12, 6)
    few.before[:, 2] = False
    few.before[1:4, 2] = True
    title = (0, 1, 1, 3)
    assert without_strays(few, title, lambda column: column == 2).shape == (12, 6)
    assert without_strays(few, title, lambda _: False).shape == (12, 5)


def drawn(rows: int, shining: int) -> Drawn:
    """A table with a figure in every cell; the last rows shine through from the sheet's back."""
    there = lattice(rows, 4)
    grey: Grey = np.full((HIGH * rows + 20, WIDE * 4 + 20), 255, np.uint8)
    for row in range(rows):
        ink = 215 if row >= rows - shining else 20
        for column in range(4):
            x, y = 10 + column * WIDE, 10 + row * HIGH
            cv2.rectangle(grey, (x, y), (x + WIDE, y + HIGH), (ink,), 1)
            cv2.putText(grey, "137", (x + 14, y + 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (ink,), 1)
    return Drawn(Leaf(1, grey, grey, np.eye(3), 2.0), there)


def test_rows_that_shine_through_the_paper_end_no_table() -> None:
    own = drawn(9, shining=3).of_this_side()
    assert own is not None
    assert own.lattice.shape == (6, 4)
    assert drawn(4, shining=4).of_this_side() is None


def test_a_table_of_this_side_is_whole_down_to_its_last_row() -> None:
    own = drawn(9, shining=0)
    assert own.of_this_side() is own


def test_pale_rows_between_dark_ones_stay() -> None:
    own = drawn(6, shining=0)
    grey = own.leaf.grey.copy()
    grey[10 + 3 * HIGH : 10 + 4 * HIGH] = 255  # an empty row, its rules faded
    whole = Drawn(Leaf(1, grey, grey, np.eye(3), 2.0), own.lattice)
    assert whole.of_this_side() is whole


def test_columns_that_shine_through_beside_a_table_are_none_of_it() -> None:
    whole = drawn(6, shining=0)
    grey = whole.leaf.grey.copy()
    pale = grey[:, 10 + 3 * WIDE :]
    pale[pale < 200] = 215
    own = Drawn(Leaf(1, grey, grey, np.eye(3), 2.0), whole.lattice).of_this_side()
    assert own is not None
    assert own.lattice.shape == (6, 3)


def test_labels_whose_lines_are_lost_stand_in_rows_of_their_own() -> None:
    """Three rows have one label, L, P and JML; four have lost it, and the line to their numbers with it."""
    lost = lattice(12, 6)
    lost.above[2:4, :2] = False
    lost.above[6:9, :2] = lost.before[5:9, 1] = False
    found = without_strays(lost, ALL_HEAD, lambda _: False)
    assert found.above[2:4, 1].tolist() == [False, False]
    assert found.above[6:9, :2].all()
    assert found.before[5:9, 1].all()
