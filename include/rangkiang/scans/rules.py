"""The rules of a page: where they run, and how surely they are drawn at every place. Lengths in points."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey

FAINTEST, DARKEST = 10, 90
"""A rule is as dark as half the page's rules are, but no less and no more than this against its paper."""
STRIP = 7.5
"""Rules are followed in strips so long."""
SHORTEST = {"level": 20.0, "upright": 13.0}
"""What is drawn for a shorter length is no rule."""
APART = 2.6
"""Two rules are no closer; doubled borders are one rule."""
STRAY = 1.5
"""How far a rule strays from the polynomial that the page was flattened by."""
LETTER = 9.0
"""Strokes of letters are shorter."""
SURE = 0.7
"""Share of a strip that is as dark as a rule, where there is one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Parallel rules of a flattened page, in order. Positions in pixels of it.

    ``at`` (n,) is where each stands; ``stray`` (n, strips) how far from there it runs, strip by strip;
    ``drawn`` (n, length) from 0 to 1 how surely it is drawn at each pixel along it.
    """

    at: Floats
    stray: Floats
    drawn: Floats
    strip: int  # pixels

    def across(self, n: NDArray[np.int64], along: Floats) -> Floats:
        """Where rules run at places along them (the same shape, or broadcast)."""
        place = (along / self.strip - 0.5).clip(0, self.stray.shape[1] - 1)
        first = place.astype(np.int64).clip(0, max(0, self.stray.shape[1] - 2))
        after = np.minimum(first + 1, self.stray.shape[1] - 1)
        share = place - first
        strays = self.stray[n, first] * (1 - share) + self.stray[n, after] * share
        found: Floats = self.at[n] + strays
        return found


def rules(strokes: Grey, ink: Grey, scale: float, shortest: float) -> Rules:
    """Rules among level strokes; all ink of the page tells how far they are drawn. Both are bright on black.

    Upright ones are found on transposed pictures.
    """
    strip = max(4, round(STRIP * scale))
    long = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, _level(round(LETTER * scale)))
    dark = _darkness(long)
    strips = _strips(np.minimum(long, dark).astype(np.float32) / np.float32(dark), strip)
    at = _lines(strips, scale, shortest / STRIP)
    stray = _strays(strips, at, max(1, round(STRAY * scale)))
    share = np.minimum(ink, dark).astype(np.float32) / np.float32(dark)
    return Rules(at.astype(np.float64), stray, _drawn(share, at, stray, strip), strip)


def _level(length: int) -> Grey:
    return np.ones((1, length), np.uint8)


def _upright(length: int) -> Grey:
    return np.ones((length, 1), np.uint8)


def _darkness(long: Grey) -> int:
    """Half of what a typical rule of the page has."""
    some = long[long > FAINTEST]
    return int(np.clip(np.median(some) / 2 if len(some) else FAINTEST, FAINTEST, DARKEST))


def _strips(share: NDArray[np.float32], strip: int) -> NDArray[np.float32]:
    """(height, strips): means over strips."""
    count = share.shape[1] // strip
    return cv2.resize(share[:, : count * strip], (count, share.shape[0]), interpolation=cv2.INTER_AREA).reshape(
        share.shape[0], count
    )


def _lines(strips: NDArray[np.float32], scale: float, least: float) -> NDArray[np.int64]:
    """The heights of what is drawn for long enough."""
    near = cv2.dilate(strips, _upright(3))
    sure = (near > SURE).astype(np.uint8)
    run = _level(max(2, round(least)))
    kept = cv2.morphologyEx(cv2.morphologyEx(sure, cv2.MORPH_CLOSE, _level(2)), cv2.MORPH_OPEN, run)
    weight = (strips * kept).sum(axis=1) + (near * kept).sum(axis=1) * 0.25
    weight = cv2.GaussianBlur(weight.reshape(-1, 1), (1, 5), 0.8).ravel()
    apart = round(APART * scale)
    highest = cv2.dilate(weight.reshape(-1, 1), _upright(2 * apart + 1)).ravel()
    peaks = np.flatnonzero((weight == highest) & (kept.any(axis=1)) & (weight > 0))
    if len(peaks):
        peaks = peaks[np.concatenate([[True], np.diff(peaks) > apart])]
    return peaks


def _strays(strips: NDArray[np.float32], at: NDArray[np.int64], most: int) -> Floats:
    """(rules, strips): the offset of each rule's darkest pixel, smoothed; where it is not drawn, as its neighbours."""
    shifts = np.arange(-most, most + 1)
    rows = (at[:, None] + shifts[None, :]).clip(0, len(strips) - 1)
    near = strips[rows]  # (rules, shifts, strips)
    weight = near.clip(0.3, None) - 0.3
    weight = weight**2
    offset = (weight * shifts[None, :, None]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-6)
    trust = (near.max(axis=1) > SURE).astype(np.float64)
    smooth = np.array([0.1, 0.2, 0.4, 0.2, 0.1])[None]
    above = cv2.sepFilter2D(offset * trust, cv2.CV_64F, smooth, np.ones(1), borderType=cv2.BORDER_REPLICATE)
    below = cv2.sepFilter2D(trust, cv2.CV_64F, smooth, np.ones(1), borderType=cv2.BORDER_REPLICATE)
    found: Floats = np.where(below > 0.05, above / np.maximum(below, 1e-6), 0.0).reshape(len(at), strips.shape[1])
    return found


def _drawn(share: NDArray[np.float32], at: NDArray[np.int64], stray: Floats, strip: int) -> Floats:
    """(rules, length): the darkest of three pixels across the rule's run."""
    height, length = share.shape
    along = (np.arange(length) // strip).clip(0, stray.shape[1] - 1)
    centre = np.rint(at[:, None] + stray[:, along]).astype(np.int64)
    best = np.zeros(centre.shape, dtype=np.float32)
    for shift in (-1, 0, 1):
        np.maximum(best, share[(centre + shift).clip(0, height - 1), np.arange(length)], out=best)
    return best.astype(np.float64)
