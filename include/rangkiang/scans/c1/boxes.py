"""The boxes and the words of a placed sheet, cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.c1.layout import Place
from rangkiang.scans.c1.register import LONG_SIDE, Placed
from rangkiang.scans.c1.ruled import Rules, rules, shifts
from rangkiang.scans.leaf import Floats, Grey

INSIDE, AROUND = 32, 8
"""Pixels of a box in its picture, from rule to rule, and of what is seen around it: signs cross their boxes."""
SIDE = INSIDE + 2 * AROUND
BEND = 5
"""How far the paper may have moved a box's rule from where the whole page puts it, in pixels of LONG_SIDE."""
SAMPLES = 12
"""Points at which each side of a box is looked for; a side is where half of them find it."""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A number's boxes. ``pictures`` (boxes, SIDE, SIDE), 255 paper; ``corners`` (4, 2) of all boxes on the leaf:
    from the upper left one with the clock."""

    row: str
    pictures: Grey
    corners: Floats


def boxed(placed: Placed) -> list[Boxed]:
    """Every number of the page with the pictures of its boxes, each fitted to its own rules."""
    scale = LONG_SIDE / max(placed.leaf.grey.shape)
    small = cv2.resize(placed.leaf.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    drawn = rules(small)
    return [_number(placed, drawn, scale, place) for place in placed.page.places]


def field(placed: Placed, box: Sequence[float]) -> tuple[Grey, Floats]:
    """The picture of a field of the layout (x0, y0, x1, y1), as large as on the leaf, and its corners there."""
    x0, y0, x1, y1 = box
    corners = placed.pixels(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
    width, height = np.rint(np.abs(corners[2] - corners[0])).astype(int).tolist()
    return _flat(placed.leaf.grey, corners, np.array([[0, 0], [width, 0], [width, height], [0, height]])), corners


def _number(placed: Placed, drawn: Rules, scale: float, place: Place) -> Boxed:
    quads = [
        _fitted(
            placed, drawn, scale, np.array([[x0, place.top], [x1, place.top], [x1, place.bottom], [x0, place.bottom]])
        )
        for x0, x1 in zip(place.stops, place.stops[1:], strict=False)
    ]
    low, high = AROUND, AROUND + INSIDE
    onto = np.array([[low, low], [high, low], [high, high], [low, high]])
    pictures = np.stack([_flat(placed.leaf.grey, quad, onto, SIDE) for quad in quads])
    return Boxed(place.row, pictures, np.array([quads[0][0], quads[-1][1], quads[-1][2], quads[0][3]]))


def _fitted(placed: Placed, drawn: Rules, scale: float, quad: Floats) -> Floats:
    """A box (4, 2) of the layout on the leaf, its sides moved to the rules that are drawn near them."""
    moved = placed.pixels(quad) * scale
    upper, right, lower, left = (_shift(drawn, moved, side) for side in range(4))
    return (moved + np.array([[left, upper], [right, upper], [right, lower], [left, lower]])) / scale


def _shift(drawn: Rules, quad: Floats, side: int) -> float:
    """How far a side of a box (0 the upper one, then with the clock) is from its drawn rule; 0 where none is drawn."""
    across = 1 - side % 2
    along = np.linspace(0.1, 0.9, SAMPLES)[:, None]
    points = quad[side] * (1 - along) + quad[(side + 1) % 4] * along
    shift, there = shifts(drawn.level if across else drawn.upright, points, BEND, across)
    return float(np.median(shift[there])) if there.mean() >= 1 / 2 else 0.0


def _flat(grey: Grey, corners: Floats, onto: NDArray[np.float64], side: int = 0) -> Grey:
    """What lies between corners (4, 2), warped so that they come to ``onto``."""
    size = (side, side) if side else tuple(int(n) for n in onto[2])
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), onto.astype(np.float32))
    fine = cv2.warpPerspective(
        grey, np.diag([3.0, 3.0, 1.0]) @ matrix, (3 * size[0], 3 * size[1]), flags=cv2.INTER_LINEAR, borderValue=255
    )
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
