"""Thin dark strokes, level and upright: what rules, and parts of letters, are made of."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey

THICKEST = 3.4
"""Points. What is thicker is no rule but a black area."""


def level(grey: Grey, scale: float) -> Grey:
    """How much darker each pixel is than the paper above and below: level strokes bright on black."""
    tall = 2 * max(1, round(THICKEST * scale / 2)) + 1
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((tall, 1), np.uint8)).astype(np.uint8)


def upright(grey: Grey, scale: float) -> Grey:
    """The same of upright strokes."""
    wide = 2 * max(1, round(THICKEST * scale / 2)) + 1
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((1, wide), np.uint8)).astype(np.uint8)
