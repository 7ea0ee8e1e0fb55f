"""Pieces into which faint rules let a table fall are put together; what is another table stays one."""

from __future__ import annotations

import numpy as np
import pytest

from rangkiang.scans.pieces import Piece, joined

NEAR = 3.0
COLUMNS = (100, 140, 400, 470, 540, 610)


def piece(xs: tuple[int, ...], ys: tuple[int, ...], frame: bool = False) -> Piece:
    """A piece with upright rules at ``xs`` and level ones at ``ys``."""
    return Piece(np.array(ys, float), np.array(xs, float), (xs[0], ys[0], xs[-1], ys[-1]), frame)


TABLE = piece(COLUMNS, (100, 120, 140, 160))


def test_nothing_is_nothing() -> None:
    assert joined([], NEAR) == []


def test_pieces_below_each_other_with_the_same_columns_are_one_table() -> None:
    below = piece(tuple(x + 2 for x in COLUMNS), (300, 320, 340))
    assert joined([TABLE, below], NEAR) == [[0, 1]]


def test_pieces_beside_each_other_with_the_same_rows_are_one_table() -> None:
    beside = piece((700, 770, 840), (101, 121, 141, 161))
    assert joined([TABLE, beside], NEAR) == [[0, 1]]


def test_a_piece_with_most_of_the_columns_is_one_with_them() -> None:
    fewer = piece((140, 400, 470, 610), (300, 320, 340))
    others = piece((140, 250, 300, 350, 470, 570), (300, 320, 340))
    assert joined([TABLE, fewer], NEAR) == [[0, 1]]
    assert joined([TABLE, others], NEAR) == [[0], [1]]


def test_signatures_below_a_table_are_another() -> None:
    signatures = piece((100, 330, 610), (300, 330, 380))
    assert joined([TABLE, signatures], NEAR) == [[0], [1]]


def test_rules_that_are_not_in_line_are_not_those_of_one_table() -> None:
    shifted = piece(tuple(x + 12 for x in COLUMNS), (300, 320, 340))
    assert joined([TABLE, shifted], NEAR) == [[0], [1]]
    assert joined([TABLE, shifted], 15.0) == [[0, 1]]


@pytest.mark.parametrize("frame", [True, False])
def test_a_frame_around_the_page_takes_in_no_table(frame: bool) -> None:
    beside = piece((100, 140, 400, 610), (300, 600), frame)
    assert joined([beside, TABLE], NEAR) == ([[0], [1]] if frame else [[0, 1]])


@pytest.mark.parametrize("frame", [True, False])
def test_what_runs_around_a_table_and_has_fewer_rules_takes_it_in_no_more_than_a_frame_does(frame: bool) -> None:
    """A frame of which a scanner's edge, or a watermark, makes something else."""
    around = piece((20, 100, 610, 700), (20, 100, 160, 700), frame)
    assert joined([around, TABLE], NEAR) == [[0], [1]]


def test_what_lies_in_a_table_with_a_rule_in_line_is_of_it() -> None:
    whole = piece(COLUMNS, (100, 120, 140, 300))
    cells = piece((470, 500, 540), (180, 190))
    elsewhere = piece((430, 450), (180, 190))
    assert joined([whole, cells], NEAR) == [[0, 1]]
    assert joined([whole, elsewhere], NEAR) == [[0], [1]]


def test_pieces_of_pieces_come_together_and_keep_their_order() -> None:
    below, signatures = piece(COLUMNS, (300, 320, 340)), piece((100, 330, 610), (500, 530, 580))
    beside = piece((700, 770, 840), (300, 320, 340))
    assert joined([signatures, TABLE, beside, below], NEAR) == [[0], [1, 2, 3]]


def test_a_narrow_piece_right_below_a_table_goes_on_and_one_further_down_does_not() -> None:
    near, far = (piece((470, 540), (top, top + 20)) for top in (170, 400))
    assert joined([TABLE, near], NEAR) == [[0, 1]]
    assert joined([TABLE, far], NEAR) == [[0], [1]]
