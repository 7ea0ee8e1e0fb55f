"""Tables whose rules are gone from a page, told by its print and by how the other pages of the sheet are ruled.

Columns stand where they stand there; every line of print in them is a row. What is read so is proved like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, pairwise

import cv2
import numpy as np

from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.layout import Layout
from rangkiang.scans.cells import crop
from rangkiang.scans.flat import Flat, flattened
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.traces import OVER, Line, Word, between, columns, lines, outside

PALE = 2.0
"""Times as dark as it is, print is taken to be where all of it is pale."""
TRIED = 3
"""Layouts that are tried, the likeliest first."""
CROSSED = 0.1
"""Share of the lines of a table that run over an edge between figures at most: section titles may."""
SEVERAL = 0.3
"""Share of them that have two figures in one column, or words beside the table, at most: that may be dirt."""
FILLED = 0.3
"""Share of them that have something before the labels, and in the last column."""
NAMED = 0.5
"""Share of its columns over which a line has words, if the title of a table without rules cannot be read."""
APART = 12.0
"""Points between two figures, if they are in one column because others have been taken for theirs."""
NARROW = 0.4
"""Share of the labels' width that their title takes at most."""
WIDE = 4.0
"""Times its height, from which on a word says what several columns have in common: names may be turned."""
FOLLOWS = 3.5
"""Times their usual distance, up to which lines follow each other in a table ..."""
BELOW = 1.5
"""... and from which names and signatures may stand below it."""


def faded(leaf: Leaf, layouts: Iterable[Layout], eyes: Eyes) -> Iterator[tuple[Drawn, Layout]]:
    """The table on a page as it is ruled on others, and which of these it is like: as print is on most pages, and as it
    is where all of it is pale; nothing where it is like none."""
    layouts = list(layouts)
    for page in (leaf, _darker(leaf)):
        flat = flattened(page)
        tried = sorted(((*columns(flat, one.edges, one.width), one) for one in layouts), key=lambda one: -one[0])
        ruled = ((_Page(page, flat, xs, layout).lattice(eyes), layout) for _, xs, layout in tried[:TRIED])
        yield from islice(((Drawn(page, lattice), layout) for lattice, layout in ruled if lattice), 1)


def _darker(leaf: Leaf) -> Leaf:
    table = (255 - PALE * (255 - np.arange(256))).clip(0, 255).astype(np.uint8)

    def dark(grey: Grey) -> Grey:
        return np.asarray(cv2.LUT(grey, table), dtype=np.uint8)

    grey = dark(leaf.grey)
    return replace(leaf, grey=grey, printed=grey if leaf.printed is leaf.grey else dark(leaf.printed))


@dataclass(frozen=True, slots=True)
class Row(Line):
    """Lines that stand in one row."""

    head: bool = False


