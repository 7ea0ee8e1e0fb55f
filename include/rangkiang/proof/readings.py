"""The readings of a sheet: exact, as a digital file gives them, or settled out of what the cells of a scan may hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rangkiang.forms import Form
from rangkiang.model import Guess, Status
from rangkiang.proof.belief import MISPRINT, Belief, believe
from rangkiang.proof.constraints import Mask, sums
from rangkiang.proof.grid import Grid
from rangkiang.proof.settlement import DOUBT, settle

CLEAR = 1e-4
"""A number is read without arithmetic where the reader leaves it less doubt. Fewer than a tenth of a sheet's numbers
lack arithmetic, so that of all numbers one in 100,000 goes wrong."""

LONE = DOUBT / 4
"""A number that one rule alone binds may leave so much doubt: if probabilities are off, no second rule finds it out."""

WELL_READ = 0.02
"""A number is well read where the reader leaves less for others; and a cell can be read where its guesses leave less
for what none of them names."""

LIKELY = 0.05
"""Of a cell that can be read, a number that the reader holds less likely does not take the first guess's place,
whatever the sums want: the sheet is said not to add up."""

CONTRADICTED = 1e-3
"""A number that the sums leave more doubt is not read, however clear."""

UNREAD = "?"
"""Stands for a reading where there is none."""

Said = Sequence[tuple[int, Sequence[tuple[str, int | None, float]]]]
"""What ``figures.attrs["guesses"]`` hold: a figure's position, and its guesses as text, value, probability."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell came to. ``number`` is None where its guesses do not hold."""

    belief: Belief
    number: int | None
    doubt: float  # probability of anything else, given all sums
    rival: int | None  # what else it may be, if not one of its guesses
    identities: tuple[str, ...]  # that bind it, all of whose cells are known

    @property
    def certain(self) -> bool:
        """Do reading and sums together leave no doubt?"""
        return self.number is not None and self.doubt <= (DOUBT if len(self.identities) > 1 else LONE)

    @property
    def clear(self) -> bool:
        """Would the reading do without arithmetic? The sums do not contradict."""
        first = self.belief.first
        return first is not None and self.number == first and self.belief.doubt <= CLEAR and self.doubt <= CONTRADICTED

    @property
    def well_read(self) -> bool:
        """Does the reader leave little for anything else?"""
        return self.number is not None and self.belief.named.get(self.number, 0.0) >= 1 - WELL_READ

    @property
    def overruled(self) -> bool:
        return self.number is not None and self.number != self.belief.first

    @property
    def guess(self) -> Guess | None:
        """The guess that it came to."""
        return self.belief.guess(self.number)

    @property
    def two(self) -> tuple[str, str]:
        """What it came to, or was read as, and the next best guess, as text."""
        first = self.belief.first if self.number is None else self.number
        others = (n for n in (self.belief.first, self.rival, *self.belief.named) if n is not None and n != first)
        return self._text(first), self._text(next(others, None))

    def _text(self, number: int | None) -> str:
        guess = self.belief.guess(number)
        return guess.text if guess else UNREAD if number is None else str(number)


@dataclass(frozen=True, slots=True)
class Readings:
    """A sheet, and where its readings leave no doubt. Shape (rows, columns)."""

    sheet: Grid
    certain: Mask  # given the sums
    clear: Mask  # by themselves
    absolved: Mask  # if a sum fails, it is another cell of it that is wrong
    cells: Sequence[Reading] = ()  # row by row; none of exact readings

    def doubting(self, positions: Collection[int]) -> Readings:
        """The same, figures at these positions in doubt for a reason of their own."""
        doubted = self.sheet.doubted | np.isin(self.sheet.position, list(positions))
        return replace(self, sheet=replace(self.sheet, doubted=doubted))

    def at(self, cells: Mask) -> Iterator[tuple[int, int, Reading]]:
        """Row, column and reading of some cells."""
        for row, column in np.argwhere(cells).tolist() if self.cells else ():
            yield row, column, self.cells[row * len(self.sheet.columns) + column]


def exact(sheet: Grid) -> Readings:
    """Of a file whose text is what it is."""
    everywhere = np.ones_like(sheet.known)
    return Readings(sheet, everywhere, everywhere, ~everywhere)


def settled(sheet: Grid, form: Form, said: Said, misprint: float = MISPRINT) -> Readings:
    """Of a scan; ``misprint``: so many figures are wrong on the paper."""
    cells = _readings(sheet, form, said, misprint)
    shape = sheet.known.shape
    certain = np.array([cell.certain for cell in cells], dtype=bool).reshape(shape)
    clear = np.array([cell.clear for cell in cells], dtype=bool).reshape(shape)
    return Readings(_laid(sheet, cells), certain, clear, certain, cells)


def contradicted(sheet: Grid, words: Iterable[tuple[int, str, int]]) -> Iterator[tuple[int, str]]:
    """Position and words (position, text, number) of figures that come to another number than their words."""
    for position, text, number in words:
        differs = (sheet.position == position) & ~sheet.unreadable & (sheet.value != number)
        if differs.any():
            yield position, text


