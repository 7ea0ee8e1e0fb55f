"""Flat tables, one line per TPS, as offices keep them: delimited text of many kinds, and workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rangkiang.forms import Form, form
from rangkiang.model import Level
from samples.xlsx_sheet import new_book

Line = tuple[Mapping[Level, str], Mapping[str, int]]
"""Names by level, figures by row code."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one office writes its table. ``wording`` picks among the headers that the registry knows."""

    delimiter: str = ","
    encoding: str = "utf-8"
    thousands: str = ""
    wording: int = 0
    context: bool = True  # a column that says which kabupaten or kota it is
    total: bool = False  # a closing line JUMLAH


def records(model: str, lines: Sequence[Line], dialect: Dialect) -> list[list[str]]:
    """Header and lines as text."""
    entry = form(model)
    context = [key for key in entry.context if key.level is entry.area] if dialect.context else []
    levels = [key.level for key in (*context, *entry.keys)]
    printed = [*(key.printed for key in (*context, *entry.keys)), *(row.printed for row in entry.rows)]
    head = [names[min(dialect.wording, len(names) - 1)] for names in printed]
    body = [[*(names[v] for v in levels), *_prints(entry, figures, dialect)] for names, figures in lines]
    if dialect.total:
        sums = {row.code: sum(figures[row.code] for _, figures in lines) for row in entry.rows}
        body.append(["JUMLAH", *[""] * (len(levels) - 1), *_prints(entry, sums, dialect)])
    return [head, *body]


def to_csv(rows: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """The rows as delimited text, with the line ends of Windows."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=dialect.delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(dialect.encoding)


def to_xlsx(rows: Sequence[Sequence[object]], name: str) -> bytes:
    """The rows as the only worksheet of a workbook, header bold and frozen."""
    out = io.BytesIO()
    book = new_book(out)
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for n, row in enumerate(rows):
        page.write_row(n, 0, row, *([bold] if n == 0 else []))
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _prints(entry: Form, figures: Mapping[str, int], dialect: Dialect) -> list[str]:
    return [f"{figures[row.code]:,}".replace(",", dialect.thousands) for row in entry.rows]
