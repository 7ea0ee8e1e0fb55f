"""Tables of which nothing is known in advance: rules and words of a leaf as rows and columns.

Ruled tables that share their columns are one: a head drawn apart, sections with a line of text between them, a table
whose faint rules broke off. What is printed between and beside their cells belongs to their rows and columns too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.scan.prints import Print, around, lines
from rangkiang.scans.cells import cells
from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.spans import Region

SAME_COLUMN, SAME_ROW = 5.0, 3.0
"""Points: rules of two tables that are no further apart are one."""
SHARED = 0.67
"""Share of its columns' edges that a table has in common with those it belongs to."""
APART = 7.0
"""Points between the texts of two cells, where the rule between them is missing."""
ROOM = 1.5
"""Points of paper around a word."""
STRAY = 0.15
"""Of a rule of a table, the share of its length that is drawn at least: what is drawn less is a pen's stroke, or a
letter's."""
FEWEST, MOSTLY, CLEAN = 3, 0.6, 0.9
"""A column is parted where so many rows, and so great a share of all its rows, hold two texts, and the gap is free in
so great a share of them."""
FOLLOWS = 3.0
"""A line above or below a table is a row of it where no more than so many heights of a line lie between."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to be read: its span, and its corners (4, 2: x, y) clockwise from the top left, pixels of the leaf."""

    region: Region
    corners: Floats


@dataclass(frozen=True, slots=True)
class Edges:
    """Where rows and columns begin, and where the last ones end, in pixels."""

    ys: Floats
    xs: Floats


def slots(group: Sequence[Lattice], words: Sequence[Print], scale: float) -> list[Slot]:
    """The cells of ruled tables that are one, and what is printed between and beside them; large ones first."""
    quads = [quad.corners for one in group for quad in cells(one)]
    outside = [word for word, cell in zip(words, _cells_of(words, quads), strict=True) if cell is None]
    grid = _parted(_edges(group, outside, scale), words, scale)
    ruled = sorted((slot for one in group for slot in _ruled(one, grid)), key=lambda slot: -_size(slot.region))
    inside = defaultdict[int, list[Print]](list)
    for word, cell in zip(words, _cells_of(words, [slot.corners for slot in ruled]), strict=True):
        if cell is not None:
            inside[cell].append(word)
    parted = [part for n, slot in enumerate(ruled) for part in _parts(slot, inside[n], grid, scale)]
    return [*parted, *_between(outside, parted, grid, scale)]


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


def merged(values: Iterable[float], reach: float) -> Floats:
    """Values in order, those close to each other as their mean."""
    ordered = np.sort(np.fromiter(values, dtype=np.float64))
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > reach) + 1)
    return np.array([part.mean() for part in parts if len(part)])


def _belongs(one: Lattice, group: Sequence[Lattice], reach: float) -> bool:
    """Are its columns theirs, or is it drawn into one of them?"""
    own, others = _straight(one, 0), np.concatenate([_straight(other, 0) for other in group])
    shared = (np.abs(own[:, None] - others).min(axis=1) <= reach).sum()
    return shared >= max(2, SHARED * len(own)) or any(_inside(one, other) for other in group)


def _inside(one: Lattice, other: Lattice) -> bool:
    low, high = other.corners.min(axis=(0, 1)), other.corners.max(axis=(0, 1))
    middle = one.corners.mean(axis=(0, 1))
    return bool((low < middle).all() and (middle < high).all())


def _straight(lattice: Lattice, axis: int) -> Floats:
    """Where upright (axis 0) or level (1) rules stand, taken as straight."""
    found: Floats = lattice.corners[:, :, axis].mean(axis=axis)
    return found


def _edges(group: Sequence[Lattice], outside: Sequence[Print], scale: float) -> Edges:
    """Rows and columns as they are ruled; lines of words above, between and below are rows too."""
    xs = merged(np.concatenate([_straight(one, 0) for one in group]), SAME_COLUMN * scale)
    ys = merged(np.concatenate([_straight(one, 1) for one in group]), SAME_ROW * scale)
    spans = [(rules[0], rules[-1]) for one in group for rules in [_straight(one, 1)]]
    rows = lines([word for word in outside if xs[0] <= word.middle[0] <= xs[-1]])
    free = [row for row in rows if not any(low < around(row).middle[1] < high for low, high in spans)]
    return Edges(np.sort(np.concatenate([ys, list(_cuts(ys, free))])), xs)


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


