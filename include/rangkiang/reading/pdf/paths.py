"""Paths that are more than a line or a box, taken apart into the rules that they draw."""

from __future__ import annotations

from itertools import pairwise, repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rangkiang.reading.pdf.calls import CLOSES, POINT, SEGMENT, SEGMENT_TYPE, addresses, ask, matrix_of
from rangkiang.reading.pdf.turn import Floats

THIN = 3.0
"""A filled shape no thicker than this (points) is a rule, not a ground of colour."""
CORNERS = 5
"""Points of a rectangle's path: the first, three more, and the first again."""


def taken_apart(path: Any, count: int) -> Floats:
    """The straight, level or upright pieces of a stroked path."""
    points, kinds, closed = _points(path, count)
    ends = np.flatnonzero(kinds == pdfium.FPDF_SEGMENT_LINETO)
    closing = np.flatnonzero(closed)
    begun = np.maximum.accumulate(np.where(kinds == pdfium.FPDF_SEGMENT_MOVETO, np.arange(count), 0))
    drawn = np.hstack([points[ends - 1], points[ends]])
    return _level(np.vstack([drawn, np.hstack([points[closing], points[begun[closing]]])]))


def filled_rules(path: Any, count: int) -> Floats:
    """Thin rectangles that are filled all in one path: every subpath is looked at by itself."""
    points, kinds, _ = _points(path, count)
    starts = [*np.flatnonzero(kinds == pdfium.FPDF_SEGMENT_MOVETO), count]
    boxes = [
        (*points[a:b].min(axis=0), *points[a:b].max(axis=0))
        for a, b in pairwise(starts)
        if b - a in (CORNERS - 1, CORNERS)
    ]
    return thin_boxes(np.array(boxes).reshape(-1, 4))


def _points(path: Any, count: int) -> tuple[Floats, NDArray[np.int64], list[bool]]:
    segments = list(map(SEGMENT, repeat(path, count), range(count)))
    found = np.zeros((count, 2), dtype=np.float32)
    ask(POINT, segments, addresses(found), addresses(found, 4))
    matrix = matrix_of(path)
    points = np.column_stack([found.astype(np.float64), np.ones(count)]) @ matrix
    kinds = np.fromiter(map(SEGMENT_TYPE, segments), dtype=np.int64, count=count)
    flat: Floats = points[:, :2]
    return flat, kinds, [bool(c) for c in map(CLOSES, segments)]


def _level(pieces: Floats) -> Floats:
    """Pieces (x, y, x, y) that run level or upright, as boxes."""
    boxes = np.column_stack([np.minimum(pieces[:, :2], pieces[:, 2:]), np.maximum(pieces[:, :2], pieces[:, 2:])])
    return _no_thicker(boxes, 0.5)


def thin_boxes(boxes: Floats) -> Floats:
    return _no_thicker(boxes, THIN)


def _no_thicker(boxes: Floats, limit: float) -> Floats:
    chosen: Floats = boxes[np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= limit]
    return chosen
