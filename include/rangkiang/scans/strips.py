"""From the rough crop of a number's cell to a strip as the recogniser wants it. Pure; lengths in pixels.

Rules left at the crop's edges are wiped out, the line of text is found and brought to one height, what is beside the
text is cut off, paper becomes white and ink black.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

HEIGHT = 32
"""Rows of a strip."""
DIGIT = 20
"""Height of a digit on it."""
STEP = 32
"""Widths of strips are multiples of this."""
WIDEST = 224
"""A longer line is squeezed to this width: nine digits and two dots fit without."""
SIDE = 6
"""Paper left of the first ink and right of the last one, in pixels of the strip."""

CONTRAST = 40
"""Ink is at least this much darker than its paper; less is texture, and is not blown up."""
EMPTY = 11
"""Where nothing is darker than the paper by more than this, nothing stands in the cell."""
DARK = 80
"""Paper darker than this is no paper: a cell blacked out, or white print on black."""
REACH = 2
"""A rule left in a crop begins this close to the edge, or closer."""
DEEP = 0.15
"""It ends within this share of the crop's height from the edge, or within REACH + 1."""
LEVEL_RULE, UPRIGHT_RULE = 0.6, 0.9
"""Share of the crop's width or height that is dark where a rule lies. No digit fills so much."""
TALLEST = 96
"""Crops are made smaller until they are no higher: digits of a cell this high still have enough pixels."""

_STRONG, _MIDDLE, _WEAK = 105, 80, 60  # of 255: print for sure; its thin strokes; what may hang on to it
_RULE = 0.2  # of the darkest: dark enough for a rule
_PIECE = 24  # rules are level over this length even if they lie askew
_WEAKEST = 0.13  # rows of the text hold at least this share of the ink of its fullest rows
_APART = 0.55  # of the crop's height, later 1.1 of the text's: so far apart no two digits of a number stand
_SMALLEST = 7.0  # no digit is lower
_STROKE = 7  # no stroke is broader than this, nor than a good part of the cell's height
_DASH = 1.8  # a digit is so many times as high as a dash is wide

Ink = NDArray[np.uint8]
Sums = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Strip:
    """``pixels`` (HEIGHT, a multiple of STEP): 255 is paper. ``scale``: pixels of the strip for one of the crop.

    An ``empty`` cell has nothing on it, on a ``dark`` one nothing can be seen; the strip of either is white.
    """

    pixels: Grey
    scale: float = 1.0
    empty: bool = False
    dark: bool = False

    @property
    def readable(self) -> bool:
        """There is ink on paper."""
        return not (self.empty or self.dark)


_WHITE = np.full((HEIGHT, STEP), 255, np.uint8)


