"""Strokes that are no rules: a pen that runs across figures, a fold of the paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Lattice

DRAWN = 0.4
"""Of a rule between figures, the share of its length that is drawn at least: what is drawn less is something else."""

Bools = NDArray[np.bool_]


def without_strays(lattice: Lattice, values: int, first: int) -> Lattice:
    """The lattice without lines that hardly any figure stands beside.

    Figures stand in columns from ``values`` on and in rows from ``first`` on. Rules between labels may be short.
    """
    rows, columns = lattice.shape
    across = lattice.above[:, values:].mean(axis=1)
    down = lattice.before[first:].mean(axis=0) if first < rows else np.ones(columns + 1)
    level = (across >= DRAWN) | (np.arange(rows + 1) <= first) | (np.arange(rows + 1) == rows)
    upright = (down >= DRAWN) | (np.arange(columns + 1) <= values) | (np.arange(columns + 1) == columns)
    if level.all() and upright.all():
        return lattice
    return Lattice(
        lattice.corners[level][:, upright],
        _joined(lattice.above[level], upright, 1),
        _joined(lattice.before[:, upright], level, 0),
    )


def _joined(drawn: Bools, kept: Bools, axis: int) -> Bools:
    """Stretches between lines that are kept: drawn where any of their parts is."""
    starts = np.flatnonzero(kept)[:-1]
    found: Bools = np.logical_or.reduceat(drawn, starts, axis=axis)
    return found
