"""Which rules of a table make a grid: those that are no pen's strokes, and hang together by their crossings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from rangkiang.scans.mend import alike, linked, real
from rangkiang.scans.pieces import FEWEST, MOST
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
    pieces = []
    for one in np.unique(label[:, :-1][across]):
        own = label == one
        piece = (across & own[:, :-1]).any(axis=1), (down & own[:-1]).any(axis=0)
        if min(piece[0].sum(), piece[1].sum()) > 1:
            pieces.append(piece)
    yield from ((rows[level], columns[upright]) for level, upright in _joined(pieces))


def _joined(pieces: Sequence[tuple[Bools, Bools]]) -> list[tuple[Bools, Bools]]:
    """Pieces (which rows, which columns) put together where most rules of the one are rules of the other too, or it
    lies within the other."""
    found: list[tuple[Bools, Bools]] = []
    for piece in sorted(pieces, key=lambda piece: -int(piece[0].sum() * piece[1].sum())):
        level, upright = piece
        for n, (rows, columns) in enumerate(found):
            if _most(level, rows) or _most(upright, columns) or (_inside(level, rows) and _inside(upright, columns)):
                found[n] = rows | level, columns | upright
                break
        else:
            found.append(piece)
    return found


def _most(one: Bools, other: Bools) -> bool:
    common = (one & other).sum()
    return bool(common >= FEWEST and common >= MOST * min(one.sum(), other.sum()))


def _inside(one: Bools, other: Bools) -> bool:
    (first, *_, last), own = np.flatnonzero(other), np.flatnonzero(one)
    return bool(first <= own[0] and own[-1] <= last)


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
