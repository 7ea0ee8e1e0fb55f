"""Many words laid on a line of frames at once: connectionist temporal classification (Graves et al. 2006) on a tree.

Words that begin alike share the work. Frames are probabilities (frames, signs); sign 0 is the blank that parts letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A tree of letters. ``sign`` and ``parent`` are of each node, the root first; ``ends`` are words' last nodes."""

    sign: Places
    parent: Places
    ends: Places

    def likelihood(self, frames: Floats) -> Floats:
        """log P(frames | word) (words,), over every way to lay the word on the frames; -inf for what does not fit."""
        after_blank, after_letter = np.zeros(len(self.sign)), np.zeros(len(self.sign))
        after_blank[0] = 1.0
        steps = self.sign != self.sign[self.parent]
        scale = 0.0
        for frame in frames:
            came = after_blank[self.parent] + steps * after_letter[self.parent]
            came[0] = 0.0
            after_blank = (after_blank + after_letter) * frame[0]
            after_letter = (after_letter + came) * frame[self.sign]
            total = after_blank.sum() + after_letter.sum()
            after_blank, after_letter = after_blank / total, after_letter / total
            scale += np.log(total)
        with np.errstate(divide="ignore"):
            found: Floats = scale + np.log(after_blank[self.ends] + after_letter[self.ends])
        return found


def lexicon(words: Sequence[Sequence[int]]) -> Lexicon:
    """The tree of words, each a sequence of signs other than the blank."""
    nodes: dict[tuple[int, ...], int] = {(): 0}
    sign, parent = [0], [0]
    for word in words:
        for length in range(1, len(word) + 1):
            head = tuple(word[:length])
            if head not in nodes:
                nodes[head] = len(sign)
                sign.append(head[-1])
                parent.append(nodes[head[:-1]])
    return Lexicon(np.array(sign), np.array(parent), np.array([nodes[tuple(word)] for word in words]))
