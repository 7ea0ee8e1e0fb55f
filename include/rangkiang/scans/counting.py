"""What a line of letters says where only a count can stand."""

from __future__ import annotations

import re

import numpy as np

from rangkiang.model import Guess
from rangkiang.scans.digits import value_of
from rangkiang.scans.leaf import Floats
from rangkiang.scans.prefixes import words

SIGNS = "0123456789.,-X"
"""What counts are written with."""
MEANT = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "i": "1", "Z": "2", "S": "5", "B": "8"}
"""Letters that are read where a digit stands, and the other dashes and fillers."""
ALSO = {"_": "-", "~": "-", "x": "X", "*": "X"}
HELD = 0.02
"""Share that is kept back for anything else: no text is surer than this."""
RAREST = 1e-5
"""A guess less probable than this is not worth mentioning."""

_COUNT = re.compile(r"X*\d{1,9}|X+-?|-+|[1-9]\d{0,2}(?:[.,]\d{3}){1,2}")
_OTHER = len(SIGNS) + 1


def counts(frames: Floats, alphabet: str) -> tuple[Guess, ...]:
    """Counts that a line may show, the most probable first; what is missing to 1 is none of them.

    ``frames`` are probabilities (frames, letters of ``alphabet``), the blank first.
    """
    texts: dict[int | None, tuple[str, float]] = {}
    spelt = words(frames @ _table(alphabet), _OTHER)
    for word, p in sorted(spelt.items(), key=lambda item: -item[1]):
        text = "".join(SIGNS[sign - 1] for sign in word)
        if _COUNT.fullmatch(text):
            value = value_of(text)
            first, before = texts.get(value, (text, 0.0))
            texts[value] = first, before + p
    found = [Guess(text, value, min(p, 1.0) * (1 - HELD)) for value, (text, p) in texts.items() if p > RAREST]
    return tuple(sorted(found, key=lambda guess: -guess.p))


def _table(alphabet: str) -> Floats:
    """(letters, blank, signs and anything else): which sign each letter is taken for."""
    table = np.zeros((len(alphabet), _OTHER + 1))
    table[0, 0] = 1.0
    for n, letter in enumerate(alphabet[1:], 1):
        place = SIGNS.find((MEANT | ALSO).get(letter, letter))
        table[n, place + 1 if place >= 0 else _OTHER] = 1.0
    return table
