"""Proof within a table of a scan of which no form is known: its own sums are the identities.

A number is *proved* where sums and reading leave no doubt, *read* where two readers leave hardly any and no sum
contradicts, and *flagged* otherwise. A sum that was found and not announced may be wrong about a line: it confirms what
was read, and overrules it only together with another one that runs the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rangkiang.model import Cell, FoundSum, Status, Table
from rangkiang.proof.belief import Belief
from rangkiang.proof.numbers import Numbers, filled
from rangkiang.proof.readings import CONTRADICTED, Reading, reading
from rangkiang.proof.settlement import settle
from rangkiang.proof.sums import runs
from rangkiang.proof.tableau import Sum

CLEAR = 2e-4
"""A number is read without arithmetic where two readers together leave it less doubt."""
EMPTY = 0.9
"""So probable must it be that nothing stands in a cell."""

DOUBT = "reading_unsure"
"""Reason of a cell whose reading stays in doubt."""


def prove_table(table: Table) -> Table:
    """The table with a status for every cell that has guesses, and the sums that were found in it."""
    numbers = Numbers.of(table)
    if not numbers.cells:
        return table
    found = [*_found(numbers, down=True), *_found(numbers, down=False)]
    sums = [one for found_sum in found for one in _sums(numbers, found_sum)]
    settled = _settled(numbers.beliefs, sums)
    alone = _mostly_clear(numbers.beliefs)
    cells = list(table.cells)
    for at, one in zip(numbers.cells, settled, strict=True):
        cells[at] = _judged(cells[at], one, alone)
    return replace(table, cells=tuple(cells), sums=tuple(_counted(numbers, f, settled) for f in found))


def _found(numbers: Numbers, *, down: bool) -> Iterator[FoundSum]:
    value, number, sure = numbers.laid_out()
    if not down:
        value, number, sure = value.T, number.T, sure.T
    labels = numbers.rows if down else numbers.columns
    for run in runs(value, number, sure, labels):
        asked = number[run.total] & number[list(run.parts)].any(axis=0)
        found = FoundSum(down, run.total, run.parts, tuple(np.flatnonzero(asked).tolist()), ())
        yield replace(found, holds=tuple(place for place in found.holds if numbers.of_sum(found, place)))


def _sums(numbers: Numbers, found: FoundSum) -> Iterator[Sum]:
    for place in found.holds:
        cells, counts = zip(*numbers.of_sum(found, place), strict=True)
        yield Sum("down" if found.down else "across", cells, counts)


def _settled(beliefs: Sequence[Belief], sums: Sequence[Sum]) -> list[_Settled]:
    settled = settle(beliefs, sums)
    names: list[dict[str, None]] = [{} for _ in beliefs]
    broken = [False for _ in beliefs]
    for one in sums:
        for cell in one.cells:
            if all(settled.number[cell] in beliefs[cell].named for cell in one.cells):
                names[cell][one.name] = None
            else:
                broken[cell] = True
    outcome = zip(beliefs, settled.number, settled.doubt, settled.rival, map(tuple, names), strict=True)
    return [_Settled(reading(*cell), off) for cell, off in zip(outcome, broken, strict=True)]


def _mostly_clear(beliefs: Sequence[Belief]) -> bool:
    """Are most numbers of a table read as clearly as print is? Of a hand nobody knows how sure the readers may be."""
    numbers = [belief.doubt <= CLEAR for belief in beliefs if filled(belief) is not False]
    return 2 * sum(numbers) >= len(numbers)


@dataclass(frozen=True, slots=True)
class _Settled:
    reading: Reading
    broken: bool  # is there a sum that does not hold among what the readers named?


def _judged(cell: Cell, settled: _Settled, alone: bool) -> Cell:
    one, status = settled.reading, _status(settled, alone)
    if status is Status.FLAGGED:
        return replace(cell, status=status, doubt=DOUBT, other=one.two[1])
    guess = one.guess
    text = guess.text if guess else cell.text
    confidence = 1 - one.doubt if status is Status.PROVED else 1 - one.belief.doubt
    return replace(cell, status=status, text=text, confidence=confidence, other=cell.text if one.overruled else "")


def _status(settled: _Settled, alone: bool) -> Status:
    """``alone``: may a number be read without arithmetic?"""
    one = settled.reading
    if one.certain and len(one.identities) > one.overruled:
        return Status.PROVED
    if settled.broken or one.overruled or one.number is None or one.doubt > CONTRADICTED:
        return Status.FLAGGED
    if not filled(one.belief):
        return Status.BLANK if alone and one.belief.doubt <= 1 - EMPTY else Status.FLAGGED
    return Status.READ if alone and one.belief.doubt <= CLEAR else Status.FLAGGED


def _counted(numbers: Numbers, found: FoundSum, settled: Sequence[_Settled]) -> FoundSum:
    """In which places the sum holds, and in which it does not."""
    off = {p: sum(n * (settled[k].reading.number or 0) for k, n in numbers.of_sum(found, p)) for p in found.holds}
    holds = tuple(place for place, by in off.items() if not by)
    return replace(found, holds=holds, fails=tuple(place for place, by in off.items() if by))
