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


def runs(value: Counts, number: Mask, sure: Mask) -> list[Run]:
    """Sums over lines (lines, places): what stands there (0 where there is no number), where there is one, and where it
    is well read.
    """
    found: list[Run] = []
    absorbed: set[int] = set()
    for _ in range(ROUNDS):
        live = [n for n in np.flatnonzero(number.any(axis=1)).tolist() if n not in absorbed]
        totals = {run.total for run in found}
        new = [run for n in live if n not in totals and (run := _best(n, live, value, number, sure))]
        new = list(_without_twins(new))
        if not new:
            break
        found += new
        absorbed |= {part for run in new for part in run.parts}
    return found


def _best(total: int, live: Sequence[int], value: Counts, number: Mask, sure: Mask) -> Run | None:
    """The run of live lines that adds up to a line in most places, the shortest of these."""
    starts, ends = _spans(live.index(total), len(live))
    if not len(starts):
        return None
    whole = value[total]
    summed, filled, doubted = (
        part[ends] - part[starts] for part in (_running(one[live]) for one in (value, number, number & ~sure))
    )
    asked = number[total] & (filled > 0) & ((whole > 0) | (summed > 0))
    holds = asked & (summed == whole)
    weight = np.minimum(np.log2(1.0 + whole), FULL)
    bits = holds @ weight
    clear = asked & sure[total] & (doubted == 0)
    enough = (holds & clear).sum(axis=1) >= np.maximum(FEWEST, MOSTLY * clear.sum(axis=1))
    enough &= holds.sum(axis=1) >= OFTEN * asked.sum(axis=1)
    enough &= bits >= EVIDENCE + np.log2(len(live) * len(starts))
    if not enough.any():
        return None
    best = max(np.flatnonzero(enough).tolist(), key=lambda n: (bits[n], starts[n] - ends[n]))
    return Run(total, tuple(live[starts[best] : ends[best]]))


def _spans(total: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and end of every run of lines that does not hold the total."""
    starts, ends = np.triu_indices(count + 1, 1)
    apart = (ends <= total) | (starts > total)
    return starts[apart], ends[apart]


def _running(lines: NDArray[np.int64] | Mask) -> Counts:
    """Sums of the first 0, 1, 2 … lines."""
    return np.concatenate([np.zeros((1, lines.shape[1]), np.int64), np.cumsum(lines, axis=0, dtype=np.int64)])


def _without_twins(found: Sequence[Run]) -> Iterator[Run]:
    """Where two lines are equal, the one is the sum of the other once, not the other way round as well."""
    seen: set[frozenset[int]] = set()
    for run in found:
        lines = frozenset((run.total, *run.parts))
        if lines not in seen:
            seen.add(lines)
            yield run
