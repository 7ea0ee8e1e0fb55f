"""Workbooks: is the package whole and harmless, what do its first rows say, what should a reader know of it?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import islice

from rangkiang.books import Book, Sheet, Unusable, kind_of, open_book, text_of
from rangkiang.intake.front import FRONT_ROWS, Front, Refused
from rangkiang.intake.sniff import OLE, ZIP
from rangkiang.model import Reason

MAX_ROWS = 100_000
MAX_COLUMNS = 256


def refusal(data: bytes, kind: str) -> Refused:
    """Why a file that is no workbook cannot be taken for one: locked, broken, or something else."""
    if kind == OLE and "EncryptedPackage".encode("utf-16-le") in data:
        return Refused("encrypted")
    if kind == OLE and "Workbook".encode("utf-16-le") in data:
        return Refused("broken_file", detail="berkas OLE tidak lengkap")
    if kind == ZIP and not zipfile.is_zipfile(io.BytesIO(data)):
        return Refused("broken_file", detail="arsip ZIP tidak lengkap")
    return Refused("unknown_type", media_type=kind)


def front(data: bytes) -> Front:
    """The rows of the first sheet that has any. Raises Refused: broken_file, encrypted, too_large, empty_workbook."""
    try:
        book = open_book(data, kind_of(data))
        rows = next((rows for rows in map(_rows, book.sheets) if rows), None)
        remarks = tuple(_remarks(book))
    except Unusable as error:
        raise Refused(error.code, **error.params) from error
    if rows is None:
        raise Refused("empty_workbook")
    lines = tuple("\t".join(filter(None, row)) for row in rows[:FRONT_ROWS])
    return Front(lines, rows, len(book.sheets), remarks)


def _rows(sheet: Sheet) -> list[list[str]]:
    """Rows of a sheet as text, blank ones left out."""
    texts = ([text_of(value) for value in row[:MAX_COLUMNS]] for row in islice(sheet.opened()[0], MAX_ROWS))
    return [row for row in texts if any(row)]


def _remarks(book: Book) -> Iterator[Reason]:
    hidden = [sheet.name for sheet in book.sheets if _hides_figures(sheet)]
    if hidden:
        yield Reason("hidden_cells", {"sheets": ", ".join(hidden)})
    if book.linked:
        yield Reason("external_values")


def _hides_figures(sheet: Sheet) -> bool:
    rows, columns = sheet.notes.hidden_rows, sheet.notes.hidden_columns
    return (sheet.hidden or bool(rows or columns)) and any(
        (sheet.hidden or r in rows or c in columns) and any(map(str.isdecimal, text_of(value)))
        for r, row in enumerate(sheet.opened()[0])
        for c, value in enumerate(row)
    )
