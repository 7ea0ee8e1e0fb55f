"""Black-and-white scans: of thin rules only dots are left, which are drawn through here to find the rules by."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey
from rangkiang.scans.pixels import closed, opened, sideways, transposed, upwards

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
    ink = (grey < INK).astype(np.uint8)
    found: Grey = grey.copy()
    level, upright = (gap * scale for gap in GAPS)
    found[_dotted(ink, level, scale) > 0] = 0
    found[transposed(_dotted(transposed(ink), upright, scale)) > 0] = 0
    return found


def _dotted(ink: Grey, gap: float, scale: float) -> Grey:
    """Level rules among thin pieces of ink that lie in line: letters are higher."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    thin = stats[:, cv2.CC_STAT_HEIGHT] <= max(1, round(THIN * scale))
    thin[0] = False  # the paper
    dots = cv2.dilate(thin[labels].astype(np.uint8), upwards(3)).astype(np.uint8)  # lines slope a little
    return opened(closed(dots, sideways(gap)), sideways(LONG * scale))
