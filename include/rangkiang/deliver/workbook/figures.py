"""The body of a recap sheet: sections, labels, figures, the total as a live sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import PlaceOnSheet
from rangkiang.deliver.workbook.comments import comment
from rangkiang.deliver.workbook.live import UNITS, Figure, Live, sums
from rangkiang.deliver.workbook.styles import Styles, height
from rangkiang.forms import Form, Heading, LeafRow
from rangkiang.model import ColumnKind, Finding

Bound = Mapping[PlaceOnSheet, Sequence[Finding]]

WIDTHS = (5, 58, 6)


def body(
    sheet: Any, made: Dataset, figures: pd.DataFrame, first: int, columns: int, bound: Bound, styles: Styles
) -> None:
    """Write sections, labels and figures from line ``first`` on; ``columns`` of figures, the total among them."""
    by_row = _by_row(figures)
    names = dict(zip(figures["row"], figures["row_label"], strict=True))
    placed = list(_placed(_headed(made.form, [leaf for leaf in made.leaves if leaf.code in by_row]), first))
    live = Live(by_row, {leaf.code: line for leaf, _, line in placed}, sums(made.form, frozenset(by_row)))
    for leaf, headings, line in placed:
        for above, (number, heading) in enumerate(reversed(headings), start=1):
            sheet.write_string(line - above, 0, number, styles("section_no"))
            sheet.merge_range(line - above, 1, line - above, UNITS + columns - 1, heading, styles("section"))
        _label(sheet, made, leaf, names[leaf.code], line, styles)
        _figures(sheet, line, by_row[leaf.code], live, bound, styles)


def _placed(
    headed: Iterable[tuple[LeafRow, list[tuple[str, str]]]], first: int
) -> Iterator[tuple[LeafRow, list[tuple[str, str]], int]]:
    """Every row with the lines above it and its own line on the sheet."""
    line = first
    for leaf, headings in headed:
        line += len(headings)
        yield leaf, headings, line
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


def _by_row(figures: pd.DataFrame) -> Mapping[str, list[Figure]]:
    """The figures as plain values, from left to right: many times faster than a frame's own rows."""
    found: dict[str, list[Figure]] = {}
    wanted = ("row", "column_kind", "unit_name", "value", "status", "raw", "sha256")
    lists = [figures[name].astype(object).where(figures[name].notna(), None).tolist() for name in wanted]
    for figure in map(Figure._make, zip(*lists, strict=True)):
        found.setdefault(figure.row, []).append(figure)
    return found


def _figures(sheet: Any, line: int, cells: Sequence[Figure], live: Live, bound: Bound, styles: Styles) -> None:
    """One row's figures. A figure is a live sum where the printed one is that sum, else the printed figure."""
    for n, cell in enumerate(cells):
        column = UNITS + n
        style = styles("total" if cell.kind == ColumnKind.TOTAL.value else "figure", cell.status)
        formula = live.formula(cells, n)
        if cell.value is None:
            sheet.write_string(line, column, cell.raw or "", style)
        elif formula:
            sheet.write_formula(line, column, formula, style, cell.value)
        else:
            sheet.write_number(line, column, cell.value, style)
        found = bound.get((cell.sha256, cell.row, cell.kind, cell.label), ())
        if found:
            comment(sheet, line, column, found)
