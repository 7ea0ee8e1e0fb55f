"""Black-and-white scans: of thin rules only dots are left, which are drawn through here to find the rules by."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey
from rangkiang.scans.pixels import closed, connected, opened, sideways, transposed, upwards

PAPER = 0.7
"""Share of a picture that is pure white where no grey is left."""
INK = 128
"""Darker is ink."""
THIN = 1.0
"""Points. What is left of a rule is no thicker."""
GAPS = 10.0, 7.5
"""Points between two dots of a rule at most, of a level and of an upright one: dashes stand below each other."""
LONG = 40.0
"""Points that a rule goes on for at least."""


def drawn_through(grey: Grey, scale: float) -> Grey:
    """The picture with its dotted rules drawn, where it has no greys; ``scale`` is in pixels for a point."""
    if float((grey == np.uint8(255)).mean()) < PAPER:
        return grey
    low, narrow = _thin((grey < INK).astype(np.uint8), scale)
    found: Grey = grey.copy()
    level, upright = (gap * scale for gap in GAPS)
    found[_dotted(low, level, scale) > 0] = 0
    found[transposed(_dotted(transposed(narrow), upright, scale)) > 0] = 0
    return found


def _thin(ink: Grey, scale: float) -> tuple[Grey, Grey]:
    """Pieces of ink that are low, and that are narrow: letters are neither."""
    labels, stats = connected(ink)
    thin = stats[:, [cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH]] <= max(1, round(THIN * scale))
    thin[0] = False  # the paper
    both = (thin @ (1, 2)).astype(np.uint8)[labels]
    low: Grey = both & np.uint8(1)
    narrow: Grey = both >> np.uint8(1)
    return low, narrow


def _dotted(thin: Grey, gap: float, scale: float) -> Grey:
    """Level rules among pieces of ink that lie in line."""
    dots = cv2.dilate(thin, upwards(3)).astype(np.uint8)  # lines slope a little
    # closing and opening each row by itself takes long: few rows have dots enough to make a rule
    many = cv2.reduce(dots, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() > LONG * scale / (gap + 1)
    found = np.zeros_like(dots)
    if many.any():
        found[many] = opened(closed(dots[many], sideways(gap)), sideways(LONG * scale))
    return found
