"""What stands in the cells of result sheets: counts as offices print them, and what is no count."""

from __future__ import annotations

import random
from dataclasses import dataclass

OTHER = "?"
"""Stands in a truth for a sign that belongs to no count, and for every sign of a struck-out number."""

_LENGTHS = (18, 19, 24, 20, 10, 6, 3)  # of a hundred numbers, how many have one digit, two digits, ...
_WORDS = (
    "TPS", "JML", "L", "P", "L+P", "JUMLAH", "Jumlah", "PINDAHAN", "KEC.", "NAGARI", "Lubuk", "Koto", "Pauh", "A.1",
    "sah", "suara", "DPT", "No.", "Bayang", "II.", "IV", "(1)", "a", "b", "Rp", "%", "/", "*", "=", "nihil", "Nihil",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """How one sheet writes its numbers."""

    thousands: str
    zero: str
    filler: float  # share of cells with X's in unused places
    empty: float
    other: float  # share of cells that hold no count


def habit(chance: random.Random) -> Habit:
    """A sheet's habit, frequent ones more often."""
    return Habit(
        thousands=chance.choices((".", "", ",", " "), (50, 40, 7, 3))[0],
        zero=chance.choices(("0", "-", ""), (45, 40, 15))[0],
        filler=chance.choices((0.0, 0.3), (93, 7))[0],
        empty=chance.choices((0.03, 0.3), (85, 15))[0],
        other=0.03,
    )


def text(how: Habit, chance: random.Random) -> str:
    """What one cell says."""
    kind = chance.random()
    if kind < how.empty:
        return ""
    if kind < how.empty + how.other:
        return _no_count(chance)
    count = number(chance)
    if chance.random() < how.filler:
        return chance.choice(("X" * (3 - len(str(count))) + str(count), "XXX", "X" * chance.randint(1, 4)))
    return f"{count:,}".replace(",", how.thousands) if count else how.zero


def number(chance: random.Random) -> int:
    """0 to 9,999,999; long runs of a digit are drawn more often than they come, for they are the hardest to count."""
    if chance.random() < 0.12:
        return 0
    length = chance.choices(range(1, 8), _LENGTHS)[0]
    if chance.random() < 0.08:
        digits = "".join(chance.choices(chance.sample("0123456789", 2), k=length))
        return int(digits)
    return chance.randint(10 ** (length - 1), 10**length - 1)


def _no_count(chance: random.Random) -> str:
    word = chance.choice(_WORDS)
    return f"{word} {chance.randint(1, 99)}" if chance.random() < 0.3 else word


def truth(printed: str) -> str:
    """What the recogniser is to say of what is printed: signs of counts as they are, any other as OTHER."""
    return "".join(sign if sign in "0123456789.,-X" else OTHER for sign in printed if sign != " ")
