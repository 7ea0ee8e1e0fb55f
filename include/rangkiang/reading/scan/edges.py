"""Rows and columns of tables of which nothing is known in advance, from the rules and the words of a leaf.

Ruled tables that share their columns are one: a head drawn apart, sections with a line of text between them, a table
whose faint rules broke off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rangkiang.reading.scan.prints import ROOM, Print, around, lines
from rangkiang.scans.leaf import Floats, Lattice

SAME_COLUMN, SAME_ROW = 5.0, 3.0
"""Points: rules of two tables that are no further apart are one."""
SHARED = 0.67
"""Share of its columns' edges that a table has in common with those it belongs to."""
APART = 7.0
"""Points between the texts of two cells, where the rule between them is missing."""
FEWEST, MOSTLY, CLEAN = 3, 0.6, 0.9
"""A column is parted where so many rows, and so great a share of all its rows, hold two texts, and the gap is free in
so great a share of them."""
FOLLOWS = 3.0
"""A line above or below a table is a row of it where no more than so many heights of a line lie between."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Where rows and columns begin, and where the last ones end, in pixels."""

    ys: Floats
    xs: Floats


def groups(found: Sequence[Lattice], scale: float) -> list[list[Lattice]]:
    """Ruled tables that are one, the largest first."""
    made: list[list[Lattice]] = []
    for one in sorted(found, key=lambda lattice: -lattice.shape[0] * lattice.shape[1]):
        home = next((group for group in made if _belongs(one, group, SAME_COLUMN * scale)), None)
        if home is None:
            made.append([one])
        else:
            home.append(one)
    return made


def _belongs(one: Lattice, group: Sequence[Lattice], reach: float) -> bool:
    """Are its columns theirs, or is it drawn into one of them?"""
    own, others = straight(one, 0), np.concatenate([straight(other, 0) for other in group])
    shared = (np.abs(own[:, None] - others).min(axis=1) <= reach).sum()
    return shared >= max(2, SHARED * len(own)) or any(_inside(one, other) for other in group)


def _inside(one: Lattice, other: Lattice) -> bool:
    low, high = other.corners.min(axis=(0, 1)), other.corners.max(axis=(0, 1))
    middle = one.corners.mean(axis=(0, 1))
    return bool((low < middle).all() and (middle < high).all())


def edges(group: Sequence[Lattice], outside: Sequence[Print], words: Sequence[Print], scale: float) -> Edges:
    """Rows and columns as they are ruled; lines of words ``outside`` their cells are rows too."""
    xs = _merged(np.concatenate([straight(one, 0) for one in group]), SAME_COLUMN * scale)
    ys = _merged(np.concatenate([straight(one, 1) for one in group]), SAME_ROW * scale)
    spans = [(rules[0], rules[-1]) for one in group for rules in [straight(one, 1)]]
    rows = lines([word for word in outside if xs[0] <= word.middle[0] <= xs[-1]])
    free = [row for row in rows if not any(low < around(row).middle[1] < high for low, high in spans)]
    return _parted(Edges(np.sort(np.concatenate([ys, list(_cuts(ys, free))])), xs), words, scale)


def _parted(grid: Edges, words: Sequence[Print], scale: float) -> Edges:
    """Columns in which two texts stand beside each other in most rows are two."""
    found = list(grid.xs)
    for left, right in pairwise(grid.xs.tolist()):
        own = [word for word in words if left <= word.left and word.right <= right + ROOM * scale]
        rows = [row for row in lines(own) if len(row) > 1]
        if len(rows) >= FEWEST and len(rows) >= MOSTLY * len(lines(own)):
            found += _gaps(rows, APART * scale)
    return Edges(grid.ys, np.sort(found))


def _gaps(rows: Sequence[Sequence[Print]], least: float) -> Iterator[float]:
    """The middles of gaps that most rows share."""
    low, high = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    at = np.arange(low, high)
    covered = np.zeros(len(at))
    for word in (word for row in rows for word in row):
        covered += (word.left <= at) & (at <= word.right)
    free = np.flatnonzero(np.diff(np.concatenate([[0], covered <= (1 - CLEAN) * len(rows), [0]])))
    for start, end in free.reshape(-1, 2).tolist():
        if end - start >= least / 2:
            yield float(at[0] + (start + end) / 2)


def _cuts(ys: Floats, rows: Sequence[Sequence[Print]]) -> Iterator[float]:
    """Edges of rows that have no rules, between those of others and around them; from top to bottom."""
    boxes = [(around(row), len(row) > 1) for row in rows]
    above = _following([box for box in boxes if box[0].middle[1] < ys[0]][::-1], ys[0])[::-1]
    below = _following([box for box in boxes if box[0].middle[1] > ys[-1]], ys[-1])
    between = [box for box, _ in boxes if ys[0] < box.middle[1] < ys[-1]]
    for one, other in pairwise([*above, *between, *below]):
        if np.searchsorted(ys, one.middle[1]) == np.searchsorted(ys, other.middle[1]):
            yield (one.bottom + other.top) / 2
    if above:
        yield above[0].top
    if below:
        yield below[-1].bottom


def _following(rows: Sequence[tuple[Print, bool]], edge: float) -> list[Print]:
    """Of lines from a table's edge outwards those that hang together with it, and have several texts."""
    found: list[Print] = []
    for row, several in rows:
        near = found[-1] if found else None
        gap = max(row.top, near.top if near else edge) - min(row.bottom, near.bottom if near else edge)
        if not several or gap > FOLLOWS * (row.bottom - row.top):
            break
        found.append(row)
    return found


def straight(lattice: Lattice, axis: int) -> Floats:
    """Where upright (axis 0) or level (1) rules stand, taken as straight."""
    found: Floats = lattice.corners[:, :, axis].mean(axis=axis)
    return found


def _merged(values: Floats, reach: float) -> Floats:
    """Values in order, those close to each other as their mean."""
    ordered = np.sort(values)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > reach) + 1)
    return np.array([part.mean() for part in parts if len(part)])


def nearest(edges: Floats, at: float) -> int:
    return int(np.abs(edges - at).argmin())
