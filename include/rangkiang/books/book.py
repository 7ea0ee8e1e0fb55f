"""A workbook, opened: its sheets one by one, whatever its kind."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from rangkiang.books import biff, ooxml, opendocument, package
from rangkiang.books.errors import Unusable, broken
from rangkiang.books.kinds import ODS, XLS
from rangkiang.books.notes import Notes
from rangkiang.books.places import Place
from rangkiang.books.sums import Grid
from rangkiang.books.values import Value

Spans = Mapping[Place, Place]
"""Rows and columns of merged cells, by their first place."""

Rows = Iterable[Sequence[Value]]
"""They begin with the first row and column of the sheet, whatever stands there, and are gone through once."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a sheet before its values are: ``opened`` gives those, and takes as long as they are many."""

    number: int  # from 1; counts the sheets with cells
    name: str
    hidden: bool
    notes: Notes
    opened: Callable[[], tuple[Rows, Spans]]

    def grid(self, rows: Rows | None = None) -> Grid:
        """The values to look up again and again; ``rows`` where they are at hand."""
        return Grid(list(self.opened()[0] if rows is None else rows), self.notes.formulas, self.notes.texts)


@dataclass(frozen=True, slots=True)
class Book:
    """Its sheets with cells, in order."""

    sheets: tuple[Sheet, ...]
    linked: bool = False  # formulas take values from other workbooks

    def grid(self, folded: str) -> Grid | None:
        """Of the sheet with this name, upper and lower case being one; None where there is none."""
        return next((sheet.grid() for sheet in self.sheets if sheet.name.casefold() == folded), None)


def open_book(data: bytes, media_type: str) -> Book:
    """Look through the package and open it. Raises Unusable: broken_file, encrypted, too_large."""
    if media_type == XLS:
        return _old(data)
    package.check(data)
    return _open_document(data) if media_type == ODS else _office_xml(data)


def _open_document(data: bytes) -> Book:
    with package.opened(data) as parts:
        found = opendocument.sheets(parts)
    sheets = (Sheet(n, s.name, s.hidden, s.notes, partial(_whole, s)) for n, s in enumerate(found, 1))
    return Book(tuple(sheets), linked=any(s.linked for s in found))


def _whole(sheet: opendocument.SheetContent) -> tuple[Rows, Spans]:
    return sheet.rows, sheet.spans


def _office_xml(data: bytes) -> Book:
    with package.opened(data) as parts:
        about = ooxml.outline(parts)
        percents = ooxml.percent_styles(parts)
        found = {n: ooxml.notes(parts, part, percents, about.recalculated) for n, part in about.parts.items()}
    return _by_calamine(data, lambda name, _: found.get(name), about.linked)


def _old(data: bytes) -> Book:
    found = biff.read(data)
    return _by_calamine(data, lambda _, place: found.notes[place] if place < len(found.notes) else None, found.linked)


def _by_calamine(data: bytes, notes: Callable[[str, int], Notes | None], linked: bool) -> Book:
    """``notes`` of a sheet by its name and its position among all sheets, charts too. They were made first, for they
    say whether a sheet is too large to be opened.
    """
    with _parsing():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [(n, m) for n, m in enumerate(book.sheets_metadata) if m.typ is SheetTypeEnum.WorkSheet]
    sheets: list[Sheet] = []
    for number, (place, about) in enumerate(listed, 1):
        beside = notes(about.name, place)
        if beside is None:
            raise broken("buku kerja: daftar lembar tidak cocok")
        hidden = about.visible is not SheetVisibleEnum.Visible
        sheets.append(Sheet(number, about.name, hidden, beside, partial(_values, book, place)))
    return Book(tuple(sheets), linked)


def _values(book: CalamineWorkbook, place: int) -> tuple[Rows, Spans]:
    with _parsing():
        found = book.get_sheet_by_index(place)
        merged = found.merged_cell_ranges or []
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in merged}
    if found.start is None:
        return (), spans
    # Rows come from the first of the sheet, but columns only from the first that holds something.
    left = [""] * found.start[1]
    return (left + row if left else row for row in found.iter_rows()), spans


@contextmanager
def _parsing() -> Iterator[None]:
    """A parser of foreign files may raise anything: it becomes one sentence."""
    try:
        yield
    except (Unusable, MemoryError):
        raise
    except PasswordError as error:
        raise Unusable("encrypted") from error
    except (CalamineError, ValueError, OSError, RuntimeError) as error:
        raise broken(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the parser gave up; a kind of its own that nothing else is
            raise broken(str(error)) from error
        raise
