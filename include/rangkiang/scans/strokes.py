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
AREA = 4.9
"""Points. A black area is no narrower: pens are."""
BLACK = 128
"""How dark an area is whose edges are rules."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Level strokes of a page by their length: ``long`` ones are no letters, ``pieces`` may be of either. ``runs`` are
    long too, but may have letters on both sides of them. ``thin`` is all ink that is no area, ``ink`` all there is."""

    long: Grey
    pieces: Grey
    runs: Grey
    thin: Grey
    ink: Grey

    def within(self, box: tuple[int, int, int, int], mask: Grey) -> Strokes:
        """Those in a box (top, bottom, left, right) and under a mask (0 or 255) of its size; all ink in the box."""
        top, bottom, left, right = box
        long, pieces, runs, thin, ink = (
            one[top:bottom, left:right] for one in (self.long, self.pieces, self.runs, self.thin, self.ink)
        )
        return Strokes(long & mask, pieces & mask, runs & mask, thin, ink)


def level(grey: Grey, scale: float) -> Grey:
    """How much darker each pixel is than the paper above and below."""
    thick = _odd(scale)
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, upwards(thick))
    black = opened(inverted(grey), square(AREA * scale))
    edges = cv2.morphologyEx((black > BLACK).astype(np.uint8, copy=False) * 255, cv2.MORPH_GRADIENT, upwards(3))
    return cv2.max(thin, edges).astype(np.uint8, copy=False)


def by_length(strokes: Grey, crossing: Grey, ink: Grey, scale: float) -> Strokes:
    """Level strokes parted by their length, and ``ink`` of any kind; they run on where upright ones cross them.

    Letters side by side make long strokes too, where blur joins them; but such strokes are fainter than the letters.
    """
    # a rule may run from one row of pixels into the next
    whole = cv2.boxFilter(strokes, -1, (1, 3), normalize=False)
    across = cv2.boxFilter(crossing, -1, (3, 1), normalize=False).astype(np.uint8, copy=False)
    across = opened(closed(across, upwards(CROSSING * scale)), upwards(LETTER * scale))  # a crossing is no stroke
    every = cv2.max(whole, across).astype(np.uint8, copy=False)
    long, pieces = (_even(every, length * scale, scale) for length in (LETTER, PIECE))
    thin = cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, square(_odd(scale))).astype(np.uint8, copy=False)
    return Strokes(long, pieces, _even(thin, LETTER * scale, scale), thin, ink)


def _even(every: Grey, length: float, scale: float) -> Grey:
    """Strokes of a length that are about as dark as what is around them."""
    kept = opened(every, sideways(length))
    faint = cv2.convertScaleAbs(cv2.blur(every, (round(LETTER * scale), 1)), alpha=EVEN).astype(np.uint8, copy=False)
    return kept & cv2.compare(kept, faint, cv2.CMP_GE).astype(np.uint8, copy=False)


def _odd(scale: float) -> int:
    return 2 * max(1, round(THICKEST * scale / 2)) + 1
