"""What cells are taken to hold while they are being settled, what else they may hold, and which sums fail."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rangkiang.proof.belief import FAR, MISPRINT, NEAR, Belief
from rangkiang.proof.slips import ANY

DIFFERENCES = 100
"""A sum that is wrong on the paper is off by one of about so many plausible differences."""

Changes = Mapping[int, int]
"""Cells and their other numbers."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells whose numbers, each times its coefficient, add up to nothing."""

    name: str
    cells: tuple[int, ...]
    coefficients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """What may change in a sum, the cheapest first. A step is by how much the sum then changes."""

    named: Sequence[tuple[float, int, int, int]]  # cost, cell, number, step: to a number that a guess names
    by_step: Mapping[int, Sequence[tuple[float, int, int]]]  # the same
    other: Sequence[tuple[float, int]]  # least cost, cell: to any other number


class Tableau:
    """Numbers and sums. A cost is minus the logarithm of a probability, against that of the numbers as they stand.

    ``misprint``: so many figures are wrong on the paper; ``slack`` is the cost of a sum that is.
    """

    def __init__(self, beliefs: Sequence[Belief], sums: Sequence[Sum], misprint: float = MISPRINT) -> None:
        self.beliefs = beliefs
        self.misprint, self.slack = misprint, -math.log(misprint / DIFFERENCES)
        self.terms = [dict(zip(s.cells, s.coefficients, strict=True)) for s in sums]  # per sum
        self.alike = [_alike(terms) for terms in self.terms]  # per sum: its cells by their coefficient
        self.of: list[list[tuple[int, int]]] = [[] for _ in beliefs]  # per cell: its sums and its coefficient there
        for n, terms in enumerate(self.terms):
            for cell, a in terms.items():
                self.of[cell].append((n, a))
        self.stands = [belief.first or 0 for belief in beliefs]  # the numbers, but for changes that are being tried
        self.number = self.stands.copy()
        self.off = [sum(a * self.number[cell] for cell, a in terms.items()) for terms in self.terms]
        self.paid = [off != 0 for off in self.off]  # may the sum fail, at the price of a misprint?
        self.here = [0.0] * len(beliefs)  # what the numbers cost
        self.named: list[list[tuple[float, int]]] = [[] for _ in beliefs]  # cost, number: of the other guesses
        self.other = [0.0] * len(beliefs)  # what any other number costs at least
        self._index: dict[int, Index] = {}
        for cell in range(len(beliefs)):
            self._look(cell)

    def _look(self, cell: int) -> None:
        belief, number = self.beliefs[cell], self.number[cell]
        here = self.here[cell] = belief.cost(number)
        self.named[cell] = sorted((belief.cost(n) - here, n) for n in belief.named if n != number)
        self.other[cell] = -math.log(belief.rest * (FAR if belief.first is None else NEAR)) - here

    def index(self, n: int) -> Index:
        """Of a sum, for the numbers as they stand."""
        if n not in self._index:
            named = sorted(
                (cost, cell, number, a * (number - self.stands[cell]))
                for cell, a in self.terms[n].items()
                for cost, number in self.named[cell]
            )
            by_step: dict[int, list[tuple[float, int, int]]] = {}
            for cost, cell, number, step in named:
                by_step.setdefault(step, []).append((cost, cell, number))
            self._index[n] = Index(named, by_step, sorted((self.other[cell], cell) for cell in self.terms[n]))
        return self._index[n]

    def adopt(self, changes: Changes) -> None:
        """Make changes for good."""
        for cell, number in changes.items():
            for n, a in self.of[cell]:
                self.off[n] += a * (number - self.number[cell])
                self.paid[n] = self.off[n] != 0
                self._index.pop(n, None)
            self.number[cell] = self.stands[cell] = number
            self._look(cell)

    def fails(self, cell: int) -> bool:
        """Is the cell in a sum that does not hold?"""
        return any(self.off[n] for n, _ in self.of[cell])

    def moved(self, cell: int, a: int, by: int) -> int | None:
        """The number of a cell that moves a sum, where it counts ``a`` times, by so much; None where no count does."""
        step, rest = divmod(by, a)
        number = self.number[cell] + step
        return number if not rest and (number >= 0 or number < -ANY // 2) else None

    def quick(self, n: int) -> tuple[float, Changes]:
        """The change of one cell, or of two to guesses, that pays most where a sum fails, and its cost: all that fails
        then is paid for. None at no cost where none pays."""
        best: tuple[float, Changes] = (0.0, {})
        for changes in (*self._singles(n), *self._pairs(n)):
            cost = sum(self.beliefs[cell].cost(number) - self.here[cell] for cell, number in changes.items())
            cost += self._failing(changes)
            if cost < best[0] - 1e-6:
                best = cost, changes
        return best

    def _singles(self, n: int) -> Iterator[Changes]:
        for cell, a in self.terms[n].items():
            numbers = [number for _, number in self.named[cell]]
            closing = self.moved(cell, a, -self.off[n])
            for number in numbers if closing is None or closing in numbers else (*numbers, closing):
                yield {cell: number}

    def _pairs(self, n: int) -> Iterator[Changes]:
        index = self.index(n)
        for cost, cell, number, step in index.named:
            for price, other, its in index.by_step.get(-self.off[n] - step, ()):
                if other > cell and cost + price < 2 * self.slack:
                    yield {cell: number, other: its}

    def _failing(self, changes: Changes) -> float:
        """What sums that fail cost more, or less, after the changes."""
        off: dict[int, int] = {}
        for cell, number in changes.items():
            for n, a in self.of[cell]:
                off[n] = off.get(n, self.off[n]) + a * (number - self.number[cell])
        return self.slack * sum((after != 0) - (self.off[n] != 0) for n, after in off.items())


def _alike(terms: Mapping[int, int]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    for cell, a in terms.items():
        found.setdefault(a, []).append(cell)
    return found
