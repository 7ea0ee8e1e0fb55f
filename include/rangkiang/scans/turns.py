"""Which way up a page lies: its letters and digits vote, each as far as it looks different when turned."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.legible import legible
from rangkiang.scans.pixels import connected, inverted, smaller

SIDE = 16
"""Pixels of the square that a glyph is looked at in."""
SMALLEST, LARGEST = 1.8, 14.0
"""Points of the longer side of what may be a letter or a digit."""
MOST = 800
"""Glyphs that are asked."""
FEW = 12
"""With fewer glyphs there is no vote, and the page stays as it is."""
CLOSE = 0.6
"""Where two ways are closer, in powers of e for each glyph, words are read."""

_WORK, _COARSE = 150 / 72, 210 / 72  # pixels for a point to look at glyphs with, from the latter downwards as they are
_LEAN = 0.3  # shorter side by longer side: a thinner thing is a dash, or a piece of a rule
_DENSE = 0.25  # share of its box that a glyph fills; crossing rules fill less
_DOUBT = 0.02  # what stands in a glyph's place may be anything

Glyphs = NDArray[np.uint8]  # (n, SIDE, SIDE), ink bright


def quarters(grey: Grey, scale: float) -> int:
    """How many quarter turns against the clock make the page (paper at 255) upright."""
    fine = _WORK / scale if scale > _COARSE else 1.0
    found = glyphs(smaller(grey, fine), scale * fine)
    if len(found) < FEW:
        return 0
    said = votes(found).sum(axis=0)
    second, best = np.argsort(said)[-2:].tolist()
    if said[best] - said[second] >= CLOSE * len(found):
        return int(best)
    return int(max((best, second), key=lambda way: legible(np.ascontiguousarray(np.rot90(grey, way)), scale)))


def votes(found: Glyphs) -> Floats:
    """(n, 4): log-probability of each glyph that 0, 1, 2, 3 quarter turns against the clock make it upright."""
    ways = np.stack([np.rot90(found, k, axes=(1, 2)) for k in range(4)], axis=1)
    first, bias, second = _weights()
    seen = ways.reshape(-1, SIDE * SIDE).astype(np.float32) / 255
    looks = (np.maximum(seen @ first + bias, 0) @ second).reshape(-1, 4).astype(np.float64)
    chance = np.exp(looks - looks.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    said: Floats = np.log(chance * (1 - _DOUBT) + _DOUBT / 4)
    return said


def glyphs(grey: Grey, scale: float) -> Glyphs:
    """What may be letters and digits on a page, each in a square of its own, at most MOST."""
    ink = inverted(grey)
    threshold, _ = cv2.threshold(ink[ink > _PALE], 0, 255, cv2.THRESH_OTSU) if (ink > _PALE).any() else (0.0, ink)
    _, boxes = connected((ink > 0.7 * threshold).astype(np.uint8, copy=False))
    longer, shorter = boxes[:, 2:4].max(axis=1), boxes[:, 2:4].min(axis=1)
    likely = (longer >= SMALLEST * scale) & (longer <= LARGEST * scale) & (shorter > _LEAN * longer)
    likely &= boxes[:, 4] > _DENSE * longer * shorter
    chosen = boxes[likely]
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(MOST, len(chosen))).astype(int)]
    return np.stack([_square(ink[y : y + h, x : x + w]) for x, y, w, h, _ in chosen.tolist()] or [_NONE])[: len(chosen)]


def _square(ink: Grey) -> Grey:
    height, width = ink.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.zeros((side, side), dtype=np.uint8)
    square[top : top + height, left : left + width] = ink
    small = cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR)
    return cv2.normalize(small, small, 0, 255, cv2.NORM_MINMAX).astype(np.uint8, copy=False)


@cache
def _weights() -> tuple[NDArray[np.float32], ...]:
    """The network that training/turns.py makes: two layers."""
    with (files("rangkiang.scans") / "model" / "turns.npz").open("rb") as file, np.load(file) as kept:
        return tuple(kept[name].astype(np.float32) for name in ("first", "bias", "second"))


_PALE = 24  # ink that is lighter is paper
_NONE = np.zeros((SIDE, SIDE), dtype=np.uint8)
