"""From the rough crop of a number's cell to a strip as the recogniser wants it. Pure; lengths in pixels.

Rules left at the crop's edges are wiped out, the line of text is found in it and brought to one height, what is beside
the text is cut off, paper becomes white and ink black.
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
EDGE = 0.2
"""Remnants of a rule lie within this share of the crop's height (or eight pixels from its left or right edge)."""
LEVEL_RULE, UPRIGHT_RULE = 0.6, 0.85
"""Share of the crop's width or height that is dark where a rule lies. No digit fills so much."""
TALLEST = 96
"""Crops are made smaller until they are no higher: digits of a cell this high still have enough pixels."""

_DARK = 100  # of 255: ink for sure
_RULE = 0.2  # of the darkest: dark enough for a rule
_WEAKEST = 0.13  # rows of the text hold at least this share of the ink of its fullest rows
_LOWEST = 0.12  # a band lower than this share of the crop, or than six pixels, holds no digit but a dash
_USUAL = 0.5  # a digit's share of the height of its cell, where only a dash tells
_WHITE = np.full((HEIGHT, STEP), 255, np.uint8)


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
    ink = cv2.subtract(np.full_like(crop, paper), crop).astype(np.uint8, copy=False)
    _wipe(ink)
    strength = int(cv2.blur(ink, (3, 3)).max())
    ink = cv2.convertScaleAbs(ink, alpha=255.0 / max(strength, CONTRAST)).astype(np.uint8, copy=False)
    smooth = cv2.blur(ink, (3, 3))
    cv2.threshold(smooth, _DARK * 0.6, 0, cv2.THRESH_TOZERO, dst=smooth)
    rows = _sums(smooth, 1)
    if strength < EMPTY or not rows.any():
        return Strip(_WHITE, empty=True)
    top, bottom = _band(rows)
    left, right = _extent(_sums(smooth[int(top) : int(bottom) + 1], 0))
    return _scaled(ink, (top, bottom), (left, right), smaller)


def _paper(crop: Grey) -> int:
    """How light the paper is."""
    counts = np.cumsum(cv2.calcHist([crop], [0], None, [256], [0, 256]).ravel())
    return int(np.searchsorted(counts, 0.7 * counts[-1]))


def _wipe(ink: NDArray[np.uint8]) -> None:
    """Take the remnants of rules away from the edges. Level ones are sought in pieces: they may lie askew."""
    height, width = ink.shape
    dark = ink > max(_RULE * float(ink.max()), CONTRAST / 3)
    upright = dark.mean(axis=0)
    deep = max(2, int(EDGE * height))
    pieces = max(1, min(4, width // 24))
    for n in range(pieces):
        part = slice(n * width // pieces, (n + 1) * width // pieces)
        level = dark[:, part].mean(axis=1)
        _clear(ink[:, part], level[:deep] > LEVEL_RULE)
        _clear(ink[::-1, part], level[::-1][:deep] > LEVEL_RULE)
    beside = max(2, min(8, width // 6))
    _clear(ink.T, upright[:beside] > UPRIGHT_RULE)
    _clear(ink.T[::-1], upright[::-1][:beside] > UPRIGHT_RULE)


def _clear(ink: NDArray[np.uint8], ruled: NDArray[np.bool_]) -> None:
    """Wipe the rows from the edge to the innermost of the ruled ones, and the blur beside it."""
    if ruled.any():
        ink[: int(np.flatnonzero(ruled)[-1]) + 2] = 0


def _sums(ink: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    return cv2.reduce(ink, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel()


def _band(rows: NDArray[np.float32]) -> tuple[float, float]:
    """First and last row of the line of text: of the runs of inky rows the one with most ink, the middle preferred."""
    height = len(rows)
    full = np.partition(rows, -max(4, height // 10))[-max(4, height // 10)]
    inky = np.concatenate([[False], rows > max(_WEAKEST * full, 1.0), [False]])
    change = np.flatnonzero(inky[1:] != inky[:-1])
    starts, ends = change[::2], change[1::2] - 1
    weights = np.add.reduceat(np.append(rows, 0), change)[::2] * np.where((starts == 0) | (ends == height - 1), 0.4, 1)
    best = int(np.argmax(weights))
    top, bottom = float(starts[best]), float(ends[best])
    if bottom - top + 1 >= max(6.0, _LOWEST * height):
        return top, bottom
    middle, half = (top + bottom) / 2, max(_USUAL * height, 8.0) / 2
    return max(middle - half, 0.0), min(middle + half, height - 1.0)


def _extent(columns: NDArray[np.float32]) -> tuple[int, int]:
    inky = np.flatnonzero(columns)
    return (int(inky[0]), int(inky[-1])) if len(inky) else (0, len(columns) - 1)


def _scaled(ink: NDArray[np.uint8], band: tuple[float, float], across: tuple[int, int], smaller: float) -> Strip:
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
