"""Questions to pdfium, asked of thousands of characters and paths a page.

The answers are written straight into arrays, and no object is made for any of them.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rangkiang.reading.pdf.turn import Floats


def _function(name: str, result: Any, *arguments: Any) -> Any:
    """A function of pdfium that takes addresses as whole numbers: several times quicker to call than with pointers.

    It keeps the interpreter's lock, as all of them return at once.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value)  # type: ignore[arg-type]


_HANDLE, _ADDRESS, _INT = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
LOOSE_BOX = _function("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _ADDRESS)
PAGE_OBJECT = _function("FPDFPage_GetObject", _HANDLE, _HANDLE, _INT)
FORM_OBJECT = _function("FPDFFormObj_GetObject", _HANDLE, _HANDLE, ctypes.c_ulong)
PAGE_OBJECTS = _function("FPDFPage_CountObjects", _INT, _HANDLE)
FORM_OBJECTS = _function("FPDFFormObj_CountObjects", _INT, _HANDLE)
TYPE = _function("FPDFPageObj_GetType", _INT, _HANDLE)
BOUNDS = _function("FPDFPageObj_GetBounds", _INT, _HANDLE, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
MATRIX = _function("FPDFPageObj_GetMatrix", _INT, _HANDLE, _ADDRESS)
SEGMENTS = _function("FPDFPath_CountSegments", _INT, _HANDLE)
DRAW_MODE = _function("FPDFPath_GetDrawMode", _INT, _HANDLE, _ADDRESS, _ADDRESS)
STROKE_WIDTH = _function("FPDFPageObj_GetStrokeWidth", _INT, _HANDLE, _ADDRESS)
SEGMENT = _function("FPDFPath_GetPathSegment", _HANDLE, _HANDLE, _INT)
POINT = _function("FPDFPathSegment_GetPoint", _INT, _HANDLE, _ADDRESS, _ADDRESS)
SEGMENT_TYPE = _function("FPDFPathSegment_GetType", _INT, _HANDLE)
CLOSES = _function("FPDFPathSegment_GetClose", _INT, _HANDLE)


def addresses(array: NDArray[Any], offset: int = 0) -> range:
    """Where the rows of an array begin in memory, plus an offset in bytes: pdfium writes there."""
    begin = array.ctypes.data + offset
    step = array.strides[0]
    return range(begin, begin + step * len(array), step)


def handle(thing: Any) -> int:
    return ctypes.cast(thing.raw, ctypes.c_void_p).value or 0


def ask(question: Any, *arguments: Any) -> None:
    deque(map(question, *arguments), maxlen=0)


def bounds_of(objects: Sequence[Any]) -> Floats:
    """Left, bottom, right, top of each object, the pen's width included."""
    found = np.zeros((max(len(objects), 1), 4), dtype=np.float32)
    ask(BOUNDS, objects, *(addresses(found, 4 * n) for n in range(4)))
    return found[: len(objects)].astype(np.float64)


def matrix_of(thing: int) -> Floats:
    """A matrix to multiply rows (x, y, 1) with."""
    found = np.zeros((1, 6), dtype=np.float32)
    ask(MATRIX, [thing], addresses(found))
    a, b, c, d, e, f = found[0].tolist()
    return np.array([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]])
