"""Rules that are lost told by print: no figure has two lines, so each line of figures is a row; and between the rows'
numbers and their labels nothing is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.scan.drawn import Drawn
from rangkiang.scans.cells import crop
from rangkiang.scans.crops import Inked, inked
from rangkiang.scans.leaf import Lattice
from rangkiang.scans.tidy import MOST, Bools

TALL, LEAST = 1.6, 0.7
"""Of the usual height of a row, that of one which may be several, and how far two are apart at least."""
USUAL = 25
"""Per cent of a table's rows that are no higher than is usual, however many are several in one."""
DRAWN = 0.25
"""Of the line between numbers and labels, the share of the rows in which it is drawn at least, if the paper has one."""
THICK = 1.6
"""Times the height of a figure, up to which a band of print is one line of figures; a thicker one is a stamp's or a
pen's."""
FEW = 5
"""Rows of figures from which on one knows how high rows are."""


def stub_parted(drawn: Drawn, first: int, values: int, label: int) -> Drawn:
    """The table with the line between numbers and labels, which begin with the column ``label``, in every row of
    figures where no print is in its way, if it is drawn in some."""
    lattice = drawn.lattice
    figures = _figures(lattice, first, values)
    if not label or len(figures) < FEW or lattice.before[figures, label].mean() < DRAWN:
        return drawn
    before = lattice.before.copy()
    for n in figures[~before[figures, label]].tolist():
        at = int(drawn.at[n, label])
        left, right = drawn.quads[at].corners[:2, 0]
        share = (lattice.corners[n, label, 0] - left) / (right - left)
        before[n, label] = drawn.quads[at].region[2] == n + 1 and _is_clear(inked(drawn.crop(at)).ink.T, share)
    return Drawn(drawn.leaf, replace(lattice, before=before))


def parted(drawn: Drawn, first: int, values: int) -> Drawn:
    """The table with a row for every line of figures, which stand below the row ``first`` and from the column
    ``values`` on. A label, which may have several lines, is parted where no print is in the way; a title from what
    stands below it, where figures do."""
    lattice = drawn.lattice
    figures = _figures(lattice, first, values)
    heights = np.diff(lattice.corners[:, values:, 1].mean(axis=1))
    if len(figures) < FEW:
        return drawn
    usual = float(np.percentile(heights[figures], USUAL))
    upright = lattice.before[figures].mean(axis=0) >= MOST
    tall = np.flatnonzero(heights[first:] >= TALL * usual) + first
    for n in tall[::-1].tolist():  # from below: the rows above keep their numbers
        cells = [_inked(drawn, n, column) for column in range(lattice.shape[1])]
        bands = _bands(cells[values:])
        title = None if n in figures else _below_title(_bands(cells[:values]), bands)
        shares = [*([title] if title else []), *bands.gaps]
        if not shares or (n not in figures and not title) or not bands.apart(LEAST * usual / heights[n]):
            continue
        beside = [[_is_clear(one.ink, share) for one in cells[:values]] for share in shares]
        lattice = _ruled(lattice, n, shares, np.pad(beside, ((0, 0), (0, len(cells) - values)), constant_values=True))
        if title:
            lattice.above[n + 1] = True
            lattice.before[n + 1 : n + 1 + len(shares)] = upright
    return drawn if lattice is drawn.lattice else Drawn(drawn.leaf, lattice)


@dataclass(frozen=True, slots=True)
class _Bands:
    """Lines of print, from the top of a row to its end, in shares of its height; none if there is anything else."""

    lines: Sequence[tuple[float, float]]

    @property
    def gaps(self) -> list[float]:
        """Their middles."""
        return [(end + start) / 2 for (_, end), (start, _) in pairwise(self.lines)]

    def apart(self, least: float) -> bool:
        """Are lines so far from each other?"""
        return all(b + d - a - c >= 2 * least for (a, c), (b, d) in pairwise(self.lines))


def _bands(cells: Sequence[Inked]) -> _Bands:
    there = [one for one in cells if one.ink.any()]
    if not there:
        return _Bands(())
    size = max(one.ink.shape[0] for one in there)
    lines = np.zeros(size, dtype=bool)
    for one in there:
        lines[np.flatnonzero(one.ink.any(axis=1)) * size // one.ink.shape[0]] = True
    edges = np.flatnonzero(np.diff(lines.astype(np.int8), prepend=0, append=0))
    tall = float(np.median([one.tall * size / one.ink.shape[0] for one in there]))
    if (edges[1::2] - edges[::2]).max() > THICK * tall:
        return _Bands(())
    return _Bands(list(zip((edges[::2] / size).tolist(), (edges[1::2] / size).tolist(), strict=True)))


def _below_title(words: _Bands, figures: _Bands) -> float | None:
    """Where a title ends, beside which nothing stands; None where it goes on."""
    (_, end), *below = words.lines or [(0.0, 0.0)]
    if not below or not figures.lines or figures.lines[0][0] <= end:
        return None
    return (end + min(below[0][0], figures.lines[0][0])) / 2


def _figures(lattice: Lattice, first: int, values: int) -> NDArray[np.intp]:
    """The rows of figures."""
    if values >= lattice.shape[1]:
        return np.zeros(0, dtype=np.intp)
    found: NDArray[np.intp] = np.flatnonzero(lattice.before[first:, values:].mean(axis=1) >= MOST) + first
    return found


def _inked(drawn: Drawn, row: int, column: int) -> Inked:
    """What is printed in a place."""
    (a, b), (d, c) = drawn.lattice.corners[row : row + 2, column : column + 2]
    return inked(crop(drawn.leaf, np.array([a, b, c, d])))


def _is_clear(ink: Bools, share: float) -> bool:
    """Is there no ink at this share of a cell's height?"""
    at = round(share * len(ink))
    return not ink[max(at - 1, 0) : at + 1].any()


def _ruled(lattice: Lattice, row: int, shares: Sequence[float], drawn: Bools) -> Lattice:
    """The lattice with more level lines in a row, each of which is drawn in some columns (lines, columns)."""
    upper, lower = lattice.corners[row : row + 2]
    between = [upper * (1 - share) + lower * share for share in shares]
    return Lattice(
        np.insert(lattice.corners, [row + 1] * len(shares), between, axis=0),
        np.insert(lattice.above, [row + 1] * len(shares), drawn, axis=0),
        np.insert(lattice.before, [row] * len(shares), lattice.before[row], axis=0),
    )
