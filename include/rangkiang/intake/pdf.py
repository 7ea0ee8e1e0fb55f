"""PDFs: is the file whole and open, is it a scan, what does its front say?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from ctypes import byref, c_float, c_uint
from itertools import islice
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from rangkiang.intake.front import Front, Refused, broken
from rangkiang.intake.lines import lines
from rangkiang.intake.picture import check_pixels
from rangkiang.settings import limits

FRONT_PAGES = 3
"""A cover or a letter may come before the form."""

_TAIL = 4096  # the end mark stands in the last bytes; some mailers add a little behind it
_FEW = 30  # characters: a page number or a stamp, not a text layer
_DRAWN = 8  # lines and words on top of a picture from which it is the background of a digital page
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_FULL = 0.5  # share of a page under images from which it is a picture of a page
_DEPTH = 3  # drawings within drawings are followed so deep
_MAY_EXTRACT = 0x10  # permission bit 5, ISO 32000-1 table 22


def front(data: bytes) -> Front:
    """The text of the first pages, in lines. Raises Refused: encrypted, broken_file, too_large, scan_waiting."""
    if b"%%EOF" not in data[-_TAIL:]:
        raise Refused("broken_file", detail="akhir berkas (%%EOF) tidak ada")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # What pdfium says may still be about the file before this one.
        locked = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        if locked and b"/Encrypt" in data:
            raise Refused("encrypted") from error
        raise Refused("broken_file", detail="PDF tidak dapat dibuka") from error
    with closing(document):
        return _front(document)


def _front(document: Any) -> Front:
    count = len(document)
    if not count:
        raise Refused("broken_file", detail="tidak ada halaman")
    if count > limits().pages:
        raise Refused("too_large", actual=f"{count} halaman", limit=f"{limits().pages} halaman")
    protected = pdfium.FPDF_GetSecurityHandlerRevision(document) != -1
    if protected and not pdfium.FPDF_GetDocPermissions(document) & _MAY_EXTRACT:
        raise Refused("encrypted")
    try:
        return Front(tuple(_lines(document, count)), (), count)
    except pypdfium2.PdfiumError as error:
        raise broken(error) from error


def _lines(document: Any, count: int) -> list[str]:
    """The lines of the first pages; every page is looked at for pictures. Raises Refused where one is a scan."""
    found: list[str] = []
    written = False
    for number in range(count):
        with closing(document[number]) as page:
            if _is_scan(page):
                raise Refused("scan_waiting")
            if number < FRONT_PAGES or not written:
                text = _text(page)
                written |= bool(text)
                found += text.splitlines() if number < FRONT_PAGES else ()
    if not written:
        raise Refused("scan_waiting")
    return found


def _text(page: Any) -> str:
    """What a page says; nothing where that is no more than a stamp."""
    with closing(page.get_textpage()) as text:
        characters = text.count_chars()
        if characters > limits().characters:
            raise _crowded(characters, limits().characters, "huruf")
        return "\n".join(lines(text)) if characters >= _FEW else ""


def _is_scan(page: Any) -> bool:
    """A picture of a page, recognised text before or behind it or not: hardly anything is drawn on top of it.

    Text that is not to be seen (render mode 3) and what a picture covers later does not count as drawn.
    Of pictures no more than their size is looked at: unpacked, one may be a thousand times as large as the file.
    """
    objects = list(islice(_objects(page), limits().objects + 1))
    if len(objects) > limits().objects:
        raise _crowded(pdfium.FPDFPage_CountObjects(page), limits().objects, "objek")
    pictures = [thing for kind, thing in objects if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    for picture in pictures:
        _check_pixels(picture)
    if not pictures:
        return False
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


def _check_pixels(picture: Any) -> None:
    width, height = c_uint(), c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(picture, byref(width), byref(height))
    check_pixels(width.value, height.value)


def _area(thing: Any) -> float:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
    return (right.value - left.value) * (top.value - bottom.value)


def _crowded(count: int, limit: int, what: str) -> Refused:
    return Refused("too_large", actual=f"{count} {what} pada satu halaman", limit=f"{limit} {what}")
