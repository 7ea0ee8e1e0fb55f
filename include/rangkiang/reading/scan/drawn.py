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

    def crop(self, n: int) -> Grey:
        """Its picture, without coloured ink."""
        return crop(self.leaf, self.quads[n].corners)

    def of_this_side(self) -> Drawn | None:
        """Without the rows at its end in which nothing is as dark as print: their rules are those of the sheet's
        back. None where there is no other row."""
        rows = self.lattice.shape[0]
        end = next((row + 1 for row in range(rows - 1, -1, -1) if not self._shines_through(row)), 0)
        if end in {0, rows}:
            return self if end else None
        corners, above, before = self.lattice.corners, self.lattice.above, self.lattice.before
        return Drawn(self.leaf, Lattice(corners[: end + 1], above[: end + 1], before[:end]))

    def _shines_through(self, row: int) -> bool:
        first, last = self.lattice.corners[row], self.lattice.corners[row + 1]
        (x0, y0), (x1, y1) = np.rint(first[0]).astype(int) + MARGIN, np.rint(last[-1]).astype(int) - MARGIN
        inside = self.leaf.printed[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        return bool(inside.size) and float(np.percentile(inside, DARKEST)) > PALE

    def box(self, n: int) -> Box:
        """In points of the page as it came."""
        return self.leaf.box(self.quads[n].corners)
