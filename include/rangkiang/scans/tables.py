"""What hangs together on a page by its long strokes: each table, and each frame, with its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats
from rangkiang.scans.pieces import Piece, joined
from rangkiang.scans.pixels import closed, square, transposed
from rangkiang.scans.rules import FAINTEST, Rules, rules
from rangkiang.scans.strokes import Strokes

REACH = 3.0
"""Points. Strokes so close to each other are of one table."""
SHORTEST = (20.0, 12.0)
"""Points. Level and upright rules that are drawn for less are none."""
LEAST = (30.0, 12.0)
"""Points. A table is no smaller."""

HALF = 0.5
"""Share of a table's width, or height, that its borders are longer than."""
STROKE = 0.15
"""The same of strokes that are no rules."""
IN_LINE = 1.5
"""Points. Rules so close to a line are in it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of what hangs together on a flattened page, in pixels from ``corner`` (x, y)."""

    level: Rules
    upright: Rules
    corner: tuple[int, int]


def piece(table: Table) -> Piece:
    """Where its rules are on the page, and which of them are long."""
    (x, y), level, upright = table.corner, table.level, table.upright
    border = max(int((one.sure.mean(axis=1) > HALF).sum()) for one in (level, upright)) <= 2
    box = (x, y, x + level.sure.shape[1], y + upright.sure.shape[1])
    return Piece(_long(level) + y, _long(upright) + x, box, border)


def _long(rules: Rules) -> Floats:
    found: Floats = rules.at[rules.sure.mean(axis=1) > STROKE]
    return found


def tables(across: Strokes, down: Strokes, scale: float) -> Iterator[Table]:
    """What hangs together by long strokes, and what stands alone inside of it. Where rules are faint a table falls into
    pieces, whose rules are still in line."""
    long = (cv2.max(across.long, transposed(down.long)) > FAINTEST).astype(np.uint8)
    reach = 2 * round(REACH * scale / 2) + 1
    labels, boxes = cv2.connectedComponentsWithStats(closed(long, square(reach)), connectivity=8)[1:3]
    large = (boxes[:, 2] >= LEAST[0] * scale) & (boxes[:, 3] >= LEAST[1] * scale)
    large[0] = False  # the paper

    def table(members: Sequence[int]) -> Table:
        x, y, right, bottom = _around(boxes[members])
        x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), right + reach, bottom + reach
        near = labels[y0:y1, x0:x1]
        others = cv2.dilate((large[near] & ~np.isin(near, members)).astype(np.uint8), square(reach))
        own = np.where(others == 0, 255, 0).astype(np.uint8)
        level, upright = across.within((y0, y1, x0, x1), own), down.within((x0, x1, y0, y1), transposed(own))
        return Table(rules(level, scale, SHORTEST[0]), rules(upright, scale, SHORTEST[1]), (x0, y0))

    alone = np.flatnonzero(large).tolist()
    found = [table([n]) for n in alone]
    for members in joined([piece(one) for one in found], IN_LINE * scale):
        yield found[members[0]] if len(members) == 1 else table([alone[n] for n in members])


def _around(boxes: NDArray[Any]) -> tuple[int, int, int, int]:
    x, y, w, h = boxes[:, :4].T
    return int(x.min()), int(y.min()), int((x + w).max()), int((y + h).max())
