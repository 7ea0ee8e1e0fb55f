"""What hangs together on a page by its long strokes: each table, and each frame, with its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.pieces import Piece, joined
from rangkiang.scans.pixels import closed, connected, square, transposed
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
AROUND = 0.7
"""Share of what hangs together along which each line of a frame around it is drawn."""
BESIDE, RARE = 4.0, 0.3
"""Points from the frame's sides at which rules have ended, and the share of what is drawn elsewhere that is there."""
ROOM = 2.5
"""Points to either side of a frame's line in which its strokes lie."""

MARGIN, HOLLOW, PART = 8.0, 0.1, 0.01
"""Points from its sides within which all but this share of what runs around a table lies, and the share of its area
that the table takes at least."""

Box = tuple[int, int, int, int]


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
    pieces, whose rules are still in line; where a pen joins it to the frame of its page, the frame is taken away."""
    page = _Page(across, down, scale)
    found = [page.table([n]) for n in page.large]
    frames = [line for one in found for line in _frame(one, scale)]
    if frames:
        page = page.without(frames)
        found = [page.table([n]) for n in page.large]
    for members in joined([piece(one) for one in found], IN_LINE * scale):
        yield found[members[0]] if len(members) == 1 else page.table([page.large[n] for n in members])


class _Page:
    """The strokes of a page, by what hangs together."""

    def __init__(self, across: Strokes, down: Strokes, scale: float) -> None:
        self._across, self._down, self._scale = across, down, scale
        self._reach = 2 * round(REACH * scale / 2) + 1
        long = (cv2.max(across.long, transposed(down.long)) > FAINTEST).astype(np.uint8)
        closely = closed(long, square(self._reach))
        self._labels, self._boxes = connected(closely)
        self._is_large = (self._boxes[:, 2] >= LEAST[0] * scale) & (self._boxes[:, 3] >= LEAST[1] * scale)
        self._is_large[0] = False  # the paper
        large: list[int] = np.flatnonzero(self._is_large).tolist()
        self.large = [n for n in large if not any(self._is_within(m, n) for m in large) or not self._is_hollow(n)]

    def _is_hollow(self, n: int) -> bool:
        """Does it run around something, as a page's frame and a scanner's edges do?"""
        x, y, wide, high, area = self._boxes[n].tolist()
        margin = round(MARGIN * self._scale)
        inside = self._labels[y + margin : y + high - margin, x + margin : x + wide - margin]
        return bool((inside == n).sum() <= HOLLOW * area)

    def _is_within(self, n: int, other: int) -> bool:
        """Is it a table, and does it lie in the other, away from its sides?"""
        (x, y, wide, high), (left, top, width, height) = self._boxes[[n, other], :4].tolist()
        margin = MARGIN * self._scale
        inside = left + margin < x and x + wide < left + width - margin
        inside &= top + margin < y and y + high < top + height - margin
        return bool(inside and wide * high > PART * width * height)

    def table(self, members: Sequence[int]) -> Table:
        """Some of what hangs together, as one table."""
        x, y, right, bottom = _around(self._boxes[members])
        reach = self._reach
        x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), right + reach, bottom + reach
        near = self._labels[y0:y1, x0:x1]
        others = cv2.dilate((self._is_large[near] & ~np.isin(near, members)).astype(np.uint8), square(reach))
        own: Grey = np.where(others == 0, np.uint8(255), np.uint8(0))
        level = self._across.within((y0, y1, x0, x1), own)
        upright = self._down.within((x0, x1, y0, y1), transposed(own))
        return Table(rules(level, self._scale, SHORTEST[0]), rules(upright, self._scale, SHORTEST[1]), (x0, y0))

    def without(self, boxes: Sequence[Box]) -> _Page:
        """The page without the strokes in some boxes (left, top, right, bottom)."""
        high, wide = self._across.long.shape
        kept: Grey = np.full((high, wide), 255, dtype=np.uint8)
        for left, top, right, bottom in boxes:
            kept[max(0, top) : bottom, max(0, left) : right] = 0
        across = self._across.within((0, high, 0, wide), kept)
        return _Page(across, self._down.within((0, wide, 0, high), transposed(kept)), self._scale)


def _frame(table: Table, scale: float) -> list[Box]:
    """The lines of a frame around a table (left, top, right, bottom of each, on the page); none where there is none.

    Its lines run all around, and hardly a rule reaches from the one side to the other.
    """
    (x, y), level, upright = table.corner, table.level, table.upright
    lines = [np.flatnonzero(one.sure.mean(axis=1) > AROUND) for one in (level, upright)]
    if min(map(len, lines)) < 2 or min(len(level.at), len(upright.at)) <= 2:
        return []
    (top, *_, bottom), (left, *_, right) = (one.tolist() for one in lines)
    beside = round(BESIDE * scale)
    sides = [int(upright.at[left]) + beside, int(upright.at[right]) - beside]
    inner = level.sure[top + 1 : bottom]
    if not len(inner) or inner[:, sides].mean() > RARE * inner.mean():
        return []
    room = round(ROOM * scale)
    high, wide = upright.sure.shape[1], level.sure.shape[1]
    ends = [(x, y + int(level.at[n]) - room, x + wide, y + int(level.at[n]) + room) for n in (top, bottom)]
    return ends + [(x + int(upright.at[n]) - room, y, x + int(upright.at[n]) + room, y + high) for n in (left, right)]


def _around(boxes: NDArray[Any]) -> tuple[int, int, int, int]:
    x, y, w, h = boxes[:, :4].T
    return int(x.min()), int(y.min()), int((x + w).max()), int((y + h).max())
