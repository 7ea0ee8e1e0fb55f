"""Why a page cannot be read, where no ruled table is found on it, or nothing in it can be made out."""

from __future__ import annotations

import cv2
import numpy as np

from rangkiang.scans import light, strokes
from rangkiang.scans.errors import Unusable
from rangkiang.scans.leaf import Grey, Picture
from rangkiang.scans.pixels import closed, opened, sideways, smaller, transposed

DARK = 70
"""Of 255: where the lightest parts of a picture are no lighter than this, there was no light."""
PALE = 40
"""Where paper and ink are no more than this apart, nothing stands out."""
EMPTY = 0.0005
"""Share of a page under ink below which nobody has written on it."""
BLURRED = 2.2
"""Points from paper to ink, at the sharpest edges of the page: figures are 5 points high."""
RUNS_OUT = 4
"""Rules that end at one side of the picture and not before: there the sheet goes on."""

_COARSE = 4  # every so many pixels are looked at
_STANDS_OUT = 0.5  # of the way from paper to the darkest ink
_WORK = 150 / 72  # pixels for a point
_SHARPEST = 99.8  # percentile of steepness that is taken for the edges of ink
_RULE, _EDGE = 20.0, 3.0  # points: length of a rule, and how near to the side it must come


def fault(picture: Picture) -> Unusable:
    """What is the matter with a page: page_dark, page_empty, page_blurred, page_cut or no_sheet."""
    grey = picture.grey[::_COARSE, ::_COARSE]
    darkest, paper = (float(level) for level in np.percentile(grey, (0.1, 95)))
    if paper < DARK:
        return Unusable("page_dark", page=picture.number)
    ink = float((grey < paper - _STANDS_OUT * (paper - darkest)).mean())
    if paper - darkest < PALE or ink < EMPTY:
        return Unusable("page_empty", page=picture.number)
    fine = min(1.0, _WORK / picture.scale)
    work = smaller(picture.grey, fine)
    if _edge(work) > BLURRED * picture.scale * fine:
        return Unusable("page_blurred", page=picture.number)
    side = _cut(light.even(work, light.paper(work)), picture.scale * fine)
    return Unusable("page_cut", page=picture.number, side=side) if side else Unusable("no_sheet")


def _edge(grey: Grey) -> float:
    """Pixels that the step from paper to ink takes where it is steepest, measured at the ink."""
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *way, ksize=3, scale=1 / 8) for way in ((1, 0), (0, 1)))
    steepest = float(np.percentile(cv2.magnitude(across, down), _SHARPEST))
    paper, ink = (float(level) for level in np.percentile(grey, (95, 0.5)))
    return (paper - ink) / max(steepest, 1.0)


def _cut(grey: Grey, scale: float) -> str:
    """The side at which the rules of a table run out of the picture; '' where none does."""
    near = round(_EDGE * scale)
    for first, last, turned in (("left", "right", grey), ("top", "bottom", transposed(grey))):
        joined = closed(strokes.level(turned, scale), sideways(strokes.CROSSING * scale))
        rules = opened(joined, sideways(_RULE * scale)) > PALE
        for side, strip in ((first, rules[:, :near]), (last, rules[:, -near:])):
            ends = strip.all(axis=1).astype(np.int8)
            if (np.diff(ends, prepend=0) > 0).sum() >= RUNS_OUT:
                return side
    return ""
