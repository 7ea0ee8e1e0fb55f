"""The cells of a lattice, and rough crops of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.pixels import warped
from rangkiang.spans import Region, regions

LEVEL = 1.2
"""Pixels: where the corners of a cell are this close to a rectangle's, it is cut and not warped."""


@dataclass(frozen=True, slots=True)
class Quad:
    """A cell of a lattice: its span, and its corners (4, 2: x, y) clockwise from the top left, pixels of the leaf."""

    region: Region
    corners: Floats


def cells(lattice: Lattice) -> list[Quad]:
    """The cells of a lattice, merged ones once, row by row."""
    found = regions(lattice.above.tolist(), lattice.before.tolist())
    at = np.array(found)
    top, left, bottom, right = at.T
    corners = lattice.corners
    quads = np.stack([corners[top, left], corners[top, right], corners[bottom, right], corners[bottom, left]], axis=1)
    return [Quad(region, quad) for region, quad in zip(found, quads, strict=True)]


def crop(leaf: Leaf, corners: Floats, printed: bool = True) -> Grey:
    """What is in a quad (4, 2), as a rectangle at the leaf's own resolution; without coloured ink if ``printed``.

    Its edges may hold remnants of the rules.
    """
    grey = leaf.printed if printed else leaf.grey
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    width = round(float(np.hypot(*(corners[1] - corners[0])) + np.hypot(*(corners[2] - corners[3]))) / 2)
    height = round(float(np.hypot(*(corners[3] - corners[0])) + np.hypot(*(corners[2] - corners[1]))) / 2)
    if max(x1 - x0 - width, y1 - y0 - height) < LEVEL:
        left, top = max(0, round(float(x0))), max(0, round(float(y0)))
        return grey[top : max(top + 1, round(float(y1))), left : max(left + 1, round(float(x1)))]
    size = (max(1, width), max(1, height))
    to = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(to, corners.astype(np.float32)).astype(np.float64)
    return warped(grey, turn, size)
