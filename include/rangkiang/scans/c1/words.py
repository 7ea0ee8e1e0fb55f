"""The line in which a number is repeated in words: cleared of what is printed there, then read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.c1.numerals import heard
from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.letters import Letters

PALE = 0.45
"""What is not this share of the way from paper to the darkest ink is paper: watermarks."""
CONTRAST = 60
"""Greys between paper and ink at the least."""
RIM, RULED = 0.12, 0.3
"""Rules lie at the edges, within the first share of the line's height, and darken more than the second of a row."""
SMALL = 0.4
"""Letters of the printed hint are no higher than this share of the line; handwriting is."""
SPECK = 3
"""Spots of fewer pixels are dirt."""
WIDER = 1.5
"""Handwriting is shown this much wider than print to the reader of letters."""

Mask = NDArray[np.bool_]


def spoken(line: Grey, hint: float, letters: Letters) -> Floats:
    """P(number) (1000,) of the picture of a line of words, 255 paper. ``hint``: share of its width after which the form
    itself prints '(ditulis dengan huruf)', in its lower half."""
    (text,) = letters.lines([cleared(line, hint)])
    return heard(text.frames)


def cleared(line: Grey, hint: float) -> Grey:
    """The handwriting alone, cut close; empty where there is none."""
    ink = _dark(line)
    _wipe_rules(ink)
    _wipe_rules(ink.T)
    ink = _written(ink, hint)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((0, 0), np.uint8)
    near = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    alone = np.where(near, line, 255)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(cv2.resize(alone.astype(np.uint8), None, fx=WIDER, fy=1.0), dtype=np.uint8)


def _dark(line: Grey) -> Mask:
    paper, black = float(np.percentile(line, 80)), float(line.min())
    found: Mask = paper - line.astype(float) > max(PALE * (paper - black), CONTRAST)
    return found


def _wipe_rules(ink: Mask) -> None:
    """Take the rules at the upper and the lower edge away."""
    deep = max(2, int(RIM * min(ink.shape)))
    for edge in (ink[:deep], ink[::-1][:deep]):
        edge[edge.mean(axis=1) > RULED] = False


def _written(ink: Mask, hint: float) -> Mask:
    """Without dirt and without the hint: small marks that lie wholly where it is printed."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    left, top, _, tall, area = stats.T
    height, width = ink.shape
    printed = (left >= hint * width) & (top >= height * 0.45) & (tall <= SMALL * height)
    kept = (area >= SPECK) & ~printed
    kept[0] = False
    found: Mask = kept[labels]
    return found
