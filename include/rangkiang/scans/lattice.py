"""Ruled tables of a straight page: rules, where they cross, and which stretches between crossings are drawn."""

from __future__ import annotations

import numpy as np

from rangkiang.scans import strokes
from rangkiang.scans.bend import Bend, Sag, sag
from rangkiang.scans.dots import drawn_through
from rangkiang.scans.grids import Grid, grids
from rangkiang.scans.leaf import Grey, Lattice, Leaf
from rangkiang.scans.mend import drawn
from rangkiang.scans.pixels import closed, inverted, sideways, smaller, transposed
from rangkiang.scans.slopes import slopes
from rangkiang.scans.stretches import stretches
from rangkiang.scans.tables import Table, tables
from rangkiang.scans.tidy import apart, unframed

WORK = 150 / 72
"""Pixels for a point at which rules are looked for: what half a point is wide is one pixel then."""
COARSE = 210 / 72
"""Up to here a picture is looked at as it is: that of a large sheet may have less than it says."""
INK = np.uint8(64)
"""Strokes count as much as this at most where the bend is measured."""
WIDE = 128
"""Pixels of half the size over which the bend is measured."""
LONG = 40.0
"""Points. Strokes so long are rules beyond doubt, whatever their colour."""
KEPT = 0.6
"""Share of their ink that black rules keep when coloured ink is taken away."""


def lattices(leaf: Leaf) -> list[Lattice]:
    """Every ruled table of a leaf from top to bottom; a single box is a frame, and no table."""
    fine = WORK / leaf.scale if leaf.scale > COARSE else 1.0
    scale = leaf.scale * fine
    grey = smaller(drawn_through(leaf.grey, leaf.scale), fine) if leaf.printed is leaf.grey else _ruled(leaf, fine)
    level, upright = strokes.level(grey, scale), strokes.level(transposed(grey), scale)
    bend = Bend(_sag(level), _sag(upright))
    flat = bend.flattening(grey.shape)
    level, upright, ink = flat(level), flat(transposed(upright)), flat(inverted(grey))
    across = strokes.by_length(level, upright, ink, scale)
    down = strokes.by_length(transposed(upright), transposed(level), transposed(ink), scale)
    every = [_lattice(table, grid, bend, fine) for table in tables(across, down, scale) for grid in grids(table)]
    found = [part for one in every for part in apart(unframed(one))]
    return sorted((one for one in found if one.shape != (1, 1)), key=lambda one: float(one.corners[0, 0, 1]))


def _ruled(leaf: Leaf, fine: float) -> Grey:
    """The leaf, smaller, without stamps and pens where its rules are not of their colour."""
    grey, printed = smaller(leaf.grey, fine), smaller(leaf.printed, fine)
    long = sideways(LONG * leaf.scale * fine)
    every, black = (float(inverted(closed(one, long)).mean()) for one in (grey, printed))
    return printed if black > KEPT * every else grey


def _sag(level: Grey) -> Sag:
    small = smaller(np.minimum(level, INK), 0.5)
    return sag(slopes(small, WIDE), small.shape).enlarged(2.0)


def _lattice(table: Table, grid: Grid, bend: Bend, fine: float) -> Lattice:
    rows, columns = grid
    level, upright = table.level, table.upright
    xs, ys = upright.at[columns], level.at[rows]
    above = drawn(stretches(level, rows, xs))
    before = drawn(stretches(upright, columns, ys)).T
    along, across = np.meshgrid(xs, ys)
    v = level.across(rows[:, None], along) + table.corner[1]
    u = upright.across(columns[None, :], across) + table.corner[0]
    corners = (np.stack(bend.places(u, v), axis=-1) + 0.5) / fine - 0.5
    return Lattice(corners, above, before)
