"""Tables whose rules are gone: where the columns of another page lie on this one, and the lines of print in them.

What is left of upright rules, however pale, adds up over the height of a page, and no figure stands over two columns.
Level rules are not asked for: a row of figures is a line of print, and between two lines anything white parts them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from rangkiang.scans.flat import Flat
from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.pixels import closed, connected, opened, sideways, upwards

PRINT = 45
"""So much darker than paper is print, also where it is pale."""
LONG = (40.0, 16.0)
"""Points. Strokes so long, level or upright, are no letters."""
LOWEST, HIGHEST = 3.0, 14.0
"""Points. What is lower is left of a rule, what is higher a stamp or a pen."""
GAP = 3.2
"""Points between letters of a word at most."""
FULL = 0.3
"""Share of its box that a word fills then: what is left of a rule that is not quite level fills less."""
EDGE = 0.8
"""Points around an edge of columns in which ink is its rule's."""
THIN, BESIDE = 1.5, 2.5
"""Points. What is so narrow so near to an edge is left of its rule."""
TALL = 1.8
"""Times the height of most words: what is higher is none."""
WRAPPED = 1.1
"""The same, up to which the first two lines of a label are from the middle of its row ..."""
SEVERAL = 3
"""... which so many words show beyond doubt."""
OVER = 1.5
"""Points by which a word reaches over the edge of its column."""
FAINT = 40
"""Strokes count as much as this at most: a pen is no more of a rule than what is left of one."""
NEAR = 0.7
"""Points that a rule strays from its place."""
SIZES = np.linspace(0.985, 1.015, 31)
"""Paper stretches in scanners, and pages are straightened one by one."""
SAME, ALONE = 0.6, 0.7
"""Words are in one line up to this share of their height from its middle. Lines are no closer than this share of their
usual distance: what is beside one of more words is dirt, and a label further from all others a section's title."""


