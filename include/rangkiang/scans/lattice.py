"""Ruled tables of a straight page: rules, where they cross, and which stretches between crossings are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from rangkiang.scans import strokes
from rangkiang.scans.bend import Bend, Sag, sag
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.mend import drawn, linked, real, slim
from rangkiang.scans.pixels import closed, inverted, sideways, smaller, square, transposed
from rangkiang.scans.rules import FAINTEST, Bools, Rules, rules
from rangkiang.scans.slopes import slopes
from rangkiang.scans.strokes import Strokes

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
REACH = 3.0
"""Points. Strokes so close to each other are of one table."""
SHORTEST = (20.0, 12.0)
"""Points. Level and upright rules that are drawn for less are none."""
LEAST = (30.0, 12.0)
"""Points. A table is no smaller."""

_ROUNDS = 2  # of telling rules from strokes: each stroke that goes makes the stretches longer

Indices = NDArray[np.int64]
_Grid = tuple[Indices, Indices]  # which level and which upright rules of a table


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of what hangs together on a flattened page, in pixels from ``corner`` (x, y)."""

    level: Rules
    upright: Rules
    corner: tuple[int, int]


def lattices(leaf: Leaf) -> list[Lattice]:
    """Every ruled table of a leaf from top to bottom; a single box is a frame, and no table."""
    fine = WORK / leaf.scale if leaf.scale > COARSE else 1.0
    scale = leaf.scale * fine
    grey = smaller(leaf.grey, fine) if leaf.printed is leaf.grey else _ruled(leaf, fine)
    level, upright = strokes.level(grey, scale), strokes.level(transposed(grey), scale)
    bend = Bend(_sag(level), _sag(upright))
    level, upright = bend.flattened(level), bend.flattened(transposed(upright))
    across = strokes.by_length(level, upright, scale)
    down = strokes.by_length(transposed(upright), transposed(level), scale)
    ink = bend.flattened(inverted(grey))
    found = [_lattice(table, grid, bend, fine) for table in _tables(across, down, ink, scale) for grid in _grids(table)]
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


def _tables(across: Strokes, down: Strokes, ink: Grey, scale: float) -> Iterator[_Table]:
    """What hangs together by long strokes."""
    long = (cv2.max(across.long, transposed(down.long)) > FAINTEST).astype(np.uint8)
    reach = 2 * round(REACH * scale / 2) + 1
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(closed(long, square(reach)), connectivity=8)
    for n in range(1, count):
        x, y, w, h = boxes[n, :4].tolist()
        if w < LEAST[0] * scale or h < LEAST[1] * scale:
            continue
        x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), x + w + reach, y + h + reach
        own = cv2.dilate((labels[y0:y1, x0:x1] == n).astype(np.uint8) * 255, square(reach)).astype(np.uint8)
        level, upright = across.within((y0, y1, x0, x1), own), down.within((x0, x1, y0, y1), transposed(own))
        here = ink[y0:y1, x0:x1]
        yield _Table(
            rules(level, here, scale, SHORTEST[0]), rules(upright, transposed(here), scale, SHORTEST[1]), (x0, y0)
        )


def _stretches(of: Rules, chosen: Indices, stops: Floats) -> tuple[Floats, Floats, Floats]:
    """(rules, stops - 1): how much of each stretch between stops is sure, likely, covered, without the crossings."""
    length = of.sure.shape[1]
    start = (np.rint(stops[:-1]).astype(np.int64) + 2).clip(0, length - 1)
    end = np.maximum(np.rint(stops[1:]).astype(np.int64) - 1, start + 1).clip(1, length)
    parts = (of.sure, of.likely, of.covered)
    sums = (np.pad(part[chosen].cumsum(axis=1), ((0, 0), (1, 0))) for part in parts)
    sure, likely, covered = ((total[:, end] - total[:, start]) / (end - start) for total in sums)
    return sure, likely, covered


def _grids(table: _Table) -> Iterator[_Grid]:
    """Level and upright rules that hang together by their crossings."""
    rows, columns = _real(table)
    if len(rows) < 2 or len(columns) < 2:
        return
    across = linked(*_stretches(table.level, rows, table.upright.at[columns])[:2])
    down = linked(*_stretches(table.upright, columns, table.level.at[rows])[:2]).T
    across &= across.sum(axis=0) > 1  # what has a rule on one side only is no cell
    down &= down.sum(axis=1, keepdims=True) > 1
    label = _labels(across, down)
    for one in np.unique(label[:, :-1][across]):
        own = label == one
        level = rows[(across & own[:, :-1]).any(axis=1)]
        upright = columns[(down & own[:-1]).any(axis=0)]
        if len(level) > 1 and len(upright) > 1:
            yield level, upright


def _real(table: _Table) -> _Grid:
    """The rules that are none of a pen's strokes."""
    rows, columns = (np.flatnonzero(slim(one.thick, one.sure.sum(axis=1))) for one in (table.level, table.upright))
    for _ in range(_ROUNDS):
        if len(rows) < 2 or len(columns) < 2:
            break
        xs, ys = table.upright.at[columns], table.level.at[rows]
        across, down = _stretches(table.level, rows, xs)[:2], _stretches(table.upright, columns, ys)[:2]
        rows, columns = rows[real(*across, np.diff(xs), 1)], columns[real(*down, np.diff(ys), 2)]
    return rows, columns


def _labels(across: Bools, down: Bools) -> Indices:
    """(rules, rules): a number for each crossing, the same for those that drawn stretches link."""
    number = np.arange(len(across) * down.shape[1]).reshape(len(across), down.shape[1])
    starts = np.concatenate([number[:, :-1][across], number[:-1][down]])
    ends = np.concatenate([number[:, 1:][across], number[1:][down]])
    links = coo_array((np.ones(len(starts)), (starts, ends)), shape=(number.size, number.size))
    found: Indices = connected_components(links, directed=False)[1].reshape(number.shape)
    return found


def _lattice(table: _Table, grid: _Grid, bend: Bend, fine: float) -> Lattice:
    rows, columns = grid
    level, upright = table.level, table.upright
    xs, ys = upright.at[columns], level.at[rows]
    above = drawn(*_stretches(level, rows, xs))
    before = drawn(*_stretches(upright, columns, ys)).T
    along, across = np.meshgrid(xs, ys)
    v = level.across(rows[:, None], along) + table.corner[1]
    u = upright.across(columns[None, :], across) + table.corner[0]
    corners = (np.stack(bend.places(u, v), axis=-1) + 0.5) / fine - 0.5
    return Lattice(corners, above, before)
