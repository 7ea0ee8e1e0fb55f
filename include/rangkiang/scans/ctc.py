"""What frames say: decoding of connectionist temporal classification (Graves et al. 2006).

Frames are probabilities (frames, signs), from left to right along a line; sign 0 is the blank that parts letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rangkiang.scans.leaf import Floats

BLANK = 0


def best(frames: Floats, alphabet: str) -> tuple[str, tuple[float, ...]]:
    """The text of the most probable sign of each frame, and how probable each letter is at its best.

    ``alphabet`` holds a letter for each sign; the blank's is never given out.
    """
    signs = frames.argmax(axis=1)
    starts = np.flatnonzero(np.diff(signs, prepend=BLANK))
    runs = np.maximum.reduceat(frames.max(axis=1), starts) if len(starts) else np.zeros(0)
    letters = [(alphabet[signs[n]], float(p)) for n, p in zip(starts, runs, strict=True) if signs[n] != BLANK]
    return "".join(letter for letter, _ in letters), tuple(p for _, p in letters)


def likelihood(frames: Floats, words: Sequence[Sequence[int]]) -> Floats:
    """log P(frames | word) (words,) up to what all words share, over every way to lay the word on the frames.

    A word is a sequence of signs, at least one of them, none the blank. -inf: it has no room on so few frames.
    """
    ends = np.array([2 * len(word) for word in words])
    states = np.full((len(words), int(ends.max(initial=0)) + 1), BLANK)
    for row, word in zip(states, words, strict=True):
        row[1 : 2 * len(word) : 2] = word
    skips = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    alive = np.zeros(states.shape)
    alive[:, 0] = 1.0
    logs = np.zeros(len(words))
    with np.errstate(divide="ignore", invalid="ignore"):
        for frame in frames:
            came = alive.copy()
            came[:, 1:] += alive[:, :-1]
            came[:, 2:] += alive[:, :-2] * skips
            alive = came * frame[states]
            scale = alive.sum(axis=1)
            alive = np.nan_to_num(alive / scale[:, None])  # scaled, or long lines end in nothing but zeros
            logs += np.log(scale)
        each = np.arange(len(words))
        found: Floats = logs + np.log(alive[each, ends] + alive[each, ends - 1])
    return found
