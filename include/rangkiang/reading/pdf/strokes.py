"""What is drawn on a page: its straight strokes, off pdfium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rangkiang.reading.errors import crowded
from rangkiang.reading.pdf.calls import (
    DRAW_MODE,
    FORM_OBJECT,
    FORM_OBJECTS,
    MATRIX,
    PAGE_OBJECT,
    PAGE_OBJECTS,
    POINT,
    SEGMENT,
    SEGMENTS,
    STROKE_WIDTH,
    TYPE,
    addresses,
    ask,
    bounds_of,
    handle,
    matrix_of,
)
from rangkiang.reading.pdf.paths import CORNERS, THIN, filled_rules, taken_apart, thin_boxes
from rangkiang.reading.pdf.turn import Floats
from rangkiang.settings import limits

MAX_DEPTH = 4
"""Drawings within drawings are followed so deep."""

_CORNER_OFF = 0.3  # points; what rounding and a mitred pen add


@dataclass(slots=True)
class _Budget:
    """How many objects may be looked at on one page, drawings within drawings included."""

    limit: int
    spent: int = 0

    def spend(self, count: int) -> None:
        self.spent += count
        if self.spent > self.limit:
            raise crowded(self.spent, self.limit, "objek")


def strokes(page: Any) -> Floats:
    """The straight rules and the edges of boxes on a page of pdfium's: thin boxes (n, 4: left, bottom, right, top).

    In points, y upwards. Raises Unreadable('too_large').
    """
    budget = _Budget(limits().objects)
    found = list(_drawn(handle(page), PAGE_OBJECTS, PAGE_OBJECT, np.eye(3), MAX_DEPTH, budget))
    return np.concatenate(found) if found else np.zeros((0, 4))


def _drawn(holder: int, count_of: Any, object_at: Any, matrix: Floats, depth: int, budget: _Budget) -> Iterator[Floats]:
    count = count_of(holder)
    budget.spend(count)
    objects = list(map(object_at, repeat(holder, count), range(count)))
    types = list(map(TYPE, objects))
    paths = [o for o, kind in zip(objects, types, strict=True) if kind == pdfium.FPDF_PAGEOBJ_PATH]
    images = [o for o, kind in zip(objects, types, strict=True) if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    yield from (_moved(lines, matrix) for lines in (*_of_paths(paths), thin_boxes(bounds_of(images))))
    for thing, kind in zip(objects, types, strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            inner = matrix_of(thing) @ matrix
            yield from _drawn(thing, FORM_OBJECTS, FORM_OBJECT, inner, depth - 1, budget)


def _of_paths(paths: Sequence[Any]) -> Iterator[Floats]:
    """By how many points a path has: a line has two, a box five; what has more is taken apart."""
    if not paths:
        return
    points = np.fromiter(map(SEGMENTS, paths), dtype=np.int64, count=len(paths))
    bounds = bounds_of(paths)
    fill = np.zeros((len(paths), 2), dtype=np.int32)
    ask(DRAW_MODE, paths, addresses(fill), addresses(fill, 4))
    stroke = np.zeros(len(paths), dtype=np.float32)
    ask(STROKE_WIDTH, paths, addresses(stroke.reshape(-1, 1)))
    stroked = fill[:, 1] != 0
    visible = stroked | (fill[:, 0] != 0)
    pen = np.where(stroked, stroke, 0.0) / 2
    size = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    thin = visible & (points <= CORNERS) & (size <= np.maximum(THIN, 2 * pen + 0.01))
    # The pen widens a rule's ends as well; a rule that overshoots by half its width still meets the one it should.
    yield _along(bounds[thin], pen[thin])
    rest = np.flatnonzero(stroked & ~thin & (points > 1))
    boxes = rest[(points[rest] == CORNERS) | (points[rest] == CORNERS - 1)]
    inner = bounds[boxes] + pen[boxes, None] * np.array([1.0, 1.0, -1.0, -1.0])
    is_box = _spans(inner, [paths[n] for n in boxes.tolist()])
    yield _edges(inner[is_box])
    apart = np.setdiff1d(rest, boxes[is_box])
    yield from (taken_apart(paths[n], int(points[n])) for n in apart.tolist())
    compound = np.flatnonzero(visible & ~stroked & ~thin & (points > CORNERS))
    yield from (filled_rules(paths[n], int(points[n])) for n in compound.tolist())


def _spans(bounds: Floats, paths: Sequence[Any]) -> NDArray[np.bool_]:
    """Is the path the box it fills? Then its first and its third point are opposite corners of it."""
    matrices = np.zeros((max(len(paths), 1), 6), dtype=np.float32)
    ask(MATRIX, paths, addresses(matrices))
    corners = []
    for n in (0, 2):
        found = np.zeros((max(len(paths), 1), 2), dtype=np.float32)
        segments = list(map(SEGMENT, paths, repeat(n)))
        ask(POINT, segments, addresses(found), addresses(found, 4))
        a, b, c, d, e, f = matrices[: len(paths)].T.astype(np.float64)
        x, y = found[: len(paths)].T.astype(np.float64)
        corners.append(np.column_stack([a * x + c * y + e, b * x + d * y + f]))
    spanned = np.column_stack([np.minimum(*corners), np.maximum(*corners)])
    near: NDArray[np.bool_] = np.abs(spanned - bounds).max(axis=1, initial=0.0) < _CORNER_OFF
    return near


def _edges(boxes: Floats) -> Floats:
    """The four sides of each box."""
    left, bottom, right, top = boxes.T
    sides = (
        (left, bottom, right, bottom),
        (left, top, right, top),
        (left, bottom, left, top),
        (right, bottom, right, top),
    )
    return np.concatenate([np.column_stack(side) for side in sides])


def _along(bounds: Floats, pen: Floats) -> Floats:
    """Thin boxes without what the pen adds at their ends."""
    flat = (bounds[:, 3] - bounds[:, 1]) <= (bounds[:, 2] - bounds[:, 0])
    short = np.zeros_like(bounds)
    short[:, 0] = short[:, 2] = np.where(flat, pen, 0.0)
    short[:, 1] = short[:, 3] = np.where(flat, 0.0, pen)
    short[:, 2:] *= -1
    return bounds + short


def _moved(boxes: Floats, matrix: Floats) -> Floats:
    if not len(boxes) or np.array_equal(matrix, np.eye(3)):
        return boxes
    corners = [np.column_stack([boxes[:, ends], np.ones(len(boxes))]) @ matrix for ends in ([0, 1], [2, 3])]
    one, two = (c[:, :2] for c in corners)
    return np.column_stack([np.minimum(one, two), np.maximum(one, two)])
