"""The workbook a clerk opens: a cover, every document in its own layout, the tidy table, findings, provenance."""

from __future__ import annotations

import datetime
import io

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.remarks import by_place
from rangkiang.deliver.workbook.cover import cover
from rangkiang.deliver.workbook.dictionary import dictionary
from rangkiang.deliver.workbook.lines import lines
from rangkiang.deliver.workbook.lists import data, findings, provenance
from rangkiang.deliver.workbook.names import sheet_names
from rangkiang.deliver.workbook.recap import recap
from rangkiang.deliver.workbook.styles import Styles
from rangkiang.harmless import TEXT_ONLY

DOCUMENTS = 20
"""Documents that get a sheet of their own; a workbook with more tabs is one that nobody can leaf through."""

EPOCH = datetime.datetime(2019, 4, 17)
"""Stands as the time of making, which must not differ between two builds: the day of the election."""


def workbook(made: Dataset, remarks: pd.DataFrame, licence: Licence, version: str) -> bytes:
    """Bytes of the XLSX; ``remarks`` is the table of findings. The same dataset gives the same bytes."""
    buffer = io.BytesIO()
    book = new_book(buffer, made.title.id, made.office.unit_kerja, licence)
    styles, names = Styles(book), sheet_names(made, DOCUMENTS)
    cover(book.add_worksheet("Sampul"), made, licence, version, names, styles)
    bound = by_place(made.findings)
    draw = recap if made.form.orientation == "across" else lines
    for member, name in zip(made.members, names, strict=False):
        draw(book.add_worksheet(name), made, member, bound, styles)
    data(book.add_worksheet("Data"), made, styles)
    dictionary(book.add_worksheet("Kamus data"), made, styles)
    findings(book.add_worksheet("Temuan"), made, remarks, styles)
    provenance(book.add_worksheet("Asal-usul"), made, styles)
    book.close()
    return buffer.getvalue()


def new_book(buffer: io.BytesIO, title: str, unit_kerja: str, licence: Licence) -> xlsxwriter.Workbook:
    """A workbook that says nothing of when it was made."""
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **TEXT_ONLY})
    book.set_properties({"title": title, "author": unit_kerja, "comments": licence.title, "created": EPOCH})
    return book
