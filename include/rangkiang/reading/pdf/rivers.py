"""Rivers: white stripes that run down through lines of text. Where there are no rules, they part the columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.pdf.phrases import Line, Phrase

River = tuple[float, float]
"""From where to where on the page, in points."""

FINE = 0.5
"""Points: what a river's place is measured in."""
CROSSING = 0.25
"""Share of the lines that may cross a river: headings over several columns."""
SEEN_MORE = 2
"""How many times more lines must have text on both sides of a river than cross it."""
SEEN = 0.1
"""Share of the lines that must have text on both sides of a river."""
LEAST = 2
"""Lines that must have text on both sides, however few there are."""
HALF = 0.5
"""Share of a column's width that a phrase must cover to span it."""


def rivers(rows: Sequence[Line]) -> list[River]:
    """The rivers of these lines, from left to right. Lines of one phrase say nothing about columns."""
    several = [row for row in rows if len(row) > 1]
    if len(several) < LEAST:
        return []
    left = min(row[0].x0 for row in several)
    cover, gap = _profiles(several, left)
    least = max(LEAST, math.ceil(SEEN * len(several)))
    open_ = (cover <= CROSSING * len(several)) & (gap >= least) & (gap >= SEEN_MORE * cover)
    return [(left + a * FINE, left + b * FINE) for start, end in _runs(open_) for a, b in _lowest(cover, start, end)]


def columns_of(phrase: Phrase, columns: Sequence[River]) -> tuple[int, int]:
    """First and last column that a phrase stands in. ``columns`` are from where to where their text may stand."""
    overlap = [min(phrase.x1, b) - max(phrase.x0, a) for a, b in columns]
    most = max(range(len(columns)), key=lambda n: overlap[n])
    inside = [n for n, (a, b) in enumerate(columns) if overlap[n] > HALF * (b - a)] or [most]
    return min(most, *inside), max(most, *inside)


def _profiles(rows: Sequence[Line], left: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many lines have text, and how many a gap between two phrases, at each place."""
    width = int((max(row[-1].x1 for row in rows) - left) / FINE) + 3
    cover, gap = np.zeros(width, dtype=np.int64), np.zeros(width, dtype=np.int64)
    for row in rows:
        ends = [(int((p.x0 - left) / FINE), math.ceil((p.x1 - left) / FINE)) for p in row]
        for a, b in ends:
            cover[a] += 1
            cover[b] -= 1
        for (_, b), (a, _) in pairwise(ends):
            if a > b:
                gap[b] += 1
                gap[a] -= 1
    return np.cumsum(cover), np.cumsum(gap)


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    yield from zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)


def _lowest(cover: NDArray[np.int64], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a run with the least text: two of them where a column is filled in few lines."""
    here = cover[start:end]
    yield from ((start + a, start + b) for a, b in _runs(here == here.min()))
