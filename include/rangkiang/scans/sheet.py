"""Where the sheet lies in a photograph, and what is only the table it lies on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.pixels import closed, inverted, smaller, square

SMALL = 240
"""Pixels of the longer side of the picture in which the sheet is looked for."""
LEAST = 0.3
"""Share of the picture that a sheet fills at least."""
THRESHOLDS = (1.0, 0.85, 0.7, 0.55)
"""Shares of Otsu's threshold that are tried: a shadow over the sheet may be what Otsu parts from the rest."""
FOUR = 0.95
"""Share of its outline's four-cornered shape that a sheet fills: anything else is a patch of light."""
DARKER = 0.75
"""What lies around a sheet is no brighter than this share of the paper's edge, on every side that is to be seen."""

_BLUR = 5  # small pixels: text is no wider
_RING = 4  # small pixels from the edge, inwards and outwards, where brightness is compared
_SIDE = 3  # small pixels: a side of the sheet so close to the picture's border is not to be seen

Outline = NDArray[np.int32]


def sheet(grey: Grey) -> Floats | None:
    """The corners (4, 2: x, y) of a sheet that stands out against darker surroundings, None where there is none."""
    shrink = SMALL / max(grey.shape)
    small = cv2.medianBlur(closed(smaller(grey, shrink), square(_BLUR)), _BLUR).astype(np.uint8, copy=False)
    otsu = cv2.threshold(small, 0, 255, cv2.THRESH_OTSU)[0]
    for share in THRESHOLDS:
        corners = _bright(small, share * otsu)
        if corners is not None and _stands_out(small, corners):
            found: Floats = (corners + 0.5) / shrink - 0.5
            return found
    return None


def masked(grey: Grey, corners: Floats) -> Grey:
    """The picture with paper's white instead of what lies around the sheet."""
    mask = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), (255,))
    return cv2.max(grey, inverted(mask)).astype(np.uint8, copy=False)


def _bright(small: Grey, threshold: float) -> Floats | None:
    """The corners of what is brighter, where that has four."""
    outlines = cv2.findContours(
        (small > threshold).astype(np.uint8, copy=False), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )[0]
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea)).astype(np.int32)
    return _four(hull) if cv2.contourArea(hull) >= LEAST * small.size else None


def _four(hull: Outline) -> Floats | None:
    """The four corners of a convex outline that has four."""
    for tolerance in (0.02, 0.03, 0.05):
        shape = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
        if len(shape) == 4:
            wide = cv2.contourArea(hull) >= FOUR * cv2.contourArea(cv2.convexHull(np.vstack([hull, shape])))
            return shape.reshape(4, 2).astype(np.float64) if wide else None
    return None


def _stands_out(small: Grey, corners: Floats) -> bool:
    """Is it darker outside of every side that is to be seen?"""
    height, width = small.shape
    middle = corners.mean(axis=0)
    seen = 0
    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = one + (other - one) * np.linspace(0.1, 0.9, 17)[:, None]
        if (along.min(axis=0) < _SIDE).any() or (along.max(axis=0) > (width - _SIDE, height - _SIDE)).any():
            continue
        outwards = np.array([other[1] - one[1], one[0] - other[0]]) / max(np.hypot(*(other - one)), 1e-6)
        outwards *= np.sign(outwards @ (along.mean(axis=0) - middle))
        inside, outside = (
            small[tuple(np.rint(along + step * outwards).astype(int).clip(0, (width - 1, height - 1)).T[::-1])]
            for step in (-_RING, _RING)
        )
        if np.median(outside.astype(float) / np.maximum(inside, 1)) > DARKER:
            return False
        seen += 1
    return seen > 0
