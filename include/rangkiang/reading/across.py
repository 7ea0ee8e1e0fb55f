"""Recap sheets: one column per unit, in blocks of columns that go on over several pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import ColumnKind, Table
from rangkiang.reading.align import align
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.frame import Figure
from rangkiang.reading.segments import Line, Segment, segments


def figures(tables: Sequence[Table], form: Form) -> list[Figure]:
    """Every figure of the sheet in document order.

    Raises Unreadable: 'no_table', 'columns_missing' (no column of a unit), 'rows_missing'.
    """
    if not tables:
        raise Unreadable("no_table")
    blocks = _blocks(segments(tables, form))
    if not any(c.kind is ColumnKind.UNIT for block in blocks for c in block[0].columns):
        raise Unreadable("columns_missing", columns=form.printed_unit)
    found = [figure for block in blocks for figure in _figures(block, form)]
    _check_rows(found, form)
    return found


def _blocks(parts: Iterator[Segment]) -> list[list[Segment]]:
    """Segments with the same columns are one block, in the order in which the blocks begin."""
    blocks: dict[tuple[tuple[str, str], ...], list[Segment]] = {}
    for part in parts:
        if part.columns:
            blocks.setdefault(part.block, []).append(part)
    return list(blocks.values())


def _figures(block: Sequence[Segment], form: Form) -> Iterator[Figure]:
    engine, columns = block[0].engine, block[0].columns
    lines: list[Line] = [line for segment in block for line in segment.lines]
    for line, leaf in align(lines, form):
        for column, cell in zip(columns, line.cells, strict=True):
            yield Figure(line.page, engine, leaf.code, leaf.label.id, column.kind, column.label, cell)


def _check_rows(found: Sequence[Figure], form: Form) -> None:
    """Every unit must have every row of the form."""
    have: dict[str, set[str]] = {}
    for figure in found:
        if figure.kind is ColumnKind.UNIT:
            have.setdefault(fold(figure.column), set()).add(figure.row)
    complete = set.intersection(*have.values()) if have else set()
    missing = [leaf.code for leaf in form.leaf_rows if leaf.code not in complete]
    if missing:
        raise Unreadable("rows_missing", rows=", ".join(missing))
