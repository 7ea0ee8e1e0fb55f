"""Paper under even light: shadows and yellowed paper gone, ink as dark as it is against the paper around it."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans.leaf import Grey
from rangkiang.scans.pixels import closed, square

_SMALL = 8  # the light is looked at on a picture so many times smaller
_AROUND = 9  # pixels of the small picture: ink is thinner than this, shadows are wider
_DARKEST = 0.35  # of the page's white: what is darker over a whole neighbourhood is black, not shadow


def paper(grey: Grey) -> Grey:
    """How bright the paper is at each place, in the size of the picture."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // _SMALL), max(1, height // _SMALL)), interpolation=cv2.INTER_AREA)
    bright = closed(cv2.medianBlur(small, 3).astype(np.uint8, copy=False), square(_AROUND))
    smooth = cv2.GaussianBlur(bright, (0, 0), _AROUND / 2)
    light = np.maximum(smooth, max(1, int(_DARKEST * np.percentile(smooth, 90)))).astype(np.uint8, copy=False)
    if light.min() == light.max():  # black and white
        return np.full((height, width), light[0, 0], dtype=np.uint8)
    return cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def even(grey: Grey, light: Grey) -> Grey:
    """The picture with its paper at 255."""
    return cv2.divide(grey, light, scale=255).astype(np.uint8, copy=False)