class _Page:
    """The lines of print in the columns of a layout."""

    def __init__(self, leaf: Leaf, flat: Flat, xs: Floats, layout: Layout) -> None:
        self._leaf, self._flat, self._xs, self._layout = leaf, flat, xs, layout
        self._lines = lines(flat, xs, layout.label)
        self._outside = outside(flat, xs)
        self._over = OVER * flat.scale

    def lattice(self, eyes: Eyes) -> Lattice | None:
        """What rules would part these lines; None where they do not stand in these columns."""
        rows = self._above_names(self._rows(eyes))
        body = [row for row in rows if not row.head]
        if not body or not self._stand(body):
            return None
        u, v = np.meshgrid(self._xs, between(self._flat, self._xs, rows))
        above = np.ones((len(rows) + 1, len(self._xs) - 1), dtype=bool)
        for n, (upper, lower) in enumerate(pairwise(rows), 1):
            if upper.head and lower.head:
                above[n] = [c >= self._layout.values and self._has(upper, c) for c in range(above.shape[1])]
        return Lattice(self._flat.on_leaf(u, v), above, np.array([self._parted(row) for row in rows]))

    def _rows(self, eyes: Eyes) -> list[Row]:
        """The rows of the table, from its head down, or from where it goes on without one."""
        titles = [n for n, line in enumerate(self._lines) if self._is_title(line, eyes)]
        if not titles:
            return list(_following(self._lines[self._first() :]))
        found: list[Row] = []
        heads = [self._head(n) for n in titles]
        for (first, body), (end, _) in pairwise([*heads, (len(self._lines), 0)]):
            group, *others = self._lines[first:body]
            if others and any(w.right - w.left > WIDE * (w.bottom - w.top) for w in group.words):
                found.append(Row(group.words, head=True))
            else:
                others.append(group)
            found.append(Row([word for line in others for word in line.words], head=True))
            found += _following(self._lines[body:end])
        return found

    def _above_names(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows down to those that stand apart below the others, with hardly anything where figures are: these are
        names and signatures."""
        last = max((n for n, row in enumerate(rows) if row.head or self._is_full(row)), default=len(rows))
        printed = [n for n in range(last, len(rows)) if any(word.right > word.left for word in rows[n].words)]
        usual = _usual(rows)
        ends = (a + 1 for a, b in pairwise(printed) if rows[b].middle - rows[a].middle > BELOW * usual)
        return rows[: next(ends, len(rows))]

    def _is_full(self, row: Row) -> bool:
        """Has it figures, in most columns or in the last one?"""
        return self._share(row) >= NAMED or self._has(row, len(self._xs) - 2)

    def _is_title(self, line: Line, eyes: Eyes) -> bool:
        """Does the line have the title over the labels? It stands in their middle."""
        first, end = self._xs[[self._layout.label, self._layout.values]].tolist()
        room = self._over
        own = [w for w in line.words if first - room <= w.left and w.right <= end + room]
        left, right = min((w.left for w in own), default=first), max((w.right for w in own), default=end)
        if right - left > NARROW * (end - first) or abs(left + right - first - end) > NARROW * (end - first):
            return False
        top, bottom = min(w.top for w in own) - room, max(w.bottom for w in own) + room
        u, v = np.array([left - room, right + room, right + room, left - room]), np.array([top, top, bottom, bottom])
        return eyes.is_title(crop(self._leaf, self._flat.on_leaf(u, v)))

    def _head(self, title: int) -> tuple[int, int]:
        """The first line of a head, and the first below it: nothing but its title stands before the figures."""
        stub = [self._in_stub(line) for line in self._lines]
        first = next((n + 1 for n in range(title - 1, -1, -1) if stub[n]), 0)
        return first, next((n for n in range(title + 1, len(stub)) if stub[n]), len(stub))

    def _in_stub(self, line: Line) -> bool:
        return any(self._has(line, column) for column in range(self._layout.values))

    def _first(self) -> int:
        """The first line of a table without a head: one with words over most columns, or with a number before its label
        where such lines follow."""
        every = range(self._layout.values, len(self._xs) - 1)
        first = 0
        for line in self._lines:
            over = any(self._is_over(line, c) for c in every)
            if not over and self._share(line) >= NAMED:
                break
            first += 1
        while 0 < first < len(self._lines) and self._is_numbered(self._lines[first - 1]):
            first -= 1
        return first

    def _share(self, line: Line) -> float:
        """Of the columns of figures, the share in which a line has words."""
        return float(np.mean([self._has(line, c) for c in range(self._layout.values, len(self._xs) - 1)]))

    def _is_numbered(self, line: Line) -> bool:
        """Do a number and a label stand beside each other, and do they end before the figures?"""
        label, values = self._layout.label, self._layout.values
        beside = all(self._has(line, c) for c in range(label + 1))
        return label > 0 and beside and not self._is_over(line, label) and not self._is_over(line, values)

    def _is_over(self, line: Line, edge: int) -> bool:
        return any(word.over(self._xs[edge], self._over) for word in line.words)

    def _stand(self, rows: Sequence[Row]) -> bool:
        """Do lines stand in these columns, one figure in each?"""
        inner = range(self._layout.values, len(self._xs) - 1)
        over = np.array([[self._is_over(row, n) for n in inner] for row in rows])
        beside = np.mean([any(row.top < word.middle < row.bottom for word in self._outside) for row in rows])
        ends = [[self._in_stub(row), self._has(row, len(self._xs) - 2)] for row in rows]
        several = np.mean([self._has_two(row) for row in rows])
        return bool(
            not any(self._is_of_two(row) for row in rows)
            and over.mean(axis=0).max() <= CROSSED
            and max(beside, several) <= SEVERAL
            and np.mean(ends, axis=0).min() >= FILLED
        )

    def _has_two(self, row: Row) -> bool:
        """Do words stand apart from each other in a column of figures?"""
        words = sorted(row.words, key=lambda word: word.left)
        column = np.searchsorted(self._xs, [(word.left + word.right) / 2 for word in words]).tolist()
        pairs = zip(pairwise(words), pairwise(column), strict=True)
        return any(
            n == m > self._layout.values and right.left - left.right > APART * self._flat.scale
            for (left, right), (n, m) in pairs
        )

    def _is_of_two(self, row: Row) -> bool:
        """Do words stand below each other where only labels have more than one line? Then two rows have become one."""
        label, values = self._layout.label, self._layout.values
        words = sorted(row.words, key=lambda word: word.top)
        column = np.searchsorted(self._xs, [(word.left + word.right) / 2 for word in words]).tolist()
        return any(
            n == m and lower.top > upper.bottom and not label < n <= values
            for (upper, n), (lower, m) in combinations(zip(words, column, strict=True), 2)
        )

    def _has(self, line: Line, column: int) -> bool:
        left, right = self._xs[column : column + 2]
        return any(min(w.right, right) - max(w.left, left) > self._over for w in line.words)

    def _parted(self, row: Row) -> list[bool]:
        """Which edges part a row: those that no word runs over. A title of a section has nothing beside it, and that
        over the labels stands over L, P and JML too."""
        values, last = self._layout.values, len(self._xs) - 1
        free = [not self._is_over(row, n) for n in range(last + 1)]
        beside = self._layout.label + 1
        if row.head:
            free[beside:values] = [False] * (values - beside)
        elif not any(self._has(row, c) for c in range(beside if free[beside] else values, last)):
            free[values + 1 :] = [False] * (last - values)
        free[0] = free[last] = True
        return free


def _usual(lines: Sequence[Line]) -> float:
    """How far lines are from each other."""
    gaps = [below.middle - line.middle for line, below in pairwise(lines)]
    return float(np.percentile(gaps, 25)) if gaps else 0.0


def _following(lines: Sequence[Line]) -> Iterator[Row]:
    """Lines as far as they follow each other; where there is room for one between them, one may be too pale."""
    gaps, usual = [below.middle - line.middle for line, below in pairwise(lines)], _usual(lines)
    for n, line in enumerate(lines):
        yield Row(line.words)
        if n == len(gaps) or gaps[n] > FOLLOWS * usual:
            return
        top, bottom = line.bottom, lines[n + 1].top
        if bottom - top > usual:
            yield Row([Word(0.0, (2 * top + bottom) / 3, 0.0, (top + 2 * bottom) / 3)])
