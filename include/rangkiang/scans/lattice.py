"""Ruled tables of a straight page: rules, where they cross, and which stretches between crossings are drawn."""

from __future__ import annotations

import numpy as np

from rangkiang.scans import strokes
from rangkiang.scans.flat import Flat, flattened
from rangkiang.scans.grids import Grid, grids
from rangkiang.scans.leaf import Lattice, Leaf
from rangkiang.scans.mend import drawn
from rangkiang.scans.pixels import transposed
from rangkiang.scans.stretches import stretches
from rangkiang.scans.tables import Table, tables
from rangkiang.scans.tidy import apart, unframed


def lattices(leaf: Leaf) -> list[Lattice]:
    """Every ruled table of a leaf from top to bottom; a single box is a frame, and no table."""
    flat = flattened(leaf)
    across = strokes.by_length(flat.level, flat.upright, flat.ink, flat.scale)
    down = strokes.by_length(transposed(flat.upright), transposed(flat.level), transposed(flat.ink), flat.scale)
    every = [_lattice(table, grid, flat) for table in tables(across, down, flat.scale) for grid in grids(table)]
    found = [part for one in every for part in apart(unframed(one))]
    return sorted((one for one in found if one.shape != (1, 1)), key=lambda one: float(one.corners[0, 0, 1]))


def _lattice(table: Table, grid: Grid, flat: Flat) -> Lattice:
    rows, columns = grid
    level, upright = table.level, table.upright
    xs, ys = upright.at[columns], level.at[rows]
    above = drawn(stretches(level, rows, xs))
    before = drawn(stretches(upright, columns, ys)).T
    along, across = np.meshgrid(xs, ys)
    v = level.across(rows[:, None], along) + table.corner[1]
    u = upright.across(columns[None, :], across) + table.corner[0]
    return Lattice(flat.on_leaf(u, v), above, before)
