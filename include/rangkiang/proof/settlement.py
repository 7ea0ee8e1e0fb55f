"""Settles what cells hold where readings are in doubt and sums bind them.

The most probable numbers that add up are found by repair, as one decodes a product code: every cell starts from its
first guess, and a sum that fails is mended by the change, or the few changes at once, that cost least, or left as it
is at the price of a misprint. Then every cell is asked what else it could hold: all changes that keep the sums, or pay
for breaking them, make up the doubt. Nothing here knows a form: sums are over cell numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rangkiang.proof.belief import MISPRINT, NEAR, Belief
from rangkiang.proof.search import Search
from rangkiang.proof.slips import ANY
from rangkiang.proof.tableau import Changes, Sum, Tableau

DOUBT = 1e-5
"""A number is settled where all others together are less probable: one wrong figure in 100,000 is what is promised."""

REACH = (5.0, 9.0, -math.log(DOUBT) + 2.0)
"""Alternatives are looked for up to these costs, one after the other until the doubt is plain; what costs more than the
last is, each for itself, less than a seventh of the doubt that matters."""

PLAIN = 1e-3
"""More doubt than this need not be measured."""

STEPS = 1000
"""So many steps has the search around a cell; where it is not done by then, the cell stays in doubt."""

WORK = 400
"""So many steps for each cell of a sheet have its searches together, but at least LEAST: a sheet takes seconds. Where
they do not suffice, whatever comes last on the sheet stays in doubt, however well it is read."""

LEAST = 200_000

CREDIT = 6.0
"""So far may a chain of changes cost more on the way than it is allowed to in the end."""

_GAIN = 1e-6  # less is rounding


@dataclass(frozen=True, slots=True)
class Settled:
    """Per cell, in the order of the beliefs."""

    number: Sequence[int]  # what ought to stand there, a misprint apart
    doubt: Sequence[float]  # probability of anything else
    rival: Sequence[int | None]  # the most probable other number within reach


def settle(beliefs: Sequence[Belief], sums: Sequence[Sum], misprint: float = MISPRINT) -> Settled:
    """The most probable numbers, and how probable anything else is. The same beliefs always settle the same way."""
    tableau = Tableau(beliefs, sums, misprint)
    _mend(tableau, tableau.quick)
    work = max(LEAST, WORK * len(beliefs))
    search = Search(tableau, work // 3)
    _mend(tableau, lambda n: _best(search, n))
    _improve(tableau, work // 3)
    search = Search(tableau, work, kindred=True)
    doubts = [_Doubt(search, cell) for cell in range(len(beliefs))]
    for doubt in doubts:
        doubt.measure()
    return Settled(tableau.number, [doubt.probability for doubt in doubts], [doubt.rival for doubt in doubts])


def _mend(tableau: Tableau, way: Callable[[int], tuple[float, Changes]]) -> None:
    """Make the changes that pay, the best first, until none does."""
    best = {n: way(n) for n, off in enumerate(tableau.off) if off}
    while best:
        n = min(best, key=lambda n: (best[n][0], n))
        stale, best[n] = best[n], way(n)  # others may have been made since it was looked for
        cost, changes = best[n]
        if cost > stale[0] + _GAIN:
            continue
        if cost > -_GAIN:
            return
        tableau.adopt(changes)
        for m in {m for cell in changes for m, _ in tableau.of[cell]}:
            best.pop(m, None)
            if tableau.off[m]:
                best[m] = way(m)


def _best(search: Search, n: int) -> tuple[float, Changes]:
    """The cheapest way to mend a sum; to change nothing costs nothing."""
    best: tuple[float, Changes] = (0.0, {})

    def take(cost: float, changes: Changes) -> None:
        nonlocal best
        best, search.limit = (cost, changes), cost - _GAIN

    search.mend(n, -_GAIN, STEPS, take)
    return best


def _improve(tableau: Tableau, work: int) -> None:
    """Where a cell had to give up its first guess, a few others may give up theirs at less cost."""
    gain = -sum(min(0.0, named[0][0]) for named in tableau.named if named)
    search = Search(tableau, work, credit=min(CREDIT, gain))
    waiting = list(range(len(tableau.beliefs)))
    while waiting:
        near: set[int] = set()
        for cell in waiting:
            changes = _better(search, cell)
            tableau.adopt(changes)
            near |= {c for one in changes for n, _ in tableau.of[one] for c in tableau.terms[n]}
        waiting = sorted(near)


def _better(search: Search, cell: int) -> Changes:
    """The cheapest way to give a cell a more probable number; no changes where none pays."""
    best: Changes = {}
    limit, steps = -_GAIN, STEPS

    def take(cost: float, changes: Changes) -> None:
        nonlocal best, limit
        best, limit = changes, cost - _GAIN
        search.limit = limit

    for cost, number in search.tableau.named[cell]:
        if cost < 0 <= steps:
            steps = search.begin(cell, number, limit, steps, take)
    return best


class _Doubt:
    """What a cell could hold instead, all sums considered."""

    def __init__(self, search: Search, cell: int) -> None:
        self._search, self._cell = search, cell
        tableau = search.tableau
        misprinted = _misprinted(tableau, cell)
        self._odds = math.inf if tableau.fails(cell) else misprinted
        self._found: dict[frozenset[tuple[int, int]], float] = {}
        self.rival: int | None = None
        self._cheapest = math.inf

    @property
    def probability(self) -> float:
        return self._odds / (1 + self._odds) if self._odds < math.inf else 1.0

    def measure(self) -> None:
        """Look further and further away until the doubt is plain."""
        steps = STEPS
        for reach in REACH if self._odds < PLAIN else ():
            for number in self._search.others(self._cell, reach):
                steps = self._search.begin(self._cell, number, reach, steps, self._take)
                if self._odds > PLAIN:
                    return
                if steps < 0:
                    self._odds = math.inf
                    return

    def _take(self, cost: float, changes: Changes) -> None:
        key = frozenset(changes.items())
        before = self._found.get(key, math.inf)
        if cost < before:
            self._found[key] = cost
            self._odds += math.exp(-cost) - math.exp(-before)
            if cost < self._cheapest and changes[self._cell] < ANY // 2:
                self._cheapest, self.rival = cost, changes[self._cell]
        if self._odds > PLAIN:
            self._search.stop()


def _misprinted(tableau: Tableau, cell: int) -> float:
    """Odds that another number is printed by mistake where this one ought to stand."""
    seen = tableau.beliefs[cell].named.get(tableau.number[cell], 0.0)
    return (1 - seen) / seen * tableau.misprint * NEAR if seen else math.inf
