"""Recap sheets: one column per unit, in blocks of columns that go on over several pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from rangkiang.forms import Form, LeafRow
from rangkiang.model import Cell, ColumnKind, Table
from rangkiang.reading.align import Aligned, align, name_of
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.figures import UNREADABLE, Figures, packed
from rangkiang.reading.segments import Line, Segment, segments

Lines = tuple[Line, ...]
Blocks = Callable[[Iterable[Segment], Form], list[list[Segment]]]
"""Puts parts that continue each other downwards together, in the order in which they begin."""
Aligner = Callable[[Sequence[Lines], Form], Sequence[Aligned]]
"""Tells of the lines of each block which row they are."""

ROW_UNSURE = "row_unsure"
"""Code of the reason for which figures are in doubt whose row is."""


def each(blocks: Sequence[Lines], form: Form) -> list[Aligned]:
    """Blocks by themselves."""
    return [align(lines, form) for lines in blocks]


def by_name(parts: Iterable[Segment], _: Form) -> list[list[Segment]]:
    """Segments with the same columns are one block. A page that was put in twice counts once."""
    blocks: dict[tuple[tuple[str, str], ...], list[Segment]] = {}
    for part in parts:
        block = blocks.setdefault(part.block, []) if part.columns else []
        if not any(part.says_the_same(before) for before in block):
            block.append(part)
    return list(blocks.values())


def figures(tables: Iterable[Table], form: Form, put: Blocks = by_name, aligner: Aligner = each) -> Figures:
    """Every figure of the sheet in document order. Tables are looked at one by one and not kept.

    Raises Unreadable: 'no_table', 'columns_missing' (no column of a unit), 'rows_missing', 'rows_repeated'.
    """
    tables = iter(tables)
    first = next(tables, None)
    if first is None:
        raise Unreadable("no_table")
    blocks = put(segments(chain([first], tables), form), form)
    if not any(c.kind is ColumnKind.UNIT for block in blocks for c in block[0].columns):
        raise Unreadable("columns_missing", columns=form.printed_unit)
    found = Figures()
    lines = [tuple(chain.from_iterable(segment.lines for segment in block)) for block in blocks]
    aligned = aligner(lines, form)
    every = {leaf.code: leaf for one in aligned for leaf in one.rows if leaf}
    _check_rows([_add(*one, found, every) for one in zip(blocks, lines, aligned, strict=True)], form)
    return found


def _add(
    block: Sequence[Segment], lines: Lines, aligned: Aligned, found: Figures, every: Mapping[str, LeafRow]
) -> tuple[set[str], set[str]]:
    """Add the block's figures; the codes of its rows, and of those that are sure. Of rows that only other blocks have
    nobody knows what stands there."""
    if aligned.repeated:
        raise Unreadable("rows_repeated", rows=", ".join(dict.fromkeys(_said(lines[n]) for n in aligned.repeated)))
    found.unknown += [_said(lines[n]) for n in aligned.unknown]
    unsure = set(aligned.unsure)
    rows = iter([(line, leaf, n in unsure) for n, (line, leaf) in enumerate(zip(lines, aligned.rows, strict=True))])
    for segment in block:
        _add_segment(segment, [next(rows) for _ in segment.lines], found)
    there = {n: leaf.code for n, leaf in enumerate(aligned.rows) if leaf}
    for leaf in (leaf for code, leaf in every.items() if leaf.parent.optional and code not in there.values()):
        _add_unknown(block[0], leaf, found)
    return set(there.values()), {code for n, code in there.items() if n not in unsure}


def _add_segment(segment: Segment, rows: Sequence[tuple[Line, LeafRow | None, bool]], found: Figures) -> None:
    matched = np.array([n for n, (_, leaf, _) in enumerate(rows) if leaf], dtype=np.intp)
    width = len(segment.columns)
    named = [(leaf.code, _label(line, leaf)) for line, leaf, _ in rows if leaf]
    unsure = np.flatnonzero(np.repeat([doubtful for _, leaf, doubtful in rows if leaf], width))
    cells = segment.cells.take((matched[:, None] * width + np.arange(width)).ravel())
    found.add(
        segment.engine,
        segment.page,
        named,
        [(column.kind, column.label) for column in segment.columns],
        cells.doubted(unsure, ROW_UNSURE),
    )


def _add_unknown(segment: Segment, leaf: LeafRow, found: Figures) -> None:
    columns = [(column.kind, column.label) for column in segment.columns]
    cells = packed([Cell(0, n, UNREADABLE, confidence=0.0) for n in range(len(columns))])
    found.add(segment.engine, segment.page, [(leaf.code, leaf.label.id)], columns, cells)


def _said(line: Line) -> str:
    return f"{line.number} {line.label} {line.split}".strip() or "?"


def _label(line: Line, leaf: LeafRow) -> str:
    """A candidate's name is the sheet's own; what else stands on a form is the registry's."""
    return f"{leaf.parent.number} {name_of(line)}".strip() if leaf.parent.optional else leaf.label.id


def _check_rows(blocks: Sequence[tuple[set[str], set[str]]], form: Form) -> None:
    """Every block must have every row of the form, and a row that may be absent must be absent from all, unless nobody
    is sure of it.

    Not all of a section may be absent: that is a page, and no slate.
    """
    sure = set().union(*(sure for _, sure in blocks))
    wanted = sure.union(leaf.code for leaf in form.leaf_rows if not leaf.parent.optional)
    absent = set().union(*(wanted - block for block, _ in blocks))
    missing = [leaf.code for leaf in form.leaf_rows if leaf.code in absent]
    filled = {leaf.parent.section for leaf in form.leaf_rows if leaf.code in wanted}
    missing += dict.fromkeys(row.section for row in form.rows if row.section not in filled)
    if missing:
        raise Unreadable("rows_missing", rows=", ".join(missing))
