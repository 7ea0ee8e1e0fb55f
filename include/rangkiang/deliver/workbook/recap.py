"""A recap sheet in the form's own layout: rows down, units across, the total as a live sum."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.workbook.figures import FIGURES, HEAD, UNITS, WIDTHS, Bound, body
from rangkiang.deliver.workbook.styles import LINE, Styles
from rangkiang.model import ColumnKind, Level, Member

COLUMN = 12
"""Width of a column of figures, in digits."""

NARROW = 7
"""Up to this many columns of figures a sheet prints better upright."""


def recap(sheet: Any, made: Dataset, member: Member, bound: Bound, styles: Styles) -> None:
    """Write one document."""
    figures = made.table[made.table["sha256"] == member.document.sha256]
    columns = figures.drop_duplicates("column_no")[["column_no", "column_kind", "unit_name"]]
    kinds, labels = columns["column_kind"].tolist(), columns["unit_name"].tolist()
    _page(sheet, kinds, labels)
    _titles(sheet, made, member, UNITS + len(kinds) - 1, styles)
    _head(sheet, made, kinds, labels, styles)
    body(sheet, made, figures, len(kinds), bound, styles)


def _page(sheet: Any, kinds: Sequence[str], labels: Sequence[str]) -> None:
    for n, width in enumerate(WIDTHS):
        sheet.set_column(n, n, width)
    sheet.set_column(UNITS, UNITS + len(kinds) - 1, COLUMN)
    sheet.set_row(HEAD + 1, LINE * max(2, *(len(textwrap.wrap(label, COLUMN - 2)) for label in labels)))
    sheet.freeze_panes(FIGURES, UNITS)
    if len(kinds) > NARROW:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&L&8&A&R&8Halaman &P dari &N")
    sheet.hide_gridlines(2)
    sheet.set_zoom(90)


def _titles(sheet: Any, made: Dataset, member: Member, last: int, styles: Styles) -> None:
    said = member.document.said
    above = _above(said.area_code)
    sheet.merge_range(0, 0, 0, last, f"MODEL {said.form}", styles("model"))
    sheet.merge_range(1, 0, 1, last, made.form.title, styles("sheet_title"))
    sheet.merge_range(2, 0, 2, last, made.election.id.upper(), styles("sheet_title"))
    sheet.set_row(1, 32)
    lines = [(made.form.printed_area, said.area_name), *above]
    for n, (level, name) in enumerate(lines):
        sheet.merge_range(3 + n, 0, 3 + n, 1, f"{level} : {name}", styles("key"))


def _above(code: str) -> list[tuple[str, str]]:
    """Level and name of the areas an area lies in, the nearest first."""
    found = []
    while "." in code:
        code = code.rpartition(".")[0]
        place = catalogue.area(code)
        level = "PROVINSI" if place.level is Level.PROVINSI else "KABUPATEN/KOTA"
        found.append((level, place.name))
    return found


def _head(sheet: Any, made: Dataset, kinds: Sequence[str], labels: Sequence[str], styles: Styles) -> None:
    head, units = styles("head"), sum(kind == ColumnKind.UNIT.value for kind in kinds)
    sheet.merge_range(HEAD, 0, HEAD + 1, 0, "NO.", head)
    sheet.merge_range(HEAD, 1, HEAD + 1, 2, "URAIAN", head)
    _span(sheet, HEAD, UNITS, UNITS + units - 1, f"RINCIAN {made.form.printed_unit}", head)
    for n, (kind, label) in enumerate(zip(kinds, labels, strict=True)):
        if kind == ColumnKind.UNIT.value:
            sheet.write_string(HEAD + 1, UNITS + n, label, head)
        else:
            sheet.merge_range(HEAD, UNITS + n, HEAD + 1, UNITS + n, label, head)
    sheet.write_number(HEAD + 2, 0, 1, styles("numbering"))
    sheet.merge_range(HEAD + 2, 1, HEAD + 2, 2, 2, styles("numbering"))
    for n in range(len(kinds)):
        sheet.write_number(HEAD + 2, UNITS + n, n + 3, styles("numbering"))


def _span(sheet: Any, row: int, first: int, last: int, text: str, style: Any) -> None:
    """Merge, where there is more than one cell to merge."""
    if last > first:
        sheet.merge_range(row, first, row, last, text, style)
    elif last == first:
        sheet.write_string(row, first, text, style)
