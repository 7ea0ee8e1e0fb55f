"""The numbers of a table by their places, and what its rows and columns are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rangkiang.catalogue import fold
from rangkiang.model import Cell, FoundSum, Table
from rangkiang.proof.belief import Belief, believe
from rangkiang.proof.sums import Counts, Mask

WELL = 0.99
"""A place counts against a sum only where its numbers are so probable."""
LEGIBLE = 0.05
"""A cell whose most probable number is less so cannot be read."""

Place = tuple[int, int]
"""Row and column."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The cells of a table that hold numbers, by their place."""

    cells: Sequence[int]  # their positions among the table's cells
    beliefs: Sequence[Belief]
    at: Mapping[Place, int]  # position among these
    hidden: frozenset[Place]  # what else such cells cover: nobody knows which line they belong to
    shape: tuple[int, int]
    rows: Sequence[str]  # what they are called
    columns: Sequence[str]

    @staticmethod
    def of(table: Table) -> Numbers:
        cells = [n for n, cell in enumerate(table.cells) if cell.guesses or cell.doubt]
        at = {(table.cells[n].row, table.cells[n].col): k for k, n in enumerate(cells)}
        beliefs = [believe(table.cells[n].guesses) for n in cells]
        covering = (table.cells[n] for n, belief in zip(cells, beliefs, strict=True) if filled(belief) is not False)
        hidden = frozenset(place for cell in covering for place in _covered(cell)) - at.keys()
        rows, columns = [""] * table.n_rows, [""] * table.n_cols
        for cell in sorted((c for c in table.cells if not (c.guesses or c.doubt)), key=lambda c: (c.col, -c.row)):
            text = fold(cell.text)
            rows[cell.row] = rows[cell.row] or text
            columns[cell.col] = columns[cell.col] or text
        return Numbers(cells, beliefs, at, hidden, (table.n_rows, table.n_cols), rows, columns)

    def laid_out(self) -> tuple[Counts, Mask, Mask]:
        """(rows, columns): the first guesses, where there is a number, and where it is well read."""
        value, number = np.zeros(self.shape, np.int64), np.zeros(self.shape, bool)
        sure = np.ones(self.shape, bool)
        for place, k in self.at.items():
            belief = self.beliefs[k]
            value[place], number[place] = belief.first or 0, filled(belief) is True
            sure[place] = belief.doubt <= 1 - WELL
        return value, number, sure

    def of_sum(self, found: FoundSum, place: int) -> list[tuple[int, int]]:
        """Numbers of a sum in one place, each with what it counts for; none where one cannot be read."""
        lines = ((found.total, -1), *((part, 1) for part in found.parts))
        keys = [((line, place) if found.down else (place, line), count) for line, count in lines]
        cells = [(self.at[key], count) for key, count in keys if key in self.at]
        legible = all(1 - self.beliefs[cell].doubt >= LEGIBLE for cell, _ in cells)
        return cells if legible and self.hidden.isdisjoint(key for key, _ in keys) else []


def _covered(cell: Cell) -> Iterator[Place]:
    for row in range(cell.row, cell.row + cell.row_span):
        yield from ((row, column) for column in range(cell.col, cell.col + cell.col_span))


def filled(belief: Belief) -> bool | None:
    """Does a number stand there? None where that cannot be seen."""
    return belief.guesses[0].value is not None if belief.guesses else None
