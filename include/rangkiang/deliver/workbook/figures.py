"""The body of a recap sheet: sections, labels, figures, the total as a live sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import PlaceOnSheet
from rangkiang.deliver.workbook.comments import comment
from rangkiang.deliver.workbook.styles import Styles, height
from rangkiang.forms import Form, Heading, LeafRow
from rangkiang.model import ColumnKind, Finding

Bound = Mapping[PlaceOnSheet, Sequence[Finding]]

UNITS = 3  # the first column of figures, after NO., URAIAN and L/P/JML
WIDTHS = (5, 58, 6)


def body(
    sheet: Any, made: Dataset, figures: pd.DataFrame, first: int, columns: int, bound: Bound, styles: Styles
) -> None:
    """Write sections, labels and figures from line ``first`` on; ``columns`` of figures, the total among them."""
    by_row = _by_row(figures)
    names = dict(zip(figures["row"], figures["row_label"], strict=True))
    line = first
    for leaf, headings in _headed(made.form, [leaf for leaf in made.leaves if leaf.code in by_row]):
        for number, heading in headings:
            sheet.write_string(line, 0, number, styles("section_no"))
            sheet.merge_range(line, 1, line, UNITS + columns - 1, heading, styles("section"))
            line += 1
        _label(sheet, made, leaf, names[leaf.code], line, styles)
        _figures(sheet, line, by_row[leaf.code], bound, styles)
        line += 1


def _headed(form: Form, leaves: Sequence[LeafRow]) -> Iterator[tuple[LeafRow, list[tuple[str, str]]]]:
    """Every row with the number and text of the lines above it that span the table: sections, a party, its candidates.

    A line that the form has above a row which this sheet lacks stands above the next row of its kind, if there is one.
    """
    there, opened = {leaf.parent.code for leaf in leaves}, set[str]()
    above: dict[str, list[Heading]] = {}
    waiting: list[Heading] = []
    kinds = {row.code: (row.party, row.optional) for row in form.rows}
    for row in form.rows:
        waiting += [heading for heading in form.headings if heading.before == row.code]
        if row.code in there:
            above[row.code] = [h for h in waiting if kinds[h.before] == kinds[row.code]]
            waiting = []
    for leaf in leaves:
        found = []
        for section in form.sections:
            if section.code not in opened and f"{leaf.parent.section}.".startswith(f"{section.code}."):
                opened.add(section.code)
                found.append((section.code.rpartition(".")[2], section.label.id))
        yield leaf, [*found, *((h.number, h.printed) for h in above.pop(leaf.parent.code, ()))]


def _label(sheet: Any, made: Dataset, leaf: LeafRow, printed: str, line: int, styles: Styles) -> None:
    """Number and label; once for the three lines of a split row."""
    parent = leaf.parent
    if not leaf.split:
        number = parent.number or str(parent.contestant)
        sheet.write_string(line, 0, number, styles("no"))
        text = parent.printed[0] if parent.party and not parent.optional else printed.removeprefix(f"{number} ")
        sheet.merge_range(line, 1, line, 2, text, styles("label"))
        sheet.set_row(line, height((text, WIDTHS[1] + WIDTHS[2])))
        return
    if leaf.split == made.form.splits[0].code:
        last = line + len(made.form.splits) - 1
        sheet.merge_range(line, 0, last, 0, parent.number, styles("no"))
        sheet.merge_range(line, 1, last, 1, parent.label.id, styles("label"))
    sheet.write_string(line, 2, leaf.split, styles("no"))


class _Figure(NamedTuple):
    row: str
    kind: str
    label: str
    value: int | None
    status: str
    raw: str | None
    sha256: str


def _by_row(figures: pd.DataFrame) -> Mapping[str, list[_Figure]]:
    """The figures as plain values, from left to right: many times faster than a frame's own rows."""
    found: dict[str, list[_Figure]] = {}
    wanted = ("row", "column_kind", "unit_name", "value", "status", "raw", "sha256")
    lists = [figures[name].astype(object).where(figures[name].notna(), None).tolist() for name in wanted]
    for figure in map(_Figure._make, zip(*lists, strict=True)):
        found.setdefault(figure.row, []).append(figure)
    return found


def _figures(sheet: Any, line: int, cells: Sequence[_Figure], bound: Bound, styles: Styles) -> None:
    """One row's figures. A total is a live sum where the printed figure is that sum, else the printed figure."""
    units = 0  # columns of units so far: the first ones, as the tidy table has them
    for column, cell in enumerate(cells, start=UNITS):
        total = cell.kind == ColumnKind.TOTAL.value
        style = styles("total" if total else "figure", cell.status)
        if cell.value is None:
            sheet.write_string(line, column, cell.raw or "", style)
        elif total and units and sum(c.value or 0 for c in cells[:units]) == cell.value:
            area = xl_range(line, UNITS, line, UNITS + units - 1)
            sheet.write_formula(line, column, f"=SUM({area})", style, cell.value)
        else:
            sheet.write_number(line, column, cell.value, style)
        units += not total
        found = bound.get((cell.sha256, cell.row, cell.kind, cell.label), ())
        if found:
            comment(sheet, line, column, found)
