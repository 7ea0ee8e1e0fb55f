"""What damage did to a table's rules, undone by the regularity of tables: pen strokes are dropped, breaks are closed.

``sure`` and ``likely`` (rules, stretches) are the shares of the stretches between crossings that are drawn, as long
strokes and as any pieces (see ``rules.Rules``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats

DRAWN = 0.6
"""Share of a stretch that is drawn in long strokes, where it is drawn."""
WHOLE, PART = 0.85, 0.12
"""A rule runs from crossing to crossing: it has many whole stretches and few parts. A pen stops anywhere."""
CLEAR = 0.7
"""Share of a stretch that is drawn in pieces, where letters alone would leave more open."""
TRACE = 0.2
"""Share of a stretch of which something is left, where all that is like it is drawn."""
MOST, ALL = 0.6, 0.9
"""Shares from which the others decide what becomes of a doubtful stretch."""

Bools = NDArray[np.bool_]


def real(sure: Floats, likely: Floats, lengths: Floats) -> Bools:
    """Which rules are rules: their whole stretches are longer than what begins or ends between crossings."""
    whole = likely >= WHOLE
    parts = np.where(~whole & (sure > PART), sure, 0.0) @ lengths
    found: Bools = whole.any(axis=1) & (whole @ lengths >= parts)
    return found


def linked(sure: Floats, likely: Floats) -> Bools:
    """Which stretches are drawn, each looked at for itself."""
    found: Bools = (sure > DRAWN) | (likely > CLEAR)
    return found


def drawn(sure: Floats, likely: Floats) -> Bools:
    """Which stretches are drawn: (rules, stretches), the first and the last rule being the table's borders.

    Where most rules are clear in a stretch (an ordinary row), the doubtful ones are drawn if they are clear too, or if
    they are drawn in nearly all ordinary stretches and something of them is left. Elsewhere (section rows, heads) only
    what is sure counts.
    """
    certain = sure > DRAWN
    main = certain.mean(axis=1) > MOST / 2
    if not main.any():
        return certain
    ordinary = ((likely > CLEAR) | certain)[main].mean(axis=0) >= MOST
    usual = (certain | (likely > CLEAR))[:, ordinary].mean(axis=1) >= ALL if ordinary.any() else main & False
    mended = (likely > CLEAR) | (usual[:, None] & (likely > TRACE))
    return certain | (mended & ordinary[None, :] & main[:, None])
