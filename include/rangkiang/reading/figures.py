"""Figures on their way from a file to a frame: what is kept of hundreds of thousands of printed cells."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Cell, ColumnKind, Guess

Doubt = tuple[int, str, str]  # position among the figures, code of the reason, what the second evidence says
Guessed = tuple[int, tuple[Guess, ...]]  # position among the figures, what a number on a scan may be

UNREADABLE = "?"
"""Stands for a figure, or a name, of which nothing can be made out."""

_NOWHERE = (np.nan,) * 4


@dataclass(frozen=True, slots=True)
class Cells:
    """What is kept of printed cells: a file may hold hundreds of thousands, each a few hundred bytes as an object."""

    raw: list[str]
    box: NDArray[np.float64]  # (cells, 4): x0, y0, x1, y1; nan where there is none
    confidence: NDArray[np.float64]
    doubts: tuple[Doubt, ...] = ()
    guesses: tuple[Guessed, ...] = ()

    def take(self, positions: NDArray[np.intp]) -> Cells:
        """The cells at these positions, in that order."""
        raw = self.raw
        places = {int(at): n for n, at in enumerate(positions)} if self.doubts or self.guesses else {}
        return Cells(
            [raw[n] for n in positions.tolist()],
            self.box[positions],
            self.confidence[positions],
            tuple((places[n], code, other) for n, code, other in self.doubts if n in places),
            tuple((places[n], guesses) for n, guesses in self.guesses if n in places),
        )

    def spread(self, positions: NDArray[np.intp]) -> Cells:
        """The cells at these positions, in that order; -1 stands for one that nobody can read."""
        there = self.take(positions[positions >= 0])
        places = np.flatnonzero(positions >= 0)
        raw = np.full(len(positions), UNREADABLE, dtype=object)
        box, confidence = np.full((len(positions), 4), np.nan), np.zeros(len(positions))
        raw[places], box[places], confidence[places] = there.raw, there.box, there.confidence
        return Cells(
            raw.tolist(),
            box,
            confidence,
            tuple((int(places[n]), code, other) for n, code, other in there.doubts),
            tuple((int(places[n]), guesses) for n, guesses in there.guesses),
        )

    def doubted(self, positions: Iterable[int], code: str) -> Cells:
        """The cells, those at ``positions`` in doubt for a reason."""
        return replace(self, doubts=(*self.doubts, *((int(n), code, "") for n in positions)))


def packed(cells: Sequence[Cell | None]) -> Cells:
    """None stands for a place where the file has no cell: blank."""
    return Cells(
        [sys.intern(c.text) if c else "" for c in cells],
        np.array(
            [(b.x0, b.y0, b.x1, b.y1) if c and (b := c.box) else _NOWHERE for c in cells], dtype=np.float64
        ).reshape(-1, 4),
        np.array([c.confidence if c else 1.0 for c in cells], dtype=np.float64),
        tuple((n, c.doubt, c.other) for n, c in enumerate(cells) if c and c.doubt),
        tuple((n, c.guesses) for n, c in enumerate(cells) if c and c.guesses),
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """Figures and where they belong: engine, page, row and column of each. Shape (4, figures)."""

    places: NDArray[np.int32]
    cells: Cells


@dataclass(slots=True)
class Figures:
    """Figures in document order, put together piece by piece.

    ``unknown`` are lines that carry figures and are no row of the form, as printed.
    """

    unknown: list[str] = field(default_factory=list)
    engines: dict[str, int] = field(default_factory=dict)  # with the numbers by which pieces name them, as the others
    rows: dict[tuple[str, str], int] = field(default_factory=dict)  # code and label
    columns: dict[tuple[ColumnKind, str], int] = field(default_factory=dict)  # kind and label
    pieces: list[Piece] = field(default_factory=list)

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
        row = np.fromiter((self.rows.setdefault(r, len(self.rows)) for r in rows), np.int32, len(rows))
        column = np.fromiter((self.columns.setdefault(c, len(self.columns)) for c in columns), np.int32, len(columns))
        places = np.empty((4, len(cells.raw)), dtype=np.int32)
        places[0] = self.engines.setdefault(engine, len(self.engines))
        places[1] = page
        places[2] = np.tile(row, len(column)) if by_column else np.repeat(row, len(column))
        places[3] = np.repeat(column, len(row)) if by_column else np.tile(column, len(row))
        self.pieces.append(Piece(places, cells))

    def doubts(self) -> list[Doubt]:
        """Those of all pieces, by position among all figures."""
        return [(before + n, code, other) for before, cells in self._placed() for n, code, other in cells.doubts]

    def guesses(self) -> list[Guessed]:
        """Those of all pieces, by position among all figures."""
        return [(before + n, guesses) for before, cells in self._placed() for n, guesses in cells.guesses]

    def _placed(self) -> Iterator[tuple[int, Cells]]:
        """The cells of each piece, and how many figures come before them."""
        before = 0
        for piece in self.pieces:
            yield before, piece.cells
            before += len(piece.cells.raw)
