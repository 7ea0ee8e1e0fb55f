"""What damage did to a table's rules, undone by the regularity of tables: pen strokes go, breaks are closed."""

from __future__ import annotations

import numpy as np

from rangkiang.scans.leaf import Floats
from rangkiang.scans.rules import Bools
from rangkiang.scans.stretches import Stretches

DRAWN = 0.6
"""Share of a stretch that is drawn in long strokes, where it is drawn."""
WHOLE, PART = 0.85, 0.12
"""A rule runs from crossing to crossing: it has many whole stretches and few parts. A pen stops anywhere."""
CLEAR = 0.7
"""Share of a stretch that is drawn in pieces, where letters alone would leave more open."""
TRACE = 0.25
"""Share that ink covers of every third of a stretch, where all that is like it is drawn ..."""
SOME = 0.1
"""... with so much of it in pieces."""
FADED = 0.5
"""Share that ink covers of a row's stretches where its rules have faded: beside a section's title there is none."""
MAIN, MOST, MANY, ALL = 0.2, 0.6, 0.75, 0.9
"""Shares of a rule's stretches, and of a stretch's rules, from which they decide what becomes of a doubtful one."""
THICK, PALER, PALE, PALEST = 1.35, 0.75, 0.55, 0.2
"""Times the thickness, and shares of the darkness, of the longest rules."""
LONGEST, SHORT = 0.8, 0.5
"""Shares of the longest rule's length."""
UNEVEN = 1.3
"""Pixels: by so much thin rules differ, where they are drawn pixel by pixel."""


def real(of: Stretches, least: int) -> Bools:
    """Which rules are rules: their whole stretches are longer than what begins or ends between crossings.

    With fewer than ``least`` whole stretches, a rule must be among others of its kind: the lines of a small table.
    """
    whole = np.maximum(of.likely, of.sure) >= WHOLE
    parts = np.where(~whole & (of.sure > PART), of.sure, 0.0) @ of.lengths
    strong = (of.sure > DRAWN).sum(axis=1) >= least
    small = whole[~strong].sum(axis=0) >= whole[strong].sum(axis=0)
    found: Bools = whole.any(axis=1) & (strong | (whole & small).any(axis=1)) & (whole @ of.lengths >= parts)
    return found


def linked(of: Stretches) -> Bools:
    """Which stretches are drawn, each looked at for itself."""
    found: Bools = (of.sure > DRAWN) | (np.maximum(of.likely, of.covered) > CLEAR)
    return found


def alike(thick: Floats, dark: Floats, lengths: Floats) -> Bools:
    """Which rules look like the longest ones.

    A short one that is far thicker is a pen's stroke; a short one that is far paler shines through the paper, or is
    printed under the table, and so is any but the longest that is hardly to be seen beside them. Thick and a little
    paler, it is made of figures that stand below each other.
    """
    if not len(thick):
        return thick > 0
    share = lengths / lengths.max()
    longest, short = share >= LONGEST, share < SHORT
    middle, depth = float(np.median(thick[longest])), float(np.median(dark[longest]))
    bold, bolder = thick > THICK * middle, thick > max(THICK * middle, middle + UNEVEN)
    odd = (bold & (dark < PALER * depth)) | (short & (bolder | (dark < PALE * depth))) | (dark < PALEST * depth)
    found: Bools = longest | ~odd
    return found


def _mean(shares: Floats) -> Floats:
    """(stretches,): over rules; 0 where there are none."""
    found: Floats = shares.sum(axis=0) / max(len(shares), 1)
    return found


def drawn(of: Stretches) -> Bools:
    """Which stretches are drawn: (rules, stretches), the first and the last rule being the table's borders.

    Where most rules are clear in a stretch (an ordinary row), so are the doubtful ones that pieces make likely, and
    those with ink in their place that are drawn in most or nearly all other ordinary stretches. Elsewhere (section
    rows, heads) only what is sure counts.
    """
    certain = of.sure > DRAWN
    clear = certain | (of.likely > CLEAR)
    main = certain.mean(axis=1) > MAIN
    if not main.any():
        return certain
    inner = main.copy()
    inner[[0, -1]] = False
    faded = (_mean(of.covered[inner]) >= FADED) & (_mean(of.likely[inner]) >= TRACE)
    ordinary = (clear[main].mean(axis=0) >= MOST) | faded
    others = clear[:, ordinary].sum(axis=1, keepdims=True) - (clear & ordinary)
    usual = others / np.maximum(ordinary.sum() - ordinary, 1)
    hidden = (usual >= MANY) & (of.covered > CLEAR) | (usual >= ALL) & (of.covered > TRACE) & (of.likely > SOME)
    found: Bools = certain | ((clear | hidden) & ordinary & main[:, None])
    return found
