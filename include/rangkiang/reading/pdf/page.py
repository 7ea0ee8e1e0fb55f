"""A page as numbers: its characters and its straight rules, off pdfium, as the reader sees the page.

Python asks pdfium a question per character and per path, thousands of times a page; so the answers are written straight
into arrays, and no object is made for any of them.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rangkiang.reading.pdf.turn import Frame, main_way, word_ways

Floats = NDArray[np.float64]

THIN = 3.0
"""A filled shape no thicker than this (points) is a rule, not a ground of colour."""
MAX_DEPTH = 4
"""Drawings within drawings are followed so deep."""
MAX_OBJECTS = 200_000
"""Of one page. No office's sheet comes near it; a page that does is an attack or a map."""
MAX_CHARACTERS = 200_000

_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}  # pdfium's marks for a dash at the end of a line
_BLANK = np.array([chr(code).isspace() for code in range(0x3002)])  # there is no white space beyond
_CORNER_OFF = 0.3  # points; what rounding and a mitred pen add
_CORNERS = 5  # points of a rectangle's path: the first, three more, and the first again


class TooMuch(Exception):
    """A page with more on it than any sheet has; ``what`` and ``count`` say of what."""

    def __init__(self, what: str, count: int, limit: int) -> None:
        super().__init__(f"{count} {what}, limit {limit}")
        self.what, self.count, self.limit = what, count, limit


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page. Lengths in points, origin top left, turned so that most of the text reads from left to right.

    ``text`` has one character per row of ``boxes`` (n, 4: x0, y0, x1, y1); white space, some of it made up by pdfium
    between words and lines, is among it. ``across`` (n, 3: y, x0, x1) and ``down`` (n, 3: x, y0, y1) are the rules.
    ``frame`` leads back to the page as it is shown.
    """

    number: int  # 1-based
    width: float
    height: float
    text: str
    boxes: Floats
    across: Floats
    down: Floats
    frame: Frame
    middle: Floats  # (n, 2) of each character
    solid: NDArray[np.bool_]  # which characters are no white space
    breaks: NDArray[np.int64]  # how many line ends there are in the text up to each character
    ways: NDArray[np.int64]  # (n,) quarter turns clockwise after which the text reads from left to right; -1: unknown


def pages(data: bytes) -> Iterator[Page]:
    """Every page, one after the other. Raises pypdfium2.PdfiumError for a broken file, TooMuch for an absurd page."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                yield _page(number + 1, page, text)


