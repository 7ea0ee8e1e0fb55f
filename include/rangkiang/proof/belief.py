"""What a reading lets one believe about a cell: a probability for every number that it may hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rangkiang.model import Guess

MISREAD = 2e-4
"""No reader is trusted further than this: of numbers it is certain of, so many are wrong (worn type, a rule taken for a
digit). It keeps one confident misreading from passing for evidence."""

MISPRINT = 1e-4
"""So many figures are wrong on the paper itself: about one on thirty sheets (the official recaps of 2019)."""

SLIP_OF_PEN = 1e-3
"""The same of sheets that are filled in by hand. The entries of 1,221 of West Sumatra's 16,718 polling places do not
add up, which is one figure in 500; how many of them were mistyped nobody knows."""

NEAR, FAR = 1 / 40, 1 / 1000
"""How likely it is that 'anything else' is one certain number: one slip away from what was seen (another digit, one
more or less), or any."""


@dataclass(frozen=True, slots=True)
class Belief:
    """``named`` are the numbers that the guesses name, an empty cell counting as zero, and their probability. ``rest``
    is the probability of anything else, or that the paper has another number than it should have. ``first`` is the most
    probable number; None where nothing was seen."""

    guesses: tuple[Guess, ...]  # most probable first; none where nothing was seen
    named: Mapping[int, float]
    rest: float
    first: int | None

    @property
    def doubt(self) -> float:
        """Probability of anything but the first, as the reader says."""
        return 1.0 - next(iter(self.named.values()), 0.0)

    @property
    def unread(self) -> float:
        """Probability of what no guess names, as the reader says."""
        return 1.0 - sum(self.named.values())

    def guess(self, number: int | None) -> Guess | None:
        """The most probable guess that says so; None where none does."""
        return max((g for g in self.guesses if (g.value or 0) == number), key=lambda g: g.p, default=None)

    def weight(self, number: int) -> float:
        """How probable the number is, or that it ought to stand there."""
        return self.named.get(number, 0.0) + self.rest * self.spread(number)

    def cost(self, number: int) -> float:
        return -math.log(self.weight(number))

    def spread(self, number: int) -> float:
        return FAR if self.first is None or not one_slip(self.first, number) else NEAR


def believe(guesses: Sequence[Guess], misprint: float = MISPRINT) -> Belief:
    """Of a reading. No guesses: nothing was seen."""
    named: dict[int, float] = {}
    for guess in sorted(guesses, key=lambda g: -g.p):
        named[guess.value or 0] = named.get(guess.value or 0, 0.0) + guess.p
    ranked = dict(sorted(named.items(), key=lambda item: -item[1]))
    rest = max(1.0 - sum(named.values()), MISREAD) + misprint
    return Belief(tuple(guesses), ranked, rest, next(iter(ranked), None))


@lru_cache(1 << 16)
def one_slip(seen: int, meant: int) -> bool:
    """Could one wrong digit, one too many or one too few, turn ``meant`` into ``seen``?"""
    a, b = str(seen), str(meant)
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    if abs(len(a) - len(b)) != 1:
        return False
    short, long = sorted((a, b), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
