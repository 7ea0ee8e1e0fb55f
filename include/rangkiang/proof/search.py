"""Which changes of a few cells keep all sums, or mend one that fails, and what they cost.

A cost is minus the logarithm of a probability, in view of what the cells are taken to hold. One cell is changed; every
sum that then fails is closed by changing one or two further cells, or paid for as a misprint; and so on until nothing
fails that was not paid for, or the cost passes the limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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

Changes = Mapping[int, int]
"""Cells and their other numbers."""

Take = Callable[[float, Changes], None]
"""Is told of every way that was found, and what it costs."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells whose numbers, each times its coefficient, add up to nothing."""

    name: str
    cells: tuple[int, ...]
    coefficients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """What may change in a sum, the cheapest first. A step is by how much the sum then changes."""

    named: Sequence[tuple[float, int, int, int]]  # cost, cell, number, step: to a number that a guess names
    by_step: Mapping[int, Sequence[tuple[float, int, int]]]  # the same
    other: Sequence[tuple[float, int]]  # least cost, cell: to any other number


@dataclass(frozen=True, slots=True)
class Slip:
    """A misreading: by how much, and which digit at which place was seen for another; -1 where it is not one digit."""

    by: int
    place: int
    digit: int
    any: str  # the number seen, where it is not known how it is wrong
    cost: float  # at which it was taken for one

    def may_be(self, seen: int) -> bool:
        """Could the same have happened to another number?"""
        if self.any:
            return any(a == b for a, b in zip(reversed(self.any), reversed(str(seen)), strict=False))
        return seen // self.place % 10 == self.digit


