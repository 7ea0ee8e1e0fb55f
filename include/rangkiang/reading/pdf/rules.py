"""From the strokes of a drawing to the lines of a grid. Pure geometry; lengths in points, origin top left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAME_LINE = 2.0
"""Strokes whose positions follow each other this closely are one line: doubled borders, edges of neighbouring boxes."""
GAP = 3.0
"""A break in a line up to this length is no break: dashes, corners that do not quite meet."""
REACH = 3.0
"""A line that ends this close to another one meets it."""
SHORTEST = 4.0
"""What is shorter, once its pieces are joined, is no line of a table: ticks, underlined letters."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Parallel lines in order: ``at`` (n,) is where each stands; ``pieces`` (m, 3: line, from, to) what is drawn."""

    at: Floats
    pieces: Floats


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that hang together. ``xs`` (columns + 1) and ``ys`` (rows + 1) are where they stand.

    ``above[r][c]`` says whether there is a rule over row r at column c (the last r is the lower border);
    ``before[r][c]`` whether there is one to the left of column c (the last c is the right border).
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    above: list[list[bool]]
    before: list[list[bool]]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.ys) - 1, len(self.xs) - 1

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])


def grids(across: Floats, down: Floats) -> list[Grid]:
    """The grids that level rules (n, 3: y, x0, x1) and upright ones (n, 3: x, y0, y1) make, from top to bottom."""
    level, upright = lines(across), lines(down)
    found = [_grid(level, upright, *parts) for parts in _connected(level, upright)]
    return sorted((g for g in found if g is not None), key=lambda g: (g.ys[0], g.xs[0]))


def lines(strokes: Floats) -> Lines:
    """Strokes (n, 3: position, from, to) gathered into lines: near ones put on one, pieces joined over small gaps."""
    if not len(strokes):
        return Lines(np.zeros(0), np.zeros((0, 3)))
    strokes = strokes[np.argsort(strokes[:, 0], kind="stable")]
    line = np.concatenate([[0], np.cumsum(np.diff(strokes[:, 0]) > SAME_LINE)])
    length = strokes[:, 2] - strokes[:, 1] + 0.01
    at = np.bincount(line, strokes[:, 0] * length) / np.bincount(line, length)
    order = np.lexsort((strokes[:, 1], line))
    line, start, end = line[order], strokes[order, 1], strokes[order, 2]
    # Far apart on a common scale, all lines' pieces can be joined in one go.
    step = end.max() - start.min() + 10 * GAP
    start, end = start + line * step, end + line * step
    reach = np.maximum.accumulate(end)
    first = np.concatenate([[True], start[1:] > reach[:-1] + GAP])
    last = np.concatenate([first[1:], [True]])
    pieces = np.column_stack([line[first], start[first] - line[first] * step, reach[last] - line[first] * step])
    pieces = pieces[pieces[:, 2] - pieces[:, 1] >= SHORTEST]
    kept, numbers = np.unique(pieces[:, 0].astype(np.int64), return_inverse=True)
    return Lines(at[kept], np.column_stack([numbers, pieces[:, 1:]]))


def _connected(level: Lines, upright: Lines) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pieces (level ones, upright ones) that hang together, table by table."""
    if not len(level.pieces) or not len(upright.pieces):
        return
    y, x = level.at[level.pieces[:, 0].astype(int)], upright.at[upright.pieces[:, 0].astype(int)]
    meets = (
        (x[None, :] >= level.pieces[:, 1, None] - REACH)
        & (x[None, :] <= level.pieces[:, 2, None] + REACH)
        & (y[:, None] >= upright.pieces[None, :, 1] - REACH)
        & (y[:, None] <= upright.pieces[None, :, 2] + REACH)
    )
    left = np.ones(len(y), dtype=bool)
    while left.any():
        rows = np.zeros(len(y), dtype=bool)
        rows[int(np.argmax(left))] = True
        while True:
            columns = meets[rows].any(axis=0)
            more = meets[:, columns].any(axis=1) | rows
            if (more == rows).all():
                break
            rows = more
        left &= ~rows
        yield np.flatnonzero(rows), np.flatnonzero(columns)


def _grid(level: Lines, upright: Lines, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Grid | None:
    """The grid of these pieces, or None where they enclose nothing."""
    ys, across = _own(level, rows)
    xs, down = _own(upright, columns)
    if len(ys) < 2 or len(xs) < 2:
        return None
    above, before = _drawn(across, len(ys), xs), _drawn(down, len(xs), ys)
    return Grid(tuple(xs.tolist()), tuple(ys.tolist()), above.tolist(), before.T.tolist())


def _own(whole: Lines, chosen: NDArray[np.int64]) -> tuple[Floats, Floats]:
    pieces = whole.pieces[chosen]
    kept, numbers = np.unique(pieces[:, 0].astype(np.int64), return_inverse=True)
    return whole.at[kept], np.column_stack([numbers, pieces[:, 1:]])


def _drawn(pieces: Floats, count: int, stops: Floats) -> NDArray[np.bool_]:
    """For each of ``count`` lines, which of the stretches between ``stops`` it is drawn along."""
    drawn = np.zeros((count, len(stops) - 1), dtype=bool)
    middles = (stops[:-1] + stops[1:]) / 2
    begin = np.searchsorted(middles, pieces[:, 1])
    end = np.searchsorted(middles, pieces[:, 2])
    for line, a, b in zip(pieces[:, 0].astype(int).tolist(), begin.tolist(), end.tolist(), strict=True):
        drawn[line, a:b] = True
    return drawn
