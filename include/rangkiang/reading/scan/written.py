"""Sheets that are filled in by hand: one polling place, one column of figures."""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang.forms import Form
from rangkiang.model import Cell, ColumnKind
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.figures import Figures, packed
from rangkiang.scans.c1.read import Field

ENGINE = "handwriting"

UNREADABLE = "?"
"""Stands for a number of which nothing can be made out."""


def figures(fields: Sequence[Field], form: Form) -> Figures:
    """The figures of a sheet in the order of the form. Raises Unreadable('rows_missing')."""
    by_row = {field.row: field for field in fields}
    missing = [leaf.code for leaf in form.leaf_rows if leaf.code not in by_row]
    if missing:
        raise Unreadable("rows_missing", rows=", ".join(missing))
    found = Figures()
    for leaf in form.leaf_rows:
        field = by_row[leaf.code]
        column = (ColumnKind.UNIT, form.printed_unit)
        found.add(ENGINE, field.page, [(leaf.code, leaf.label.id)], [column], packed([_cell(field)]))
    return found


def _cell(field: Field) -> Cell:
    text, p = (field.guesses[0].text, field.guesses[0].p) if field.guesses else (UNREADABLE, 0.0)
    return Cell(0, 0, text, field.box, confidence=p, guesses=field.guesses)
