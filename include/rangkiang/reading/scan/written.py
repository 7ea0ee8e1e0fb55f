"""Sheets that are filled in by hand: one polling place, one column of figures."""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang.forms import Form
from rangkiang.model import Cell, ColumnKind
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.figures import Figures, packed
from rangkiang.scans.c1.layout import layouts
from rangkiang.scans.c1.read import Field

ENGINE = "handwriting"

UNREADABLE = "?"
"""Stands for a number of which nothing can be made out."""

CERTAIN = 0.9
"""What the words say is held against the figure where they are so sure."""


def figures(fields: Sequence[Field], form: Form) -> Figures:
    """The figures of a sheet in the order of the form. Raises Unreadable: pages_missing, rows_repeated."""
    by_row = _by_row(fields)
    missing = {leaf.code for leaf in form.leaf_rows} - by_row.keys()
    if missing:
        pages = [page.number for page in layouts() if page.model == form.model and missing & page.rows]
        raise Unreadable("pages_missing", pages=", ".join(map(str, pages)))
    found = Figures()
    for leaf in form.leaf_rows:
        field = by_row[leaf.code]
        column = (ColumnKind.UNIT, form.printed_unit)
        found.add(ENGINE, field.page, [(leaf.code, leaf.label.id)], [column], packed([_cell(field)]))
    return found


def in_words(fields: Sequence[Field], form: Form) -> list[list[object]]:
    """Position among the figures, text and number of what the words alone say with certainty."""
    said = {row: field.spoken[0] for row, field in _by_row(fields).items() if field.spoken}
    found = ((n, said[leaf.code]) for n, leaf in enumerate(form.leaf_rows) if leaf.code in said)
    return [[n, guess.text, guess.value] for n, guess in found if guess.p >= CERTAIN]


def _by_row(fields: Sequence[Field]) -> dict[str, Field]:
    """A page may have been scanned twice. Raises Unreadable('rows_repeated') where two say different numbers: they are
    of two sheets."""
    found: dict[str, Field] = {}
    differ = [field.row for field in fields if _number(found.setdefault(field.row, field)) != _number(field)]
    if differ:
        raise Unreadable("rows_repeated", rows=", ".join(differ))
    return found


def _number(field: Field) -> int:
    return (field.guesses[0].value or 0) if field.guesses else 0


def _cell(field: Field) -> Cell:
    text, p = (field.guesses[0].text, field.guesses[0].p) if field.guesses else (UNREADABLE, 0.0)
    return Cell(0, 0, text, field.box, confidence=p, guesses=field.guesses)
