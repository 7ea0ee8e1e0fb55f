"""Small operations on greys, with their types: what OpenCV returns is anything to a type checker."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey

FAR = 8
"""Times smaller, from which a picture is made so in two steps."""


def smaller(grey: Grey, share: float) -> Grey:
    """The picture at a share of its size; itself from 1 upwards."""
    if share >= 1:
        return grey
    share = max(share, 1 / min(grey.shape))  # something is left of the smallest picture
    whole = round(1 / share)
    if (
        abs(whole * share - 1) * max(grey.shape) < whole
    ):  # no pixel lies further off: whole squares are quick to average
        share = 1 / whole
    elif whole >= FAR:
        return smaller(smaller(grey, 1 / int(1 / share)), share * int(1 / share))
    return cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def warped(grey: Grey, back: Floats, size: tuple[int, int]) -> Grey:
    """A picture (width, height) each of whose pixels is taken from where ``back`` (3, 3) leads; white beyond."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    found = cv2.warpPerspective(grey, back, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return found.astype(np.uint8, copy=False)


def transposed(grey: Grey) -> Grey:
    """Upright strokes as level ones, and the other way round."""
    return cv2.transpose(grey).astype(np.uint8, copy=False)


def inverted(grey: Grey) -> Grey:
    """Ink bright on black."""
    return cv2.bitwise_not(grey).astype(np.uint8, copy=False)


def opened(grey: Grey, kernel: Grey) -> Grey:
    """Without bright things that the kernel does not fit into."""
    return cv2.morphologyEx(grey, cv2.MORPH_OPEN, kernel).astype(np.uint8, copy=False)


def closed(grey: Grey, kernel: Grey) -> Grey:
    """Without dark things that the kernel does not fit into."""
    return cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel).astype(np.uint8, copy=False)


def connected(ink: Grey) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """What hangs together, also by its corners: the number of each pixel's piece, 0 for paper, and boxes and areas as
    OpenCV gives them."""
    # what OpenCV would choose finds the same in thrice the time
    found = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_BBDT)
    return np.asarray(found[1]), np.asarray(found[2])


def sideways(length: float) -> Grey:
    """A kernel one pixel high."""
    return np.ones((1, max(1, round(length))), np.uint8)


def upwards(length: float) -> Grey:
    """A kernel one pixel wide."""
    return np.ones((max(1, round(length)), 1), np.uint8)


def square(side: float) -> Grey:
    """A kernel as wide as it is high."""
    return np.ones((max(1, round(side)),) * 2, np.uint8)
