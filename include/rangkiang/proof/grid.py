"""The figures of one document as a matrix: form rows down, printed columns across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rangkiang.forms import Equation
from rangkiang.model import CellRef, ColumnKind, Status


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column, in document order."""

    kind: ColumnKind
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Matrices of shape (rows, columns).

    ``value`` holds whole numbers, 0 where nothing is known; ``known`` says where a number was read, ``blank`` where the
    cell is empty. A cell that is neither holds text that is no number. ``position`` is its line in the frame.
    """

    rows: Mapping[str, int]
    columns: Sequence[Column]
    value: NDArray[np.int64]
    known: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    position: NDArray[np.int64]
    figures: pd.DataFrame

    @property
    def unreadable(self) -> NDArray[np.bool_]:
        return ~self.known & ~self.blank

    @property
    def doubted(self) -> NDArray[np.bool_]:
        """Where reading gives a number and does not trust it."""
        flagged = (self.figures["status"] == Status.FLAGGED.value).to_numpy(dtype=bool, na_value=False)
        return flagged[self.position] & self.known

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Per row: does any cell of it hold anything at all?"""
        return np.any(~self.blank, axis=1)  # type: ignore[no-any-return]

    def of_kind(self, *kinds: ColumnKind) -> NDArray[np.bool_]:
        """Per column: is it one of these kinds?"""
        return np.array([column.kind in kinds for column in self.columns], dtype=bool)

    def residual(self, equation: Equation) -> NDArray[np.int64]:
        """Left minus right in every column, an empty cell counting as zero."""
        total = np.zeros(len(self.columns), dtype=np.int64)
        for row, coefficient in equation.residual.items():
            total += coefficient * self.value[self.rows[row]]
        return total

    def cells(self, row_codes: Iterable[str], column: int) -> tuple[CellRef, ...]:
        return tuple(self.cell(row, column) for row in row_codes)

    def cell(self, row_code: str, column: int) -> CellRef:
        row = self.rows[row_code]
        place = self.columns[column]
        return CellRef(
            sha256=str(self.figures["sha256"].iat[0]),
            row=row_code,
            column_kind=place.kind.value,
            column_label=place.label,
            value=int(self.value[row, column]) if self.known[row, column] else None,
            page=int(self.figures["page"].to_numpy()[self.position[row, column]]),
        )


def where(mask: NDArray[np.bool_]) -> list[int]:
    """Positions of a vector at which it is true."""
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def grid(figures: pd.DataFrame) -> Grid:
    """Lay a document's figures out. Every row must have the same columns, which is what a reading gives.

    Raises ValueError naming the row where it has not: a reading with holes proves nothing.
    """
    lines = {str(code): np.asarray(at) for code, at in figures.groupby("row", sort=False).indices.items()}
    codes = list(lines)
    first = lines[codes[0]]
    columns = [
        Column(ColumnKind(kind), str(label))
        for kind, label in zip(
            figures["column_kind"].to_numpy()[first], figures["column_label"].to_numpy()[first], strict=True
        )
    ]
    for code, positions in lines.items():
        if len(positions) != len(columns):
            raise ValueError(f"row {code} has {len(positions)} figures where {codes[0]} has {len(columns)}")
    position = np.stack([lines[code] for code in codes])
    value = figures["value"]
    known = value.notna().to_numpy()
    blank = (figures["status"] == Status.BLANK.value).to_numpy() & ~known
    numbers = value.fillna(0).to_numpy(dtype=np.int64)
    return Grid(
        rows={code: i for i, code in enumerate(codes)},
        columns=columns,
        value=numbers[position],
        known=known[position],
        blank=blank[position],
        position=position,
        figures=figures,
    )
