"""PDFs: from a page's characters and rules to its tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager

import pypdfium2  # type: ignore[import-untyped]

from rangkiang.model import Table
from rangkiang.reading.collector import no_collector
from rangkiang.reading.errors import Pictured, Unreadable
from rangkiang.reading.pdf.lattice import ENGINE, ruled
from rangkiang.reading.pdf.page import pages
from rangkiang.reading.source import Decision, Source
from rangkiang.scans.pictured import drawing
from rangkiang.settings import limits


def source(data: bytes, again: Collection[int] = ()) -> Source:
    """The ruled tables of a PDF; of one that has none, whatever tables :func:`survey` finds.

    ``again`` are pages about which camelot is asked too: see :mod:`rangkiang.reading.pdf.second`. Raises Unreadable:
    'broken_file' where the file cannot be parsed, 'too_large' for absurd pages. Raises Pictured for a scan.
    """
    tables: list[Table] = []
    texts: list[str] = []
    decisions: list[Decision] = []
    with _refusals(), no_collector():
        for page in pages(data):
            found = ruled(page)
            tables += found.tables
            texts.append(found.outside)
            why = "rules make the grid" if found.tables else "no rules, no table"
            decisions.append(Decision(page.number, ENGINE, why))
    if pictured(data, set(range(1, len(texts) + 1)) - {table.page for table in tables}):
        raise Pictured
    if not tables:
        unruled = survey(data)
        return Source(unruled.tables, tuple(texts), len(texts), unruled.decisions)
    if again:
        from rangkiang.reading.pdf import second

        checked, said = second.compare(tables, data, again)
        return Source(checked, tuple(texts), len(texts), (*decisions, *said))
    return Source(tuple(tables), tuple(texts), len(texts), tuple(decisions))


def survey(data: bytes) -> Source:
    """All tables of a PDF, ruled or not, and which reader each page went to. Raises as :func:`source` does."""
    from rangkiang.reading.pdf.choice import choose

    tables: list[Table] = []
    decisions: list[Decision] = []
    with _refusals():
        for page in pages(data):
            chosen = choose(page, data)
            tables += chosen.tables
            decisions.append(chosen.decision)
    return Source(tuple(tables), (), len(decisions), tuple(decisions))


def pictured(data: bytes, numbers: Collection[int]) -> list[int]:
    """Which of these pages are pictures of pages. Raises Unreadable."""
    with _refusals(), closing(pypdfium2.PdfDocument(data)) as document:
        return [number for number in sorted(numbers) if _pictured(document[number - 1])]


def _pictured(page: pypdfium2.PdfPage) -> bool:
    with closing(page):
        return drawing(page, limits().objects).pictured


@contextmanager
def _refusals() -> Iterator[None]:
    """What goes wrong inside a file, in the words of the closed list."""
    try:
        yield
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Unreadable("broken_file", detail=f"{type(error).__name__}: {error}"[:200]) from error
