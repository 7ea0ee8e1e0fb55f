"""PDFs: from a page's characters and rules to its tables."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]

from rangkiang.model import Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.pdf.lattice import ruled
from rangkiang.reading.pdf.page import TooMuch, pages
from rangkiang.reading.source import Source


def source(data: bytes) -> Source:
    """All tables of a PDF. Raises Unreadable: 'broken_file' where it cannot be parsed, 'too_large' for absurd pages."""
    tables: list[Table] = []
    texts: list[str] = []
    try:
        for page in pages(data):
            found = ruled(page)
            tables += found.tables
            texts.append(found.outside)
    except TooMuch as excess:
        raise Unreadable("too_large", actual=f"{excess.count} {excess.what}", limit=f"{excess.limit}") from excess
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Unreadable("broken_file", detail=f"{type(error).__name__}: {error}"[:200]) from error
    return Source(tuple(tables), tuple(texts), len(texts))


def survey(data: bytes) -> Source:
    """All tables of a PDF, ruled or not, and which reader each page went to. Raises as :func:`source` does."""
    from rangkiang.reading.pdf.choice import choose
    from rangkiang.reading.source import Decision

    tables: list[Table] = []
    decisions: list[Decision] = []
    try:
        for page in pages(data):
            chosen = choose(page, data)
            tables += chosen.tables
            decisions.append(chosen.decision)
    except TooMuch as excess:
        raise Unreadable("too_large", actual=f"{excess.count} {excess.what}", limit=f"{excess.limit}") from excess
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Unreadable("broken_file", detail=f"{type(error).__name__}: {error}"[:200]) from error
    return Source(tuple(tables), (), len(decisions), tuple(decisions))
