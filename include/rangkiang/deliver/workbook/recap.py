"""A recap sheet in the form's own layout: rows down, units across, the total as a live sum."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.workbook.figures import WIDTHS, Bound, body
from rangkiang.deliver.workbook.live import UNITS
from rangkiang.deliver.workbook.styles import LINE, Styles
from rangkiang.model import ColumnKind, Level, Member

ABOVE = 3  # the first line that names an area
HEAD = 7  # the first line of the table's head, or further down under many names

COLUMN = 12
"""Width of a column of figures, in digits."""

NARROW = 7
"""Up to this many columns of figures a sheet prints better upright."""


LONG = 60
"""From this many rows on, a sheet goes on over several pages instead of shrinking to one."""


def recap(sheet: Any, made: Dataset, member: Member, bound: Bound, styles: Styles) -> None:
    """Write one document."""
    figures = made.table[made.table["sha256"] == member.document.sha256]
    columns = figures.drop_duplicates("column_no")[["column_no", "column_kind", "unit_name"]]
    kinds, labels = columns["column_kind"].tolist(), columns["unit_name"].tolist()
    above = _places(made, member)
    head = max(HEAD, ABOVE + len(above) + 1)
    _page(sheet, head, labels, figures["row"].nunique())
    _titles(sheet, made, member, above, UNITS + len(kinds) - 1, styles)
    _head(sheet, made, head, kinds, labels, styles)
    body(sheet, made, figures, head + 3, len(kinds), bound, styles)


def _page(sheet: Any, head: int, labels: Sequence[str], rows: int) -> None:
    for n, width in enumerate(WIDTHS):
        sheet.set_column(n, n, width)
    sheet.set_column(UNITS, UNITS + len(labels) - 1, COLUMN)
    sheet.set_row(head + 1, LINE * max(2, *(len(textwrap.wrap(label, COLUMN - 2)) for label in labels)))
    sheet.freeze_panes(head + 3, UNITS)
    if len(labels) > NARROW:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0 if rows >= LONG else 1)
    if rows >= LONG:
        sheet.repeat_rows(head, head + 2)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&L&8&A&R&8Halaman &P dari &N")
    sheet.hide_gridlines(2)
    sheet.set_zoom(90)


def _titles(
    sheet: Any, made: Dataset, member: Member, above: Sequence[tuple[str, str]], last: int, styles: Styles
) -> None:
    sheet.merge_range(0, 0, 0, last, f"MODEL {member.document.said.form}", styles("model"))
    sheet.merge_range(1, 0, 1, last, made.form.title, styles("sheet_title"))
    sheet.merge_range(2, 0, 2, last, made.election.id.upper(), styles("sheet_title"))
    sheet.set_row(1, 32)
    for n, (level, name) in enumerate(above):
        sheet.merge_range(ABOVE + n, 0, ABOVE + n, 1, f"{level} : {name}", styles("key"))


def _places(made: Dataset, member: Member) -> list[tuple[str, str]]:
    """Level and name of the sheet's area, of the areas it lies in, the nearest first, and of its electoral district."""
    said = member.document.said
    name = said.area_code.rpartition(".")[2] if made.form.area is Level.TPS else said.area_name
    dapil = [("DAERAH PEMILIHAN", said.dapil)] if said.dapil else []
    return [(made.form.printed_area, name), *_above(said.area_code), *dapil]


def _above(code: str) -> list[tuple[str, str]]:
    found = []
    while "." in code:
        code = code.rpartition(".")[0]
        place = catalogue.area(code)
        found.append((catalogue.level_name(place.level).upper(), place.name))
    return found


def _head(sheet: Any, made: Dataset, first: int, kinds: Sequence[str], labels: Sequence[str], styles: Styles) -> None:
    head, units = styles("head"), sum(kind == ColumnKind.UNIT.value for kind in kinds)
    sheet.merge_range(first, 0, first + 1, 0, "NO.", head)
    sheet.merge_range(first, 1, first + 1, 2, "URAIAN", head)
    _span(sheet, first, UNITS, UNITS + units - 1, f"RINCIAN {made.form.printed_unit}", head)
    for n, (kind, label) in enumerate(zip(kinds, labels, strict=True)):
        if kind == ColumnKind.UNIT.value:
            sheet.write_string(first + 1, UNITS + n, label, head)
        else:
            sheet.merge_range(first, UNITS + n, first + 1, UNITS + n, label, head)
    sheet.write_number(first + 2, 0, 1, styles("numbering"))
    sheet.merge_range(first + 2, 1, first + 2, 2, 2, styles("numbering"))
    for n in range(len(kinds)):
        sheet.write_number(first + 2, UNITS + n, n + 3, styles("numbering"))


def _span(sheet: Any, row: int, first: int, last: int, text: str, style: Any) -> None:
    """Merge, where there is more than one cell to merge."""
    if last > first:
        sheet.merge_range(row, first, row, last, text, style)
    elif last == first:
        sheet.write_string(row, first, text, style)
