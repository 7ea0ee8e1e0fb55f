"""The figures of one document as a matrix: form rows down, printed columns across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    cell is empty, ``unreadable`` where it holds text that is no number, ``doubted`` where reading gives a number and
    does not trust it. ``filled`` is per row: does any cell of it hold anything at all? ``position`` is a cell's line in
    the frame.
    """

    rows: Mapping[str, int]
    columns: Sequence[Column]
    value: NDArray[np.int64]
    known: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]
    doubted: NDArray[np.bool_]
    filled: NDArray[np.bool_]
    position: NDArray[np.int64]
    page: NDArray[np.int64]
    sha256: str
    figures: pd.DataFrame

    def of_kind(self, *kinds: ColumnKind) -> NDArray[np.bool_]:
        """Per column: is it one of these kinds?"""
        return np.array([column.kind in kinds for column in self.columns], dtype=bool)

    def cells(self, row_codes: Iterable[str], column: int) -> tuple[CellRef, ...]:
        return tuple(self.cell(row, column) for row in row_codes)

    def cell(self, row_code: str, column: int) -> CellRef:
        row = self.rows[row_code]
        place = self.columns[column]
        return CellRef(
            sha256=self.sha256,
            row=row_code,
            column_kind=place.kind.value,
            column_label=place.label,
            value=int(self.value[row, column]) if self.known[row, column] else None,
            page=int(self.page[row, column]),
            nth=sum(
                earlier == place and self.page[row, n] == self.page[row, column]
                for n, earlier in enumerate(self.columns[:column])
            ),
        )


def where(mask: NDArray[np.bool_]) -> list[int]:
    """Positions of a vector at which it is true."""
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def grid(figures: pd.DataFrame) -> Grid:
    """Lay a document's figures out. Every row must have the same columns, which is what a reading gives.

    Raises ValueError naming the row where it has not: a reading with holes proves nothing.
    """
    row, codes = pd.factorize(figures["row"])
    position = _positions(row, [str(code) for code in codes])
    value = figures["value"]
    known = value.notna().to_numpy()
    status = figures["status"]
    blank = (status == Status.BLANK.value).to_numpy(dtype=bool, na_value=False) & ~known
    flagged = (status == Status.FLAGGED.value).to_numpy(dtype=bool, na_value=False)
    first = figures.iloc[position[0]]
    return Grid(
        rows={str(code): i for i, code in enumerate(codes)},
        columns=[
            Column(ColumnKind(kind), str(label))
            for kind, label in zip(first["column_kind"], first["column_label"], strict=True)
        ],
        value=value.fillna(0).to_numpy(dtype=np.int64)[position],
        known=known[position],
        blank=blank[position],
        unreadable=(~known & ~blank)[position],
        doubted=(flagged & known)[position],
        filled=np.any(~blank[position], axis=1),
        position=position,
        page=figures["page"].to_numpy(dtype=np.int64)[position],
        sha256=str(figures["sha256"].iat[0]),
        figures=figures,
    )


def _positions(row: NDArray[np.intp], codes: Sequence[str]) -> NDArray[np.int64]:
    """Per row, the lines of its figures in the frame. Shape (rows, columns)."""
    counts = np.bincount(row, minlength=len(codes))
    odd = where(counts != counts[0])
    if odd:
        raise ValueError(f"row {codes[odd[0]]} has {counts[odd[0]]} figures where {codes[0]} has {counts[0]}")
    return np.argsort(row, kind="stable").astype(np.int64).reshape(len(codes), -1)
