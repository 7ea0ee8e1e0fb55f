"""What stands on a page: cells, tables, and figures, which travel as pandas frames of :data:`FIGURE_COLUMNS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

UNIT_SEPARATOR = " / "
"""Joins the parts of a unit's label, from the larger area to the smaller: ``PANCUNG SOAL / INDERAPURA / TPS 1``."""


class Status(StrEnum):
    """How sure a single figure is."""

    PROVED = "proved"  # read, and every identity that binds it holds
    READ = "read"  # read with high confidence; no identity binds it
    FLAGGED = "flagged"  # an identity that binds it fails, or the reading is in doubt
    DECIDED = "decided"  # a named person decided
    BLANK = "blank"  # an empty cell that no identity proves to be zero


class ColumnKind(StrEnum):
    """What a column of a recap sheet holds. Carries are running totals, never units."""

    UNIT = "unit"
    CARRIED_IN = "carried_in"
    CARRIED_OUT = "carried_out"
    TOTAL = "total"


PUBLISHED = frozenset({ColumnKind.UNIT.value, ColumnKind.TOTAL.value})
"""Kinds of columns that are figures of their own; a carry only repeats what stands before it."""

FIGURE_COLUMNS: Mapping[str, str] = {
    "file": "string",  # name the office gave the file
    "sha256": "string",  # of the original
    "page": "Int32",  # 1-based; a workbook's sheet counts as a page, a CSV is page 1
    "form": "string",  # model, e.g. DB1-PPWP
    "row": "string",  # canonical row code, e.g. I.A.1.L
    "row_label": "string",
    "column_kind": "string",  # ColumnKind
    "column_label": "string",
    "value": "Int64",  # votes, voters, ballots; null when not known
    "raw": "string",  # the text as it stands on the file
    "status": "string",  # Status
    "confidence": "Float64",  # 0..1
    "engine": "string",
    "x0": "Float64",  # points, origin top left of the page; null for workbooks and CSV
    "y0": "Float64",
    "x1": "Float64",
    "y1": "Float64",
}
"""The contract of ``cells.csv`` and ``cells.parquet``. Rows stand in document order: for each block of columns all
rows from top to bottom, each row from left to right. Scores are computed from it: do not rename or reorder."""


class Shared(list[Any]):
    """A list among a frame's ``attrs`` that nobody changes. pandas copies attrs at every step, and guesses are many."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing that a cell of a scan may say, and how probable that is."""

    text: str  # as it would be printed: '1.234', '-', 'X20'; '' for an empty cell
    value: int | None  # None: an empty cell
    p: float  # calibrated: of guesses with p = 0.9 nine in ten are right


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. A spanning cell stands once, at its top-left position."""

    row: int
    col: int
    text: str
    box: Box | None = None
    row_span: int = 1
    col_span: int = 1
    confidence: float = 1.0
    doubt: str = ""  # code of the reason why this text is not to be trusted; '' where there is none
    other: str = ""  # what the second evidence says, where there is one
    guesses: tuple[
        Guess, ...
    ] = ()  # of a number on a scan: the most probable first; what is missing to 1 is anything else
    status: Status | None = None  # of a number on a scan, once it is settled


@dataclass(frozen=True, slots=True)
class FoundSum:
    """A sum that nobody announced, and that a table shows by itself: it holds in far more lines than chance allows."""

    down: bool  # rows add up to a row; otherwise columns to a column
    total: int  # 0-based row or column
    parts: tuple[int, ...]
    holds: tuple[int, ...]  # columns or rows in which it holds
    fails: tuple[int, ...]  # and those in which it does not


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on one page, before anybody knows what it means."""

    page: int  # 1-based; a workbook's sheet counts as a page
    engine: str
    cells: tuple[Cell, ...]
    title: str = ""  # text above the table on its page, or the sheet's name
    sums: tuple[FoundSum, ...] = ()  # of a scan, once it is settled
    goes_on: bool = False  # has no head: the one before it stands over its columns too

    @property
    def n_rows(self) -> int:
        return max((c.row + c.row_span for c in self.cells), default=0)

    @property
    def n_cols(self) -> int:
        return max((c.col + c.col_span for c in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Cells by row and column; a spanning cell fills every position it covers."""
        width = self.n_cols
        grid: list[list[Cell | None]] = [[None] * width for _ in range(self.n_rows)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.col, cell.col + cell.col_span):
                    grid[r][c] = cell
        return grid
