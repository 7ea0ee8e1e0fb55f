"""Figures as the frame everybody shares."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rangkiang.model import FIGURE_COLUMNS, Cell, ColumnKind, Status
from rangkiang.reading.numbers import parse

Doubt = tuple[int, str, str]  # position among the figures, code of the reason, what the second evidence says

_NOWHERE = (np.nan,) * 4


@dataclass(frozen=True, slots=True)
class Cells:
    """What is kept of printed cells: a file may hold hundreds of thousands, each a few hundred bytes as an object."""

    raw: list[str]
    box: NDArray[np.float64]  # (cells, 4): x0, y0, x1, y1; nan where there is none
    confidence: NDArray[np.float64]
    doubts: tuple[Doubt, ...] = ()

    def take(self, positions: NDArray[np.intp]) -> Cells:
        """The cells at these positions, in that order."""
        raw = self.raw
        doubts: tuple[Doubt, ...] = ()
        if self.doubts:
            places = {int(at): n for n, at in enumerate(positions)}
            doubts = tuple((places[n], code, other) for n, code, other in self.doubts if n in places)
        return Cells([raw[n] for n in positions.tolist()], self.box[positions], self.confidence[positions], doubts)


def packed(cells: Sequence[Cell | None]) -> Cells:
    """None stands for a place where the file has no cell: blank."""
    return Cells(
        [sys.intern(c.text) if c else "" for c in cells],
        np.array(
            [(b.x0, b.y0, b.x1, b.y1) if c and (b := c.box) else _NOWHERE for c in cells], dtype=np.float64
        ).reshape(-1, 4),
        np.array([c.confidence if c else 1.0 for c in cells], dtype=np.float64),
        tuple((n, c.doubt, c.other) for n, c in enumerate(cells) if c and c.doubt),
    )


@dataclass(slots=True)
class Figures:
    """Figures in document order, put together piece by piece.

    ``unknown`` are lines that carry figures and are no row of the form, as printed.
    """

    unknown: list[str] = field(default_factory=list)
    _rows: dict[tuple[str, str], int] = field(default_factory=dict)
    _columns: dict[tuple[ColumnKind, str], int] = field(default_factory=dict)
    _engines: dict[str, int] = field(default_factory=dict)
    _pieces: list[tuple[NDArray[np.int32], Cells]] = field(default_factory=list)

    def add(
        self,
        engine: str,
        page: int,
        rows: Sequence[tuple[str, str]],
        columns: Sequence[tuple[ColumnKind, str]],
        cells: Cells,
        *,
        by_column: bool = False,
    ) -> None:
        """A rectangle of figures of one page: rows (code and label) and columns (kind and label), all of the first row
        before the second; ``by_column``: all of the first column before the second."""
        row = np.fromiter((self._rows.setdefault(r, len(self._rows)) for r in rows), np.int32, len(rows))
        column = np.fromiter((self._columns.setdefault(c, len(self._columns)) for c in columns), np.int32, len(columns))
        places = np.empty((4, len(cells.raw)), dtype=np.int32)
        places[0] = self._engines.setdefault(engine, len(self._engines))
        places[1] = page
        places[2] = np.tile(row, len(column)) if by_column else np.repeat(row, len(column))
        places[3] = np.repeat(column, len(row)) if by_column else np.tile(column, len(row))
        self._pieces.append((places, cells))

    def frame(self, file: str, sha256: str, form: str) -> pd.DataFrame:
        """A frame of FIGURE_COLUMNS.

        Its ``attrs['doubts']`` say of every figure whose text is in doubt: its position, the reason, the second
        evidence; ``attrs['rows_unknown']`` are the lines that are no row of the form.
        """
        places = np.concatenate([places for places, _ in self._pieces] or [np.empty((4, 0), np.int32)], axis=1)
        box = np.concatenate([cells.box for _, cells in self._pieces] or [np.empty((0, 4))])
        confidence = np.concatenate([cells.confidence for _, cells in self._pieces] or [np.empty(0)])
        texts: dict[str, int] = {}
        raws = chain.from_iterable(cells.raw for _, cells in self._pieces)
        text = np.fromiter((texts.setdefault(raw, len(texts)) for raw in raws), np.int32, places.shape[1])
        doubts = self._doubts()
        self._pieces.clear()  # what it held is in the arrays now
        parsed = [parse(raw) for raw in texts]
        status = np.array([list(Status).index(status) for _, status in parsed], dtype=np.int32)[text]
        status[[n for n, _, _ in doubts]] = list(Status).index(Status.FLAGGED)
        engine, page, row, column = places
        once = np.zeros(len(text), dtype=np.int32)
        columns = {
            "file": _strings([file], once),
            "sha256": _strings([sha256], once),
            "page": pd.arrays.IntegerArray(page.copy(), np.zeros(len(page), dtype=bool)),
            "form": _strings([form], once),
            "row": _strings([code for code, _ in self._rows], row),
            "row_label": _strings([label for _, label in self._rows], row),
            "column_kind": _strings([kind.value for kind, _ in self._columns], column),
            "column_label": _strings([label for _, label in self._columns], column),
            "value": _integers([value for value, _ in parsed], text),
            "raw": _strings(list(texts), text),
            "status": _strings([status.value for status in Status], status),
            "confidence": pd.arrays.FloatingArray(confidence, np.zeros(len(text), dtype=bool)),
            "engine": _strings(list(self._engines), engine),
            **{name: _floats(box[:, n]) for n, name in enumerate(("x0", "y0", "x1", "y1"))},
        }
        made = pd.DataFrame({name: columns[name] for name in FIGURE_COLUMNS}, copy=False)
        if doubts:
            made.attrs["doubts"] = [list(doubt) for doubt in doubts]
        if self.unknown:
            made.attrs["rows_unknown"] = list(dict.fromkeys(self.unknown))
        return made

    def _doubts(self) -> list[Doubt]:
        found: list[Doubt] = []
        before = 0
        for _, cells in self._pieces:
            found += [(before + n, code, other) for n, code, other in cells.doubts]
            before += len(cells.raw)
        return found


def frame(figures: Figures, file: str, sha256: str, form: str) -> pd.DataFrame:
    """A frame of FIGURE_COLUMNS: see :meth:`Figures.frame`."""
    return figures.frame(file, sha256, form)


def _strings(values: Sequence[str], places: NDArray[np.int32]) -> Any:
    return pd.array(list(values), dtype="string").take(places)


def _integers(values: Sequence[int | None], places: NDArray[np.int32]) -> Any:
    missing = np.array([value is None for value in values], dtype=bool)
    return pd.arrays.IntegerArray(np.array([value or 0 for value in values], dtype=np.int64)[places], missing[places])


def _floats(values: NDArray[np.float64]) -> Any:
    return pd.arrays.FloatingArray(values.copy(), np.isnan(values))
