"""Settles what cells hold where readings are in doubt and sums bind them.

The most probable numbers that add up are found by repair, as one decodes a product code: every cell starts from its
first guess, and a sum that fails is mended by the change, or the few changes at once, that cost least, or left as it
is at the price of a misprint. Then every cell is asked what else it could hold: all changes that keep the sums, or pay
for breaking them, make up the doubt. Nothing here knows a form: sums are over cell numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rangkiang.proof.belief import MISPRINT, NEAR, Belief
from rangkiang.proof.search import ANY, Change, Limit, Search, Sum

DOUBT = 1e-5
"""A number is settled where all others together are less probable: one wrong figure in 100,000 is what is promised."""

REACH = -math.log(DOUBT) + 2.0
"""Alternatives that cost more are not looked for: each is less than a seventh of the doubt that matters."""

DEPTH = 8
"""So many cells may change together."""

STEPS = 2_000
"""So many steps has a search; where it is not done by then, the cell that it began from stays in doubt."""

_GAIN = 1e-6  # less is rounding


@dataclass(frozen=True, slots=True)
class Settled:
    """Per cell, in the order of the beliefs."""

    number: Sequence[int]  # what ought to stand there, a misprint apart
    doubt: Sequence[float]  # probability of anything else
    rival: Sequence[int | None]  # the most probable other number within reach


def settle(beliefs: Sequence[Belief], sums: Sequence[Sum]) -> Settled:
    """The most probable numbers, and how probable anything else is. The same beliefs always settle the same way."""
    search = Search(beliefs, sums)
    _mend(search, depth=1)
    _mend(search, depth=DEPTH)
    return _doubts(search)


def _mend(search: Search, depth: int) -> None:
    """Make the changes that pay, the best first, until none does."""
    best = {n: _best(search, n, depth) for n, off in enumerate(search.off) if off}
    while best:
        n = min(best, key=lambda n: (best[n].cost, n))
        before, best[n] = best[n], _best(search, n, depth)  # others may have been made since it was looked for
        if best[n].cost > before.cost + _GAIN:
            continue
        if best[n].cost > -_GAIN:
            return
        change = best[n]
        search.adopt(change)
        touched = {m for cell in change.cells for m in search.of[cell]}
        near = touched | {m for t in touched for cell in search.terms[t] for m in search.of[cell] if m in best}
        for m in near:
            if search.off[m]:
                best[m] = _best(search, m, depth)
            else:
                best.pop(m, None)


def _best(search: Search, n: int, depth: int) -> Change:
    """The cheapest way to mend a sum; to change nothing costs nothing."""
    best, limit = Change(), Limit(-_GAIN, STEPS)
    for change in search.close(search.mending(n), limit, depth) if search.off[n] else ():
        best, limit.cost = change, change.cost - _GAIN
    return best


def _doubts(search: Search) -> Settled:
    count = len(search.beliefs)
    odds = [_misprinted(search, cell) for cell in range(count)]
    rival: list[int | None] = [None] * count
    costs = [math.inf] * count
    found: dict[frozenset[tuple[int, int]], float] = {}
    for cell in range(count):
        limit = Limit(REACH, STEPS)
        for change in _others(search, cell, limit):
            key = frozenset(change.cells.items())
            found[key] = min(change.cost, found.get(key, math.inf))
        if limit.steps < 0:
            odds[cell] = math.inf
    for key, cost in found.items():
        for cell, number in key:
            odds[cell] += math.exp(-cost)
            if cost < costs[cell] and abs(number) < ANY // 2:
                costs[cell], rival[cell] = cost, number
    return Settled(search.number, [1.0 if math.isinf(o) else o / (1 + o) for o in odds], rival)


def _others(search: Search, cell: int, limit: Limit) -> Iterator[Change]:
    """All within reach that begins with another number in this cell."""
    named = (number for cost, _, number in search.named[cell] if cost <= REACH)
    for number in (*named, search.number[cell] + ANY):
        start = search.also(Change(), cell, number)
        if all(start.cost + search.least(start, n) <= REACH for n in start.open):
            yield from search.close(start, limit, DEPTH)


def _misprinted(search: Search, cell: int) -> float:
    """Odds that another number is printed by mistake where this one ought to stand."""
    seen = search.beliefs[cell].named.get(search.number[cell], 0.0)
    return (1 - seen) / seen * MISPRINT * NEAR if seen else math.inf
