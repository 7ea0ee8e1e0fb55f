"""Strokes that are no rules: a pen that runs across figures, the edge of a stamp, a fold of the paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.spans import Region

DRAWN = 0.4
"""Of a rule between figures, the share of its length that is drawn at least: what is drawn less is something else."""
MOST = 0.5
"""Where a line is taken away, what it parted is drawn as most of its length is."""

Bools = NDArray[np.bool_]


def without_strays(lattice: Lattice, title: Region) -> Lattice:
    """The lattice without lines that are none of the form's.

    ``title`` is the cell over the labels: to its right and below stand figures, and hardly any figure stands beside a
    stray line. Below the title itself one line parts the labels from L, P and JML, and no other.
    """
    rows, columns = lattice.shape
    _, left, first, values = title
    level = lattice.above[:, values:].mean(axis=1) >= DRAWN
    level[: first + 1] = level[rows] = True
    down = lattice.before[first:].mean(axis=0) if first < rows else np.ones(columns + 1)
    upright = down >= DRAWN
    upright[: values + 1] = upright[columns] = True
    inside = np.arange(left + 1, values)
    if len(inside) > 1:
        upright[inside] = inside == inside[down[inside].argmax()]
    if level.all() and upright.all():
        return lattice
    corners = lattice.corners
    wide, high = np.diff(corners[0, :, 0]), np.diff(corners[:, 0, 1])
    return Lattice(
        corners[level][:, upright],
        _joined(lattice.above[level].T, upright, wide).T,
        _joined(lattice.before[:, upright], level, high),
    )


def _joined(drawn: Bools, kept: Bools, lengths: Floats) -> Bools:
    """Stretches (stretches, lines) between the lines that are kept."""
    starts = np.flatnonzero(kept)[:-1]
    whole = np.add.reduceat(lengths, starts)
    found: Bools = np.add.reduceat(drawn * lengths[:, None], starts, axis=0) >= MOST * whole[:, None]
    return found
