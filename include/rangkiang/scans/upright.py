"""A picture of a page put straight."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans import light, strokes
from rangkiang.scans.leaf import Floats, Grey, Leaf, Picture
from rangkiang.scans.slopes import slopes, straightening, transposed

COARSE = 75 / 72
"""Pixels for a point at which slopes are measured."""
INK = 64
"""Strokes count as much as this at most, so that black ones do not outweigh many grey ones."""
PASSES = (64, 256)
"""Widths over which slopes are measured: short lines tell steep slopes, long ones tell fine ones."""
STILL = 0.3
"""Pixels: what moves less stays where it is."""


def upright(picture: Picture) -> Leaf:
    """The page with even light, its rules level and upright."""
    shade = light.paper(picture.grey)
    grey = light.even(picture.grey, shade)
    printed = grey if picture.printed is picture.grey else light.even(picture.printed, light.paper(picture.printed))
    back = _straight(grey, picture.scale)
    if _still(back, grey.shape):
        return Leaf(picture.number, grey, printed, np.eye(3), picture.scale)
    flat = _warped(grey, back)
    return Leaf(picture.number, flat, flat if printed is grey else _warped(printed, back), back, picture.scale)


def _straight(grey: Grey, scale: float) -> Floats:
    """The homography from the straight page to this one."""
    fine = min(1.0, 2 * COARSE / scale)
    work = cv2.resize(grey, None, fx=fine, fy=fine, interpolation=cv2.INTER_AREA).astype(np.uint8)
    back = np.eye(3)
    for width in PASSES:
        now = work if width == PASSES[0] else _warped(work, back)
        back = back @ _step(now, scale * fine, width)
    shrink = np.diag([fine, fine, 1.0])
    return np.linalg.inv(shrink) @ back @ shrink


def _step(work: Grey, scale: float, width: int) -> Floats:
    level, up = strokes.level(work, scale), strokes.upright(work, scale)
    half = np.diag([0.5, 0.5, 1.0])
    level, up = (cv2.resize(cv2.min(s, INK), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for s in (level, up))
    found = straightening(slopes(level, width), slopes(transposed(up), width), level.shape)
    return np.linalg.inv(half) @ found @ half


def _still(back: Floats, shape: tuple[int, ...]) -> bool:
    corners = np.array([[x, y, 1.0] for x in (0, shape[1]) for y in (0, shape[0])])
    moved = corners @ back.T
    return bool(np.abs(moved[:, :2] / moved[:, 2:] - corners[:, :2]).max() < STILL)


def _warped(grey: Grey, back: Floats) -> Grey:
    size = (grey.shape[1], grey.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(grey, back, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
