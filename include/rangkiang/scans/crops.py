"""Where there is ink on the rough crop of a cell, once the rules around it are gone. Pure image geometry; lengths in
pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey
from rangkiang.scans.pixels import connected

PAPER = 0.8
"""Share of a crop's pixels that are at most as bright as paper: ink and its edges are few."""
PIECE = 4
"""Heights of a crop: of a longer one, greys are spread over pieces of this length."""
CONTRAST = 40
"""Greys between paper and ink below which there is no ink."""
INK = 0.45
"""Ink is what is darker than paper by this share of the way to the darkest ink."""
FAINT = 60
"""Of 255: where everything is lighter once the rules are gone, ink is looked for anew."""
RULE = 0.8
"""Outer rows or columns with so much ink in them are remnants of a rule ..."""
RIM = 0.2
"""... as near to the edge as this share of the crop's shorter side."""
OUTER, RUN = 0.04, 0.2
"""A rule that runs out of a crop is as near to its edge as this share of the shorter side, and as long as this share of
the side that it runs along."""
MOST = 0.7
"""Share of the ink that lies in pieces no higher than a capital."""
SLIVER = 0.12
"""A piece at the crop's edge that is no thicker than this share of the shorter side is left of a rule."""
NEXT = 1
"""Pixels from the edge at which such a piece may lie: its outermost ink may be paler."""
FLAT = 20
"""So is anywhere a piece that is so many times longer than thick ..."""
LONG = 12
"""... or longer than so many heights of a capital: letters that touch are not."""
SPECK, SMALL = 3, 0.01
"""Spots of fewer pixels are dirt, and of less than this share of a capital's height squared: full stops have
more."""

_HALO = np.ones((5, 5), np.uint8)  # what is painted over has soft edges

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Inked:
    """A crop from 0 (its darkest ink) to 255 (its paper), and where there is ink: neither rules nor specks."""

    grey: Grey
    ink: Mask
    tall: float  # height of its capitals; 0 without ink

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the ink; empty where there is none."""
        columns, rows = np.flatnonzero(self.ink.any(axis=0)), np.flatnonzero(self.ink.any(axis=1))
        if not len(rows):
            return 0, 0, 0, 0
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def turned(self, quarters: int) -> Inked:
        """Turned so many quarters with the clock."""
        if not quarters:
            return self
        grey: Grey = np.ascontiguousarray(np.rot90(self.grey, -quarters))
        ink: Mask = np.ascontiguousarray(np.rot90(self.ink, -quarters))
        return Inked(grey, ink, _tall(parts(ink)[1][1:]))


def inked(crop: Grey) -> Inked:
    """The crop with its ink found, what is left of rules at its edges painted over. A shaded head is paper too."""
    first = _found(_stretched(crop))
    faint = not first.grey.size or first.grey.min() > FAINT
    return _found(_stretched(first.grey)) if faint else first  # beside dark rules, faint letters are no ink


def _found(grey: Grey) -> Inked:
    ink = grey < 255 * (1 - INK)
    if not ink.any():
        return Inked(grey, ink, 0.0)
    rules = np.zeros_like(ink)
    for side in range(4):
        _mark_rule(np.rot90(ink, side), np.rot90(rules, side))
    letters, tall = _letters(ink & ~rules, rules)
    halo = cv2.dilate(rules.astype(np.uint8), _HALO) > 0
    return Inked(np.where(halo & ~letters, np.uint8(255), grey), letters, tall)


def _stretched(crop: Grey) -> Grey:
    """Greys from the darkest to the paper's spread over 0 to 255; all paper where there is no contrast.

    A long line piece by piece: beside the black of a pen that crosses it, grey letters elsewhere would be no ink.
    """
    if not crop.size:
        return crop
    height, width = crop.shape
    pieces = width // (PIECE * height)
    if pieces > 1:
        return np.concatenate([_stretched(piece) for piece in np.array_split(crop, pieces, axis=1)], axis=1)
    counts = cv2.calcHist([crop], [0], None, [256], [0, 256]).ravel()
    paper = int(np.searchsorted(np.cumsum(counts), PAPER * crop.size))
    black = int(np.flatnonzero(counts)[0])
    if paper - black < CONTRAST:
        return np.full(crop.shape, 255, dtype=np.uint8)
    table: Grey = np.clip((np.arange(256) - black) * (255 / (paper - black)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(crop, table), dtype=np.uint8)


def _mark_rule(ink: Mask, rules: Mask) -> None:
    """Marks the rows at the top up to the last that a rule runs through, level or sloping, and what is there of one
    that runs out of the crop; ``rules`` is changed."""
    rim = ink[: max(2, int(min(ink.shape) * RIM))]
    near = rim[:-1] | rim[1:]
    full = np.flatnonzero(near.mean(axis=1) > RULE)
    if len(full):
        rules[: full[-1] + 2] = ink[: full[-1] + 2]
    outer = ink[: max(3, round(min(ink.shape) * OUTER))]
    run = np.ones((1, max(8, round(ink.shape[1] * RUN))), np.uint8)
    rules[: len(outer)] |= cv2.morphologyEx(outer.astype(np.uint8), cv2.MORPH_OPEN, run).astype(bool)


def _letters(ink: Mask, rules: Mask) -> tuple[Mask, float]:
    """Ink without specks, rules, and slivers of rules at the edges, and the height of its capitals; ``rules`` is
    changed: what turns out to be one is marked."""
    labels, stats = parts(ink)
    x, y, w, h, area = stats.T
    height, width = ink.shape
    thin = max(2.0, SLIVER * min(height, width))
    across = (w > FLAT * h) | (((y <= NEXT) | (y + h >= height - NEXT)) & (h <= thin))
    down = (h > FLAT * w) | (((x <= NEXT) | (x + w >= width - NEXT)) & (w <= thin))
    ruled = across | down
    large = area >= SPECK
    large[0] = ruled[0] = False
    ruled |= w > LONG * _tall(stats[large & ~ruled])
    ruled[0] = False
    rules |= ruled[labels]
    kept = large & ~ruled
    kept &= area >= SMALL * _tall(stats[kept]) ** 2
    return kept[labels], _tall(stats[kept])


def parts(ink: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Connected pieces of ink: their numbers by pixel, 0 for paper, and their boxes and areas as OpenCV gives them."""
    return connected(ink.astype(np.uint8))


def _tall(stats: NDArray[np.int32]) -> float:
    """The height that most ink reaches: specks are many, and little ink."""
    h, area = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    order = np.argsort(h)
    reached = np.searchsorted(np.cumsum(area[order]), MOST * area.sum())
    return float(h[order][reached]) if len(h) else 0.0
