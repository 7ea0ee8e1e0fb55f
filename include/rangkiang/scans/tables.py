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
    """What hangs together by long strokes."""
    long = (cv2.max(across.long, transposed(down.long)) > FAINTEST).astype(np.uint8, copy=False)
    reach = 2 * round(REACH * scale / 2) + 1
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(closed(long, square(reach)), connectivity=8)
    for n in range(1, count):
        x, y, w, h = boxes[n, :4].tolist()
        if w < LEAST[0] * scale or h < LEAST[1] * scale:
            continue
        x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), x + w + reach, y + h + reach
        own = cv2.dilate((labels[y0:y1, x0:x1] == n).astype(np.uint8, copy=False) * 255, square(reach)).astype(
            np.uint8, copy=False
        )
        level, upright = across.within((y0, y1, x0, x1), own), down.within((x0, x1, y0, y1), transposed(own))
        yield Table(rules(level, scale, SHORTEST[0]), rules(upright, scale, SHORTEST[1]), (x0, y0))
