"""The cells of tables of which nothing is known in advance: ruled ones, and what is printed between and beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rangkiang.reading.scan.edges import APART, Edges, edges, nearest, straight
from rangkiang.reading.scan.prints import ROOM, Print, around
from rangkiang.scans.cells import cells
from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.spans import Region


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to be read: its span, and its corners (4, 2: x, y) clockwise from the top left, pixels of the leaf."""

    region: Region
    corners: Floats


def slots(group: Sequence[Lattice], words: Sequence[Print], scale: float) -> list[Slot]:
    """The cells of ruled tables that are one, and what is printed between and beside them; large ones first."""
    quads = [quad.corners for one in group for quad in cells(one)]
    outside = [word for word, cell in zip(words, _cells_of(words, quads), strict=True) if cell is None]
    grid = edges(group, outside, words, scale)
    ruled = sorted((slot for one in group for slot in _ruled(one, grid)), key=lambda slot: -_size(slot.region))
    inside = defaultdict[int, list[Print]](list)
    for word, cell in zip(words, _cells_of(words, [slot.corners for slot in ruled]), strict=True):
        if cell is not None:
            inside[cell].append(word)
    parted = [part for n, slot in enumerate(ruled) for part in _parts(slot, inside[n], grid, scale)]
    return [*parted, *_between(outside, parted, grid, scale)]


def _ruled(lattice: Lattice, grid: Edges) -> Iterator[Slot]:
    down = [nearest(grid.ys, y) for y in straight(lattice, 1).tolist()]
    across = [nearest(grid.xs, x) for x in straight(lattice, 0).tolist()]
    for quad in cells(lattice):
        top, left, bottom, right = quad.region
        region = (down[top], across[left], down[bottom], across[right])
        if region[0] < region[2] and region[1] < region[3]:
            yield Slot(region, quad.corners)


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
    across = [left, *(nearest(grid.xs, x) for x in xs), right]
    down = [top, *(nearest(grid.ys, y) for y in ys), bottom]
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
