"""The boxes and the words of a placed sheet, cut out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.c1.layout import Field, Place
from rangkiang.scans.c1.register import LONG_SIDE, Placed
from rangkiang.scans.c1.ruled import Rules, rules, shifts
from rangkiang.scans.c1.signs import AROUND, INSIDE
from rangkiang.scans.c1.values import BOXES
from rangkiang.scans.leaf import Floats, Grey

BEND = 5
"""How far the paper may have moved a box's rule from where the whole page puts it, in pixels of LONG_SIDE."""
FINE = 3
"""Pictures are made so many times larger first, or thin strokes would break."""
SAMPLES = 12
"""Points at which each side of a box is looked for; a side is where half of them find it."""

INKED = 150
"""What is darker is ink."""
PARTED, UPRIGHT = 0.045, 0.6
"""A rule between boxes is this near to its place, in widths of all boxes, and inked over more of its length."""
RIM, LEVEL = 0.08, 0.4
"""The same of those above and below, in heights."""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A number's boxes. ``pictures`` (boxes, SIDE, SIDE), 255 paper; ``corners`` (4, 2) of all boxes on the leaf:
    from the upper left one with the clock; ``crop`` what lies between them."""

    row: str
    pictures: Grey
    corners: Floats
    crop: Grey


def boxed(placed: Placed) -> list[Boxed]:
    """Every number of the page with the pictures of its boxes, each fitted to its own rules."""
    scale = LONG_SIDE / max(placed.leaf.grey.shape)
    small = cv2.resize(placed.leaf.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    drawn = rules(small)
    return [_number(placed, drawn, scale, place) for place in placed.page.places]


def cut(placed: Placed, field: Field) -> Grey:
    """The picture of a field of the layout, as large as on the leaf."""
    return _flat(placed.leaf.grey, placed.pixels(_corners(*field)))


def unruled(crop: Grey) -> Grey:
    """A number's boxes without their rules, which readers of print take for ones."""
    height, width = crop.shape
    ink = crop < INKED
    parting = np.abs(np.arange(width)[:, None] / width - np.arange(1, BOXES) / BOXES).min(axis=1) <= PARTED
    upright = parting & (ink.mean(axis=0) > UPRIGHT)
    rows = np.arange(height) + 0.5
    level = (np.minimum(rows, height - rows) <= RIM * height) & (ink.mean(axis=1) > LEVEL)
    clean = crop.copy()
    clean[:, np.convolve(upright, (1, 1, 1), "same") > 0] = 255
    clean[level] = 255
    return clean


def _number(placed: Placed, drawn: Rules, scale: float, place: Place) -> Boxed:
    edges = zip(place.stops, place.stops[1:], strict=False)
    quads = [_fitted(placed, drawn, scale, _corners(x0, place.top, x1, place.bottom)) for x0, x1 in edges]
    whole = np.array([quads[0][0], quads[-1][1], quads[-1][2], quads[0][3]])
    grey = placed.leaf.grey
    pictures = np.stack([_flat(grey, quad, (INSIDE, INSIDE), AROUND) for quad in quads])
    return Boxed(place.row, pictures, whole, _flat(grey, whole))


def _corners(x0: float, y0: float, x1: float, y1: float) -> Floats:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _fitted(placed: Placed, drawn: Rules, scale: float, quad: Floats) -> Floats:
    """A box (4, 2) of the layout on the leaf, its sides moved to the rules that are drawn near them."""
    moved = placed.pixels(quad) * scale
    upper, right, lower, left = (_shift(drawn, moved, side) for side in range(4))
    fitted: Floats = (moved + _corners(left, upper, right, lower)) / scale
    return fitted


def _shift(drawn: Rules, quad: Floats, side: int) -> float:
    """How far a side of a box (0 the upper one, then with the clock) is from its drawn rule; 0 where none is drawn."""
    across = 1 - side % 2
    along = np.linspace(0.1, 0.9, SAMPLES)[:, None]
    points = quad[side] * (1 - along) + quad[(side + 1) % 4] * along
    shift, there = shifts(drawn.level if across else drawn.upright, points, BEND, across)
    return float(np.median(shift[there])) if there.mean() >= 1 / 2 else 0.0


def _flat(grey: Grey, corners: Floats, inside: tuple[int, int] | None = None, around: int = 0) -> Grey:
    """What lies between corners (4, 2), brought to a size ``inside`` (its own where none is asked for) with so many
    pixels around."""
    width, height = inside or (max(1, round(float(n))) for n in np.abs(corners[2] - corners[0]))
    onto = _corners(0, 0, width, height) + around
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), onto.astype(np.float32))
    size = (width + 2 * around, height + 2 * around)
    fine = cv2.warpPerspective(
        grey, np.diag([FINE, FINE, 1.0]) @ matrix, (FINE * size[0], FINE * size[1]), borderValue=255
    )
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
