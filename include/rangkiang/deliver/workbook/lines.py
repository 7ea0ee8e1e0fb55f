"""A flat table as the office knows it: one line per unit, one column per row of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

from rangkiang import catalogue
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import PlaceOnSheet
from rangkiang.deliver.words import sentence_case
from rangkiang.deliver.workbook.comments import comment
from rangkiang.deliver.workbook.styles import Styles
from rangkiang.model import UNIT_SEPARATOR, ColumnKind, Finding, Level, Member

HEAD = 3

Bound = Mapping[PlaceOnSheet, Sequence[Finding]]


def lines(sheet: Any, made: Dataset, member: Member, bound: Bound, styles: Styles) -> None:
    """Write one document, with a line of live sums below it."""
    figures = made.table[made.table["sha256"] == member.document.sha256]
    keys = [key.level.value for key in made.form.keys]
    rows = [leaf for leaf in made.form.leaf_rows if leaf.code in set(figures["row"].unique())]
    sheet.write_string(0, 0, made.kind.id, styles("title"))
    sheet.write_string(1, 0, f"{made.form.printed_area}: {member.document.said.area_name}", styles("subtitle"))
    titles = [sentence_case(catalogue.level_name(level)) for level in keys]
    for n, title in enumerate([*titles, *(leaf.label.id for leaf in rows)]):
        sheet.write_string(HEAD, n, title, styles("head"))
    last = _body(sheet, figures, keys, [leaf.code for leaf in rows], bound, styles)
    _sums(sheet, made, figures, keys, [leaf.code for leaf in rows], last, styles)
    _page(sheet, len(keys), len(rows), last)


def _page(sheet: Any, keys: int, rows: int, last: int) -> None:
    sheet.set_column(0, keys - 2, 24)
    sheet.set_column(keys - 1, keys - 1, 8)
    sheet.set_column(keys, keys + rows - 1, 17)
    sheet.set_row(HEAD, 62)
    sheet.freeze_panes(HEAD + 1, keys)
    sheet.autofilter(HEAD, 0, last, keys + rows - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    sheet.set_footer("&L&8&A&R&8Halaman &P dari &N")


def _body(sheet: Any, figures: pd.DataFrame, keys: list[str], rows: list[str], bound: Bound, styles: Styles) -> int:
    """Write the lines; returns the last one's number on the sheet."""
    at = {code: len(keys) + n for n, code in enumerate(rows)}
    line, number, plain = HEAD, None, styles("cell")
    wanted = [*keys, "column_no", "column_kind", "row", "value", "status", "raw", "sha256"]
    # Plain lists: a table of thousands of lines is written many times faster than through a frame's rows.
    for *names, column_no, kind, row, value, status, raw, sha256 in zip(
        *(figures[name].tolist() for name in wanted), strict=True
    ):
        if column_no != number:
            line, number = line + 1, column_no
            for n, name in enumerate(names):
                _name(sheet, line, n, name, plain)
        style = styles("figure" if kind == ColumnKind.UNIT.value else "total", status)
        if value is pd.NA:
            sheet.write_string(line, at[row], "" if raw is pd.NA else raw, style)
        else:
            sheet.write_number(line, at[row], value, style)
        found = bound.get((sha256, row, kind, _label(names, keys)), ()) if status != "proved" else ()
        if found:
            comment(sheet, line, at[row], found)
    return line


def _name(sheet: Any, line: int, column: int, name: str, style: Any) -> None:
    """Numbers of polling places as numbers, so that they sort as such."""
    if name.isdecimal() and not (name.startswith("0") and name != "0"):
        sheet.write_number(line, column, int(name), style)
    else:
        sheet.write_string(line, column, name, style)


def _label(names: Sequence[str], keys: Sequence[str]) -> str:
    """The column's label as findings name it."""
    said = [f"TPS {name}" if key == Level.TPS.value and name else name for key, name in zip(keys, names, strict=True)]
    return UNIT_SEPARATOR.join(part for part in said if part)


def _sums(
    sheet: Any, made: Dataset, figures: pd.DataFrame, keys: list[str], rows: list[str], last: int, styles: Styles
) -> None:
    """Live sums of what the filter shows; left out where the table has totals of its own, which would count twice."""
    if (figures["column_kind"] != ColumnKind.UNIT.value).any():
        return
    sums = figures.groupby("row", sort=False)["value"].sum()
    sheet.merge_range(last + 1, 0, last + 1, len(keys) - 1, "Jumlah baris yang tampak (dihitung)", styles("sum"))
    for n, code in enumerate(rows):
        column = len(keys) + n
        area = xl_range(HEAD + 1, column, last, column)
        sheet.write_formula(last + 1, column, f"=SUBTOTAL(109,{area})", styles("sum"), int(sums[code]))
