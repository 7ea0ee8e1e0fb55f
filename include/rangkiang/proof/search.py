"""Which changes of a few cells keep all sums, or mend one that fails, and what they cost.

One cell is changed; every sum that then fails is closed by changing one or two further cells, or paid for as a
misprint; and so on until nothing fails that was not paid for, or the cost passes the limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from rangkiang.proof.belief import NEAR
from rangkiang.proof.slips import ANY, KIN, Slip, slip
from rangkiang.proof.tableau import Changes, Index, Tableau

Cells = tuple[tuple[int, int], ...]
"""One cell or two, each with its other number."""

Take = Callable[[float, Changes], None]
"""Is told of every way that was found, and what it costs."""


class Search:
    """Changes that are being tried on a tableau, which is as before after each search.

    ``kindred``: count misreadings of one kind as likelier together than each for itself. ``credit``: so much may a
    chain of changes cost beyond the limit on the way. ``limit`` may be lowered during a search. ``work``: so many steps
    have all searches together.
    """

    def __init__(self, tableau: Tableau, work: int, *, kindred: bool = False, credit: float = 0.0) -> None:
        self.tableau, self._work, self._kindred, self._credit = tableau, work, kindred, credit
        self.limit, self._steps = 0.0, 0
        self._open: set[int] = set()  # sums that fail and are not paid for
        self._changed: dict[int, None] = {}  # cells, in the order in which they were
        self._slips: list[Slip] = []  # how those would have been misread

    def others(self, cell: int, limit: float) -> Iterator[int]:
        """Numbers that a cell may hold instead: those of its guesses, those that changes of other cells would ask for,
        and, standing for all that nobody guessed, one off by ANY."""
        t = self.tableau
        yield from (number for cost, number in t.named[cell] if cost <= limit)
        bound = [(n, a) for n, a in t.of[cell] if not t.paid[n]]
        if bound and t.other[cell] <= limit:
            n, a = min(bound, key=lambda one: len(t.index(one[0]).named))
            asked = {t.moved(cell, a, -step) for step in self._asked(n, cell, limit - t.other[cell])}
            numbers = asked | set(self._worn(cell, limit - KIN))
            yield from sorted(n for n in numbers if n is not None and n not in t.beliefs[cell].named)
        yield t.number[cell] + ANY

    def _asked(self, n: int, cell: int, room: float) -> set[int]:
        """By how much one or two other cells may change a sum, to numbers that guesses name."""
        named = [(cost, c, step) for cost, c, _, step in self.tableau.index(n).named if c != cell and cost <= room]
        found = {step for _, _, step in named}
        for cost, one, step in named:
            for price, other, further in named:
                if cost + price > room:
                    break
                if other > one:
                    found.add(step + further)
        return found - {0}

    def _worn(self, cell: int, limit: float) -> Iterator[int | None]:
        """What the cell would hold if it were misread as a guess says that another cell of one of its sums is."""
        t = self.tableau
        for n, a in t.of[cell]:
            for cost, other, number, step in t.index(n).named:
                if cost > limit:
                    break
                by = number - t.number[other]
                if a * by == -step and slip(t.number[other], by, cost).fits(t.number[cell]):
                    yield t.moved(cell, 1, by)

    def begin(self, cell: int, number: int, limit: float, steps: int, take: Take) -> int:
        """Every way in which the cell may hold this number; returns the steps that are left, less than 0 where they did
        not suffice."""
        self.limit, self._steps = limit, steps
        self._with(((cell, number),), 0.0, take)
        return self._steps if self._work > 0 else -1

    def mend(self, n: int, limit: float, steps: int, take: Take) -> None:
        """Every way to make a failing sum hold."""
        self.limit, self._steps = limit, steps
        self.tableau.paid[n] = False
        self._open.add(n)
        self._close(-self.tableau.slack, take)
        self._open.discard(n)
        self.tableau.paid[n] = True

    def stop(self) -> None:
        """Look no further."""
        self._steps = 0

    def _close(self, cost: float, take: Take) -> None:
        self._steps -= 1
        self._work -= 1
        room = self.limit + self._credit - cost
        if room < 0 or self._steps < 0 or self._work < 0:
            return
        if not self._open:
            if cost <= self.limit:
                take(cost, {cell: self.tableau.number[cell] for cell in self._changed})
            return
        n, ends = -1, list[Cells]()
        for m in sorted(self._open):
            found = self._ends(m, room)
            if not found and room < self.tableau.slack:
                return
            if n < 0 or len(found) < len(ends):
                n, ends = m, found
        for end in ends:
            self._with(end, cost, take)
        if room >= self.tableau.slack:
            self.tableau.paid[n] = True
            self._open.discard(n)
            self._close(cost + self.tableau.slack, take)
            self._open.add(n)
            self.tableau.paid[n] = False

    def _with(self, cells: Cells, cost: float, take: Take) -> None:
        """Go on with further cells changed; afterwards all is as before."""
        t, were_open = self.tableau, self._open.copy()
        for cell, number in cells:
            price = self._price(cell, number)
            cost += price + self._change(cell, number, price)
        self._close(cost, take)
        for cell, _ in reversed(cells):
            del self._changed[cell], self._slips[-1:]
            for n, a in t.of[cell]:
                t.off[n] += a * (t.stands[cell] - t.number[cell])
            t.number[cell] = t.stands[cell]
        self._open = were_open

    def _price(self, cell: int, number: int) -> float:
        """What it costs that the cell holds this number, in view of the other changes."""
        t = self.tableau
        belief, by = t.beliefs[cell], number - t.number[cell]
        anything = belief.rest * (NEAR if self._changed else 1.0)
        cost = -math.log(anything if abs(by) > ANY // 2 else belief.weight(number)) - t.here[cell]
        kin = (one for one in self._slips if one.by == by and one.fits(t.number[cell]))
        return next((one.again(cost) for one in kin), cost)

    def _change(self, cell: int, number: int, price: float) -> float:
        """Change a cell at this price; returns what is to be paid, or no longer, for sums that may fail."""
        t, cost = self.tableau, 0.0
        by = number - t.number[cell]
        if self._kindred:
            self._slips.append(slip(t.number[cell], by, price))
        self._changed[cell], t.number[cell] = None, number
        for n, a in t.of[cell]:
            before = t.off[n]
            after = t.off[n] = before + a * by
            if t.paid[n]:
                cost += t.slack * ((after != 0) - (before != 0))
            elif after:
                self._open.add(n)
            else:
                self._open.discard(n)
        return cost

    def _ends(self, n: int, room: float) -> list[Cells]:
        """What closes a sum: one cell, or two of which at least one goes to a guess."""
        index, need = self.tableau.index(n), -self.tableau.off[n]
        ends: list[Cells] = [(end,) for end in (*self._related(n), *self._one(index, n, need, room))]
        if abs(need) > ANY // 2:
            return ends
        for price, cell, number, step in index.named:
            if price > room:
                break
            if cell not in self._changed and step != need:
                for other, its in self._second(index, n, need - step, room - price):
                    if other > cell or (other < cell and its not in self.tableau.beliefs[other].named):
                        ends.append(((cell, number), (other, its)))
        return ends

    def _related(self, n: int) -> Iterator[tuple[int, int]]:
        """Numbers that would close a sum by the same misreading as one of the others."""
        t = self.tableau
        for one in self._slips:
            a, rest = divmod(-t.off[n], one.by)
            for cell in t.alike[n].get(a, ()) if not rest else ():
                if cell not in self._changed and one.fits(t.number[cell]):
                    yield cell, t.number[cell] + one.by

    def _second(self, index: Index, n: int, need: int, room: float) -> Iterable[tuple[int, int]]:
        """The other of two cells that close a sum. Where kin counts, which is where everything is looked for, it goes
        to a guess too: three new numbers in one sum, one of them out of nowhere, are hardly within a limit."""
        if not self._kindred:
            return self._one(index, n, need, room)
        guesses = index.by_step.get(need, ())
        return [(cell, number) for price, cell, number in guesses if price <= room and cell not in self._changed]

    def _one(self, index: Index, n: int, need: int, room: float) -> Iterator[tuple[int, int]]:
        """A cell whose change makes so much of a difference to a sum."""
        t = self.tableau
        for price, cell, number in index.by_step.get(need, ()):
            if price > room:
                break
            if cell not in self._changed:
                yield cell, number
        for price, cell in index.other:
            if price > room:
                break
            its = t.moved(cell, t.terms[n][cell], need)
            if its is not None and cell not in self._changed and its not in t.beliefs[cell].named:
                yield cell, its
