"""A page without its bend, as small as rules can be looked for on, and the strokes on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rangkiang.scans import strokes
from rangkiang.scans.bend import Bend, Sag, sag
from rangkiang.scans.dots import drawn_through
from rangkiang.scans.leaf import Floats, Grey, Leaf
from rangkiang.scans.pixels import closed, inverted, sideways, smaller, transposed
from rangkiang.scans.slopes import slopes

WORK = 150 / 72
"""Pixels for a point at which rules are looked for: what half a point is wide is one pixel then."""
COARSE = 210 / 72
"""Up to here a picture is looked at as it is: that of a large sheet may have less than it says."""
INK = np.uint8(64)
"""Strokes count as much as this at most where the bend is measured."""
WIDE = 128
"""Pixels of half the size over which the bend is measured."""
LONG = 40.0
"""Points. Strokes so long are rules beyond doubt, whatever their colour."""
KEPT = 0.6
"""Share of their ink that black rules keep when coloured ink is taken away."""


@dataclass(frozen=True, slots=True)
class Flat:
    """``ink`` and strokes, all bright on black; ``scale`` is in pixels for a point, ``fine`` in pixels for one of the
    leaf's."""

    ink: Grey
    level: Grey
    upright: Grey
    bend: Bend
    scale: float
    fine: float

    def on_leaf(self, u: Floats, v: Floats) -> Floats:
        """(..., 2: x, y): pixels of the leaf."""
        found: Floats = (np.stack(self.bend.places(u, v), axis=-1) + 0.5) / self.fine - 0.5
        return found


def flattened(leaf: Leaf) -> Flat:
    """The page without its bend."""
    fine = WORK / leaf.scale if leaf.scale > COARSE else 1.0
    scale = leaf.scale * fine
    grey = smaller(drawn_through(leaf.grey, leaf.scale), fine) if leaf.printed is leaf.grey else _ruled(leaf, fine)
    level, upright = strokes.level(grey, scale), strokes.level(transposed(grey), scale)
    bend = Bend(_sag(level), _sag(upright))
    flat = bend.flattening(grey.shape)
    return Flat(flat(inverted(grey)), flat(level), flat(transposed(upright)), bend, scale, fine)


def _ruled(leaf: Leaf, fine: float) -> Grey:
    """The leaf, smaller, without stamps and pens where its rules are not of their colour."""
    grey, printed = smaller(leaf.grey, fine), smaller(leaf.printed, fine)
    long = sideways(LONG * leaf.scale * fine)
    every, black = (float(inverted(closed(one, long)).mean()) for one in (grey, printed))
    return printed if black > KEPT * every else grey


def _sag(level: Grey) -> Sag:
    small = smaller(np.minimum(level, INK), 0.5)
    return sag(slopes(small, WIDE), small.shape).enlarged(2.0)
