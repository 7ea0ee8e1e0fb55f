"""From a file to tables of cells, and from tables to figures. What is not sure is left open, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import TYPE_CHECKING

from rangkiang.books import KINDS
from rangkiang.forms import Form
from rangkiang.model import Table
from rangkiang.reading import across, down, pages
from rangkiang.reading.errors import Pictured, Unreadable
from rangkiang.reading.source import Source

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAKER", "PDF", "Pictured", "Source", "Unreadable", "digital", "read", "survey", "tables"]

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff"})

MAKER = "reading-8"
"""Version of what makes readings; grows whenever the same file would be read otherwise."""

# By name: each of them, and pandas, takes tens of megabytes to load, and a worker needs one at a time.
_SOURCES = {
    PDF: "rangkiang.reading.pdf",
    **dict.fromkeys(KINDS, "rangkiang.reading.workbook"),
    "text/csv": "rangkiang.reading.delimited",
}


def tables(data: bytes, media_type: str) -> list[Table]:
    """The tables of a PDF, XLSX or CSV file that intake has accepted. Raises Unreadable."""
    return list(_source(data, media_type).tables)


def survey(data: bytes, media_type: str) -> Source:
    """Whatever tables a file holds, ruled or not, and the reader that each page of a PDF went to. Raises Unreadable.

    Numbers of a scan have guesses: what they come to is for proof to say.
    """
    if media_type in PICTURES:
        return _scanned(data, media_type, None)
    if media_type != PDF:
        return _source(data, media_type)
    from rangkiang.reading import pdf

    found = pdf.survey(data)
    drawn = pdf.pictured(data, set(range(1, found.pages + 1)) - {table.page for table in found.tables})
    if not drawn:
        return found
    more = _scanned(data, media_type, drawn)
    by_page = sorted((*found.tables, *more.tables), key=lambda table: table.page)
    decisions = sorted((*(d for d in found.decisions if d.page not in drawn), *more.decisions), key=lambda d: d.page)
    return Source(tuple(by_page), found.texts, found.pages, tuple(decisions))


def _scanned(data: bytes, media_type: str, pages: Collection[int] | None) -> Source:
    from rangkiang.reading.scan import foreign

    return foreign.survey(data, media_type, pages)


def read(data: bytes, media_type: str, form: Form, file: str, sha256: str) -> pd.DataFrame:
    """Every figure of a document, in document order, as a frame of FIGURE_COLUMNS.

    Statuses are READ, BLANK (an empty cell) and FLAGGED (text that is no number, or a number in doubt); proof decides
    further. ``attrs['decisions']`` says which reader each page went to, and why; ``attrs['guesses']`` what else a
    number on a scan may be. Raises Unreadable where figures would be incomplete: its reason says what is missing.
    """
    try:
        return digital(data, media_type, form, file, sha256)
    except Pictured:
        from rangkiang.reading import scan

        return scan.figures(scan.look(data, media_type, form), form, file, sha256)


def digital(
    data: bytes, media_type: str, form: Form, file: str, sha256: str, again: Collection[int] = ()
) -> pd.DataFrame:
    """The same for files whose text is exact. ``again`` are pages of a PDF about which a second reader is asked: a
    number that it reads otherwise is in doubt. Raises Pictured for a scan.
    """
    from rangkiang.reading.frame import frame

    source = _source(data, media_type, again)
    pages.check(source)
    found = (across if form.orientation == "across" else down).figures(source.tables, form)
    made = frame(found, file, sha256, form.model)
    made.attrs["decisions"] = [[d.page, d.engine, d.why] for d in source.decisions]
    return made


def _source(data: bytes, media_type: str, again: Collection[int] = ()) -> Source:
    if media_type in PICTURES:
        raise Pictured
    if media_type not in _SOURCES:
        raise Unreadable("unknown_type", media_type=media_type)
    if media_type == PDF and again:
        from rangkiang.reading import pdf

        return pdf.source(data, again)
    source: Callable[[bytes], Source] = import_module(_SOURCES[media_type]).source
    return source(data)
