"""A page of a scan as a picture: as it came, and put straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Box

Grey = NDArray[np.uint8]
"""(height, width): 0 black ink, 255 white paper."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as the file shows it. Both greys have the same shape."""

    number: int  # 1-based page of the file
    grey: Grey
    printed: Grey  # the same without coloured ink (stamps, pens), where there was colour; else ``grey`` itself
    scale: float  # pixels for a point of the page (1/72 inch)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page put straight: text reads from left to right, rules are level and upright, paper is white.

    ``back`` (3, 3) is the homography that leads from a pixel (x, y) here to the same place on the picture it was made
    of; ``scale`` is of that picture: pixels for a point.
    """

    number: int
    grey: Grey
    printed: Grey
    back: Floats
    scale: float

    def places(self, pixels: Floats) -> Floats:
        """Points of the page as it came, origin top left, of pixels (n, 2: x, y) of this leaf."""
        on = np.column_stack([pixels, np.ones(len(pixels))]) @ self.back.T
        there: Floats = on[:, :2] / on[:, 2:] / self.scale
        return there

    def turned(self) -> Leaf:
        """The same upside down."""
        height, width = self.grey.shape
        grey = np.ascontiguousarray(self.grey[::-1, ::-1])
        printed = grey if self.printed is self.grey else np.ascontiguousarray(self.printed[::-1, ::-1])
        half = np.array([[-1.0, 0.0, width - 1], [0.0, -1.0, height - 1], [0.0, 0.0, 1.0]])
        return Leaf(self.number, grey, printed, self.back @ half, self.scale)

    def box(self, corners: Floats) -> Box:
        """The rectangle around corners (n, 2: x, y) of this leaf, in points of the page as it came."""
        there = self.places(corners)
        (x0, y0), (x1, y1) = there.min(axis=0), there.max(axis=0)
        return Box(round(float(x0), 2), round(float(y0), 2), round(float(x1), 2), round(float(y1), 2))


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table on a leaf. Paper bends, so every crossing of rules has its own place.

    ``corners`` (rows + 1, columns + 1, 2) are the crossings' pixels (x, y). ``above`` (rows + 1, columns) says where
    there is a rule over a row (the last one is the lower border); ``before`` (rows, columns + 1) where there is one to
    the left of a column (the last one is the right border).
    """

    corners: Floats
    above: NDArray[np.bool_]
    before: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.corners.shape[0] - 1, self.corners.shape[1] - 1
