"""Where the columns of a sheet stand: its pages are ruled alike, so one tells what another has lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.strays import DRAWN, FAINT, tidied
from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.scans.tidy import added
from rangkiang.spans import Region

SAME_EDGE, OF_COLUMN = 0.015, 0.3
"""Columns of a table that goes on without a head stand where they stood, within this share of the table's width, and of
its narrowest column's."""
MOST_LINES = 0.6
"""Share of the lines between figures that a table must have for the others to be drawn: of columns that are twice as
wide there would be half of them."""
NARROW = 0.08
"""Of a table's width, what a column in front of the labels takes at most, where it holds their numbers."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a table stand, in shares of its width, and at which of them figures begin."""

    values: int
    edges: Floats  # (columns + 1,)
    numbered: bool = False  # below its head stands a row that numbers the columns
    width: float = 0.0  # of the table, in points

    @property
    def label(self) -> int:
        """The column of the labels: the widest before the figures."""
        return int(np.diff(self.edges[: self.values + 1]).argmax())

    @property
    def near(self) -> float:
        """Share of the table's width within which an edge is one of its own."""
        return min(SAME_EDGE, OF_COLUMN * float(np.diff(self.edges).min()))

    def completed(self, drawn: Drawn) -> Drawn:
        """The table with the lines beside figures and numbers that are lost, where it has most of this layout's and no
        others."""
        off = np.abs(drawn.edges - self.edges[:, None])
        there, own = off.min(axis=1) < self.near, off.argmin(axis=1)
        shares = drawn.lattice.before.mean(axis=0)
        clear, some = there & (shares >= DRAWN)[own], there & (shares >= FAINT)[own]
        beside = np.arange(self.values, len(self.edges) - 1)
        others = (shares[off.min(axis=0) >= self.near] >= DRAWN).any()
        if others or not (there[0] and there[-1]) or not beside.size or some[beside].mean() < MOST_LINES:
            return drawn
        wanted = np.array([*([1] if self._has_numbers else []), *beside])
        if clear[wanted].all():
            return drawn
        least = DRAWN if clear[beside].mean() >= MOST_LINES else FAINT
        rows = drawn.lattice.before[:, own[beside[some[beside]]]].mean(axis=1) >= least
        before = drawn.lattice.before.copy()
        before[:, own[wanted[there[wanted]]]] |= rows[:, None]
        lattice = replace(drawn.lattice, before=before)
        return Drawn(drawn.leaf, added(lattice, self.edges[wanted[~there[wanted]]], rows))

    def has_more(self, layout: Layout, drawn: Drawn) -> bool:
        """Does it tell columns of a table that are lost in the ``layout`` that was found for it?"""
        own = drawn.of_this_side() if len(layout.edges) < len(self.edges) else None
        return own is not None and self.completed(own) is not own

    @property
    def _has_numbers(self) -> bool:
        """Is there a column of the rows' numbers?"""
        return self.values > 1 and bool(self.edges[1] < NARROW)

    def numbered_beside(self, drawn: Drawn, title: Region) -> tuple[Lattice, Region]:
        """The table and its title, where the rule between it and the head of the rows' numbers is lost."""
        top, left, bottom, right = title
        if left > 0 or right < 2 or not self._has_numbers or abs(drawn.edges[1] - self.edges[1]) > self.near:
            return drawn.lattice, title
        before = drawn.lattice.before.copy()
        before[top:bottom, 1] = True
        return replace(drawn.lattice, before=before), (top, 1, bottom, right)

    def alike(self, other: Layout) -> bool:
        """Have they the same columns of figures? That of L, P and JML may be missing."""
        own, others = self.edges[self.values :], other.edges[other.values :]
        wide = abs(self.width - other.width) < SAME_EDGE * self.width
        return wide and len(own) == len(others) and bool((np.abs(own - others) < self.near).all())

    def like(self, drawn: Drawn) -> bool:
        """Has a table the same columns?"""
        return self._has(drawn.edges)

    def mirrored(self, drawn: Drawn) -> bool:
        """Has it the same from right to left?"""
        return self._has(1 - drawn.edges[::-1])

    def _has(self, edges: Floats) -> bool:
        return len(edges) == len(self.edges) and bool((np.abs(edges - self.edges) < self.near).all())

    def there(self, drawn: Drawn) -> NDArray[np.intp] | None:
        """Which of the edges a table without a head has; None where it has other columns.

        Its own rows may not show all: that of L, P and JML may be missing. Lines beside all of them are strokes.
        """
        off = np.abs(drawn.edges - self.edges[:, None])
        there = np.flatnonzero(off.min(axis=1) < self.near)
        others = drawn.lattice.before[:, off.min(axis=0) >= self.near].mean(axis=0)
        wanted = {0, *range(self.values, len(self.edges))}
        whole = len(there) == len(self.edges) or not (others >= DRAWN).any()
        return there if wanted <= set(there.tolist()) and whole else None

    def on(self, drawn: Drawn, there: NDArray[np.intp]) -> tuple[Drawn, Layout]:
        """The table without other lines, and how it lies."""
        kept = np.abs(drawn.edges - self.edges[there][:, None]).argmin(axis=1)
        upright = np.isin(np.arange(len(drawn.edges)), kept)
        tidy = tidied(drawn.lattice, 0, int(kept[there >= self.values][0]), upright)
        drawn = drawn if tidy is drawn.lattice else Drawn(drawn.leaf, tidy)
        return drawn, Layout(int((there < self.values).sum()), drawn.edges, self.numbered, drawn.width)


def fitting(layouts: Sequence[Layout], drawn: Drawn) -> Layout | None:
    """The last of the layouts whose columns a table has, else the last of all."""
    return next((one for one in reversed(layouts) if one.there(drawn) is not None), layouts[-1] if layouts else None)


def upside_down(layouts: Sequence[Layout], drawn: Drawn) -> bool:
    """Has a table the columns of one of the layouts from right to left, and of none from left to right?"""
    return any(one.mirrored(drawn) for one in layouts) and not any(one.like(drawn) for one in layouts)
