"""Ruled tables without lines that are hardly drawn anywhere: a pen's strokes, and those of letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Lattice

STRAY = 0.15
"""Of a rule of a table, the share of its length that is drawn at least."""


def without_strays(lattice: Lattice) -> Lattice:
    """The lattice without lines that are hardly drawn anywhere."""
    wide, high = np.diff(lattice.corners[0, :, 0]), np.diff(lattice.corners[:, 0, 1])
    level, upright = _kept(lattice.above @ wide, wide.sum()), _kept(high @ lattice.before, high.sum())
    return Lattice(
        lattice.corners[level][:, upright],
        _joined(lattice.above[level].T, upright, wide).T,
        _joined(lattice.before[:, upright], level, high),
    )


def _kept(drawn: Floats, whole: float) -> NDArray[np.bool_]:
    kept: NDArray[np.bool_] = drawn >= STRAY * whole
    kept[[0, -1]] = True
    return kept


def _joined(drawn: NDArray[np.bool_], kept: NDArray[np.bool_], lengths: Floats) -> NDArray[np.bool_]:
    """Stretches (stretches, lines) between the lines that are kept: drawn where most of their length is."""
    starts = np.flatnonzero(kept)[:-1]
    whole = np.add.reduceat(lengths, starts)
    found: NDArray[np.bool_] = np.add.reduceat(drawn * lengths[:, None], starts, axis=0) >= whole[:, None] / 2
    return found
