"""Where something is printed on a leaf: boxes of words, rules and black areas apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.pixels import connected, square

INK = 150
"""Of 255: what is darker is ink."""
GAP = 4.0
"""Points: letters so close to each other are of one word, or of words that belong together."""
NEAR = 0.7
"""Words that are no further apart than this share of their height belong together."""
SOLID = 5.0
"""Points: no stroke of a letter is so thick; what is, is an area painted black."""
LOWEST, HIGHEST = 3.5, 24.0
"""Points: what is lower or higher is no word."""
TALL, THIN = 1.6, 0.25
"""What is higher than words are by so much, and only this share of its height wide, is left of a rule."""
LONGEST = (60.0, 24.0)
"""Points: strokes so long, level or upright, are rules or edges of black areas."""
ROOM = 1.5
"""Points of paper around a word."""
RULE = 1.6
"""Points around a rule of a table in which nothing is a word's."""
THINNEST = 0.06
"""Share of its box that the ink of a word fills at least: what has less is left of rules and pens."""


@dataclass(frozen=True, slots=True)
class Print:
    """The box of a word, in pixels of its leaf."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """x, y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def corners(self, around: float) -> Floats:
        """(4, 2: x, y) clockwise from the top left, with so many pixels of paper around."""
        left, top, right, bottom = self.left - around, self.top - around, self.right + around, self.bottom + around
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def without_rules(leaf: Leaf) -> Leaf:
    """The leaf with its long strokes painted over."""
    strokes = cv2.dilate(_strokes((leaf.printed < INK).astype(np.uint8), leaf.scale), square(3))
    printed = np.where(strokes > 0, np.uint8(255), leaf.printed)
    return replace(leaf, printed=printed)


def _strokes(ink: Grey, scale: float) -> Grey:
    sizes = ((1, round(LONGEST[0] * scale)), (round(LONGEST[1] * scale), 1))
    level, upright = (cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size, np.uint8)) for size in sizes)
    return cv2.max(level, upright).astype(np.uint8, copy=False)


def prints(leaf: Leaf, tables: Sequence[Lattice]) -> list[Print]:
    """The words of a leaf whose text is level, in no order."""
    scale = leaf.scale
    ink = (leaf.printed < INK).astype(np.uint8)
    ink[_strokes(ink, scale) > 0] = 0
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, square(round(SOLID * scale)))
    ink[cv2.dilate(solid, square(2 * round(RULE * scale) + 1)) > 0] = 0
    for table in tables:
        _wipe(ink, table, max(1, round(RULE * scale)))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, round(GAP * scale)), np.uint8))
    labels, stats = connected(joined.astype(np.uint8, copy=False))
    filled = np.bincount(labels[ink > 0], minlength=len(stats))
    found = []
    for (left, top, width, height, _), area in zip(stats[1:].tolist(), filled[1:].tolist(), strict=True):
        if LOWEST * scale <= height <= HIGHEST * scale and area >= THINNEST * width * height:
            found.append(Print(left, top, left + width, top + height))
    tall = TALL * float(np.median([word.bottom - word.top for word in found])) if found else 0.0
    found = [word for word in found if word.bottom - word.top <= max(tall, (word.right - word.left) / THIN)]
    return [around(word) for line in lines(found) for word in _joined(line)]


def _joined(line: Sequence[Print]) -> Iterator[list[Print]]:
    """Words of a line that belong together."""
    word = [line[0]]
    for one in line[1:]:
        if one.left - max(w.right for w in word) > NEAR * max(one.bottom - one.top, word[-1].bottom - word[-1].top):
            yield word
            word = []
        word.append(one)
    yield word


def around(found: Iterable[Print]) -> Print:
    """The box around words."""
    boxes = [(one.left, one.top, one.right, one.bottom) for one in found]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Print(min(lefts), min(tops), max(rights), max(bottoms))


def lines(found: Iterable[Print]) -> list[list[Print]]:
    """Words that stand in one line, from top to bottom and left to right."""
    rows: list[list[Print]] = []
    for one in sorted(found, key=lambda word: word.middle[1]):
        last = around(rows[-1]) if rows else None
        if last and last.top <= one.middle[1] <= last.bottom and one.top <= last.middle[1] <= one.bottom:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _wipe(ink: Grey, table: Lattice, thick: int) -> None:
    """Take the rules of a table away; ``ink`` is changed."""
    corners = np.rint(table.corners).astype(int)
    for lines, drawn in ((corners, table.above), (corners.swapaxes(0, 1), table.before.T)):
        for n, m in np.argwhere(drawn).tolist():
            cv2.line(ink, lines[n, m].tolist(), lines[n, m + 1].tolist(), (0,), thick)
