"""How well the words of a page can be read, where its glyphs do not tell which way up it lies."""

from __future__ import annotations

from statistics import fmean

import numpy as np

from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import letters
from rangkiang.scans.pixels import closed, connected, inverted, sideways

GAP = 3.0
"""Points between letters and words that are read together."""
LOWEST, HIGHEST, LONG = 3.0, 14.0, 5
"""Points of the height of what may be a line of text, and how many times longer it is."""
WORDS = 24
"""So many are read."""
INK = 64
"""What is darker than the paper by less is no print."""


def legible(grey: Grey, scale: float) -> float:
    """The mean confidence, from 0 to 1, with which some words are read from left to right; ``scale`` is pixels for a
    point. 0 where there are none."""
    ink = (inverted(grey) > INK).astype(np.uint8, copy=False)
    boxes = connected(closed(ink, sideways(GAP * scale)))[1][1:]
    wide, high = boxes[:, 2], boxes[:, 3]
    likely = boxes[(high >= LOWEST * scale) & (high <= HIGHEST * scale) & (wide >= LONG * high)]
    chosen = likely[np.linspace(0, len(likely) - 1, min(WORDS, len(likely))).astype(int)].tolist()
    read = letters().lines(grey[y : y + h, x : x + w] for x, y, w, h, _ in chosen)
    return fmean(text.confidence * bool(text.text.strip()) for text in read) if read else 0.0
