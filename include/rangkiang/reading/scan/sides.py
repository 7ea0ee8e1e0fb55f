"""Which way up a page lies, and which of its tables shine through from the sheet's back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.scan.drawn import PALE, Drawn
from rangkiang.reading.scan.layout import Layout, upside_down
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Grey, Leaf

FEWEST, SOME = 3, 0.2
"""Rows in which nothing is as dark as print, and their share of a table, from which it may be the back's."""
LEAST = (2, 3)
"""Rows and columns of a table that stands on the front of such a page."""


def tables_of(leaf: Leaf, layouts: Sequence[Layout]) -> tuple[Leaf, list[Drawn]]:
    """The page the right way up, and every ruled table of its front; ``layouts`` are of the tables before them."""
    found = _of_front(leaf)
    if any(upside_down(layouts, one) for one in found if not _is_backs(one)):
        leaf = leaf.turned()
        found = _of_front(leaf)
    return leaf, found


def _of_front(leaf: Leaf) -> list[Drawn]:
    """Where the last rows of a sheet leave much of a page free, the back's table takes them in: what is as pale as the
    back is left out then, if what is as dark as print is a table by itself and hardly anything else is lost."""
    every = [Drawn(leaf, one) for one in lattices(leaf)]
    if not any(max(FEWEST, SOME * len(rows)) <= rows.sum() < len(rows) for rows in (one.through for one in every)):
        return every
    front = [Drawn(leaf, one) for one in lattices(_without_pale(leaf))]
    whole = any(one.lattice.shape >= LEAST and one.lattice.shape[1] >= LEAST[1] for one in front)
    lost = np.concatenate([one.through[~_within(one, front)] for one in every])
    return front if whole and 2 * lost.sum() >= len(lost) else every


def _is_backs(one: Drawn) -> bool:
    """Does most of it shine through? Then it is mirrored, and no page upside down."""
    return bool(2 * one.through.sum() > len(one.through))


def _without_pale(leaf: Leaf) -> Leaf:
    def dark(grey: Grey) -> Grey:
        return np.where(grey > PALE, np.uint8(255), grey)

    grey = dark(leaf.grey)
    return replace(leaf, grey=grey, printed=grey if leaf.printed is leaf.grey else dark(leaf.printed))


def _within(one: Drawn, others: Sequence[Drawn]) -> NDArray[np.bool_]:
    """(rows,): which rows lie within the height of one of the others."""
    y = one.lattice.corners[:, :, 1].mean(axis=1)
    middle = (y[:-1] + y[1:]) / 2
    found: NDArray[np.bool_] = np.zeros(len(middle), dtype=bool)
    for other in others:
        top, bottom = other.lattice.corners[[0, -1], :, 1].mean(axis=1)
        found |= (top < middle) & (middle < bottom)
    return found