def _ruled(lattice: Lattice, grid: Edges) -> Iterator[Slot]:
    down = [_nearest(grid.ys, y) for y in _straight(lattice, 1).tolist()]
    across = [_nearest(grid.xs, x) for x in _straight(lattice, 0).tolist()]
    for quad in cells(lattice):
        top, left, bottom, right = quad.region
        region = (down[top], across[left], down[bottom], across[right])
        if region[0] < region[2] and region[1] < region[3]:
            yield Slot(region, quad.corners)


def _nearest(edges: Floats, at: float) -> int:
    return int(np.abs(edges - at).argmin())


def _size(region: Region) -> int:
    return (region[2] - region[0]) * (region[3] - region[1])


def _cells_of(words: Sequence[Print], quads: Sequence[Floats]) -> list[int | None]:
    """In which cell each word stands, if in any; of cells that lie in each other, in the last."""
    low, high = np.array([q.min(axis=0) for q in quads]), np.array([q.max(axis=0) for q in quads])
    at = (np.flatnonzero(((low <= word.middle) & (word.middle <= high)).all(axis=1)) for word in words)
    return [int(found[-1]) if len(found) else None for found in at]


def _parts(slot: Slot, words: Sequence[Print], grid: Edges, scale: float) -> list[Slot]:
    """A cell; where it lies over several rows or columns and holds the texts of several, each of them."""
    top, left, bottom, right = slot.region
    if len(words) < 2 or _size(slot.region) == 1:
        return [slot]
    xs = [x for x in grid.xs[left + 1 : right].tolist() if _free(x, [(w.left, w.right) for w in words], APART * scale)]
    ys = [y for y in grid.ys[top + 1 : bottom].tolist() if _free(y, [(w.top, w.bottom) for w in words], 0.0)]
    own = defaultdict[tuple[int, int], list[Print]](list)
    for word in words:
        x, y = word.middle
        own[int(np.searchsorted(ys, y)), int(np.searchsorted(xs, x))].append(word)
    if len(own) < 2:
        return [slot]
    across = [left, *(_nearest(grid.xs, x) for x in xs), right]
    down = [top, *(_nearest(grid.ys, y) for y in ys), bottom]
    return [
        Slot((down[r], across[c], down[r + 1], across[c + 1]), around(one).corners(ROOM * scale))
        for (r, c), one in sorted(own.items())
    ]


def _free(at: float, spans: Sequence[tuple[float, float]], gap: float) -> bool:
    """Does an edge run through a gap so wide?"""
    before, after = [s for s in spans if sum(s) / 2 <= at], [s for s in spans if sum(s) / 2 > at]
    end, start = max((s[1] for s in before), default=at - gap), min((s[0] for s in after), default=at + gap)
    return end <= at <= start and start - end >= gap


def _between(words: Sequence[Print], ruled: Sequence[Slot], grid: Edges, scale: float) -> Iterator[Slot]:
    """What is printed where no cell is ruled: words of one row and column together."""
    taken = np.zeros((len(grid.ys) - 1, len(grid.xs) - 1), dtype=bool)
    for slot in ruled:
        top, left, bottom, right = slot.region
        taken[top:bottom, left:right] = True
    own = defaultdict[Region, list[Print]](list)
    for word in words:
        row = int(np.searchsorted(grid.ys, word.middle[1])) - 1
        ends = np.searchsorted(grid.xs, [word.left + ROOM * scale, word.right - ROOM * scale])
        middle = int(np.searchsorted(grid.xs, word.middle[0])) - 1
        spans = ((max(0, int(ends[0]) - 1), min(int(ends[1]), taken.shape[1])), (middle, middle + 1))
        for left, right in spans if 0 <= row < taken.shape[0] and 0 <= middle < taken.shape[1] else ():
            if not taken[row, left:right].any():
                own[row, left, row + 1, right].append(word)
                break
    for region, one in sorted(own.items(), key=lambda item: -_size(item[0])):
        yield Slot(region, around(one).corners(ROOM * scale))
