"""Recap sheets: one column per unit, in blocks of columns that go on over several pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
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
ROW_UNREAD = "row_unread"
"""Code of the reason for which figures of a row are in doubt that is not there."""


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


def figures(
    tables: Iterable[Table],
    form: Form,
    put: Blocks = by_name,
    aligner: Aligner = each,
    lost: float = 0.0,
    unseen: Collection[int] = (),
) -> Figures:
    """Every figure of the sheet in document order. Tables are looked at one by one and not kept.

    Of the document's figures this share may be lost with their rows: they are then such that nobody can read.
    They are on a page without a table (``unseen``) where one comes after the rows above.

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
    for printed, one in zip(lines, aligned, strict=True):
        if one.repeated:
            raise Unreadable("rows_repeated", rows=", ".join(dict.fromkeys(_said(printed[n]) for n in one.repeated)))
    lacking = _absent(aligned, [len(block[0].columns) for block in blocks], form, lost)
    for block, printed, one, absent in zip(blocks, lines, aligned, lacking, strict=True):
        _add(block, printed, one, found)
        for leaf in absent:
            segment, page = _where(leaf, block, one, form)
            _add_unread(segment, page if page in unseen else segment.page, leaf, found)
    return found


def _absent(blocks: Sequence[Aligned], columns: Sequence[int], form: Form, lost: float) -> list[list[LeafRow]]:
    """Which rows each block, of so many columns, lacks that the form or another block has. Raises Unreadable
    'rows_missing'.

    A row that may be absent must be absent from all, unless nobody is sure of it. Not all of a section may be absent:
    that is a page, and no slate.
    """
    there = [{leaf.code for leaf in block.rows if leaf} for block in blocks]
    unsure = [{leaf.code for n in block.unsure if (leaf := block.rows[n])} for block in blocks]
    sure = set[str]().union(*(codes - doubtful for codes, doubtful in zip(there, unsure, strict=True)))
    wanted = sure | {leaf.code for leaf in form.leaf_rows if not leaf.parent.optional}
    filled = {leaf.parent.section for leaf in form.leaf_rows if leaf.code in wanted}
    sections = dict.fromkeys(row.section for row in form.rows if row.section not in filled)
    absent = sum(len(wanted - codes) * wide for codes, wide in zip(there, columns, strict=True))
    if sections or absent > lost * len(wanted) * sum(columns):
        lacking = set[str]().union(*(wanted - codes for codes in there))
        missing = [leaf.code for leaf in form.leaf_rows if leaf.code in lacking]
        raise Unreadable("rows_missing", rows=", ".join([*missing, *sections]))
    every = wanted.union(*there)
    return [[leaf for leaf in form.leaf_rows if leaf.code in every - codes] for codes in there]


def _add(block: Sequence[Segment], lines: Lines, aligned: Aligned, found: Figures) -> None:
    found.unknown += [_said(lines[n]) for n in aligned.unknown]
    unsure = set(aligned.unsure)
    rows = iter([(line, leaf, n in unsure) for n, (line, leaf) in enumerate(zip(lines, aligned.rows, strict=True))])
    for segment in block:
        _add_segment(segment, [next(rows) for _ in segment.lines], found)


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


def _where(leaf: LeafRow, block: Sequence[Segment], aligned: Aligned, form: Form) -> tuple[Segment, int]:
    """Where the rows above one stand that is not there, and the page it should be on: the next if these end theirs."""
    place = {one.code: n for n, one in enumerate(form.leaf_rows)}
    owners = chain.from_iterable([segment] * len(segment.lines) for segment in block)
    there = [(segment, place[row.code]) for segment, row in zip(owners, aligned.rows, strict=True) if row]
    above = [segment for segment, at in there if at < place[leaf.code]]
    segment = above[-1] if above else block[0]
    follows = any(one.page == segment.page and at > place[leaf.code] for one, at in there)
    return segment, segment.page if follows else segment.page + 1


def _add_unread(segment: Segment, page: int, leaf: LeafRow, found: Figures) -> None:
    columns = [(column.kind, column.label) for column in segment.columns]
    cells = packed([Cell(0, n, UNREADABLE, confidence=0.0) for n in range(len(columns))])
    unread = cells.doubted(range(len(columns)), ROW_UNREAD)
    found.add(segment.engine, page, [(leaf.code, leaf.label.id)], columns, unread)


def _said(line: Line) -> str:
    return f"{line.number} {line.label} {line.split}".strip() or "?"


def _label(line: Line, leaf: LeafRow) -> str:
    """A candidate's name is the sheet's own; what else stands on a form is the registry's."""
    return f"{leaf.parent.number} {name_of(line)}".strip() if leaf.parent.optional else leaf.label.id
