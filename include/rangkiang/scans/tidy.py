"""Lattices without what is none of the table: lines that part nothing, a frame around it, another table below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Lattice

MOST = 0.5
"""Where a line is taken away, what it parted is drawn as most of its length is. A table's own lines are drawn in most
of its rows."""
LEAST, RARE = 5, 0.1
"""Rows and columns of what may be a table in a frame, and the share of its rows that are drawn beside it at most."""

Bools = NDArray[np.bool_]


def only(lattice: Lattice, level: Bools, upright: Bools) -> Lattice:
    """The lattice of some of its lines; what lies outside of the first and the last of them goes too."""
    corners = lattice.corners
    wide, high = np.diff(corners[0, :, 0]), np.diff(corners[:, 0, 1])
    (top, *_, bottom), (left, *_, right) = np.flatnonzero(level), np.flatnonzero(upright)
    rows, columns = slice(top, bottom + 1), slice(left, right + 1)
    above, before = lattice.above[level, left:right], lattice.before[top:bottom, upright]
    return Lattice(
        corners[level][:, upright],
        _joined(above.T, upright[columns], wide[left:right]).T,
        _joined(before, level[rows], high[top:bottom]),
    )


def _joined(drawn: Bools, kept: Bools, lengths: Floats) -> Bools:
    """Stretches (stretches, lines) between the lines that are kept."""
    starts = np.flatnonzero(kept)[:-1]
    whole = np.add.reduceat(lengths, starts)
    found: Bools = np.add.reduceat(drawn * lengths[:, None], starts, axis=0) >= MOST * whole[:, None]
    return found


def added(lattice: Lattice, shares: Floats, rows: Bools) -> Lattice:
    """The lattice with more upright lines, which are drawn in some rows (rows,); ``shares`` say where they stand, in
    shares of the table's width, in order."""
    x = lattice.corners[:, :, 0].mean(axis=0)
    edges = (x - x[0]) / (x[-1] - x[0])
    for share in shares.tolist():
        n = int(np.searchsorted(edges, share))
        part = (share - edges[n - 1]) / (edges[n] - edges[n - 1])
        between = lattice.corners[:, n - 1] * (1 - part) + lattice.corners[:, n] * part
        edges = np.insert(edges, n, share)
        lattice = Lattice(
            np.insert(lattice.corners, n, between, axis=1),
            np.insert(lattice.above, n, lattice.above[:, n - 1], axis=1),
            np.insert(lattice.before, n, rows, axis=1),
        )
    return lattice


def unframed(lattice: Lattice) -> Lattice:
    """A table without what lies beside it: the frame of its page, or another table's columns, to which a pen or a stamp
    has joined it. No level rule of the table runs there."""
    rows, columns = lattice.shape
    if rows < LEAST or columns < LEAST:
        return lattice
    own = np.flatnonzero(lattice.above[1:-1].mean(axis=0) >= RARE)
    if not len(own) or len(own) == columns:
        return lattice
    left, right = int(own[0]), int(own[-1]) + 1
    beside = np.r_[0:left, right:columns]
    top, bottom = (int(len(beside) > 0 and bool(lattice.above[n, beside].all())) for n in (0, -1))
    return only(lattice, _from(rows + 1, top, rows - bottom), _from(columns + 1, left, right))


def apart(lattice: Lattice) -> Iterator[Lattice]:
    """Tables that stand below each other and have hardly a line in common: no line runs through the paper between."""
    through = lattice.before.any(axis=1)
    starts = np.flatnonzero(np.diff(through, prepend=False) & through)
    ends = np.flatnonzero(~np.append(through, False) & np.append(False, through))
    top = 0
    for end, start in zip(ends[:-1], starts[1:], strict=True):
        if end > top and _differ(lattice.before[top:end], lattice.before[start:]):
            yield _of(lattice, top, int(end))
            top = int(start)
    yield _of(lattice, top, int(ends[-1])) if top else lattice


def _differ(upper: Bools, lower: Bools) -> bool:
    one, other = (part[:, 1:-1].mean(axis=0) >= MOST for part in (upper, lower))
    return bool(2 * (one & other).sum() < min(one.sum(), other.sum()))


def _of(lattice: Lattice, first: int, end: int) -> Lattice:
    upright: Bools = np.logical_or.reduce(lattice.before[first:end])
    return only(lattice, _from(len(lattice.corners), first, end), upright)


def _from(count: int, first: int, last: int) -> Bools:
    """Of so many lines those from one to another."""
    lines = np.arange(count)
    found: Bools = (first <= lines) & (lines <= last)
    return found
