"""What is printed told from what is stamped or written on it in colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey, Picture

COLOURED = 40
"""Brightest less darkest channel from which a pixel is coloured ink, beyond what the paper itself has."""
FEW = 0.0005  # share of a page from which coloured ink counts

Colours = NDArray[np.uint8]  # (height, width, 3)


def in_colour(number: int, pixels: NDArray[np.uint8], scale: float) -> Picture:
    """The page of a picture that is grey (height, width) or RGB; scale is pixels for a point."""
    if pixels.ndim == 2:
        return Picture(number, pixels, pixels, scale)
    grey: Grey = cv2.cvtColor(pixels[..., :3], cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    return Picture(number, grey, _printed(pixels) if _coloured(pixels) else grey, scale)


def _coloured(pixels: Colours) -> bool:
    some = pixels[::4, ::4, :3].astype(np.int16)
    chroma = some.max(axis=2) - some.min(axis=2)
    return float((chroma > np.median(chroma) + COLOURED).mean()) > FEW


def _printed(pixels: Colours) -> Grey:
    """The brightest channel: ink of any colour pales in it, black print stays."""
    first, second, third = cv2.split(pixels[..., :3])
    return cv2.max(cv2.max(first, second), third).astype(np.uint8, copy=False)
