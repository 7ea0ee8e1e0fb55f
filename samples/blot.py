"""Ink over a number of a printed sheet."""

from __future__ import annotations

import io
from contextlib import closing

import pypdfium2  # type: ignore[import-untyped]
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

_BEYOND = 1.5  # points around the number: the rules of its cell stay free


def blotted(pdf: bytes, number: str) -> bytes:
    """The sheet with a blot over the last place where this number stands by itself. Raises ValueError for none."""
    page, (left, bottom, right, top) = _place(pdf, number)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    under = writer.pages[page]
    ink = io.BytesIO()
    canvas = Canvas(ink, pagesize=(float(under.mediabox.width), float(under.mediabox.height)), invariant=1)
    height = top - bottom + 2 * _BEYOND
    canvas.roundRect(left - _BEYOND, bottom - _BEYOND, right - left + 2 * _BEYOND, height, height / 2, 0, 1)
    canvas.save()
    under.merge_page(PdfReader(ink).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _place(pdf: bytes, number: str) -> tuple[int, tuple[float, float, float, float]]:
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        for page in reversed(range(len(document))):
            text = document[page].get_textpage()
            found = text.search(number, match_whole_word=True).get_next()
            if found is not None:
                boxes = [text.get_charbox(found[0] + n) for n in range(found[1])]
                sides = list(zip(*boxes, strict=True))
                return page, (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
    raise ValueError(f"{number} stands nowhere on the sheet")
