"""Lines of text outside the tables: titles, the names of areas, 'Halaman x dari y'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rangkiang.scans.leaf import Grey, Lattice, Leaf
from rangkiang.scans.letters import Text, letters
from rangkiang.scans.pixels import closed, connected, opened, sideways, upwards

LOWEST, HIGHEST = 3.5, 24.0
"""Points: what is lower or higher is no line of text."""
GAP = 9.0
"""Points between two words of one line: beyond, another begins."""
LONGEST_STROKE = 60.0
"""Points: what runs on for longer is a rule."""
ABOVE = 0.45
"""Share of a page without a table in which its titles stand."""
MOST = 40
"""Lines that are read of one page."""

_INK = 190  # of 255, on paper made even: small letters on photographs are grey

Box = tuple[int, int, int, int]  # left, top, right, bottom


Line = tuple[Text, ...]
"""Parts of a line that stand far apart, from left to right."""


def lines(leaf: Leaf, tables: Sequence[Lattice], longest: float = 1.0) -> Iterator[Line]:
    """What stands above the first table, line by line, each read when it is asked for; parts no longer than this share
    of the page's width."""
    tops = [_top(table) for table in tables if not _frames(table, tables)]
    above = leaf.printed[: max(0, int(min(tops, default=ABOVE * leaf.printed.shape[0])))]
    most = longest * above.shape[1]
    rows = ([box for box in row if box[2] - box[0] <= most] for row in _rows(above, leaf.scale))
    yield from (parts for row in rows if (parts := tuple(_read(above, row))))


def plain(found: Iterable[Line]) -> Iterator[str]:
    """Lines as text, a tab between their parts."""
    yield from ("\t".join(part.text.strip() for part in line) for line in found)


def _top(table: Lattice) -> float:
    """Where columns begin: what lies above may be a frame around the page that hangs together with the table."""
    parted = np.flatnonzero(table.before[:, 1:-1].any(axis=1))
    return float(table.corners[parted[0] if len(parted) else 0, :, 1].min())


def _frames(table: Lattice, tables: Sequence[Lattice]) -> bool:
    """Is it a rectangle around the page, with what hangs on it?"""
    low, high = table.corners.min(axis=(0, 1)), table.corners.max(axis=(0, 1))
    others = (other.corners for other in tables if other is not table)
    return any((low < o.min(axis=(0, 1))).all() and (o.max(axis=(0, 1)) < high).all() for o in others)


def _rows(grey: Grey, scale: float) -> list[list[Box]]:
    """Boxes of words from top to bottom and left to right, those of one line together."""
    found: list[list[Box]] = []
    for box in sorted(_words(grey, scale), key=lambda b: b[1] + b[3]):
        middle = (box[1] + box[3]) / 2
        if found and found[-1][0][1] <= middle <= found[-1][0][3]:
            found[-1].append(box)
        else:
            found.append([box])
    return [sorted(row) for row in found][:MOST]


def _words(grey: Grey, scale: float) -> Iterator[Box]:
    if not grey.size:
        return
    ink = (grey < _INK).astype(np.uint8)
    for rule in (sideways(LONGEST_STROKE * scale), upwards(HIGHEST * scale)):
        ink[opened(ink, rule) > 0] = 0
    for left, top, width, height, _ in connected(closed(ink, sideways(GAP * scale)))[1][1:].tolist():
        if LOWEST * scale <= height <= HIGHEST * scale and width > height:
            yield left, top, left + width, top + height


def _read(grey: Grey, row: Sequence[Box]) -> Iterator[Text]:
    for text in letters().lines(grey[top:bottom, left:right] for left, top, right, bottom in row):
        if text.text.strip():
            yield text
