"""What number three boxes say, given what may stand in each of them, and what the words beside them say."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Guess
from rangkiang.scans.c1.numerals import COUNT
from rangkiang.scans.c1.signs import SIGNS
from rangkiang.scans.leaf import Floats

BOXES = 3
FILLERS = "X- "
"""What fills a box that is not needed."""
ODD = 0.02
"""How often hands fill boxes to the right of a digit: 5XX, 1X3."""
LEAST = 1e-4
"""Guesses that are less probable are left out."""
MOST = 12
SLIP_OF_ONE, SLIP_OF_ANY = 0.02, 0.01
"""How often the words on paper say a number that differs in one digit from the boxes', and any number."""


def numbers(boxes: Floats) -> Floats:
    """P(number) (COUNT + 1,) of boxes (3, signs of SIGNS); the last one is: all boxes empty. What is missing to 1 is
    anything else."""
    joint = np.einsum("i,j,k->ijk", *boxes).ravel()
    value, usual = _meanings()
    known = value >= 0
    weight = joint * usual
    scale = joint.sum() / max(float(weight.sum()), 1e-12)
    found: Floats = np.bincount(value[known], (weight * scale)[known], minlength=COUNT + 1).astype(np.float64)
    return found


def agreed(written: Floats, spoken: Floats) -> Floats:
    """``written`` (COUNT + 1,) in the light of what the words say (COUNT,): the boxes are what counts, and whoever
    fills in a sheet seldom writes another number beside them. Where boxes say nothing certain, words tell."""
    anything = written.copy()
    anything[:COUNT] += max(1 - float(written.sum()), 0.0) / COUNT
    both = anything * np.append(_slips() @ spoken, 1 / COUNT)
    return np.asarray(both / both.sum())


def guesses(chances: Floats, text: Callable[[int], str]) -> tuple[Guess, ...]:
    """The most probable numbers of P(number) (COUNT,) or (COUNT + 1,), the most probable first, each with its text."""
    order = [int(n) for n in np.argsort(-chances, kind="stable")[:MOST] if chances[n] >= LEAST]
    return tuple(Guess(text(n), n if n < COUNT else None, float(chances[n])) for n in order)


def filling(boxes: Floats, number: int) -> str:
    """What most probably stands in the boxes (3, signs of SIGNS) if they say this number: X20."""
    ways = np.flatnonzero(_meanings()[0] == number)
    joint = np.einsum("i,j,k->ijk", *boxes).ravel()[ways] * _meanings()[1][ways]
    return "".join(SIGNS[n] for n in np.unravel_index(ways[joint.argmax()], (len(SIGNS),) * BOXES)).strip()


@cache
def _meanings() -> tuple[NDArray[np.int64], Floats]:
    """Of every filling of the boxes: its number (COUNT for empty boxes, -1 for none), and how usual it is."""
    ways = [(a, b, c) for a in SIGNS for b in SIGNS for c in SIGNS]
    return np.array([_meaning(way) for way in ways]), np.array([_usual(way) for way in ways])


def _meaning(way: tuple[str, ...]) -> int:
    if "?" in way:
        return -1
    text = "".join(way)
    if not text.strip():
        return COUNT
    digits = text.lstrip(FILLERS).rstrip(FILLERS)
    return int("".join("0" if sign in FILLERS else sign for sign in digits) or 0)


def _usual(way: tuple[str, ...]) -> float:
    """Fillers stand before digits; for none they may stand anywhere."""
    text = "".join(way)
    after = text.lstrip(FILLERS)
    return 1.0 if text.strip(FILLERS + "0") == "" or not set(after) & set(FILLERS) else ODD


@cache
def _slips() -> Floats:
    """P(words say the column's number | boxes say the row's)."""
    n = np.arange(COUNT)
    digits = np.stack([n // 100, n // 10 % 10, n % 10], axis=1)
    differ = (digits[:, None, :] != digits[None, :, :]).sum(axis=2)
    slips = np.full((COUNT, COUNT), SLIP_OF_ANY / COUNT)
    slips[differ == 0] += 1 - SLIP_OF_ONE - SLIP_OF_ANY
    slips[differ == 1] += SLIP_OF_ONE / (9 * BOXES)
    return slips
