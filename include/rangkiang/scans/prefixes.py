"""How probable texts are, given what a network says of every column of a line (CTC, Graves et al. 2006).

Frames are probabilities of signs, (steps, signs), from left to right. Sign 0 is the blank, which parts equal signs.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats

BEAMS = 12
"""Beginnings of texts that are followed at once."""
LEAST = 1e-5
"""A sign less probable than this in a column does not stand there."""

Word = tuple[int, ...]


def plainest(frames: Floats) -> Word:
    """The signs most probable column by column, as a word."""
    return tuple(sign for sign, _ in itertools.groupby(frames.argmax(axis=1).tolist()) if sign)


def probability(frames: Floats, words: Sequence[Word]) -> Floats:
    """P(word) for one word of each line: frames (lines, steps, signs), over all ways to lay the word on its line."""
    each, ends = np.arange(len(words)), np.array([2 * len(word) for word in words])
    states: NDArray[np.int64] = np.zeros((len(words), ends.max(initial=0) + 1), np.int64)
    for row, word in zip(states, words, strict=True):
        row[1 : 2 * len(word) : 2] = word
    skips = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    says = np.take_along_axis(frames, states[:, None, :], axis=2)
    alive = np.zeros(states.shape)
    alive[:, 0] = 1.0
    for step in range(frames.shape[1]):
        came = alive.copy()
        came[:, 1:] += alive[:, :-1]
        came[:, 2:] += alive[:, :-2] * skips
        alive = came * says[:, step]
    found: Floats = alive[each, ends] + np.where(ends > 0, alive[each, ends - 1], 0.0)
    return found


def words(frames: Floats, never: int) -> dict[Word, float]:
    """The most probable words of one line (steps, signs) and their probabilities; none holds the sign ``never``."""
    beams: dict[Word, tuple[float, float]] = {(): (1.0, 0.0)}  # probability with a blank last, and with a sign last
    for frame in frames:
        signs = [(int(sign), float(frame[sign])) for sign in np.flatnonzero(frame > LEAST) if sign not in (0, never)]
        beams = _longer(beams, float(frame[0]), signs)
        if len(beams) > BEAMS:
            beams = dict(sorted(beams.items(), key=lambda beam: -sum(beam[1]))[:BEAMS])
    return {word: blank + sign for word, (blank, sign) in beams.items()}


def _longer(
    beams: dict[Word, tuple[float, float]], blank: float, signs: list[tuple[int, float]]
) -> dict[Word, tuple[float, float]]:
    """All words after one more column."""
    after: dict[Word, tuple[float, float]] = {}
    for word, (parted, open_) in beams.items():
        both = parted + open_
        last = word[-1] if word else 0
        held = sum(p for sign, p in signs if sign == last) * open_
        old = after.get(word, (0.0, 0.0))
        after[word] = old[0] + both * blank, old[1] + held
        for sign, p in signs:
            grown = (*word, sign)
            old = after.get(grown, (0.0, 0.0))
            after[grown] = old[0], old[1] + (parted if sign == last else both) * p
    return after
