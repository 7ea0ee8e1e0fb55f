"""A ruled table on a leaf, cell by cell: where each stands, and its picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Box
from rangkiang.scans.cells import Quad, cells, crop
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf

PALE = 200
"""Print is darker, even where its toner ran out; what shines through the paper is not."""
DARKEST = 0.3
"""Per cent of a row's pixels that are print at least, where there is any."""
MARGIN = 3
"""Pixels beside a rule that are its own."""


@dataclass(frozen=True)
class Drawn:
    """A lattice with its merged cells. Cells are named by their number; they stand row by row."""

    leaf: Leaf
    lattice: Lattice

    @cached_property
    def quads(self) -> list[Quad]:
        return cells(self.lattice)

    @cached_property
    def at(self) -> NDArray[np.intp]:
        """(rows, columns): the cell that covers a place."""
        found = np.zeros(self.lattice.shape, dtype=np.intp)
        for n, quad in enumerate(self.quads):
            top, left, bottom, right = quad.region
            found[top:bottom, left:right] = n
        return found

    @cached_property
    def edges(self) -> Floats:
        """Where the columns begin, and where the last one ends: shares of the table's width."""
        x = self.lattice.corners[:, :, 0].mean(axis=0)
        shares: Floats = (x - x[0]) / max(x[-1] - x[0], 1.0)
        return shares

    @property
    def width(self) -> float:
        """In points."""
        x = self.lattice.corners[:, :, 0].mean(axis=0)
        return float(x[-1] - x[0]) / self.leaf.scale

    def crop(self, n: int) -> Grey:
        """Its picture, without coloured ink."""
        return crop(self.leaf, self.quads[n].corners)

    def of_this_side(self) -> Drawn | None:
        """Without the rows and columns at its ends in which nothing is as dark as print: their rules are those of the
        sheet's back. None where there is nothing else."""
        rows, columns = self.lattice.shape
        own = np.flatnonzero(~self.through).tolist()
        if not own:
            return None
        top, bottom = own[0], own[-1] + 1
        beside = [n for n in range(columns) if not self._shines_through(top, n, bottom, n + 1)]
        left, right = (beside[0], beside[-1] + 1) if beside else (0, columns)
        corners, above, before = self.lattice.corners, self.lattice.above, self.lattice.before
        if (top, left, bottom, right) == (0, 0, rows, columns):
            return self
        level, upright = slice(top, bottom + 1), slice(left, right + 1)
        return Drawn(self.leaf, Lattice(corners[level, upright], above[level, left:right], before[top:bottom, upright]))

    @cached_property
    def through(self) -> NDArray[np.bool_]:
        """(rows,): in which of them nothing is as dark as print."""
        rows, columns = self.lattice.shape
        return np.array([self._shines_through(n, 0, n + 1, columns) for n in range(rows)], dtype=bool)

    def _shines_through(self, top: int, left: int, bottom: int, right: int) -> bool:
        corners = self.lattice.corners
        (x0, y0), (x1, y1) = (np.rint(corners[at]).astype(int) for at in ((top, left), (bottom, right)))
        inside = self.leaf.printed[max(0, y0 + MARGIN) : max(0, y1 - MARGIN), max(0, x0 + MARGIN) : max(0, x1 - MARGIN)]
        return bool(inside.size and 100 * np.count_nonzero(inside <= PALE) < DARKEST * inside.size)

    def box(self, n: int) -> Box:
        """In points of the page as it came."""
        return self.leaf.box(self.quads[n].corners)
