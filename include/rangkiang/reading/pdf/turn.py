"""Quarter turns: from a page as it is drawn to the page as it is shown, and as it is read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STRAY = 0.3
"""Of a character's size: how far off the line the next one of its word may stand."""
FAR = 2.5
"""Of a character's size: how far away the next one of its word may be."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A page of ``width`` x ``height`` points that is turned clockwise by ``quarters`` of a turn. Origin top left."""

    width: float
    height: float
    quarters: int

    @property
    def far_width(self) -> float:
        return self.height if self.quarters % 2 else self.width

    @property
    def far_height(self) -> float:
        return self.width if self.quarters % 2 else self.height

    def there(self, boxes: Floats) -> Floats:
        """Boxes (n, 4), of any two corners, on the turned page: upper left and lower right corner."""
        return _turned(boxes, self.width, self.height, self.quarters)

    def back(self, boxes: Floats) -> Floats:
        """The way back."""
        return _turned(boxes, self.far_width, self.far_height, -self.quarters % 4)


def _turned(boxes: Floats, width: float, height: float, quarters: int) -> Floats:
    x0, y0, x1, y1 = boxes.T
    if quarters == 1:
        x0, y0, x1, y1 = height - y0, x0, height - y1, x1
    elif quarters == 2:
        x0, y0, x1, y1 = width - x0, height - y0, width - x1, height - y1
    elif quarters == 3:
        x0, y0, x1, y1 = y0, width - x0, y1, width - x1
    return np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)


def main_way(ways: NDArray[np.int64]) -> int:
    """The quarter turns clockwise after which most of the text of a page reads from left to right."""
    return int(np.bincount(ways[ways >= 0], minlength=4).argmax())


def word_ways(solid: NDArray[np.bool_], boxes: Floats) -> NDArray[np.int64]:
    """Which way the text runs at each character: where the next one of its word stands.

    0 to its right, 1 above, 2 to its left, 3 below: so many quarter turns clockwise mend it. -1 where one of the two is
    white space (not ``solid``) or they do not touch.
    """
    ways = np.full(len(solid), -1, dtype=np.int64)
    if len(solid) < 2:
        return ways
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    sides = boxes[:-1, 2:] - boxes[:-1, :2]
    small, large = np.minimum(*sides.T), np.maximum(*sides.T)
    dx, dy = np.diff(centre, axis=0).T
    level, upright = _neighbours(dx, dy, small, large), _neighbours(dy, dx, small, large)
    ways[:-1] = np.where(level, np.where(dx > 0, 0, 2), np.where(dy < 0, 1, 3))
    ways[:-1][(level == upright) | ~(solid[:-1] & solid[1:])] = -1
    return ways


def _neighbours(along: Floats, aside: Floats, small: Floats, large: Floats) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (
        (np.abs(aside) <= STRAY * large) & (np.abs(along) > STRAY * small) & (np.abs(along) < FAR * large)
    )
    return near
