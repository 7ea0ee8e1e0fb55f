"""Is a page of a PDF drawn, or is it a picture of a page? Told by the sizes of what is on it; nothing is unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ctypes import byref, c_float, c_uint
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_DRAWN = 8  # lines and words on top of a picture from which it is the background of a digital page
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_FULL = 0.5  # share of a page under images from which it is a picture of a page
_DEPTH = 3  # drawings within drawings are followed so deep


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is on a page. ``pixels`` are width and height of each of its pictures."""

    crowded: bool  # more than anybody wants to look at: nothing else is known
    pixels: tuple[tuple[int, int], ...] = ()
    pictured: bool = False  # the page is a picture of a page


def drawing(page: Any, most: int) -> Drawing:
    """Look at a page (``pypdfium2.PdfPage``) with at most so many objects.

    It is a picture, recognised text before or behind it or not, where hardly anything is drawn on top of one. Text that
    is not to be seen (render mode 3) and what a picture covers later does not count as drawn.
    """
    objects = list(islice(_objects(page), most + 1))
    if len(objects) > most:
        return Drawing(crowded=True)
    pictures = tuple(_pixels(thing) for kind, thing in objects if kind == pdfium.FPDF_PAGEOBJ_IMAGE)
    return Drawing(False, pictures, bool(pictures) and _pictured(page, objects))


def _pictured(page: Any, objects: list[tuple[int, Any]]) -> bool:
    width, height = page.get_size()
    drawn, covered = 0, 0.0
    for kind, thing in objects:
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            share = _area(thing) / max(width * height, 1.0)
            covered += share
            drawn = 0 if share >= _FULL else drawn
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT or pdfium.FPDFTextObj_GetTextRenderMode(thing) != _INVISIBLE:
            drawn += 1
    return covered >= _FULL and drawn < _DRAWN


def _objects(page: Any) -> Iterator[tuple[int, Any]]:
    """Kind and handle of everything on a page, as it is drawn, and of what the forms on it hold."""
    return _held(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, _DEPTH)


def _held(holder: Any, count: Callable[[Any], int], at: Callable[[Any, int], Any], depth: int) -> Iterator[Any]:
    for number in range(count(holder)):
        thing = at(holder, number)
        kind = pdfium.FPDFPageObj_GetType(thing)
        yield kind, thing
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth > 1:
            yield from _held(thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, depth - 1)


def _pixels(picture: Any) -> tuple[int, int]:
    width, height = c_uint(), c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(picture, byref(width), byref(height))
    return width.value, height.value


def _area(thing: Any) -> float:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
    return (right.value - left.value) * (top.value - bottom.value)
