"""Tables without rules, or with some: rivers make the columns, lines make the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rangkiang.reading.pdf.parts import Place, Row, joined, parted
from rangkiang.reading.pdf.phrases import Line, together
from rangkiang.reading.pdf.rivers import River, rivers
from rangkiang.reading.pdf.rules import Floats

NO_RULES = np.zeros((0, 3))

FAR = 2.5
"""Of a line's height: lines with a wider gap between them are not of one table."""
HALF = 0.5
"""Share of the columns that have text in the first line that is certainly of the table."""
APART = 1.0
"""Of a line's height: what stands further above that line is no part of the head."""
CLOSE = 0.6
"""Of a line's height: a single heading over several columns is no further away from what it heads."""
LONG = 60
"""Characters from which a phrase is prose and no label."""
FIGURES = 0.5
"""Share of a column's cells that are figures, from which it is a column of figures."""
UNDER = 4.0
"""Points between the lower edge of a heading and the rule under it."""
LEAST = 3
"""Rows that a table has that no rule shows."""
PROSE = 0.3
"""Share of long texts from which a column is one of prose."""
CROWDED = 0.1
"""Share of the places that may hold several phrases in one line; more of them, and the rivers are not its columns."""
FILLED = 0.4
"""Share of a table's places that have text. Less is a chart or a form."""


def zones(found: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that make a table, from the first of its head to the last of its body."""
    for block in _blocks(found):
        rows = _trimmed(block)
        if rows and _is_table(rows):
            yield rows


def places(rows: Sequence[Line], rules: Floats) -> list[Place]:
    """The cells of a zone: its lines parted at the rivers, wrapped lines put together.

    ``rules`` are the level ones (n, 3: y, x0, x1): one that runs under a single heading says which columns it heads.
    """
    columns = _stripes(rows, rivers(rows))
    split = joined([_underlined(parted(row, columns), columns, rules) for row in rows], columns)
    return [replace(place, row=number) for number, row in enumerate(split) for place in row]


def _underlined(row: Row, columns: Sequence[River], rules: Floats) -> Row:
    """Headings widened to the columns that the rule right below them runs under."""
    bottom = max(p.y1 for place in row for p in place.phrases)
    near = rules[(rules[:, 0] > bottom - UNDER) & (rules[:, 0] < bottom + UNDER)] if len(row) > 1 else NO_RULES
    for _, x0, x1 in near.tolist():
        over = [n for n, place in enumerate(row) if x0 < together(place.phrases).middle_x < x1]
        under = [n for n, (a, b) in enumerate(columns) if x0 < (a + b) / 2 < x1]
        if len(over) == 1 and under and not together(row[over[0]].phrases).is_figure:
            n = over[0]
            after = row[n - 1].last + 1 if n else 0
            before = row[n + 1].first if n + 1 < len(row) else len(columns)
            free = [c for c in (row[n].first, row[n].last, *under) if after <= c < before]
            row[n] = replace(row[n], first=min(free), last=max(free))
    return row


def _stripes(rows: Sequence[Line], cuts: Sequence[River]) -> list[River]:
    """From where to where the text of each column may stand."""
    left = min(p.x0 for row in rows for p in row)
    right = max(p.x1 for row in rows for p in row)
    return list(zip([left, *(b for _, b in cuts)], [*(a for a, _ in cuts), right], strict=True))


def _blocks(found: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that follow each other closely, at most two of one phrase between two of several."""
    block: list[Line] = []
    for line in found:
        prose = len(line) == 1 and len(line[0].text) > LONG
        if block and (prose or _gap(block[-1], line) > FAR * _height(line)):
            yield block
            block = []
        if not prose:
            block.append(line)
    if block:
        yield block


def _trimmed(block: list[Line]) -> list[Line]:
    """Without the lines above its head and below its last figures."""
    several = [n for n, line in enumerate(block) if len(line) > 1]
    if len(several) < LEAST:
        return []
    rows = block[: several[-1] + 1]
    columns = _stripes(rows[several[0] :], rivers(rows))
    placed = [parted(row, columns) for row in rows]
    full = [n for n, row in enumerate(placed) if len(row) > 1 and len(row) >= HALF * len(columns)]
    filled = [n for n, row in enumerate(placed) if any(p.first and together(p.phrases).is_figure for p in row)]
    if not full or not filled:
        return []
    first = full[0]
    while first and _gap(rows[first - 1], rows[first]) < APART * _height(rows[first]):
        if first <= several[0] and not _heads_columns(placed[first - 1], rows[first - 1], rows[first]):
            break
        first -= 1
    return rows[first : filled[-1] + 1]


def _heads_columns(placed: Row, row: Line, below: Line) -> bool:
    """Is a single phrase above the table a heading of some of its columns, and not the table's title?"""
    close = _gap(row, below) < CLOSE * _height(below)
    return close and placed[0].first > 0 and placed[0].last > placed[0].first


def _is_table(rows: Sequence[Line]) -> bool:
    """Enough rows, most places filled, no prose, a column of figures, and hardly two phrases in one place."""
    if not rivers(rows):
        return False
    found = places(rows, NO_RULES)
    width, height = 1 + max(p.last for p in found), 1 + max(p.row for p in found)
    if height < LEAST or len(found) < FILLED * width * height:
        return False
    if sum(_side_by_side(p) for p in found) > CROWDED * len(found):
        return False
    columns = [[together(p.phrases) for p in found if p.first == p.last == n] for n in range(width)]
    if any(sum(len(p.text) > LONG for p in column) > PROSE * len(column) for column in columns):
        return False
    return any(column and sum(p.is_figure for p in column) >= FIGURES * len(column) for column in columns[1:])


def _side_by_side(place: Place) -> bool:
    return any(one.middle < other.y1 and one.y0 < other.middle < one.y1 for one, other in pairwise(place.phrases))


def _gap(above: Line, below: Line) -> float:
    return min(p.y0 for p in below) - max(p.y1 for p in above)


def _height(line: Line) -> float:
    return max(p.y1 - p.y0 for p in line)
