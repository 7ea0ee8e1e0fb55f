"""What hangs together on a page by its long strokes: each table, and each frame, with its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.pixels import closed, square, transposed
from rangkiang.scans.rules import FAINTEST, Rules, rules
from rangkiang.scans.strokes import Strokes

REACH = 3.0
"""Points. Strokes so close to each other are of one table."""
SHORTEST = (20.0, 12.0)
"""Points. Level and upright rules that are drawn for less are none."""
LEAST = (30.0, 12.0)
"""Points. A table is no smaller."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of what hangs together on a flattened page, in pixels from ``corner`` (x, y)."""

    level: Rules
    upright: Rules
    corner: tuple[int, int]


def tables(across: Strokes, down: Strokes, scale: float) -> Iterator[Table]:
    """What hangs together by long strokes, and what stands alone inside of it."""
    long = (cv2.max(across.long, transposed(down.long)) > FAINTEST).astype(np.uint8)
    reach = 2 * round(REACH * scale / 2) + 1
    labels, boxes = cv2.connectedComponentsWithStats(closed(long, square(reach)), connectivity=8)[1:3]
    large = (boxes[:, 2] >= LEAST[0] * scale) & (boxes[:, 3] >= LEAST[1] * scale)
    large[0] = False  # the paper
    for n in np.flatnonzero(large).tolist():
        x, y, w, h = boxes[n, :4].tolist()
        x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), x + w + reach, y + h + reach
        near = labels[y0:y1, x0:x1]
        others = cv2.dilate((large[near] & (near != n)).astype(np.uint8), square(reach))
        own = np.where(others == 0, 255, 0).astype(np.uint8)
        level, upright = across.within((y0, y1, x0, x1), own), down.within((x0, x1, y0, y1), transposed(own))
        yield Table(rules(level, scale, SHORTEST[0]), rules(upright, scale, SHORTEST[1]), (x0, y0))