def strip(crop: Grey) -> Strip:
    """The strip of a rough crop (height, width), 255 paper."""
    smaller = min(1.0, TALLEST / max(crop.shape[0], 1))
    if smaller < 1.0:
        crop = cv2.resize(crop, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if min(crop.shape) < 6:
        return Strip(_WHITE, dark=True)
    paper = _paper(crop)
    if paper < DARK:
        return Strip(_WHITE, dark=True)
    ink: Ink = cv2.subtract(np.full_like(crop, paper), crop).astype(np.uint8, copy=False)
    _wipe(ink)
    ink = _strokes(ink)
    strength = int(cv2.GaussianBlur(ink, (3, 3), 0.6).max())
    if strength < EMPTY:
        return Strip(_WHITE, empty=True)
    ink = cv2.convertScaleAbs(ink, alpha=255.0 / max(strength, CONTRAST)).astype(np.uint8, copy=False)
    rows, columns = _text(cv2.GaussianBlur(ink, (3, 3), 0.8).astype(np.uint8, copy=False))
    return _scaled(ink, rows, columns, smaller)


def _paper(crop: Grey) -> int:
    """How light the paper is."""
    counts = np.cumsum(cv2.calcHist([crop], [0], None, [256], [0, 256]).ravel())
    return int(np.searchsorted(counts, 0.7 * counts[-1]))


def _wipe(ink: Ink) -> None:
    """Take the remnants of rules away from the edges. Level ones are sought in pieces: they may lie askew."""
    height, width = ink.shape
    dark = (ink > max(_RULE * float(ink.max()), CONTRAST / 3)).astype(np.uint8)
    deep = max(REACH + 1, round(DEEP * height))
    inner = dark[height // 10 : height - height // 10]
    upright = cv2.reduce(inner, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > UPRIGHT_RULE
    pieces = max(1, width // _PIECE)
    edges = [n * width // pieces for n in range(pieces + 1)]
    for left, right in zip(edges, edges[1:], strict=False):
        level = cv2.reduce(dark[:, left:right], 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > LEVEL_RULE
        ink[: _ruled(level, deep), left:right] = 0
        ink[height - _ruled(level[::-1], deep) :, left:right] = 0
    ink[:, : _ruled(upright, deep)] = 0
    ink[:, width - _ruled(upright[::-1], deep) :] = 0


def _ruled(dark: NDArray[np.bool_], deep: int) -> int:
    """How far a rule reaches in from the edge, its blur included; 0 where there is none."""
    first = dark[: REACH + 1].argmax()
    if not dark[first]:
        return 0
    thick = dark[first : deep + 1].argmin() or deep + 1 - first
    return int(first + thick) + 1


def _strokes(ink: Ink) -> Ink:
    """The ink without what is wider and higher than any stroke: shadows, shading, watermarks, broad stamps."""
    broad = max(_STROKE, round(0.45 * ink.shape[0]))
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((broad, broad), np.uint8))
    return cv2.subtract(ink, flat).astype(np.uint8, copy=False)


def _text(smooth: Ink) -> tuple[tuple[float, float], tuple[int, int]]:
    """First and last row, and first and last column, of the line of text."""
    height = smooth.shape[0]
    strong, middle, weak = (_over(smooth, least) for least in (_STRONG, _MIDDLE, _WEAK))
    rim = height // 8
    left, right = _fullest(_sums(strong[rim : height - rim], 0), _APART * height)
    top, bottom = _band(_sums(strong[:, left : right + 1], 1))
    left, right = _fullest(_sums(weak[top : bottom + 1], 0), 2 * _APART * max(bottom - top + 1, _SMALLEST))
    top, bottom = _band(_sums(middle[:, left : right + 1], 1))
    return _digits(top, bottom, right - left + 1, height), (left, right)


def _over(ink: Ink, least: int) -> Ink:
    return cv2.threshold(ink, least, 0, cv2.THRESH_TOZERO)[1].astype(np.uint8, copy=False)


def _sums(ink: Ink, axis: int) -> Sums:
    return cv2.reduce(ink, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel().astype(np.float32, copy=False)


def _fullest(columns: Sums, apart: float) -> tuple[int, int]:
    """First and last column of the group of columns with most ink; groups are so far apart. All where there is none."""
    inky = np.flatnonzero(columns)
    if not len(inky):
        return 0, len(columns) - 1
    breaks = np.flatnonzero(np.diff(inky) > apart)
    starts, ends = inky[np.append(0, breaks + 1)], inky[np.append(breaks, len(inky) - 1)]
    best = _best(columns, starts, ends)
    return int(starts[best]), int(ends[best])


def _band(rows: Sums) -> tuple[int, int]:
    """First and last row of the run of inky rows with most ink. All where there is none."""
    fullest = max(4, len(rows) // 10)
    full = np.partition(rows, -fullest)[-fullest]
    inky = np.concatenate([[False], rows > max(_WEAKEST * full, 1.0), [False]])
    change = np.flatnonzero(inky[1:] != inky[:-1])
    if not len(change):
        return 0, len(rows) - 1
    gaps = change[2::2] - change[1:-1:2] > max(2, len(rows) // 7)  # thin strokes fade: a small gap is none
    starts, ends = change[::2][np.append(True, gaps)], change[1::2][np.append(gaps, True)] - 1
    best = _best(rows, starts, ends)
    return int(starts[best]), int(ends[best])


def _best(sums: Sums, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> int:
    """The run with most ink; thin ones at the crop's edge are seldom text."""
    before = np.concatenate([[0.0], np.cumsum(sums)])
    edge = ((starts <= 1) | (ends >= len(sums) - 2)) & (ends - starts < len(sums) // 4)
    return int(np.argmax((before[ends + 1] - before[starts]) * np.where(edge, 0.4, 1.0)))


def _digits(top: int, bottom: int, wide: int, height: int) -> tuple[float, float]:
    """Rows from the top to the bottom that a digit would have: a dash is lower."""
    high = bottom - top + 1
    low = high < 9 and high < 0.25 * height and 1.3 * high < wide < 3.5 * high
    if high >= 6 and not low:
        return float(top), float(bottom)
    middle, half = (top + bottom) / 2, max(min(_DASH * wide, 0.6 * height, 30.0), high, _SMALLEST) / 2
    return middle - half, middle + half


def _scaled(ink: Ink, band: tuple[float, float], across: tuple[int, int], smaller: float) -> Strip:
    """Band and extent of the ink, brought to a strip; what lies around the band comes along as far as it fits."""
    scale = DIGIT / (band[1] - band[0] + 1)
    around = (HEIGHT / scale - (band[1] - band[0] + 1)) / 2
    top, bottom = max(0, round(band[0] - around)), min(ink.shape[0], round(band[1] + 1 + around))
    side = round(SIDE / scale)
    left, right = max(0, across[0] - side), min(ink.shape[1], across[1] + 1 + side)
    high = min(HEIGHT, max(1, round((bottom - top) * scale)))
    wide = min(WIDEST, max(1, round((right - left) * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    text = cv2.resize(ink[top:bottom, left:right], (wide, high), interpolation=how)
    pixels = np.full((HEIGHT, -(-wide // STEP) * STEP), 255, np.uint8)
    start = min(max(0, round((HEIGHT - DIGIT) / 2 - (band[0] - top) * scale)), HEIGHT - high)
    np.subtract(255, text, out=pixels[start : start + high, :wide])
    return Strip(pixels, scale * smaller)