class Search:
    """What the cells are taken to hold, and the changes that are being tried."""

    def __init__(self, beliefs: Sequence[Belief], sums: Sequence[Sum]) -> None:
        self.beliefs = beliefs
        self.terms = [dict(zip(s.cells, s.coefficients, strict=True)) for s in sums]
        self.alike = [_alike(terms) for terms in self.terms]  # per sum: its cells by their coefficient
        self.of: list[list[tuple[int, int]]] = [[] for _ in beliefs]  # per cell: its sums and its coefficient there
        for n, terms in enumerate(self.terms):
            for cell, a in terms.items():
                self.of[cell].append((n, a))
        self.number = [belief.first or 0 for belief in beliefs]
        self.off = [sum(a * self.number[cell] for cell, a in terms.items()) for terms in self.terms]
        self.paid = [off != 0 for off in self.off]  # may the sum fail, at the price of a misprint?
        self.here = [0.0] * len(beliefs)
        self.named: list[list[tuple[float, int]]] = [[] for _ in beliefs]  # cost, number
        self.other = [0.0] * len(beliefs)
        for cell in range(len(beliefs)):
            self._look(cell)
        self._index: dict[int, _Index] = {}
        self._open: set[int] = set()  # sums that fail and are not paid for
        self._before: dict[int, int] = {}  # cells being changed, and their numbers before
        self._slips: list[Slip] = []  # how those would have been misread
        self._kindred = False
        self.limit, self.credit, self.steps = 0.0, 0.0, 0

    def _look(self, cell: int) -> None:
        """What the cell may hold instead: a number that a guess names, or, at least, any other."""
        belief, number = self.beliefs[cell], self.number[cell]
        here = self.here[cell] = belief.cost(number)
        self.named[cell] = sorted((belief.cost(n) - here, n) for n in belief.named if n != number)
        self.other[cell] = -math.log(belief.rest * (FAR if belief.first is None else NEAR)) - here

    def index(self, n: int) -> _Index:
        if n not in self._index:
            named = sorted(
                (cost, cell, number, a * (number - self._before.get(cell, self.number[cell])))
                for cell, a in self.terms[n].items()
                for cost, number in self.named[cell]
            )
            by_step: dict[int, list[tuple[float, int, int]]] = {}
            for cost, cell, number, step in named:
                by_step.setdefault(step, []).append((cost, cell, number))
            self._index[n] = _Index(named, by_step, sorted((self.other[cell], cell) for cell in self.terms[n]))
        return self._index[n]

    def adopt(self, changes: Changes) -> None:
        """Make the changes for good."""
        for cell, number in changes.items():
            for n, a in self.of[cell]:
                self.off[n] += a * (number - self.number[cell])
                self.paid[n] = self.off[n] != 0
                self._index.pop(n, None)
            self.number[cell] = number
            self._look(cell)

    def fails(self, cell: int) -> bool:
        """Is the cell in a sum that does not hold?"""
        return any(self.off[n] for n, _ in self.of[cell])

    def price(self, cell: int, number: int) -> float:
        """What it costs that the cell holds this number, in view of the other changes."""
        belief, any_ = self.beliefs[cell], abs(number) > ANY // 2
        weight = belief.rest * (NEAR if self._before else 1.0) if any_ else belief.weight(number)
        cost = -math.log(weight) - self.here[cell]
        by, again = number - self.number[cell], KIN + ANY_KIN * any_
        for slip in self._slips:
            if by == slip.by and slip.may_be(self.number[cell]):  # the cheaper one brings the other about
                return min(cost, again + min(0.0, cost - slip.cost))
        return cost

    def single(self, n: int) -> tuple[float, Changes]:
        """The change of one cell that pays most where a sum fails, and its cost; none at no cost where none pays."""
        best: tuple[float, Changes] = (0.0, {})
        for cell, a in self.terms[n].items():
            numbers = [number for _, number in self.named[cell]]
            closing = self._moved(cell, a, -self.off[n])
            for number in numbers if closing is None or closing in numbers else (*numbers, closing):
                cost = self.price(cell, number)
                for m, b in self.of[cell]:
                    after = self.off[m] + b * (number - self.number[cell])
                    cost += SLACK * ((after != 0) - (self.off[m] != 0))
                if cost < best[0] - 1e-6:
                    best = cost, {cell: number}
        return best

    def others(self, cell: int, limit: float) -> Iterator[int]:
        """Numbers that a cell may hold instead: those of its guesses, those that changes of one or two others would ask
        for, and, standing for all that nobody guessed, one off by ANY."""
        yield from (number for cost, number in self.named[cell] if cost <= limit)
        bound = [(n, a) for n, a in self.of[cell] if not self.paid[n]]
        if bound and self.other[cell] <= limit:
            n, a = min(bound, key=lambda one: len(self.index(one[0]).named))
            steps = self._steps(n, cell, limit - self.other[cell])
            numbers = {self._moved(cell, a, -step) for step in steps} | set(self._worn(cell, limit - KIN))
            yield from sorted(n for n in numbers if n is not None and n not in self.beliefs[cell].named)
        yield self.number[cell] + ANY

    def _worn(self, cell: int, limit: float) -> Iterator[int | None]:
        """What the cell would hold if it were misread as a guess says that another cell of one of its sums is."""
        for n, a in self.of[cell]:
            for cost, other, number, step in self.index(n).named:
                if cost > limit:
                    break
                by = number - self.number[other]
                if a * by == -step and slip(self.number[other], by, cost).may_be(self.number[cell]):
                    yield self._moved(cell, 1, by)

    def _steps(self, n: int, cell: int, room: float) -> set[int]:
        """By how much one or two cells may change a sum, to numbers that guesses name."""
        named = [(cost, c, step) for cost, c, _, step in self.index(n).named if c != cell and cost <= room]
        found = {step for _, _, step in named}
        for cost, one, step in named:
            for price, other, further in named:
                if cost + price > room:
                    break
                if other > one and step + further:
                    found.add(step + further)
        return found

    def stop(self) -> None:
        """Look no further."""
        self.steps = 0

    def begin(self, cell: int, number: int, limit: float, steps: int, take: Take, *, kindred: bool) -> int:
        """Every way in which the cell may hold this number; returns the steps that are left, less than 0 where they did
        not suffice.

        ``kindred``: misreadings of one kind are likelier together than each for itself. Where they are not, costs may
        pass the limit by the ``credit`` on the way.
        """
        self.limit, self.steps, self._kindred = limit, steps, kindred
        self._with(((cell, number),), 0.0, take)
        return self.steps

    def mend(self, n: int, limit: float, steps: int, take: Take) -> None:
        """Every way to make a failing sum hold."""
        self.limit, self.steps, self._kindred = limit, steps, False
        self.paid[n] = False
        self._open.add(n)
        self._close(-SLACK, take)
        self._open.discard(n)
        self.paid[n] = True

    def _close(self, cost: float, take: Take) -> None:
        self.steps -= 1
        room = self.limit + self.credit - cost
        if self.steps < 0 or room < 0:
            return
        if not self._open and cost <= self.limit:
            take(cost, {cell: self.number[cell] for cell in self._before})
        if not self._open:
            return
        n, ends = -1, list[tuple[tuple[int, int], ...]]()
        for m in sorted(self._open):
            others = self._ends(m, room)
            if not others and room < SLACK:
                return
            if n < 0 or len(others) < len(ends):
                n, ends = m, others
        for end in ends:
            self._with(end, cost, take)
        if room >= SLACK:
            self.paid[n] = True
            self._open.discard(n)
            self._close(cost + SLACK, take)
            self._open.add(n)
            self.paid[n] = False

    def _with(self, cells: Sequence[tuple[int, int]], cost: float, take: Take) -> None:
        """Go on with further cells changed; afterwards all is as before."""
        was_open = self._open.copy()
        for cell, number in cells:
            price = self.price(cell, number)
            cost += price + self._change(cell, number, price)
        self._close(cost, take)
        for cell, _ in reversed(cells):
            before = self._before.pop(cell)
            del self._slips[-1:]
            for n, a in self.of[cell]:
                self.off[n] += a * (before - self.number[cell])
            self.number[cell] = before
        self._open = was_open

    def _change(self, cell: int, number: int, price: float) -> float:
        """Change a cell at this price; returns what is to be paid, or no longer, for sums that may fail."""
        cost, by = 0.0, number - self.number[cell]
        if self._kindred:
            self._slips.append(slip(self.number[cell], by, price))
        self._before[cell], self.number[cell] = self.number[cell], number
        for n, a in self.of[cell]:
            before = self.off[n]
            after = self.off[n] = before + a * by
            if self.paid[n]:
                cost += SLACK * ((after != 0) - (before != 0))
            elif after:
                self._open.add(n)
            else:
                self._open.discard(n)
        return cost

    def _related(self, n: int) -> list[tuple[int, int]]:
        """Numbers that would close a sum by the same misreading as one of the others."""
        found = []
        for slip in self._slips:
            a, rest = divmod(-self.off[n], slip.by)
            for cell in self.alike[n].get(a, ()) if not rest else ():
                if cell not in self._before and slip.may_be(self.number[cell]):
                    found.append((cell, self.number[cell] + slip.by))
        return found

    def _ends(self, n: int, room: float) -> list[tuple[tuple[int, int], ...]]:
        """One cell, or two to guesses, whose change closes a sum."""
        index, need = self.index(n), -self.off[n]
        ends: list[tuple[tuple[int, int], ...]] = [(end,) for end in self._related(n)]
        ends += [(end,) for end in self._one(index, n, need, room)]
        if abs(need) > ANY // 2:
            return ends
        for price, cell, number, step in index.named:
            if price > room:
                break
            if cell not in self._before and step != need:
                for other, its in self._second(index, n, need - step, room - price):
                    if other > cell or (other < cell and its not in self.beliefs[other].named):
                        ends.append(((cell, number), (other, its)))
        return ends

    def _second(self, index: _Index, n: int, need: int, room: float) -> Iterable[tuple[int, int]]:
        """The other of two cells that close a sum: where misreadings are matched, to a guess as well."""
        if not self._kindred:
            return self._one(index, n, need, room)
        guesses = index.by_step.get(need, ())
        return [(cell, number) for price, cell, number in guesses if price <= room and cell not in self._before]

    def _one(self, index: _Index, n: int, need: int, room: float) -> Iterator[tuple[int, int]]:
        """A cell whose change makes so much of a difference to a sum."""
        for price, cell, number in index.by_step.get(need, ()):
            if price > room:
                break
            if cell not in self._before:
                yield cell, number
        for price, cell in index.other:
            if price > room:
                break
            its = self._moved(cell, self.terms[n][cell], need)
            if its is not None and cell not in self._before and its not in self.beliefs[cell].named:
                yield cell, its

    def _moved(self, cell: int, a: int, by: int) -> int | None:
        """The number of a cell that moves a sum by so much; None where no count does."""
        step, rest = divmod(by, a)
        number = self.number[cell] + step
        return number if not rest and (number >= 0 or number < -ANY // 2) else None


def _alike(terms: Mapping[int, int]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    for cell, a in terms.items():
        found.setdefault(a, []).append(cell)
    return found


def slip(seen: int, by: int, cost: float) -> Slip:
    """Of a number that may be off by so much."""
    place = 1
    while by % (10 * place) == 0 and by != ANY:
        place *= 10
    digit = seen // place % 10
    return Slip(by, place, digit if 0 <= digit + by // place <= 9 else -1, str(seen) if by == ANY else "", cost)
