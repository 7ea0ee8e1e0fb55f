"""Rules that have faded away are told by the print beside them."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import pytest

from rangkiang.reading.scan.bands import parted, stub_parted
from rangkiang.reading.scan.drawn import Drawn
from rangkiang.scans.leaf import Lattice, Leaf

HIGH, EDGES, ROWS = 30, (10, 50, 230, 310, 390, 470), 10
VALUES = 2  # figures begin with this column


def drawn(lost: tuple[int, ...] = (), texts: Mapping[tuple[int, int], str] | None = None) -> Drawn:
    """Rows of a number, a label and three figures, without the level lines above some of them."""
    corners = np.stack(np.meshgrid(np.array(EDGES, float), 10.0 + HIGH * np.arange(ROWS + 1)), axis=-1)
    grey = np.full((20 + HIGH * ROWS, EDGES[-1] + 10), 255, dtype=np.uint8)
    said = {(r, c): text for r in range(ROWS) for c, text in enumerate((f"{r}", "LABEL", f"1{r}", f"2{r}", f"3{r}"))}
    for (row, column), text in (said | dict(texts or {})).items():
        at = EDGES[column] + 12, 10 + HIGH * row + 22
        cv2.putText(grey, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0,), 2, cv2.LINE_AA)
    kept = [n for n in range(ROWS + 1) if n not in lost]
    above, before = np.ones((len(kept), 5), dtype=bool), np.ones((len(kept) - 1, 6), dtype=bool)
    return Drawn(Leaf(1, grey, grey, np.eye(3), 2.0), Lattice(corners[kept], above, before))


@pytest.mark.parametrize("lost", [(4,), (4, 5), (2, 6, 7, 8)])
def test_rows_without_a_rule_between_them_are_parted_where_lines_of_figures_are(lost: tuple[int, ...]) -> None:
    found = parted(drawn(lost), 0, VALUES).lattice
    assert found.shape == (ROWS, 5)
    assert found.corners[:, 0, 1] == pytest.approx(10 + HIGH * np.arange(ROWS + 1), abs=HIGH / 4)
    assert found.above.all()
    assert found.before.all()


def test_a_table_with_all_its_rules_is_left_alone() -> None:
    whole = drawn()
    assert parted(whole, 0, VALUES) is whole


def test_a_label_that_reaches_over_several_rows_is_not_cut_through() -> None:
    """Its print stands where the line between the figures would go on."""
    one = drawn((4,), {(3, 1): "", (4, 1): ""})
    cv2.putText(one.leaf.grey, "LABEL", (60, 10 + HIGH * 4 + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0,), 2, cv2.LINE_AA)
    found = parted(one, 0, VALUES).lattice
    assert found.above[4].tolist() == [True, False, True, True, True]


def test_a_stroke_through_two_rows_of_figures_is_no_line_of_them() -> None:
    crossed = drawn((4,))
    cv2.line(crossed.leaf.grey, (250, 10 + HIGH * 3 + 6), (440, 10 + HIGH * 5 - 6), (0,), 3)
    assert parted(crossed, 0, VALUES).lattice.shape == (ROWS - 1, 5)


def test_a_title_is_parted_from_the_figures_below_it() -> None:
    titled = drawn((4,), {(3, c): "" for c in (0, 2, 3, 4)} | {(3, 1): "TITLE"})
    titled.lattice.before[3, 1:-1] = False
    found = parted(titled, 0, VALUES).lattice
    assert found.shape == (ROWS, 5)
    assert not found.before[3, 1:-1].any()
    assert found.before[4].all()


def test_between_numbers_and_labels_a_line_that_is_drawn_in_some_rows_is_in_all() -> None:
    faint = drawn(texts={(7, 0): "NO", (7, 1): ""})
    cv2.putText(faint.leaf.grey, "LABEL", (30, 10 + HIGH * 7 + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0,), 2, cv2.LINE_AA)
    faint.lattice.before[[3, 4, 7], 1] = False
    found = stub_parted(faint, 0, VALUES, 1).lattice.before[:, 1]
    assert np.flatnonzero(~found).tolist() == [7], "there a label begins before the line"
    faint.lattice.before[:, 1] = False
    assert not stub_parted(faint, 0, VALUES, 1).lattice.before[:, 1].any()
