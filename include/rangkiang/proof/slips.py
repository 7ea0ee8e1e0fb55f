"""Misreadings of one kind: the same digit taken for the same other digit, in the same place of two numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

ANY = 10**12
"""Stands for 'off by some number': a misreading that nobody guessed, matched by another one."""

KIN = -math.log(0.01)
"""Cost of the same misreading again: where a worn 1 was taken for a 7 once, the next 7 may be such a 1 whatever the
reader says of it. Misreadings of one kind are not independent."""

ANY_KIN = KIN + 2.0
"""The same where it is not known which digit is wrong: of the digits that both numbers share, it may be another one."""


@dataclass(frozen=True, slots=True)
class Slip:
    """How a number would have been misread."""

    by: int  # what it should be, minus what was seen
    place: int  # 1, 10, 100 ...: of the digit
    digit: int  # as it was seen; -1 where more than one is wrong
    whole: str  # what was seen, where ``by`` is ANY
    cost: float  # at which it is taken for misread

    def fits(self, seen: int) -> bool:
        """Could the same have happened to another number?"""
        if self.whole:
            return any(a == b for a, b in zip(reversed(self.whole), reversed(str(seen)), strict=False))
        return seen // self.place % 10 == self.digit

    def again(self, cost: float) -> float:
        """What it costs that it happened to another one as well, which would cost so much by itself.

        The cheaper of the two brings the other about.
        """
        kin = ANY_KIN if self.whole else KIN
        return min(cost, kin + min(0.0, cost - self.cost))


def slip(seen: int, by: int, cost: float) -> Slip:
    """Of a number that is off by so much."""
    if by == ANY:
        return Slip(by, 1, -1, str(seen), cost)
    place = 1
    while by % (10 * place) == 0:
        place *= 10
    digit = seen // place % 10
    return Slip(by, place, digit if 0 <= digit + by // place <= 9 else -1, "", cost)
