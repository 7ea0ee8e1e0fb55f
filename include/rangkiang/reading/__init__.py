"""From a file to tables of cells, and from tables to figures. What is not sure is left open, never guessed."""

from __future__ import annotations

import pandas as pd

from rangkiang.forms import Form
from rangkiang.model import Table
from rangkiang.reading import across, delimited, down, pages, pdf, workbook
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.frame import frame
from rangkiang.reading.source import Source

__all__ = ["MAKER", "Unreadable", "read", "tables"]

MAKER = "reading-1"
"""Version of what makes readings; grows whenever the same file would be read otherwise."""

_SOURCES = {
    "application/pdf": pdf.source,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": workbook.source,
    "text/csv": delimited.source,
}


def tables(data: bytes, media_type: str) -> list[Table]:
    """The tables of a PDF, XLSX or CSV file that intake has accepted. Raises Unreadable."""
    return list(_source(data, media_type).tables)


def read(data: bytes, media_type: str, form: Form, file: str, sha256: str) -> pd.DataFrame:
    """Every figure of a document, in document order, as a frame of FIGURE_COLUMNS.

    Statuses are READ, BLANK (an empty cell) and FLAGGED (text that is no number); proof decides further.
    Raises Unreadable where figures would be incomplete: its reason says what is missing.
    """
    source = _source(data, media_type)
    pages.check(source)
    found = (across if form.orientation == "across" else down).figures(source.tables, form)
    return frame(found, file, sha256, form.model)


def _source(data: bytes, media_type: str) -> Source:
    reader = _SOURCES.get(media_type)
    if reader is None:
        raise Unreadable("unknown_type", media_type=media_type)
    return reader(data)