def _readings(sheet: Grid, form: Form, said: Said, misprint: float) -> list[Reading]:
    """Row by row."""
    beliefs = _beliefs(sheet, said, misprint)
    bound = list(sums(sheet, form))
    found = settle(beliefs, bound, misprint)
    names: list[dict[str, None]] = [{} for _ in beliefs]
    for one in bound:
        if all(found.number[cell] in beliefs[cell].named for cell in one.cells):
            for cell in one.cells:
                names[cell][one.name] = None
    settlement = zip(beliefs, found.number, found.doubt, found.rival, map(tuple, names), strict=True)
    return _upheld([reading(*cell) for cell in settlement], [one.cells for one in bound])


def _upheld(cells: list[Reading], sums: Sequence[Collection[int]]) -> list[Reading]:
    """Where a reading leaves much doubt, sums take it away of which all other cells stand: on a page that nobody can
    read, wrong numbers are found that add up. One sum alone must leave less doubt if it overrules the reader, and two
    such readings that nothing else upholds it does not: one may be too high by what the other is too low."""
    of: dict[int, list[int]] = {}
    for n, one in enumerate(sums):
        for cell in one:
            of.setdefault(cell, []).append(n)
    weak = [n for n, cell in enumerate(cells) if cell.certain and not cell.well_read]
    fallen = weak
    while fallen:
        stands = [cell.certain or cell.clear for cell in cells]
        weak = [n for n in weak if stands[n]]
        holds = {n: [one for one in of.get(n, ()) if all(stands[m] for m in sums[one] if m != n)] for n in weak}
        lone = {n: by[0] for n, by in holds.items() if len(by) == 1}
        shared = Counter(lone.values())
        bold = {n for n in lone if cells[n].overruled and cells[n].doubt > LONE}
        fallen = [n for n in weak if not holds[n] or n in bold or (n in lone and shared[lone[n]] > 1)]
        for n in fallen:
            cells[n] = replace(cells[n], doubt=1.0)
    return cells


def reading(belief: Belief, number: int, doubt: float, rival: int | None, names: tuple[str, ...]) -> Reading:
    """Never is a figure bent to make a sum: where it does not look like what the sum wants, it stays as it is read."""
    if number not in belief.named:
        rival = number
    if number != belief.first and belief.named.get(number, 0.0) < LIKELY and belief.unread <= WELL_READ:
        return Reading(belief, belief.first, 1.0, number, names)
    return Reading(belief, number if number in belief.named else None, doubt, rival, names)


def _beliefs(sheet: Grid, said: Said, misprint: float) -> list[Belief]:
    """Row by row. Where a scan gives no guess, what is known is taken for certain, and an empty place says nothing."""
    guesses = {int(at): [Guess(text, value, p) for text, value, p in found] for at, found in said}
    raw = sheet.figures["raw"].to_list()
    places = zip(sheet.position.ravel().tolist(), sheet.value.ravel().tolist(), sheet.known.ravel(), strict=True)
    return [
        believe(guesses.get(at, [Guess(str(raw[at]), value, 1.0)] if known else []), misprint)
        for at, value, known in places
    ]


def _laid(sheet: Grid, cells: Sequence[Reading]) -> Grid:
    """The sheet with what its cells came to."""
    shape, guesses = sheet.known.shape, [cell.guess for cell in cells]
    read = np.array([guess is not None for guess in guesses], dtype=bool).reshape(shape)
    value = np.array([(guess.value or 0) if guess else 0 for guess in guesses], dtype=np.int64).reshape(shape)
    blank = np.array([guess is not None and guess.value is None for guess in guesses], dtype=bool).reshape(shape)
    return replace(
        sheet,
        value=value,
        known=read & ~blank,
        blank=blank,
        unreadable=~read,
        doubted=sheet.doubted | np.isin(sheet.position, [at for at, *_ in sheet.figures.attrs.get("doubts", ())]),
        filled=np.any(~blank, axis=1),
        figures=_figures(sheet, cells, guesses),
    )


def _figures(sheet: Grid, cells: Sequence[Reading], guesses: Sequence[Guess | None]) -> pd.DataFrame:
    """What the cells came to, in the frame's own order: its value, text, status and confidence."""
    raw = sheet.figures["raw"].to_list()
    columns: dict[str, list[object]] = {name: [None] * len(raw) for name in ("value", "raw", "status", "confidence")}
    for at, cell, guess in zip(sheet.position.ravel().tolist(), cells, guesses, strict=True):
        columns["value"][at] = guess.value if guess else None
        columns["raw"][at] = guess.text if guess else raw[at]
        columns["status"][at] = (_status(guess)).value
        columns["confidence"][at] = 1 - cell.doubt if cell.certain else guess.p if guess else 0.0
    made = sheet.figures.dtypes
    return sheet.figures.assign(**{name: pd.array(found, dtype=made[name]) for name, found in columns.items()})


def _status(guess: Guess | None) -> Status:
    if guess is None:
        return Status.FLAGGED
    return Status.BLANK if guess.value is None else Status.READ
