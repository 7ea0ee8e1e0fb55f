"""The pages of a PDF as lines of text, and runs of them as PDFs of their own."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2  # type: ignore[import-untyped]

from rangkiang.intake.front import broken
from rangkiang.intake.lines import lines
from rangkiang.settings import limits

_MADE = re.compile(rb"(?<=/CreationDate\(D:)\d{14}")
_ID = re.compile(rb"/ID\[<([0-9A-F]{32})><[0-9A-F]{32}>\]")
_TAIL = 1024


def pages(data: bytes) -> Iterator[list[str]]:
    """The lines of each page, in their order. Raises Refused('broken_file')."""
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) == 1:  # nothing to tell apart
                yield []
                return
            for number in range(len(document)):
                with closing(document[number]) as page, closing(page.get_textpage()) as text:
                    crowded = text.count_chars() > limits().characters  # its own front will say so
                    found = [] if crowded else lines(text)
                yield found
    except pypdfium2.PdfiumError as error:
        raise broken(error) from error


def cut(data: bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Each run of pages as a PDF: pages are copied as they are, with what they are drawn with. Raises Refused."""
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            for first, last in ranges:
                with closing(pypdfium2.PdfDocument.new()) as part:
                    part.import_pages(document, list(range(first - 1, last)))
                    out = io.BytesIO()
                    part.save(out)
                yield _undated(out.getvalue())
    except pypdfium2.PdfiumError as error:
        raise broken(error) from error


def _undated(made: bytes) -> bytes:
    """pdfium writes the hour and a random id: the hour becomes zero and the id a digest, so that the same pages are
    always the same file. Nothing changes its length, so the places that the file keeps of its objects stay right.
    """
    made = _MADE.sub(b"19700101000000", made, count=1)
    found = _ID.search(made, max(0, len(made) - _TAIL))
    if found is None:
        return made
    digest = hashlib.sha256(made[: found.start()]).hexdigest()[:32].upper().encode()
    return made[: found.start()] + made[found.start() :].replace(found[1], digest)
