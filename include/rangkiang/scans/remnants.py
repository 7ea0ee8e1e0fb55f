"""What is left of the rules at the edges of a cell's crop. Pure; lengths in pixels."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

REACH = 2
"""A rule left in a crop begins this close to the edge, or closer."""
DEEP = 0.15
"""It ends within this share of the crop's height from the edge, or within REACH + 1."""
LEVEL_RULE, UPRIGHT_RULE = 0.6, 0.9
"""Share of the crop's width or height that is dark where a rule lies. No digit fills so much."""
FAINTEST = 13
"""A rule is at least this much darker than the paper."""

_RULE = 0.2  # of the darkest: dark enough for a rule
_PIECE = 24  # rules are level over this length even if they lie askew
_THIN = 0.12  # of the crop's height: no rule is thicker


def wipe(ink: Grey) -> None:
    """Take the remnants of rules off the ink (height, width; 0 paper), in place.

    Level ones are sought in pieces, for they may lie askew.
    """
    height, width = ink.shape
    dark = (ink > max(_RULE * float(ink.max()), FAINTEST)).astype(np.uint8)
    deep = max(REACH + 1, round(DEEP * height))
    inner = dark[height // 10 : height - height // 10]
    upright = cv2.reduce(inner, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > UPRIGHT_RULE
    pieces = max(1, width // _PIECE)
    edges = [n * width // pieces for n in range(pieces + 1)]
    for left, right in pairwise(edges):
        level = cv2.reduce(dark[:, left:right], 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > LEVEL_RULE
        ink[: _ruled(level, deep), left:right] = 0
        ink[height - _ruled(level[::-1], deep) :, left:right] = 0
    ink[:, : _ruled(upright, deep)] = 0
    ink[:, width - _ruled(upright[::-1], deep) :] = 0


def _ruled(dark: NDArray[np.bool_], deep: int) -> int:
    """How far a rule reaches in from the edge, its blur included; 0 where there is none."""
    first = dark[: REACH + 1].argmax()
    if not dark[first]:
        return 0
    thick = dark[first : deep + 1].argmin() or deep + 1 - first
    return int(first + thick) + 1


def sliver(left: int, top: int, wide: int, high: int, height: int, width: int) -> bool:
    """Is a box of ink, in a crop of this height and width, but a piece of a rule that was not wiped off?

    It is if it is thin, lies along the crop's edge, and is longer than any stroke of a digit there.
    """
    beside = left <= 1 or left + wide >= width - 1
    against = top <= 1 or top + high >= height - 1
    thin = max(2, round(_THIN * height))
    return (beside and wide <= thin and high > 0.75 * height) or (against and high <= thin and wide > height)
