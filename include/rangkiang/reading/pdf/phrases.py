"""From characters to phrases: what stands on one line without a wide gap in it. Lengths in points, origin top left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.looks import is_digits, is_figure, is_number
from rangkiang.reading.pdf.page import Page

# All are shares of a character's height.
LETTERS = 0.15
"""Characters with a gap below this are of one word."""
SAME_LINE = 0.4
"""Words whose middles differ by less than this stand on one line."""
WORDS = 0.6
"""Words with a gap below this are of one phrase; the space between justified words is rarely wider."""
GROUPS = 0.45
"""The widest gap between the groups of digits of one number, as in ``15 455``."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words on one line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def middle_x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def is_number(self) -> bool:
        """An amount, with or without a sign, groups, a currency or a percent sign."""
        return is_number(self.text)

    @property
    def is_figure(self) -> bool:
        """A number, or one of the marks that stand where a number is missing."""
        return is_figure(self.text)


Line = list[Phrase]


def words(page: Page, chosen: NDArray[np.bool_]) -> list[Phrase]:
    """The level words of the chosen characters. Turned ones are left out: they label axes and margins."""
    turned = np.isin(page.ways, (1, 3))
    sideways = turned | np.concatenate([[False], turned[:-1]])
    index = np.flatnonzero(chosen & page.solid & ~sideways)
    if not len(index):
        return []
    boxes, middle = page.boxes[index], page.middle[index, 1]
    height = boxes[:, 3] - boxes[:, 1]
    gap = boxes[1:, 0] - boxes[:-1, 2]
    joined = (
        (np.diff(index) == 1)
        & (np.abs(np.diff(middle)) < SAME_LINE * height[:-1])
        & (gap < LETTERS * height[:-1])
        & (gap > -height[:-1])
    )
    begin = np.concatenate([[0], np.flatnonzero(~joined) + 1])
    end = np.concatenate([begin[1:], [len(index)]])
    lows, highs = np.minimum.reduceat(boxes, begin), np.maximum.reduceat(boxes, begin)
    bounds = np.column_stack([lows[:, :2], highs[:, 2:]]).tolist()
    first, last = index[begin].tolist(), (index[end - 1] + 1).tolist()
    return [Phrase(page.text[a:b], *box) for a, b, box in zip(first, last, bounds, strict=True)]


def lines(found: Iterable[Phrase], phrases: bool = True) -> list[Line]:
    """Words as lines of phrases, from top to bottom, each from left to right; or of the words as they are."""
    rows: list[Line] = []
    at = size = 0.0
    for word in sorted(found, key=lambda w: (w.middle, w.x0)):
        height = word.y1 - word.y0
        if rows and word.middle - at < SAME_LINE * max(height, size):
            rows[-1].append(word)
            if height > size:
                at, size = word.middle, height
        else:
            rows.append([word])
            at, size = word.middle, height
    ordered = (sorted(row, key=lambda w: w.x0) for row in rows)
    return [_phrases(row) if phrases else row for row in ordered]


def together(phrases: Sequence[Phrase]) -> Phrase:
    """Several phrases as one, a line break between those that stand on different lines."""
    text = phrases[0].text
    for one, other in pairwise(phrases):
        text += ("\n" if abs(other.middle - one.middle) > SAME_LINE * (one.y1 - one.y0) else " ") + other.text
    return Phrase(
        text,
        min(p.x0 for p in phrases),
        min(p.y0 for p in phrases),
        max(p.x1 for p in phrases),
        max(p.y1 for p in phrases),
    )


def _phrases(row: Sequence[Phrase]) -> Line:
    groups: list[list[Phrase]] = []
    for word in row:
        last = groups[-1][-1] if groups else None
        if last and word.text == last.text and abs(word.x0 - last.x0) < LETTERS * (word.y1 - word.y0):
            continue  # bold, made by drawing twice
        if last and _one_phrase(last, word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [together(g) if len(g) > 1 else g[0] for g in groups]


def _one_phrase(one: Phrase, other: Phrase) -> bool:
    height = min(one.y1 - one.y0, other.y1 - other.y0)
    gap = other.x0 - one.x1
    if is_digits(one.text) and is_digits(other.text):
        grouped = other.text[:3].isdecimal() and not other.text[3:4].isdecimal() and one.text[-1:].isdecimal()
        return gap < (GROUPS if grouped else LETTERS) * height
    return gap < WORDS * height
