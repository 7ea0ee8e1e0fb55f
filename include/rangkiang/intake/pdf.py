"""PDFs: is the file whole and open, is it a scan, what does its front say?"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from rangkiang.intake import scan
from rangkiang.intake.front import FRONT_PAGES, Front, Refused, broken
from rangkiang.intake.lines import lines
from rangkiang.intake.picture import check_pixels
from rangkiang.intake.sniff import PDF
from rangkiang.scans.pictured import drawing
from rangkiang.settings import limits

_TAIL = 4096  # the end mark stands in the last bytes; some mailers add a little behind it
_FEW = 30  # characters: a page number or a stamp, not a text layer
_MAY_EXTRACT = 0x10  # permission bit 5, ISO 32000-1 table 22


def front(data: bytes) -> Front:
    """The text of the first pages, in lines. Raises Refused: encrypted, broken_file, too_large; Illegible."""
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
        count, found = _front(document)
    return scan.front(data, PDF, count) if found is None else Front(tuple(found), (), count)


def _front(document: Any) -> tuple[int, list[str] | None]:
    """How many pages there are, and the lines of the first; None where the file has to be read as a scan."""
    count = len(document)
    if not count:
        raise Refused("broken_file", detail="tidak ada halaman")
    if count > limits().pages:
        raise Refused("too_large", actual=f"{count} halaman", limit=f"{limits().pages} halaman")
    protected = pdfium.FPDF_GetSecurityHandlerRevision(document) != -1
    if protected and not pdfium.FPDF_GetDocPermissions(document) & _MAY_EXTRACT:
        raise Refused("encrypted")
    try:
        return count, _lines(document, count)
    except pypdfium2.PdfiumError as error:
        raise broken(error) from error


def _lines(document: Any, count: int) -> list[str] | None:
    """The lines of the first pages; every page is looked at for pictures."""
    found: list[str] = []
    written = False
    for number in range(count):
        with closing(document[number]) as page:
            if _is_scan(page):
                return None
            if number < FRONT_PAGES or not written:
                text = _text(page)
                written |= bool(text)
                found += text.splitlines() if number < FRONT_PAGES else ()
    return found if written else None


def _text(page: Any) -> str:
    """What a page says; nothing where that is no more than a stamp."""
    with closing(page.get_textpage()) as text:
        characters = text.count_chars()
        if characters > limits().characters:
            raise _crowded(characters, limits().characters, "huruf")
        return "\n".join(lines(text)) if characters >= _FEW else ""


def _is_scan(page: Any) -> bool:
    """Is it a picture of a page? Raises Refused where it holds more than anybody should look at."""
    found = drawing(page, limits().objects)
    if found.crowded:
        raise _crowded(pdfium.FPDFPage_CountObjects(page), limits().objects, "objek")
    for width, height in found.pixels:
        check_pixels(width, height)
    return found.pictured


def _crowded(count: int, limit: int, what: str) -> Refused:
    return Refused("too_large", actual=f"{count} {what} pada satu halaman", limit=f"{limit} {what}")
