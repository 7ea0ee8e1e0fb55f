"""PDFs: is the file whole and open, is it a scan, what does its front say?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from rangkiang.intake.front import MAX_PAGES, Front, Refused, broken

FRONT_PAGES = 3
"""A cover or a letter may come before the form."""

_TAIL = 4096  # the end mark stands in the last bytes; some mailers add a little behind it
_FEW = 30  # characters: a page number or a stamp, not a text layer
_DRAWN = 8  # lines and words on top of a picture from which it is the background of a digital page
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_FULL = 0.5  # share of a page under images from which it is a picture of a page
_MAY_EXTRACT = 0x10  # permission bit 5, ISO 32000-1 table 22


def front(data: bytes) -> Front:
    """The text of the first pages, in lines. Raises Refused: encrypted, broken_file, too_large, scan_waiting."""
    if b"%%EOF" not in data[-_TAIL:]:
        raise Refused("broken_file", detail="akhir berkas (%%EOF) tidak ada")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise Refused("encrypted") if locked else broken(error) from error
    with closing(document):
        return _front(document)


def _front(document: Any) -> Front:
    count = len(document)
    if not count:
        raise Refused("broken_file", detail="tidak ada halaman")
    if count > MAX_PAGES:
        raise Refused("too_large", actual=f"{count} halaman", limit=f"{MAX_PAGES} halaman")
    protected = pdfium.FPDF_GetSecurityHandlerRevision(document) != -1
    if protected and not pdfium.FPDF_GetDocPermissions(document) & _MAY_EXTRACT:
        raise Refused("encrypted")
    try:
        pages = list(_pages(document))
    except pypdfium2.PdfiumError as error:
        raise broken(error) from error
    if any(scan for _, scan in pages) or not any(text for text, _ in pages):
        raise Refused("scan_waiting")
    return Front(tuple(line for text, _ in pages[:FRONT_PAGES] for line in text.splitlines()), (), count)


def _pages(document: Any) -> Iterator[tuple[str, bool]]:
    """Text and 'is a scan' of each page; text only of the first ones, of the others whether there is any."""
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            characters = text.count_chars()
            said = text.get_text_bounded() if number < FRONT_PAGES else "…" * (characters >= _FEW)
            yield said if characters >= _FEW else "", _is_scan(page)


def _is_scan(page: Any) -> bool:
    """A picture of a page, recognised text before or behind it or not: hardly anything is drawn on top of it.

    Text that is not to be seen (render mode 3) and what a picture covers later does not count as drawn.
    """
    width, height = page.get_size()
    drawn, covered = 0, 0.0
    for thing in page.get_objects(max_depth=3):
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            share = (right - left) * (top - bottom) / (width * height)
            covered += share
            drawn = 0 if share >= _FULL else drawn
        elif thing.type != pdfium.FPDF_PAGEOBJ_TEXT or pdfium.FPDFTextObj_GetTextRenderMode(thing) != _INVISIBLE:
            drawn += 1
    return covered >= _FULL and drawn < _DRAWN