@dataclass(frozen=True, slots=True)
class Word:
    """The box of a word, in pixels of the flat page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2

    def over(self, x: float, room: float) -> bool:
        """Does it stand on both sides of an edge?"""
        return self.left < x - room and self.right > x + room


@dataclass(frozen=True, slots=True)
class Line:
    """Words in one row of a table."""

    words: list[Word]

    @property
    def middle(self) -> float:
        return median([word.middle for word in self.words])

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)


def columns(flat: Flat, edges: Floats, width: float) -> tuple[float, Floats]:
    """How well the columns of a table so many points wide, which begin at these shares of it, stand where they do best:
    where rules have left most, and the fewest words are cut. And where that is, in pixels."""
    words = _words(_letters(flat.ink, flat.scale), flat.scale)
    page = flat.ink.shape[1]
    cut = np.zeros(page)
    for word in words:
        cut[round(word.left + flat.scale) : round(word.right - flat.scale)] += 1
    rules = _rules(flat)
    often = max(1.0, float(np.percentile(cut, 90)))
    best, found = -np.inf, edges * width * flat.scale
    for size in SIZES:
        own = np.rint(edges * width * size * flat.scale).astype(int)
        room = page - own[-1]
        if room < 1:
            continue
        at = own[:, None] + np.arange(room)
        score = rules[at].mean(axis=0) - cut[at].mean(axis=0) / often
        if score.max() > best:
            best, found = float(score.max()), edges * width * size * flat.scale + int(score.argmax())
    return best, found


def _rules(flat: Flat) -> Floats:
    """(width,): from 0 to 1, what is left of an upright rule there."""
    strokes = np.minimum(flat.upright, FAINT).mean(axis=0, dtype=np.float64).reshape(1, -1)
    peaks = strokes - cv2.morphologyEx(strokes, cv2.MORPH_OPEN, sideways(2 * NEAR * flat.scale + 2))
    spread = cv2.dilate(peaks, sideways(2 * round(NEAR * flat.scale) + 1)).ravel()
    found: Floats = np.minimum(spread / max(float(np.percentile(spread, 95)), 1e-6), 1.0)
    return found


def _letters(ink: Grey, scale: float) -> Grey:
    """Print without long strokes: 0 or 1."""
    dark = (ink > PRINT).astype(np.uint8)
    long = cv2.max(opened(dark, sideways(LONG[0] * scale)), opened(dark, upwards(LONG[1] * scale)))
    return dark & (1 - long).astype(np.uint8)


def _words(letters: Grey, scale: float) -> list[Word]:
    joined = closed(letters, sideways(GAP * scale))
    pieces = connected(joined)[1][1:].tolist()
    high = LOWEST * scale, HIGHEST * scale
    return [Word(x, y, x + w, y + h) for x, y, w, h, ink in pieces if high[0] <= h <= high[1] and ink >= FULL * w * h]


def lines(flat: Flat, xs: Floats, label: int) -> list[Line]:
    """The lines of print in the columns at ``xs``, from top to bottom. Labels (column ``label``) may be wrapped: the
    words beside them say where rows are."""
    letters = _letters(flat.ink, flat.scale)
    around = round(EDGE * flat.scale)
    for x in np.rint(xs).astype(int).tolist():
        letters[:, max(0, x - around) : x + around + 1] = 0
    words = [w for w in _words(letters, flat.scale) if w.left >= xs[0] - flat.scale and w.right <= xs[-1] + flat.scale]
    words = [w for w in words if w.right - w.left > THIN * flat.scale or _apart(w, xs) > BESIDE * flat.scale]
    if not words:
        return []
    high = float(np.median([word.bottom - word.top for word in words]))
    words = [word for word in words if word.bottom - word.top < TALL * high]
    labels = [word for word in words if xs[label] - flat.scale <= word.left < xs[label + 1]]
    found = list(_lines(set(words) - set(labels), SAME * high))
    if len(found) < 2:
        return []
    apart = ALONE * float(np.percentile([below.middle - line.middle for line, below in pairwise(found)], 25))
    beside: list[list[Word]] = [[] for _ in found]
    alone: list[Word] = []
    parts = sorted(_lines(labels, SAME * high), key=lambda part: min(abs(part.middle - one.middle) for one in found))
    for part in parts:
        off = [abs(line.middle - part.middle) for line in found]
        near = int(np.argmin(off))
        sure = beside[near] or len(found[near].words) >= SEVERAL
        wrapped = off[near] <= (apart if sure else min(apart, WRAPPED * high))
        (beside[near] if wrapped else alone).extend(part.words)
    every = [Line(line.words + own) for line, own in zip(found, beside, strict=True)]
    every = sorted([*every, *_lines(alone, SAME * high)], key=lambda line: line.middle)
    return [line for line in every if not any(_hides(other, line, apart) for other in every)]


def outside(flat: Flat, xs: Floats) -> list[Word]:
    """Words that stand beside the columns at ``xs``."""
    words = _words(_letters(flat.ink, flat.scale), flat.scale)
    wide = (word for word in words if word.right - word.left > LOWEST * flat.scale)  # a frame is no word
    return [word for word in wide if word.right < xs[0] or word.left > xs[-1]]


def _apart(word: Word, xs: Floats) -> float:
    return float(np.abs(xs - (word.left + word.right) / 2).min())


def _hides(line: Line, other: Line, reach: float) -> bool:
    return len(line.words) > len(other.words) and abs(line.middle - other.middle) < reach


def _lines(words: Collection[Word], reach: float) -> Iterator[Line]:
    """Words whose middles are no further than this from that of their line."""
    line: list[Word] = []
    for word in sorted(words, key=lambda word: word.middle):
        if line and word.middle - np.mean([w.middle for w in line]) > reach:
            yield Line(line)
            line = []
        line.append(word)
    if line:
        yield Line(line)


def between(flat: Flat, xs: Floats, found: Sequence[Line]) -> Floats:
    """Where rows begin that hold these lines, and where the last one ends: where rules have left most."""
    left, right = (round(float(x)) for x in xs[[0, -1]])
    rules = np.minimum(flat.level[:, left:right], FAINT).mean(axis=1)
    room = float(np.median([line.bottom - line.top for line in found]))
    tops = [found[0].top - room, *(line.bottom for line in found)]
    bottoms = [*(line.top for line in found), found[-1].bottom + room]
    middles = [None, *((a.middle + b.middle) / 2 for a, b in pairwise(found)), None]
    return np.array([_edge(rules, *one) for one in zip(tops, bottoms, middles, strict=True)])


def _edge(rules: Floats, top: float, bottom: float, middle: float | None) -> float:
    """The best place for a rule between two lines, or in their middle where they reach beside each other."""
    first, end = max(0, round(top)), min(len(rules), round(bottom) + 1)
    if middle is not None and end - first < 2:
        return middle
    return first + float(rules[first:end].argmax())
