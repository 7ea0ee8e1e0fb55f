"""Indonesian number words from 0 to 999, and which number a line of letters says.

Nobody has to spell well: every number has its likelihood under what the reader of letters saw, and letters that are
wrong, missing or too many cost a little each.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.c1.lexicon import Lexicon, lexicon
from rangkiang.scans.leaf import Floats
from rangkiang.scans.letters import ALPHABET

COUNT = 1000
DIGITS = ("", "SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM", "TUJUH", "DELAPAN", "SEMBILAN")
ZERO = ("NOL", "NIHIL", "KOSONG")
"""What is written for none."""
LETTERS = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What words are made of; 0 is the blank, and so are spaces, which hands leave out or add."""
LIKE = dict(zip("01245689|!", "OIZASGBGII", strict=True))
"""Signs that are read where a letter is written."""
FEWEST = 3
"""A line of fewer letters says nothing: no number is shorter."""
SLIPS = 0.05
"""Share of a frame that is given to what was not seen there: half to nothing, half to any letter."""
HEAT = 3.0
"""Neighbouring frames err together, so that all of them are worth as much as one in so many. Like what
stands around it fitted on lines in fonts that look handwritten."""
STRANGE = 3.0
"""A number whose letters fit worse than this, in log-likelihood for each of them, is not what stands there: about half
of them would have to be made up."""
OTHER, UNLIKE = 0.05, 24.0
"""How often the line holds no number that can be made out, and how much better the letters then fit themselves than any
number, in log-likelihood."""


def words(number: int) -> str:
    """The number as it is written on a sheet: 128 is SERATUS DUA PULUH DELAPAN. Raises ValueError beyond 0..999."""
    if not 0 <= number < COUNT:
        raise ValueError(f"no number of three boxes: {number}")
    hundreds, rest = divmod(number, 100)
    head = {0: "", 1: "SERATUS"}.get(hundreds, f"{DIGITS[hundreds]} RATUS")
    return " ".join(filter(None, (head, _below_hundred(rest)))) or ZERO[0]


def heard(frames: Floats) -> Floats:
    """P(number | frames) (1000,) of what letters' reader saw (frames, signs of ALPHABET), all numbers alike before."""
    folded = _folded(frames)
    if _letters(folded) < FEWEST:
        return np.full(COUNT, 1 / COUNT)
    first, lengths, tree = _tree()
    worse = tree.likelihood(folded) - np.log(folded.max(axis=1)).sum()
    each = np.where(worse < -STRANGE * lengths, 0.0, np.exp(worse / HEAT))
    found = (1 - OTHER) * np.maximum.reduceat(each, first)
    found += OTHER * np.exp(-UNLIKE / HEAT)
    return np.asarray(found / found.sum())


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number in (10, 11):
        return ("SEPULUH", "SEBELAS")[ones]
    if tens == 1:
        return f"{DIGITS[ones]} BELAS"
    return f"{DIGITS[tens]} PULUH {DIGITS[ones]}".strip() if tens else DIGITS[ones]


@cache
def _tree() -> tuple[list[int], NDArray[np.intp], Lexicon]:
    """Where each number's ways to be written begin, how many letters each way has, and the ways."""
    ways = [*ZERO, *(words(number) for number in range(1, COUNT))]
    spelt = [[LETTERS.index(letter) for letter in text.replace(" ", "")] for text in ways]
    lengths = np.array([len(letters) for letters in spelt])
    return [0, *range(len(ZERO), len(ways))], lengths, lexicon(spelt)


@cache
def _folding() -> Floats:
    """From signs of ALPHABET to LETTERS (signs, letters): case does not matter; what is no letter counts for any."""
    fold = np.zeros((len(ALPHABET), len(LETTERS)))
    for place, sign in enumerate(ALPHABET):
        letter = LIKE.get(sign, sign.upper())
        if sign in "\0 -.,'":
            fold[place, 0] = 1
        elif letter in LETTERS:
            fold[place, LETTERS.index(letter)] = 1
        else:
            fold[place] = _anything()
    return fold


def _letters(folded: Floats) -> int:
    """How many letters are there, if each frame says what is most probable."""
    best = folded.argmax(axis=1)
    return int(np.count_nonzero((best != 0) & (np.diff(best, prepend=0) != 0)))


def _anything() -> Floats:
    return np.array([0.5] + [0.5 / (len(LETTERS) - 1)] * (len(LETTERS) - 1))


def _folded(frames: Floats) -> Floats:
    return (1 - SLIPS) * (frames @ _folding()) + SLIPS * _anything()
