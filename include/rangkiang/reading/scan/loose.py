"""Tables without rules between their rows: words that stand in lines, with gaps between them that go down the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from rangkiang.reading.scan.prints import ROOM, Print, around, lines
from rangkiang.reading.scan.slots import Slot
from rangkiang.scans.leaf import Floats, Lattice

FRAME = 4.0
"""A ruled table with more words than this for each cell is only a frame around others."""
BREAK = 4.0
"""Heights of a line between two tables."""
WORDS, ROWS = 3, 3
"""A line of a table has so many words at least, and a table so many such lines."""
FULL, SHORT = 75, 0.6
"""Per cent of the lines that have no more words than a full one. A line with a smaller share of the words of a full one
does not say where columns are."""
BASE, ON_IT = 1.5, 0.7
"""Points within which so great a share of a line's words begins above and ends below. Pieces of turned texts do not."""
CROSSED = 0.1
"""Share of the lines whose words may run over a gap between columns."""
GAP = 1.5
"""Points: columns are no closer."""
HEAD = 1.0
"""Heights of a line: what stands above the first line without a wider gap is its head."""


def frames(found: Sequence[Lattice], words: Sequence[Print]) -> list[Lattice]:
    """Ruled tables that hold too many words for their cells."""
    return [one for one in found if len(_within(one, words)) > FRAME * one.shape[0] * one.shape[1]]


def outside(found: Sequence[Lattice], words: Sequence[Print]) -> list[Print]:
    """Words that stand in none of these tables."""
    taken = {word for one in found for word in _within(one, words)}
    return [word for word in words if word not in taken]


def loose(words: Sequence[Print], scale: float) -> Iterator[list[Slot]]:
    """The cells of every table that words make by their places."""
    for block in _blocks(lines(words)):
        count = [len(line) for line in block if len(line) >= WORDS]
        least = max(WORDS, SHORT * float(np.percentile(count, FULL))) if count else 0
        body = [n for n, line in enumerate(block) if len(line) >= least and _level(line, BASE * scale)]
        if len(body) >= ROWS and len(xs := _columns([block[n] for n in body], GAP * scale)) > WORDS:
            yield _slots(block[: body[0]], block[body[0] : body[-1] + 1], xs, scale)


def _within(one: Lattice, words: Sequence[Print]) -> list[Print]:
    low, high = one.corners.min(axis=(0, 1)), one.corners.max(axis=(0, 1))
    return [word for word in words if (low <= word.middle).all() and (word.middle <= high).all()]


def _blocks(rows: Sequence[list[Print]]) -> Iterator[list[list[Print]]]:
    """Lines that follow each other."""
    block: list[list[Print]] = []
    bottom = 0.0
    for row in rows:
        box = around(row)
        if block and box.top - bottom > BREAK * (box.bottom - box.top):
            yield block
            block = []
        block.append(row)
        bottom = box.bottom
    yield from [block] if block else []


def _level(line: Sequence[Print], reach: float) -> bool:
    ends = np.array([(word.top, word.bottom) for word in line])
    return bool((np.abs(ends - np.median(ends, axis=0)) <= reach).all(axis=1).mean() >= ON_IT)


def _columns(rows: Sequence[Sequence[Print]], least: float) -> Floats:
    """Where columns begin, and where the last one ends: the middles of gaps that go down the table."""
    low, high = int(min(row[0].left for row in rows)), int(max(word.right for row in rows for word in row)) + 1
    covered = np.zeros(high - low, dtype=int)
    for word in (word for row in rows for word in row):
        covered[int(word.left) - low : int(word.right) + 1 - low] += 1
    free = np.concatenate([[False], covered <= CROSSED * len(rows), [False]])
    gaps = np.flatnonzero(np.diff(free.astype(np.int8))).reshape(-1, 2)
    return np.array([low, *(low + gap.mean() for gap in gaps if gap[1] - gap[0] >= least), high], dtype=np.float64)


def _slots(above: Sequence[Sequence[Print]], rows: Sequence[Sequence[Print]], xs: Floats, scale: float) -> list[Slot]:
    head = _head(above, around(rows[0]))
    found = list(_strips(head, xs, scale))
    for n, row in enumerate(rows):
        own = defaultdict[tuple[int, int], list[Print]](list)
        for word in row:
            own[_span(word, xs)].append(word)
        for (first, end), one in own.items():
            region = (n + bool(head), first, n + 1 + bool(head), end)
            found.append(Slot(region, around(one).corners(ROOM * scale)))
    return found


def _span(word: Print, xs: Floats) -> tuple[int, int]:
    """The columns over which a word stands; what only juts out into the next is not there."""
    middles = (xs[:-1] + xs[1:]) / 2
    own = int(np.searchsorted(xs, word.middle[0])) - 1
    reached = np.flatnonzero((word.left <= middles) & (middles <= word.right)).tolist()
    return min([own, *reached]), max([own, *reached]) + 1


def _head(above: Sequence[Sequence[Print]], first: Print) -> list[Print]:
    """Words above the first line, from below as far as there is no wide gap."""
    found: list[Print] = []
    top, most = first.top, HEAD * (first.bottom - first.top)
    for row in reversed(above):
        if top - around(row).bottom > most:
            break
        found += row
        top = min(top, around(row).top)
    return found


def _strips(head: Sequence[Print], xs: Floats, scale: float) -> Iterator[Slot]:
    """The head column by column: its text may be turned, or go on below."""
    for n, (left, right) in enumerate(pairwise(xs.tolist())):
        if own := [word for word in head if left <= word.middle[0] <= right]:
            yield Slot((0, n, 1, n + 1), around(own).corners(ROOM * scale))
