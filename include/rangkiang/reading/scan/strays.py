"""Strokes that are no rules: a pen that runs across figures, the edge of a stamp, a fold of the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Lattice
from rangkiang.scans.tidy import MOST, Bools, only
from rangkiang.spans import Region

DRAWN = 0.4
"""Of a rule between figures, the share of its length that is drawn at least. What is drawn less is something else ...
"""
FAINT, UNEVEN, LEAST = 0.15, 0.2, 6
"""... but for level lines of which this share is drawn and that make rows as high as the others, but for this share of
one. How high rows are is known from so many."""
ROWS = 3
"""Rows that have one label: L, P and JML."""


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
    down = lattice.before[first:].mean(axis=0) if first < rows else np.ones(columns + 1)
    upright = down >= DRAWN
    upright[0] = upright[values] = upright[columns] = True
    upright[left + 1 : values] = False
    further = np.flatnonzero(upright[1:left]) + 1
    if left and not len(further):
        upright[left] = True  # between the rows' numbers and their labels, however faint
    elif len(further) and (lattice.above[first + 1 : -1, : further[-1]].mean(axis=0) < DRAWN).all():
        upright[: further[-1]] = False  # a pen beside the rows' numbers: no level line runs there
    split = _split(down, left, values, parts_splits)
    if split is not None:
        upright[split] = True
    return tidied(lattice, first, values, upright)


def tidied(lattice: Lattice, first: int, values: int, upright: Bools) -> Lattice:
    """The lattice of these upright lines and of the form's level ones, every figure in a cell of its own: figures stand
    below the row ``first`` and from the column ``values`` on."""
    level = _level(lattice, first, values)
    beside = upright & (np.arange(len(upright)) >= values)
    tidy = cut(_parted(_evened(lattice, level, first, values), first, beside), level, upright)
    return _lined(tidy, first, int(upright[:values].sum()))


def _level(lattice: Lattice, first: int, values: int) -> Bools:
    """Which level lines are the form's: all down to the row ``first``, and those between figures, which stand from the
    column ``values`` on. One of which little is drawn is where it makes rows as high as the others."""
    shares = lattice.above[:, values:].mean(axis=1)
    level: Bools = shares >= DRAWN
    level[: first + 1] = level[-1] = True
    y = lattice.corners[:, values:, 1].mean(axis=1)
    if level.sum() <= LEAST:
        return level
    high = float(np.median(np.diff(y[level])))
    for n in np.flatnonzero(~level & (shares >= FAINT)).tolist():
        around = y[n] - y[:n][level[:n]][-1], y[n + 1 :][level[n + 1 :]][0] - y[n]
        level[n] = all(_is_rows(gap / high) for gap in around)
    return level


def _is_rows(heights: float) -> bool:
    return heights > 1 - UNEVEN and abs(heights - round(heights)) < UNEVEN


def _evened(lattice: Lattice, level: Bools, first: int, values: int) -> Lattice:
    """The lattice with every figure in a row of its own: between two rows of figures the form's level lines go on."""
    figures = lattice.before[:, values:].mean(axis=1) >= MOST
    between = np.append(False, figures) & np.append(figures, True)
    drawn = lattice.above[:, values:]
    head = drawn[:, 1:-1].all(axis=1) & ~drawn.all(axis=1)  # beside the units' names totals are as high as the head
    kept = level & between & ~head & (np.arange(len(level)) > first)
    if lattice.above[kept, values:].all():
        return lattice
    above = lattice.above.copy()
    above[kept, values:] = True
    return replace(lattice, above=above)


def _parted(lattice: Lattice, first: int, upright: Bools) -> Lattice:
    """The lattice with every figure, and every name in the last row of the head, in a column of its own: where most of
    these lines are drawn in a row, all are.

    A figure that stands close to a rule, or a stamp, hides it.
    """
    first = max(first - 1, 0)
    drawn = lattice.before[first:, upright]
    regular = drawn.mean(axis=1) >= MOST
    if drawn[regular].all():
        return lattice
    before = lattice.before.copy()
    before[first:, upright] |= regular[:, None]
    return replace(lattice, before=before)


def _lined(lattice: Lattice, first: int, values: int) -> Lattice:
    """The lattice with labels in rows of their own: a label beside more rows of figures than L, P and JML are has lost
    the lines to the next one, and often the one to its number."""
    figures = lattice.before[:, values:].mean(axis=1) >= MOST
    figures[:first] = False
    lost = figures & (_heights(lattice.above[:, :values]) > ROWS).any(axis=1)
    if not lost.any():
        return lattice
    above, before = lattice.above.copy(), lattice.before.copy()
    above[:-1][lost, :values] = above[1:][lost, :values] = True
    others = before[figures & ~lost, 1]
    if values > 1 and others.size and others.mean() >= MOST:
        before[lost, 1] = True
    return replace(lattice, above=above, before=before)


def _heights(above: Bools) -> NDArray[np.intp]:
    """(rows, columns): how many rows high the cell is that stands there, by the lines above (rows + 1, columns)."""
    number = np.cumsum(above[:-1], axis=0)
    found = [np.bincount(column)[column] for column in number.T]
    return np.stack(found, axis=1)


def cut(lattice: Lattice, level: Bools, upright: Bools) -> Lattice:
    """The lattice of some of its lines, up to where another table begins."""
    end = _end(lattice.before, upright)
    level = (level | (np.arange(len(level)) == end)) & (np.arange(len(level)) <= end)
    return lattice if level.all() and upright.all() else only(lattice, level, upright)


def _split(down: Floats, left: int, values: int, parts_splits: Callable[[int], bool]) -> int | None:
    """The line left of L, P and JML."""
    lines = sorted(range(1, values), key=lambda n: -down[n])
    sure = (n for n in lines if n > left and down[n] >= DRAWN)
    short = (n for n in lines if 0 < down[n] < DRAWN and parts_splits(n))
    return next(chain(sure, short), None)


def _end(before: Bools, upright: Bools) -> int:
    """The row from which on other lines part the rows: names and signatures stand below figures, and a pen that runs
    from the ones to the others makes them one table."""
    kept, others = before[:, 1:-1][:, upright[1:-1]], before[:, 1:-1][:, ~upright[1:-1]]
    if not kept.shape[1]:
        return len(before)
    regular = np.flatnonzero(kept.mean(axis=1) >= MOST)
    last = int(regular[-1]) + 1 if len(regular) else len(before)
    gaps = np.flatnonzero(~kept[last:].any(axis=1))
    below = kept[last + int(gaps[0]) :].any() if len(gaps) else False
    return last if below or others[last:].any() else len(before)
