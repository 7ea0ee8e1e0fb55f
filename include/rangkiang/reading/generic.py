"""A table that is no known form, made tidy: one heading per column, one record per line.

Nothing is interpreted: texts stay as they are printed, and every number of the table is in one of the records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rangkiang.catalogue import fold
from rangkiang.model import UNIT_SEPARATOR, Cell, Table
from rangkiang.reading.looks import is_figure, is_number

Grid = list[list[Cell | None]]

MOST_HEAD_ROWS = 8
"""A head has no more rows than this; below, figures are missing."""
FIGURES = 0.5
"""Share of a row's cells behind the first that are figures, from which it is a record."""
NUMBERS = 0.8
"""Share of a column's filled cells that are figures, from which it is a column of numbers."""
_TOTAL = re.compile(r"(GRAND\s*TOTAL|SUB\s*-?\s*TOTAL|TOTAL|JUMLAH|JML|JLH)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tidy table: its heading ('' where it has none), and whether it holds numbers."""

    name: str
    numbers: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a tidy table, a text per column, and the grid row that it comes from."""

    row: int
    texts: tuple[str, ...]

    @property
    def is_total(self) -> bool:
        return is_total(self.texts)


@dataclass(frozen=True, slots=True)
class Tidy:
    """A table without its layout."""

    columns: tuple[Column, ...]
    records: tuple[Record, ...]


def tidy(table: Table) -> Tidy:
    """Headings of several rows joined by `` / ``, merged cells repeated downwards.

    Rows without text, repeated heads and rows that number the columns are left out.

    A text over several columns stands in the first of them only.
    """
    grid = table.grid()
    head = head_rows(grid)
    heads = [_own_texts(grid, r) for r in range(head)]
    texts = [(r, [_text(cell, c) for c, cell in enumerate(grid[r])]) for r in range(head, len(grid))]
    body = [(r, row) for r, row in texts if any(row) and not is_numbering(row) and _own_texts(grid, r) not in heads]
    records = tuple(Record(r, tuple(row)) for r, row in body)
    above = [row for r, row in enumerate(grid[:head]) if not is_numbering(_own_texts(grid, r))]
    names = [_heading(column) for column in zip(*above, strict=True)] if above else [""] * table.n_cols
    columns = tuple(Column(name, _holds_numbers([r.texts[c] for r in records])) for c, name in enumerate(names))
    return Tidy(columns, records)


def head_rows(grid: Grid) -> int:
    """How many rows the head has: those above the first record, a row that numbers the columns included.

    A row is a record where half of the cells behind the first are figures, unless it is the first and its figures are
    years or count up. A table of texts has the rows with cells over several columns for its head, and one more.
    """
    first = next((r for r, row in enumerate(grid[: MOST_HEAD_ROWS + 1]) if _is_record(row, r)), None)
    if first is None:
        wide = next((r for r, row in enumerate(grid) if all(c is None or c.col_span == 1 for c in row)), 0)
        return min(wide + 1, MOST_HEAD_ROWS, len(grid))
    numbered = next((r for r in range(first, min(first + 2, len(grid))) if is_numbering(_own_texts(grid, r))), None)
    return first if numbered is None else numbered + 1


def is_numbering(texts: Sequence[str]) -> bool:
    """A row that numbers the columns: 1, 2, 3 … and nothing else."""
    filled = [t.strip("() \n") for t in texts if t]
    numbers = [int(t) for t in filled if t.isdecimal() and len(t) < 4]
    steps = [b - a for a, b in pairwise(numbers)]
    return len(numbers) > 2 and len(numbers) == len(filled) and numbers[0] == 1 and all(step == 1 for step in steps)


def is_total(texts: Sequence[str]) -> bool:
    """A line of sums: the first of its texts that is no figure says so."""
    label = next((text for text in texts if text and not is_figure(text)), "")
    return _TOTAL.match(label.strip()) is not None


def find_column(tidied: Tidy, names: Sequence[str]) -> int | None:
    """The column with one of these names, as a whole or as a part of its heading; None where there is none."""
    wanted = {fold(name) for name in names}
    for c, column in enumerate(tidied.columns):
        parts = column.name.split(UNIT_SEPARATOR)
        if wanted & {fold(column.name), *map(fold, parts)}:
            return c
    return None


def odd_texts(tidied: Tidy, record: Record) -> Iterator[tuple[str, str]]:
    """What a record has where a number should be: the column's name and the text."""
    for column, text in zip(tidied.columns, record.texts, strict=True):
        if column.numbers and text and not is_figure(text):
            yield column.name, text


def _is_record(row: Sequence[Cell | None], at: int) -> bool:
    behind = [cell for cell in dict.fromkeys(row[1:]) if cell and cell.text and cell is not row[0]]
    figures = [cell.text for cell in behind if is_figure(cell.text)]
    if not behind or len(figures) < FIGURES * len(behind):
        return False
    return at > 0 or not _count_up(figures)


def _count_up(texts: Sequence[str]) -> bool:
    """Headings that happen to be numbers: years, or 1, 2, 3, 5 …"""
    numbers = [int(text) for text in texts if text.isdecimal()]
    steps = [b - a for a, b in pairwise(numbers)]
    years = all(1900 <= n <= 2100 for n in numbers) and (all(s > 0 for s in steps) or all(s < 0 for s in steps))
    return len(numbers) == len(texts) > 1 and (years or (len(numbers) > 2 and all(0 < s < 4 for s in steps)))


def _own_texts(grid: Grid, row: int) -> list[str]:
    return [cell.text for cell in dict.fromkeys(grid[row]) if cell and cell.text]


def _text(cell: Cell | None, column: int) -> str:
    return " ".join(cell.text.split()) if cell and cell.col == column else ""


def _heading(column: Sequence[Cell | None]) -> str:
    parts = (" ".join(cell.text.split()) for cell in dict.fromkeys(column) if cell)
    return UNIT_SEPARATOR.join(part for part in parts if part)


def _holds_numbers(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return any(map(is_number, filled)) and sum(map(is_figure, filled)) >= NUMBERS * len(filled)