def _page(number: int, page: Any, textpage: Any) -> Page:
    left, bottom, right, top = page.get_bbox()
    shown = Frame(right - left, top - bottom, page.get_rotation() // 90)
    text, boxes = _characters(textpage)
    lines = _lines(page)
    # pdfium's y grows upwards from the corner of the page's box
    origin = np.array([left, top, left, top])
    flip = np.array([1.0, -1.0, 1.0, -1.0])
    boxes, lines = shown.there((boxes - origin) * flip), shown.there((lines - origin) * flip)
    codes = _codes(text)
    solid = ~_BLANK[np.minimum(codes, len(_BLANK) - 1)]
    ways = _with_lying(word_ways(solid, boxes), solid, boxes, textpage, shown.quarters)
    frame = Frame(shown.far_width, shown.far_height, main_way(ways))
    boxes, lines = frame.there(boxes), frame.there(lines)
    ways = np.where(ways >= 0, (ways - frame.quarters) % 4, ways)
    if frame.quarters % 2:  # what lies now stood upright before
        ways = _with_lying(ways, solid, boxes, textpage, shown.quarters + frame.quarters)
    flat = lines[:, 3] - lines[:, 1] <= lines[:, 2] - lines[:, 0]
    across, down = lines[flat], lines[~flat]
    return Page(
        number,
        frame.far_width,
        frame.far_height,
        text,
        boxes,
        np.column_stack([(across[:, 1] + across[:, 3]) / 2, across[:, 0], across[:, 2]]),
        np.column_stack([(down[:, 0] + down[:, 2]) / 2, down[:, 1], down[:, 3]]),
        frame,
        (boxes[:, :2] + boxes[:, 2:]) / 2,
        solid,
        np.cumsum((codes == ord("\r")) | (codes == ord("\n"))),
        ways,
    )


def _with_lying(
    ways: NDArray[np.int64], solid: NDArray[np.bool_], boxes: Floats, textpage: Any, quarters: int
) -> NDArray[np.int64]:
    """The ways of characters wider than high, too, that no neighbour tells: letters of a turned word, set singly.

    ``quarters`` is by how much the page has been turned since it was drawn.
    """
    wide = boxes[:, 2] - boxes[:, 0] > boxes[:, 3] - boxes[:, 1]
    lying = np.flatnonzero(solid & wide & (ways < 0))
    angles = np.array([pdfium.FPDFText_GetCharAngle(textpage, n) for n in lying.tolist()])
    ways[lying] = (-np.round(angles / (np.pi / 2)).astype(np.int64) - quarters) % 4
    return ways


def _codes(text: str) -> NDArray[np.uint32]:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _characters(textpage: Any) -> tuple[str, Floats]:
    """The text of a page, and a box (left, bottom, right, top) for each character: as wide as its advance."""
    count = textpage.count_chars()
    if count > MAX_CHARACTERS:
        raise TooMuch("characters", count, MAX_CHARACTERS)
    boxes = np.zeros((max(count, 1), 4), dtype=np.float32)
    _ask(_LOOSE_BOX, repeat(_handle(textpage), count), range(count), _addresses(boxes))
    return _text(textpage, count), boxes[:count, [0, 3, 2, 1]].astype(np.float64)


def _text(textpage: Any, count: int) -> str:
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    pdfium.FPDFText_GetText(textpage, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * count].decode("utf-16-le", errors="replace")
    if len(text) != count or "\0" in text:  # characters without a code, or beyond the sixteen bits
        codes = [pdfium.FPDFText_GetUnicode(textpage, n) for n in range(count)]
        text = "".join(chr(code) if 0 < code < 0x110000 else "\N{REPLACEMENT CHARACTER}" for code in codes)
    return text.translate(_HYPHENS)


def _lines(page: Any) -> Floats:
    """Straight rules and the edges of boxes as thin boxes (left, bottom, right, top)."""
    found = list(_drawn(_handle(page), _PAGE_OBJECTS, _PAGE_OBJECT, np.eye(3), MAX_DEPTH, [MAX_OBJECTS]))
    return np.concatenate(found) if found else np.zeros((0, 4))


def _drawn(
    holder: int, count_of: Any, object_at: Any, matrix: Floats, depth: int, budget: list[int]
) -> Iterator[Floats]:
    count = count_of(holder)
    budget[0] -= count
    if budget[0] < 0:
        raise TooMuch("objects", MAX_OBJECTS - budget[0], MAX_OBJECTS)
    objects = list(map(object_at, repeat(holder, count), range(count)))
    types = list(map(_TYPE, objects))
    paths = [o for o, kind in zip(objects, types, strict=True) if kind == pdfium.FPDF_PAGEOBJ_PATH]
    images = [o for o, kind in zip(objects, types, strict=True) if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    yield from (_moved(lines, matrix) for lines in (*_of_paths(paths), _thin(_bounds(images))))
    for thing, kind in zip(objects, types, strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            inner = _matrix(thing) @ matrix
            yield from _drawn(thing, _FORM_OBJECTS, _FORM_OBJECT, inner, depth - 1, budget)


def _of_paths(paths: Sequence[Any]) -> Iterator[Floats]:
    """By how many points a path has: a line has two, a box five; what has more is taken apart."""
    if not paths:
        return
    points = np.fromiter(map(_SEGMENTS, paths), dtype=np.int64, count=len(paths))
    bounds = _bounds(paths)
    fill = np.zeros((len(paths), 2), dtype=np.int32)
    _ask(_DRAW_MODE, paths, _addresses(fill), _addresses(fill, 4))
    stroke = np.zeros(len(paths), dtype=np.float32)
    _ask(_STROKE_WIDTH, paths, _addresses(stroke.reshape(-1, 1)))
    stroked = fill[:, 1] != 0
    visible = stroked | (fill[:, 0] != 0)
    pen = np.where(stroked, stroke, 0.0) / 2
    size = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    thin = visible & (points <= _CORNERS) & (size <= np.maximum(THIN, 2 * pen + 0.01))
    # The pen widens a rule's ends as well; a rule that overshoots by half its width still meets the one it should.
    yield _along(bounds[thin], pen[thin])
    rest = np.flatnonzero(stroked & ~thin & (points > 1))
    boxes = rest[(points[rest] == _CORNERS) | (points[rest] == _CORNERS - 1)]
    inner = bounds[boxes] + pen[boxes, None] * np.array([1.0, 1.0, -1.0, -1.0])
    is_box = _spans(inner, [paths[n] for n in boxes.tolist()])
    yield _edges(inner[is_box])
    apart = np.setdiff1d(rest, boxes[is_box])
    yield from (_taken_apart(paths[n], int(points[n])) for n in apart.tolist())
    compound = np.flatnonzero(visible & ~stroked & ~thin & (points > _CORNERS))
    yield from (_filled_rules(paths[n], int(points[n])) for n in compound.tolist())


def _spans(bounds: Floats, paths: Sequence[Any]) -> NDArray[np.bool_]:
    """Is the path the box it fills? Then its first and its third point are opposite corners of it."""
    matrices = np.zeros((max(len(paths), 1), 6), dtype=np.float32)
    _ask(_MATRIX, paths, _addresses(matrices))
    corners = []
    for n in (0, 2):
        found = np.zeros((max(len(paths), 1), 2), dtype=np.float32)
        segments = list(map(_SEGMENT, paths, repeat(n)))
        _ask(_POINT, segments, _addresses(found), _addresses(found, 4))
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


def _taken_apart(path: Any, count: int) -> Floats:
    """The straight, level or upright pieces of a stroked path."""
    points, kinds, closed = _points(path, count)
    ends = np.flatnonzero(kinds == pdfium.FPDF_SEGMENT_LINETO)
    closing = np.flatnonzero(closed)
    begun = np.maximum.accumulate(np.where(kinds == pdfium.FPDF_SEGMENT_MOVETO, np.arange(count), 0))
    drawn = np.hstack([points[ends - 1], points[ends]])
    return _level(np.vstack([drawn, np.hstack([points[closing], points[begun[closing]]])]))


def _filled_rules(path: Any, count: int) -> Floats:
    """Thin rectangles that are filled all in one path: every subpath is looked at by itself."""
    points, kinds, _ = _points(path, count)
    starts = [*np.flatnonzero(kinds == pdfium.FPDF_SEGMENT_MOVETO), count]
    boxes = [
        (*points[a:b].min(axis=0), *points[a:b].max(axis=0))
        for a, b in pairwise(starts)
        if b - a in (_CORNERS - 1, _CORNERS)
    ]
    return _thin(np.array(boxes).reshape(-1, 4))


def _points(path: Any, count: int) -> tuple[Floats, NDArray[np.int64], list[bool]]:
    segments = list(map(_SEGMENT, repeat(path, count), range(count)))
    found = np.zeros((count, 2), dtype=np.float32)
    _ask(_POINT, segments, _addresses(found), _addresses(found, 4))
    matrix = _matrix(path)
    points = np.column_stack([found.astype(np.float64), np.ones(count)]) @ matrix
    kinds = np.fromiter(map(_SEGMENT_TYPE, segments), dtype=np.int64, count=count)
    flat: Floats = points[:, :2]
    return flat, kinds, [bool(c) for c in map(_CLOSES, segments)]


def _level(pieces: Floats) -> Floats:
    """Pieces (x, y, x, y) that run level or upright, as boxes."""
    boxes = np.column_stack([np.minimum(pieces[:, :2], pieces[:, 2:]), np.maximum(pieces[:, :2], pieces[:, 2:])])
    return _no_thicker(boxes, 0.5)


def _thin(boxes: Floats) -> Floats:
    return _no_thicker(boxes, THIN)


def _no_thicker(boxes: Floats, limit: float) -> Floats:
    chosen: Floats = boxes[np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= limit]
    return chosen


def _moved(boxes: Floats, matrix: Floats) -> Floats:
    if not len(boxes) or np.array_equal(matrix, np.eye(3)):
        return boxes
    corners = [np.column_stack([boxes[:, ends], np.ones(len(boxes))]) @ matrix for ends in ([0, 1], [2, 3])]
    one, two = (c[:, :2] for c in corners)
    return np.column_stack([np.minimum(one, two), np.maximum(one, two)])


def _bounds(objects: Sequence[Any]) -> Floats:
    """Left, bottom, right, top of each object, the pen's width included."""
    found = np.zeros((max(len(objects), 1), 4), dtype=np.float32)
    _ask(_BOUNDS, objects, *(_addresses(found, 4 * n) for n in range(4)))
    return found[: len(objects)].astype(np.float64)


def _matrix(thing: int) -> Floats:
    """A matrix to multiply rows (x, y, 1) with."""
    found = np.zeros((1, 6), dtype=np.float32)
    _ask(_MATRIX, [thing], _addresses(found))
    a, b, c, d, e, f = found[0].tolist()
    return np.array([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]])


def _addresses(array: NDArray[Any], offset: int = 0) -> range:
    """Where the rows of an array begin in memory, plus an offset in bytes: pdfium writes there."""
    begin = array.ctypes.data + offset
    step = array.strides[0]
    return range(begin, begin + step * len(array), step)


def _handle(thing: Any) -> int:
    return ctypes.cast(thing.raw, ctypes.c_void_p).value or 0


def _ask(question: Any, *arguments: Any) -> None:
    deque(map(question, *arguments), maxlen=0)


def _function(name: str, result: Any, *arguments: Any) -> Any:
    """A function of pdfium that takes addresses as whole numbers: several times quicker to call than with pointers.

    It keeps the interpreter's lock, as all of them return at once.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value)  # type: ignore[arg-type]


_HANDLE, _ADDRESS, _INT = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
_LOOSE_BOX = _function("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _ADDRESS)
_PAGE_OBJECT = _function("FPDFPage_GetObject", _HANDLE, _HANDLE, _INT)
_FORM_OBJECT = _function("FPDFFormObj_GetObject", _HANDLE, _HANDLE, ctypes.c_ulong)
_PAGE_OBJECTS = _function("FPDFPage_CountObjects", _INT, _HANDLE)
_FORM_OBJECTS = _function("FPDFFormObj_CountObjects", _INT, _HANDLE)
_TYPE = _function("FPDFPageObj_GetType", _INT, _HANDLE)
_BOUNDS = _function("FPDFPageObj_GetBounds", _INT, _HANDLE, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
_MATRIX = _function("FPDFPageObj_GetMatrix", _INT, _HANDLE, _ADDRESS)
_SEGMENTS = _function("FPDFPath_CountSegments", _INT, _HANDLE)
_DRAW_MODE = _function("FPDFPath_GetDrawMode", _INT, _HANDLE, _ADDRESS, _ADDRESS)
_STROKE_WIDTH = _function("FPDFPageObj_GetStrokeWidth", _INT, _HANDLE, _ADDRESS)
_SEGMENT = _function("FPDFPath_GetPathSegment", _HANDLE, _HANDLE, _INT)
_POINT = _function("FPDFPathSegment_GetPoint", _INT, _HANDLE, _ADDRESS, _ADDRESS)
_SEGMENT_TYPE = _function("FPDFPathSegment_GetType", _INT, _HANDLE)
_CLOSES = _function("FPDFPathSegment_GetClose", _INT, _HANDLE)
