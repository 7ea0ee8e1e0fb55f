"""Which changes of a few cells keep all sums, or mend one that fails, and what they cost.

A cost is minus the logarithm of a probability, in view of what the cells are taken to hold. One cell is changed; every
sum that then fails is mended by a further change or paid for as a misprint; and so on until nothing fails that was not
paid for, or the cost passes the limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rangkiang.proof.belief import FAR, MISPRINT, NEAR, Belief

SLACK = -math.log(MISPRINT / 100)
"""Cost of a sum that is wrong on the paper: a misprint, off by one of about a hundred plausible differences."""

KIN = -math.log(0.01)
"""Cost of the same misreading again: where a worn 1 was taken for a 7 once, the next 7 may be such a 1 whatever the
reader says of it. Misreadings of one kind are not independent."""

ANY = 10**12
"""Stands for 'off by some number': a misreading that nobody guessed, matched by another one."""

ANY_KIN = 2.0
"""So much more it costs that they are of the same kind: of the digits that they share, another one may be wrong."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells whose numbers, each times its coefficient (1 or -1), add up to nothing."""

    name: str
    cells: tuple[int, ...]
    coefficients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Cells and their other numbers, and what it costs that they hold these.

    While it is being searched for, ``open`` are the sums that fail and are not paid for, ``paid`` those that are, and
    ``off`` says how far each sum that it touches is off.
    """

    cost: float = 0.0
    cells: Mapping[int, int] = field(default_factory=dict)
    open: frozenset[int] = frozenset()
    paid: frozenset[int] = frozenset()
    off: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Limit:
    """How far a search goes: in cost, and in steps."""

    cost: float
    steps: int

    def step(self) -> bool:
        self.steps -= 1
        return self.steps >= 0


class Search:
    """What the cells are taken to hold, with an index of what may change in every sum."""

    def __init__(self, beliefs: Sequence[Belief], sums: Sequence[Sum]) -> None:
        self.beliefs = beliefs
        self.terms = [dict(zip(s.cells, s.coefficients, strict=True)) for s in sums]
        self.of: list[list[int]] = [[] for _ in beliefs]  # per cell: its sums
        for n, terms in enumerate(self.terms):
            for cell in terms:
                self.of[cell].append(n)
        self.number = [belief.first or 0 for belief in beliefs]
        self.off = [sum(a * self.number[cell] for cell, a in terms.items()) for terms in self.terms]
        self.here = [0.0] * len(beliefs)
        self.named: list[list[tuple[float, int, int]]] = [[] for _ in beliefs]
        self.other = [0.0] * len(beliefs)
        for cell in range(len(beliefs)):
            self._look(cell)
        self._index: dict[int, _Index] = {}

    def _look(self, cell: int) -> None:
        """What the cell may hold instead, and what it costs: a number that a guess names, or, at least, any other."""
        belief, number = self.beliefs[cell], self.number[cell]
        here = self.here[cell] = belief.cost(number)
        others = ((belief.cost(n) - here, cell, n) for n in belief.named if n != number)
        self.named[cell] = sorted(others)
        self.other[cell] = -math.log(belief.rest * (FAR if belief.first is None else NEAR)) - here

    def index(self, n: int) -> _Index:
        """What may change in a sum, the cheapest first."""
        if n not in self._index:
            named = sorted(change for cell in self.terms[n] for change in self.named[cell])
            other = sorted((self.other[cell], cell) for cell in self.terms[n])
            self._index[n] = _Index(named, other)
        return self._index[n]

    def adopt(self, change: Change) -> None:
        """Make the change."""
        for cell, number in change.cells.items():
            for n in self.of[cell]:
                self.off[n] += self.terms[n][cell] * (number - self.number[cell])
                self._index.pop(n, None)
            self.number[cell] = number
            self._look(cell)

    def mending(self, n: int) -> Change:
        """Where to begin to mend a sum that fails."""
        return Change(-SLACK, open=frozenset((n,)), off={n: self.off[n]})

    def also(self, change: Change, cell: int, number: int) -> Change:
        """The change, and one more cell."""
        by = number - self.number[cell]
        cost = change.cost + self.price(cell, number, change.cells)
        opened, off = set(change.open), dict(change.off)
        for n in self.of[cell]:
            before = off.get(n, self.off[n])
            after = off[n] = before + self.terms[n][cell] * by
            if n in change.paid:
                continue
            if after == 0:
                cost -= SLACK * (n not in opened)  # it failed before
                opened.discard(n)
            elif before == 0:
                opened.add(n)
        return Change(cost, {**change.cells, cell: number}, frozenset(opened), change.paid, off)

    def price(self, cell: int, number: int, others: Mapping[int, int]) -> float:
        """What it costs that the cell holds this number, in view of the other changes."""
        belief = self.beliefs[cell]
        if abs(number) > ANY // 2:
            cost = -math.log(belief.rest * (NEAR if others else 1.0)) - self.here[cell]
        else:
            cost = belief.cost(number) - self.here[cell]
        kin = KIN if abs(number) < ANY // 2 else KIN + ANY_KIN
        if cost > kin and any(self._kin(cell, number, c, its) for c, its in others.items()):
            return kin
        return cost

    def _kin(self, cell: int, number: int, other: int, its: int) -> bool:
        """Would both be the same misreading, one digit taken for another in the same place?"""
        by = number - self.number[cell]
        return by == its - self.number[other] and same_slip(self.number[cell], self.number[other], by)

    def least(self, change: Change, n: int) -> float:
        """What it costs at least to bring a sum nearer to its end, or to pay for it."""
        if any(
            self._kin(cell, number, c, its) for cell, number in self._ends(change, n) for c, its in change.cells.items()
        ):
            return min(KIN, SLACK)
        index = self.index(n)
        named = next((cost for cost, cell, _ in index.named if cell not in change.cells), SLACK)
        other = next((cost for cost, cell in index.other if cell not in change.cells), SLACK)
        return min(SLACK, named, other)

    def close(self, change: Change, limit: Limit, depth: int) -> Iterator[Change]:
        """Every way to leave no sum open, within the limit, by changing at most ``depth`` cells."""
        if change.cost > limit.cost or not limit.step():
            return
        if not change.open:
            yield change
            return
        n = max(change.open, key=lambda n: (self.index(n).least, -n))
        if len(change.cells) < depth:
            for cell, number in self._mends(change, n, limit):
                yield from self.close(self.also(change, cell, number), limit, depth)
        if change.cost + SLACK <= limit.cost:
            paid = replace(change, cost=change.cost + SLACK, open=change.open - {n}, paid=change.paid | {n})
            yield from self.close(paid, limit, depth)

    def _ends(self, change: Change, n: int) -> Iterator[tuple[int, int]]:
        """The number of each cell that would close a sum."""
        off = change.off[n]
        return ((c, self.number[c] - a * off) for c, a in self.terms[n].items() if c not in change.cells)

    def _mends(self, change: Change, n: int, limit: Limit) -> Iterator[tuple[int, int]]:
        """Changes of a cell that bring a sum nearer to its end: to a guess, or to the very number that closes it."""
        off, terms = change.off[n], self.terms[n]
        if change.cost + KIN <= limit.cost:
            for cell, number in self._ends(change, n):
                if any(self._kin(cell, number, c, its) for c, its in change.cells.items()):
                    yield cell, number
        for cost, cell, number in self.index(n).named:
            if change.cost + cost > limit.cost:
                break
            if cell not in change.cells:
                yield cell, number
        for cost, cell in self.index(n).other:
            if change.cost + cost > limit.cost:
                break
            number = self.number[cell] - terms[cell] * off
            possible = number >= 0 or number < -ANY // 2
            if possible and cell not in change.cells and number not in self.beliefs[cell].named:
                yield cell, number


@dataclass(frozen=True, slots=True)
class _Index:
    named: Sequence[tuple[float, int, int]]  # cost, cell, number
    other: Sequence[tuple[float, int]]  # least cost, cell

    @property
    def least(self) -> float:
        return min(SLACK, self.other[0][0], self.named[0][0] if self.named else SLACK)


def same_slip(seen: int, also: int, by: int) -> bool:
    """Do both numbers show the same digit where they would be off by this, and would one digit account for it?"""
    if abs(by) == ANY:
        return any(a == b for a, b in zip(str(seen)[::-1], str(also)[::-1], strict=False))
    place = 1
    while by % (10 * place) == 0:
        place *= 10
    digit = seen // place % 10
    return digit == also // place % 10 and 0 <= digit + by // place <= 9
