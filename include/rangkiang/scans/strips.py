"""From the rough crop of a number's cell to strips as the recogniser wants them. Pure; lengths in pixels.

Rules left at the crop's edges are wiped out. What ink is left falls into parts that lie apart: the number, a piece of a
stamp, dirt. Each becomes a strip: brought to the height of digits, paper white and ink black.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey
from rangkiang.scans.remnants import sliver, wipe

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
TALLEST = 96
"""Crops are made smaller until they are no higher: digits of a cell this high still have enough pixels."""

MOST = 6
"""A cell in more parts is too dirty to be read."""

_STRONG, _PALEST = 105, 60  # of 255: as dark as this is ink for sure; paler than this is never sought
_SEEN = 3.0  # deviations of the paper's grain: what is darker is ink
_WEAKEST = 0.13  # rows of the text hold at least this share of the ink of its fullest rows
_APART, _ABOVE = 0.85, 0.15  # of the crop's height: no digits of a number stand so far apart, no strokes of a digit
_SMALLEST = 7.0  # no digit is lower
_STROKE = 7  # no stroke is broader than this, nor than a good part of the cell's height
_DASH = 1.8  # a digit is so many times as high as a dash is wide
_SPECK = 3  # pixels: a part as small is dirt

Ink = NDArray[np.uint8]
Sums = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Strip:
    """``pixels`` (HEIGHT, a multiple of STEP): 255 is paper. ``place``: left, top, right, bottom of it in the crop."""

    pixels: Grey
    place: tuple[float, float, float, float]


def strips(crop: Grey) -> tuple[Strip, ...] | None:
    """The strips of a rough crop (height, width; 255 paper), from left to right; none where there is no ink.

    None instead where nothing can be seen: the crop is too small, dark all over, or too dirty.
    """
    smaller = min(1.0, TALLEST / max(crop.shape[0], 1))
    if smaller < 1.0:
        crop = cv2.resize(crop, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if min(crop.shape) < 6:
        return None
    paper, noise = _paper(crop)
    if paper < DARK:
        return None
    ink: Ink = cv2.subtract(np.full_like(crop, paper), crop).astype(np.uint8, copy=False)
    wipe(ink)
    ink = _strokes(ink)
    strength = int(cv2.GaussianBlur(ink, (3, 3), 0.6).max())
    if strength < EMPTY:
        return ()
    gain = 255.0 / max(strength, CONTRAST)
    ink = cv2.convertScaleAbs(ink, alpha=gain).astype(np.uint8, copy=False)
    smooth = cv2.GaussianBlur(ink, (3, 3), 0.8).astype(np.uint8, copy=False)
    least = min(max(_SEEN * noise * gain, _PALEST), _STRONG)
    parts = _parts(smooth, least)
    if len(parts) > MOST:
        return None
    return tuple(_scaled(ink, *_text(smooth, part, least), smaller) for part in parts)


def _paper(crop: Grey) -> tuple[int, float]:
    """How light the paper is, and the deviation of its grain: told by the pixels lighter than it, which are no ink."""
    counts = np.cumsum(cv2.calcHist([crop], [0], None, [256], [0, 256]).ravel())
    paper, lightest = (int(np.searchsorted(counts, share * counts[-1])) for share in (0.7, 0.97))
    return paper, (lightest - paper) / 1.36


def _strokes(ink: Ink) -> Ink:
    """The ink without what is wider and higher than any stroke: shadows, shading, watermarks, broad stamps."""
    broad = max(_STROKE, round(0.45 * ink.shape[0]))
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((broad, broad), np.uint8))
    return cv2.subtract(ink, flat).astype(np.uint8, copy=False)


def _parts(smooth: Ink, least: float) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of the parts, from left to right; specks only where there is nothing else."""
    height, width = smooth.shape
    strong = cv2.threshold(smooth, least, 255, cv2.THRESH_BINARY)[1]
    bridge = np.ones([max(3, round(share * height)) | 1 for share in (_ABOVE, _APART)], np.uint8)
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, bridge)
    count, marks, boxes, _ = cv2.connectedComponentsWithStats(joined)
    sizes = np.bincount(marks[strong > 0], minlength=count).tolist()
    parts = sorted((size, *box[:4]) for size, box in zip(sizes[1:], boxes[1:].tolist(), strict=True))
    parts = [(n, x, y, w, h) for n, x, y, w, h in parts if not sliver(x, y, w, h, height, width)]
    found = [part for part in parts if part[0] > _SPECK] or parts[-1:]
    return sorted((left, top, wide, high) for _, left, top, wide, high in found)


def _text(smooth: Ink, part: tuple[int, int, int, int], least: float) -> tuple[tuple[float, float], tuple[int, int]]:
    """First and last row, and first and last column, of the line of text in a part."""
    left, top, wide, high = part
    above, below = max(0, top - 1), top + high + 1
    middle = cv2.threshold(smooth[above:below, left : left + wide], 0.75 * least, 0, cv2.THRESH_TOZERO)[1]
    rows: Sums = cv2.reduce(middle, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel().astype(np.float32, copy=False)
    first, last = _band(rows, max(2, round(_ABOVE * smooth.shape[0])))
    return _digits(above + first, above + last, wide, smooth.shape[0]), (left, left + wide - 1)


def _band(rows: Sums, gap: int) -> tuple[int, int]:
    """First and last row of the run of inky rows with most ink; thin strokes fade, so a small gap is none."""
    fullest = min(max(4, len(rows) // 10), len(rows))
    full = np.partition(rows, -fullest)[-fullest]
    inky = np.concatenate([[False], rows > max(_WEAKEST * full, 1.0), [False]])
    change = np.flatnonzero(inky[1:] != inky[:-1])
    gaps = change[2::2] - change[1:-1:2] > gap
    starts, ends = change[::2][np.append(True, gaps)], change[1::2][np.append(gaps, True)]
    before = np.concatenate([[0.0], np.cumsum(rows)])
    best = int(np.argmax(before[ends] - before[starts]))
    return int(starts[best]), int(ends[best]) - 1


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
    return Strip(pixels, (left / smaller, top / smaller, right / smaller, bottom / smaller))
