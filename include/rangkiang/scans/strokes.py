"""Thin dark strokes, level and upright: what rules, and parts of letters, are made of. All bright on black."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey

THICKEST = 3.4
"""Points. What is thicker is no rule but a black area, whose edges count as rules."""
LETTER = 9.0
"""Points. Strokes of letters are shorter."""
PIECE = 2.4
"""Points. What is left of a broken rule is no shorter."""
CROSSING = 2.6
"""Points. What crosses a rule is no thicker."""
EVEN = 0.6
"""A rule is everywhere darker than this share of what is around it on its run."""
BLACK = 128
"""How dark an area is whose edges are rules."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Level strokes of a page by their length: ``long`` ones are no letters, ``pieces`` may be of either."""

    long: Grey
    pieces: Grey


def level(grey: Grey, scale: float) -> Grey:
    """How much darker each pixel is than the paper above and below."""
    thick = _odd(THICKEST * scale)
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, upwards(thick))
    black = cv2.morphologyEx(cv2.bitwise_not(grey), cv2.MORPH_OPEN, np.ones((2 * thick, 2 * thick), np.uint8))
    edges = cv2.morphologyEx((black > BLACK).astype(np.uint8) * 255, cv2.MORPH_GRADIENT, upwards(3))
    return cv2.max(thin, edges).astype(np.uint8)


def by_length(strokes: Grey, crossing: Grey, scale: float) -> Strokes:
    """Level strokes parted by their length; they run on where upright ones cross them.

    Letters side by side make long strokes too, where blur joins them; but such strokes are fainter than the letters.
    """
    # a rule may run from one row of pixels into the next
    whole = cv2.boxFilter(strokes, -1, (1, 3), normalize=False)
    crossing = cv2.boxFilter(crossing, -1, (3, 1), normalize=False)
    upright = cv2.morphologyEx(crossing, cv2.MORPH_CLOSE, upwards(round(CROSSING * scale)))  # a crossing is no stroke
    whole = cv2.max(whole, cv2.morphologyEx(upright, cv2.MORPH_OPEN, upwards(round(LETTER * scale))))
    around = cv2.blur(whole, (round(LETTER * scale), 1))
    long, pieces = (
        cv2.morphologyEx(whole, cv2.MORPH_OPEN, sideways(round(length * scale))) for length in (LETTER, PIECE)
    )
    faint = EVEN * around
    return Strokes(*(np.where(kept >= faint, kept, 0).astype(np.uint8) for kept in (long, pieces)))


def transposed(grey: Grey) -> Grey:
    """Upright strokes as level ones, and the other way round."""
    return cv2.transpose(grey).astype(np.uint8)


def sideways(length: int) -> Grey:
    """A kernel one pixel high."""
    return np.ones((1, length), np.uint8)


def upwards(length: int) -> Grey:
    """A kernel one pixel wide."""
    return np.ones((length, 1), np.uint8)


def _odd(pixels: float) -> int:
    return 2 * max(1, round(pixels / 2)) + 1
