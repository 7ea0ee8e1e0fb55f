"""Which rules of a table make a grid: those that are no pen's strokes, and hang together by their crossings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from rangkiang.scans.mend import alike, linked, real
from rangkiang.scans.rules import Bools
from rangkiang.scans.stretches import Indices, stretches
from rangkiang.scans.tables import Table

Grid = tuple[Indices, Indices]
"""Which level and which upright rules of a table."""

_ROUNDS = 2  # of telling rules from strokes: each stroke that goes makes the stretches longer
_FEWEST = (1, 3)  # stretches that a level rule, and an upright one, is drawn along: a head may have one rule of its own


def grids(table: Table) -> Iterator[Grid]:
    """Level and upright rules that hang together by their crossings."""
    rows, columns = _real(table)
    if len(rows) < 2 or len(columns) < 2:
        return
    across = linked(stretches(table.level, rows, table.upright.at[columns]))
    down = linked(stretches(table.upright, columns, table.level.at[rows])).T
    across &= across.sum(axis=0) > 1  # what has a rule on one side only is no cell
    down &= down.sum(axis=1, keepdims=True) > 1
    label = _labels(across, down)
    for one in np.unique(label[:, :-1][across]):
        own = label == one
        level = rows[(across & own[:, :-1]).any(axis=1)]
        upright = columns[(down & own[:-1]).any(axis=0)]
        if len(level) > 1 and len(upright) > 1:
            yield level, upright


def _real(table: Table) -> Grid:
    """The rules that are none of a pen's strokes."""
    rows, columns = (
        np.flatnonzero(alike(one.thick, one.dark, one.sure.sum(axis=1))) for one in (table.level, table.upright)
    )
    for _ in range(_ROUNDS):
        if len(rows) < 2 or len(columns) < 2:
            break
        xs, ys = table.upright.at[columns], table.level.at[rows]
        across, down = stretches(table.level, rows, xs), stretches(table.upright, columns, ys)
        rows, columns = rows[real(across, _FEWEST[0])], columns[real(down, _FEWEST[1])]
    return rows, columns


def _labels(across: Bools, down: Bools) -> Indices:
    """(rules, rules): a number for each crossing, the same for those that drawn stretches link."""
    number = np.arange(len(across) * down.shape[1]).reshape(len(across), down.shape[1])
    starts = np.concatenate([number[:, :-1][across], number[:-1][down]])
    ends = np.concatenate([number[:, 1:][across], number[1:][down]])
    links = coo_array((np.ones(len(starts)), (starts, ends)), shape=(number.size, number.size))
    found: Indices = connected_components(links, directed=False)[1].reshape(number.shape)
    return found
