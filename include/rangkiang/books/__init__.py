"""Workbooks as offices make them, opened the same way by whoever looks at them: XLSX, XLSM, XLS and ODS.

Values come from calamine; formulas, errors, percentages, and what is hidden, from the file's own markup or records.
"""

from __future__ import annotations

from rangkiang.books.book import Book, Rows, Sheet, Spans, open_book
from rangkiang.books.errors import Unusable
from rangkiang.books.kinds import ENGINES, KINDS, ODS, XLS, XLSB, XLSM, XLSX, kind_of, ole_type, zip_type
from rangkiang.books.notes import MAX_CELLS, Formula, Notes
from rangkiang.books.places import Place
from rangkiang.books.sums import Circular, Grid, Outcome, Sum, Sums
from rangkiang.books.values import Value, text_of

__all__ = [
    "ENGINES",
    "KINDS",
    "MAX_CELLS",
    "ODS",
    "XLS",
    "XLSB",
    "XLSM",
    "XLSX",
    "Book",
    "Circular",
    "Formula",
    "Grid",
    "Notes",
    "Outcome",
    "Place",
    "Rows",
    "Sheet",
    "Spans",
    "Sum",
    "Sums",
    "Unusable",
    "Value",
    "kind_of",
    "ole_type",
    "open_book",
    "text_of",
    "zip_type",
]
