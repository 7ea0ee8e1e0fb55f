"""Thin dark strokes, level and upright: what rules, and parts of letters, are made of. All bright on black."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey
from rangkiang.scans.pixels import closed, inverted, opened, sideways, square, upwards

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

    def within(self, box: tuple[int, int, int, int], mask: Grey) -> Strokes:
        """Those in a box (top, bottom, left, right) under a mask (0 or 255) of its size."""
        top, bottom, left, right = box
        long, pieces = (one[top:bottom, left:right] & mask for one in (self.long, self.pieces))
        return Strokes(long, pieces)


def level(grey: Grey, scale: float) -> Grey:
    """How much darker each pixel is than the paper above and below."""
    thick = 2 * max(1, round(THICKEST * scale / 2)) + 1
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, upwards(thick))
    black = opened(inverted(grey), square(2 * thick))
    edges = cv2.morphologyEx((black > BLACK).astype(np.uint8) * 255, cv2.MORPH_GRADIENT, upwards(3))
    return cv2.max(thin, edges).astype(np.uint8)


def by_length(strokes: Grey, crossing: Grey, scale: float) -> Strokes:
    """Level strokes parted by their length; they run on where upright ones cross them.

    Letters side by side make long strokes too, where blur joins them; but such strokes are fainter than the letters.
    """
    # a rule may run from one row of pixels into the next
    whole = cv2.boxFilter(strokes, -1, (1, 3), normalize=False)
    across = cv2.boxFilter(crossing, -1, (3, 1), normalize=False).astype(np.uint8)
    across = opened(closed(across, upwards(CROSSING * scale)), upwards(LETTER * scale))  # a crossing is no stroke
    every = cv2.max(whole, across).astype(np.uint8)
    faint = cv2.convertScaleAbs(cv2.blur(every, (round(LETTER * scale), 1)), alpha=EVEN).astype(np.uint8)
    long, pieces = (opened(every, sideways(length * scale)) for length in (LETTER, PIECE))
    return Strokes(_not_below(long, faint), _not_below(pieces, faint))


def _not_below(strokes: Grey, faint: Grey) -> Grey:
    return strokes & cv2.compare(strokes, faint, cv2.CMP_GE).astype(np.uint8)
