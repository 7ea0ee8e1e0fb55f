"""The stretches of rules between crossings: how much of each is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats
from rangkiang.scans.rules import Rules

Indices = NDArray[np.int64]

_CROSSING = 2  # pixels beside a crossing rule's middle that are its own ink
_THIRDS = ((0, 3), (1, 3), (2, 3))


@dataclass(frozen=True, slots=True)
class Stretches:
    """Shares, (rules, stretches): drawn as long strokes, as any pieces, and covered by ink in the weakest third.

    Letters and pens cover the middle of a stretch or one end of it; rules run from crossing to crossing.
    """

    sure: Floats
    likely: Floats
    covered: Floats
    lengths: Floats  # (stretches,) pixels


def stretches(rules: Rules, chosen: Indices, stops: Floats) -> Stretches:
    """Those of the chosen rules between stops along them, the crossings themselves left out."""
    longest = rules.sure.shape[1]
    start = (np.rint(stops[:-1]).astype(np.int64) + _CROSSING).clip(0, longest - 1)
    end = np.maximum(np.rint(stops[1:]).astype(np.int64) - _CROSSING + 1, start + 1).clip(1, longest)
    sure, likely = (_means(part[chosen], start, end) for part in (rules.sure, rules.likely))
    length = end - start
    thirds = [
        _means(rules.covered[chosen], start + length * n // of, np.maximum(start + length * (n + 1) // of, start + 1))
        for n, of in _THIRDS
    ]
    return Stretches(sure, likely, np.minimum.reduce(thirds), np.diff(stops))


def _means(drawn: Floats, start: Indices, end: Indices) -> Floats:
    sums = np.pad(drawn.cumsum(axis=1), ((0, 0), (1, 0)))
    found: Floats = (sums[:, end] - sums[:, start]) / np.maximum(end - start, 1)
    return found
