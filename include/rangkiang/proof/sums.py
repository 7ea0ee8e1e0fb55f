"""Sums that a table shows by itself: a column that is the sum of others, a row of rows, totals of totals.

A run of lines is taken for the parts of a line where it adds up in far more places than chance allows. Where the parts
of a total are known, they stand back behind it, and totals of totals are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

EVIDENCE = 20.0
"""Bits by which a sum must be less likely to be chance than all runs together that were tried: one in a million."""
FULL = 10.0
"""Bits that one place gives at most: numbers are not spread evenly, and some are printed twice."""
FEWEST = 3
"""Places with more than zero in which a sum must hold. Two may be a coincidence."""
MOSTLY, OFTEN = 0.7, 0.5
"""Share of the places that are well read, and have more than zero, in which it must hold; and of all places."""
ROUNDS = 4
"""Totals of totals of totals of totals."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that add up to another."""

    total: int
    parts: tuple[int, ...]


def runs(value: Counts, number: Mask, sure: Mask, labels: Sequence[str]) -> list[Run]:
    """Sums over lines (lines, places): what stands there (0 where there is no number), where there is one, and where it
    is well read; and what each line is called.
    """
    found: dict[int, Run] = {}
    spare: dict[int, Run] = {}
    absorbed: set[int] = set()
    for _ in range(ROUNDS):
        live = [n for n in np.flatnonzero(number.any(axis=1)).tolist() if n not in absorbed]
        tried = (_best(n, live, value, number, sure, labels) for n in live if n not in found)
        new = list(_without_twins([run for run in tried if run]))
        # What adds up with the parts of another total does so with that total as well: see the next round.
        later = {run.total for run in new if any(set(one.parts) < set(run.parts) for one in new)}
        spare |= {run.total: run for run in new if run.total in later}
        new = [run for run in new if run.total not in later]
        found |= {run.total: run for run in new}
        absorbed |= {part for run in new for part in run.parts}
        if not new:
            break
    return sorted((spare | found).values(), key=lambda run: run.total)


def _best(
    total: int, live: Sequence[int], value: Counts, number: Mask, sure: Mask, labels: Sequence[str]
) -> Run | None:
    """The lines that add up to a line in most places, the fewest of these."""
    tried = _tried(live.index(total), [labels[n] for n in live])
    if not len(tried):
        return None
    whole = value[total]
    summed, filled, doubted = (tried @ one[live].astype(np.int64) for one in (value, number, number & ~sure))
    asked = number[total] & (filled > 0) & ((whole > 0) | (summed > 0))
    holds = asked & (summed == whole)
    weight = np.minimum(np.log2(1.0 + whole), FULL)
    bits = holds @ weight
    clear = asked & sure[total] & (doubted == 0)
    enough = (holds & clear).sum(axis=1) >= np.maximum(FEWEST, MOSTLY * clear.sum(axis=1))
    enough &= holds.sum(axis=1) >= OFTEN * asked.sum(axis=1)
    enough &= bits >= EVIDENCE + np.log2(len(live) * len(tried))
    if not enough.any():
        return None
    best = max(np.flatnonzero(enough).tolist(), key=lambda n: (bits[n], -tried[n].sum()))
    return Run(total, tuple(live[n] for n in np.flatnonzero(tried[best]).tolist()))


def _tried(total: int, labels: Sequence[str]) -> Counts:
    """(sets, lines): every run of lines without the total, and above it the lines that are called alike."""
    count = len(labels)
    at = np.arange(count)
    starts, ends = (edge[:, None] for edge in np.triu_indices(count + 1, 1))
    runs = (starts <= at) & (at < ends)
    names = np.array(labels)
    alike = [(names == name) & (at < total) for name in dict.fromkeys(labels[:total]) if name]
    sets = np.concatenate([runs[~runs[:, total]], *(one[None] for one in alike if one.sum() > 1)])
    return sets.astype(np.int64)


def _without_twins(found: Sequence[Run]) -> Iterator[Run]:
    """Where two lines are equal, the one is the sum of the other once, not the other way round as well."""
    seen: set[frozenset[int]] = set()
    for run in found:
        lines = frozenset((run.total, *run.parts))
        if lines not in seen:
            seen.add(lines)
            yield run
