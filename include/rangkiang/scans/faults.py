"""Why a page cannot be read, where no ruled table is found on it."""

from __future__ import annotations

import numpy as np

from rangkiang.scans.errors import Unusable
from rangkiang.scans.leaf import Picture

DARK = 70
"""Of 255: where the lightest parts of a picture are no lighter than this, there was no light."""
PALE = 40
"""Where paper and ink are no more than this apart, nothing stands out."""
EMPTY = 0.0005
"""Share of a page under ink below which nobody has written on it."""

_COARSE = 4  # every so many pixels are looked at
_STANDS_OUT = 0.5  # of the way from paper to the darkest ink


def fault(picture: Picture) -> Unusable:
    """What is the matter with a page that shows no table: page_dark, page_empty or no_sheet."""
    grey = picture.grey[::_COARSE, ::_COARSE]
    darkest, paper = (float(level) for level in np.percentile(grey, (0.1, 95)))
    if paper < DARK:
        return Unusable("page_dark", page=picture.number)
    if paper - darkest < PALE:
        return Unusable("page_empty", page=picture.number)
    ink = float((grey < paper - _STANDS_OUT * (paper - darkest)).mean())
    return Unusable("page_empty", page=picture.number) if ink < EMPTY else Unusable("no_sheet")
