"""A picture of a page put straight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rangkiang.scans import light, strokes
from rangkiang.scans.leaf import Floats, Grey, Leaf, Picture
from rangkiang.scans.pixels import smaller, transposed, warped
from rangkiang.scans.sheet import masked, sheet
from rangkiang.scans.slopes import slopes, straightening
from rangkiang.scans.turns import quarters

COARSE = 75 / 72
"""Pixels for a point at which slopes are measured."""
INK = np.uint8(64)
"""Strokes count as much as this at most, so that black ones do not outweigh many grey ones."""
PASSES = (64, 256)
"""Widths over which slopes are measured: short lines tell steep slopes, long ones tell fine ones."""
STILL = 0.0012
"""Share of a page's size: where nothing moves further, the page lies straight, and its pixels are left alone."""


def upright(picture: Picture) -> Leaf:
    """The page with even light, its rules level and upright, its text to be read from left to right."""
    grey, printed = _even(picture)
    fine = min(1.0, 2 * COARSE / picture.scale)
    back = enlarged(_straight(smaller(grey, fine), picture.scale * fine), fine)
    if still(back, grey.shape):
        back = np.eye(3)
    else:
        grey, printed = _both(lambda one: _straightened(one, back), grey, printed)
    turns = quarters(grey, picture.scale)
    back = back @ turning(turns, grey.shape)
    if turns:
        grey, printed = _both(lambda one: np.ascontiguousarray(np.rot90(one, turns)), grey, printed)
    return Leaf(picture.number, grey, printed, back, picture.scale)


def _both(change: Callable[[Grey], Grey], grey: Grey, printed: Grey) -> tuple[Grey, Grey]:
    """Both greys changed; they stay one where they are one."""
    changed = change(grey)
    return changed, changed if printed is grey else change(printed)


def _even(picture: Picture) -> tuple[Grey, Grey]:
    """Both greys with the paper, and what lies around it, at 255."""
    found = sheet(picture.grey)
    pictures = (picture.grey,) if picture.printed is picture.grey else (picture.grey, picture.printed)
    evened = [light.even(one, light.paper(one)) for one in pictures]
    if found is not None:
        evened = [masked(one, found) for one in evened]
    return evened[0], evened[-1]


def _straight(work: Grey, scale: float) -> Floats:
    """The homography from the straight page to this one."""
    back = np.eye(3)
    for width in PASSES:
        now = work if width == PASSES[0] else _straightened(work, back)
        back = back @ _step(now, scale, width)
    return back


def _step(work: Grey, scale: float, width: int) -> Floats:
    both = strokes.level(work, scale), strokes.level(transposed(work), scale)
    level, up = (smaller(np.minimum(one, INK), 0.5) for one in both)
    return enlarged(straightening(slopes(level, width), slopes(up, width), level.shape), 0.5)


def enlarged(back: Floats, fine: float) -> Floats:
    """A homography between pictures that were made smaller (``fine`` below 1), between the pictures themselves."""
    shrink = np.array([[fine, 0, (fine - 1) / 2], [0, fine, (fine - 1) / 2], [0, 0, 1]])
    found: Floats = np.linalg.inv(shrink) @ back @ shrink
    return found


def turning(turns: int, shape: tuple[int, ...]) -> Floats:
    """From pixels of a picture turned so many quarters against the clock to those of the picture (height, width)."""
    bottom, right = shape[0] - 1, shape[1] - 1
    rows = {
        0: ((1, 0, 0), (0, 1, 0)),
        1: ((0, -1, right), (1, 0, 0)),
        2: ((-1, 0, right), (0, -1, bottom)),
        3: ((0, 1, 0), (-1, 0, bottom)),
    }[turns]
    return np.array([*rows, (0, 0, 1)], dtype=np.float64)


def still(back: Floats, shape: tuple[int, ...]) -> bool:
    """Does the homography leave a picture where it is?"""
    corners = np.array([[x, y, 1.0] for x in (0, shape[1]) for y in (0, shape[0])])
    moved = corners @ back.T
    return bool(np.abs(moved[:, :2] / moved[:, 2:] - corners[:, :2]).max() < STILL * max(shape))


def _straightened(grey: Grey, back: Floats) -> Grey:
    """The picture warped, in its own size."""
    return warped(grey, back, (grey.shape[1], grey.shape[0]))
