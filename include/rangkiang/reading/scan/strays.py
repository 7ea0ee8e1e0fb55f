"""Strokes that are no rules: a pen that runs across figures, the edge of a stamp, a fold of the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.spans import Region

DRAWN = 0.4
"""Of a rule between figures, the share of its length that is drawn at least: what is drawn less is something else."""
MOST = 0.5
"""Where a line is taken away, what it parted is drawn as most of its length is. A row has most of the table's lines."""

Bools = NDArray[np.bool_]


def without_strays(lattice: Lattice, title: Region, parts_splits: Callable[[int], bool]) -> Lattice:
    """The lattice without lines that are none of the form's.

    ``title`` is the cell over the labels: to its right and below stand figures, and hardly any figure stands beside a
    stray line. Below the title itself one line parts the labels from L, P and JML, and no other; where it is drawn for
    a few rows only, ``parts_splits`` tells of a line whether they stand beside it.
    """
    rows, columns = lattice.shape
    top, left, first, values = title
    if values >= columns:
        return lattice
    if lattice.above[top + 1 : first, :values].any():  # what stands beside the title is as high
        above = lattice.above.copy()
        above[top + 1 : first, :values] = False
        lattice = replace(lattice, above=above)
    level = lattice.above[:, values:].mean(axis=1) >= DRAWN
    level[: first + 1] = level[rows] = True
    down = lattice.before[first:].mean(axis=0) if first < rows else np.ones(columns + 1)
    upright = down >= DRAWN
    upright[0] = upright[values] = upright[columns] = True
    upright[left + 1 : values] = False
    if left and not upright[1:left].any():
        upright[left] = True  # between the rows' numbers and their labels, however faint
    split = _split(down, left, values, parts_splits)
    if split is not None:
        upright[split] = True
    return only(parted(lattice, first, upright & (np.arange(columns + 1) >= values)), level, upright)


def parted(lattice: Lattice, first: int, upright: Bools) -> Lattice:
    """The lattice with every figure in a column of its own: where most of these lines are drawn in a row, all are.

    A figure that stands close to a rule, or a stamp, hides it.
    """
    own = lattice.before[first:, upright]
    regular = own.mean(axis=1) >= MOST
    if own[regular].all():
        return lattice
    before = lattice.before.copy()
    before[first:, upright] |= regular[:, None]
    return replace(lattice, before=before)


def every(lattice: Lattice) -> Bools:
    """All its level lines."""
    return np.ones(len(lattice.corners), dtype=bool)


def only(lattice: Lattice, level: Bools, upright: Bools) -> Lattice:
    """The lattice of some of its lines, up to where another table begins."""
    end = _end(lattice.before, upright)
    level = level[: end + 1].copy()
    level[end] = True
    if level.all() and upright.all() and end == lattice.shape[0]:
        return lattice
    corners, above, before = lattice.corners[: end + 1], lattice.above[: end + 1], lattice.before[:end]
    wide, high = np.diff(corners[0, :, 0]), np.diff(corners[:, 0, 1])
    first, last = np.flatnonzero(upright)[[0, -1]]
    return Lattice(
        corners[level][:, upright],
        _joined(above[level, first:last].T, upright[first : last + 1], wide[first:last]).T,
        _joined(before[:, upright], level, high),
    )


def _split(down: Floats, left: int, values: int, parts_splits: Callable[[int], bool]) -> int | None:
    """The line left of L, P and JML."""
    lines = sorted(range(1, values), key=lambda n: -down[n])
    sure = (n for n in lines if n > left and down[n] >= DRAWN)
    short = (n for n in lines if 0 < down[n] < DRAWN and parts_splits(n))
    return next(chain(sure, short), None)


def _end(before: Bools, upright: Bools) -> int:
    """The row from which on other lines part the rows: names and signatures stand below figures, and a pen that runs
    from the ones to the others makes them one table."""
    own, others = before[:, 1:-1][:, upright[1:-1]], before[:, 1:-1][:, ~upright[1:-1]]
    if not own.shape[1]:
        return len(before)
    regular = np.flatnonzero(own.mean(axis=1) >= MOST)
    last = int(regular[-1]) + 1 if len(regular) else len(before)
    gaps = np.flatnonzero(~own[last:].any(axis=1))
    below = own[last + int(gaps[0]) :].any() if len(gaps) else False
    return last if below or others[last:].any() else len(before)


def _joined(drawn: Bools, kept: Bools, lengths: Floats) -> Bools:
    """Stretches (stretches, lines) between the lines that are kept."""
    starts = np.flatnonzero(kept)[:-1]
    whole = np.add.reduceat(lengths, starts)
    found: Bools = np.add.reduceat(drawn * lengths[:, None], starts, axis=0) >= MOST * whole[:, None]
    return found
