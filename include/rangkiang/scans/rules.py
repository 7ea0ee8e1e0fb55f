"""The rules of a table: where they run, and how surely they are drawn at every place. Lengths in points."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.pixels import closed, opened, sideways, upwards
from rangkiang.scans.strokes import Strokes

FAINTEST, DARKEST = 10, 90
"""A rule is as dark as half the table's rules are, but no less and no more than this against its paper."""
STRIP = 7.5
"""Rules are followed in strips so long."""
BREAK = 3.0
"""A break in a rule that is no end of it."""
APART = 2.6
"""Two rules are no closer; doubled borders are one rule."""
STRAY = 1.5
"""How far a rule strays from the polynomial that the page was flattened by."""
BOLD = 2.5
"""The thickness of a rule is measured so far to either side."""
SURE = 0.7
"""Share of a strip that is as dark as a rule, where there is one."""

_EVERY = 3  # pixels: thickness is looked at in some of them

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """Level rules of a flattened table, in order. Positions in pixels.

    ``at`` (n,) is where each stands; ``stray`` (n, strips) how far from there it runs, strip by strip; ``thick`` and
    ``dark`` (n,) how thick and how dark it is. ``sure``, ``likely`` and ``covered`` (n, length) say from 0 to 1 how
    much is drawn at each pixel along it, as long strokes, as any pieces, and as ink of whatever kind.
    """

    at: Floats
    stray: Floats
    thick: Floats
    dark: Floats
    sure: Floats
    likely: Floats
    covered: Floats
    strip: int  # pixels

    def across(self, n: NDArray[np.int64], along: Floats) -> Floats:
        """Where rules run at places along them (broadcast against each other)."""
        place = (along / self.strip - 0.5).clip(0, self.stray.shape[1] - 1)
        first = place.astype(np.int64).clip(0, max(0, self.stray.shape[1] - 2))
        after = np.minimum(first + 1, self.stray.shape[1] - 1)
        share = place - first
        strays = self.stray[n, first] * (1 - share) + self.stray[n, after] * share
        found: Floats = self.at[n] + strays
        return found


def rules(strokes: Strokes, scale: float, shortest: float) -> Rules:
    """The rules among a table's level strokes; upright ones are given transposed."""
    strip = max(4, round(STRIP * scale))
    dark = _darkness(strokes.long)
    long = np.minimum(strokes.long, dark).astype(np.float32) / np.float32(dark)
    at = _lines(long, scale, shortest)
    stray = _strays(_strips(long, strip), at, max(1, round(STRAY * scale)))
    centre = np.rint(at[:, None] + np.repeat(stray, strip, axis=1)).astype(np.int64)[:, : long.shape[1]]
    free, likely, covered, run = (
        np.minimum(_along(part, centre) / dark, 1.0)
        for part in (strokes.long, strokes.pieces, strokes.ink, strokes.runs)
    )
    thick = _thickness(strokes.thin, centre, free > SURE, round(BOLD * scale), dark)
    depth = _quarter(_along(strokes.long, centre), free > SURE)
    return Rules(at.astype(np.float64), stray, thick, depth, np.maximum(free, run), likely, covered, strip)


def _darkness(long: Grey) -> int:
    """Half of what a typical rule has."""
    some = long[long > FAINTEST]
    return int(np.clip(np.median(some) / 2 if len(some) else FAINTEST, FAINTEST, DARKEST))


def _strips(share: NDArray[np.float32], strip: int) -> NDArray[np.float32]:
    """(height, strips): means over strips; what is left at the end belongs to the last one."""
    height, length = share.shape
    count = max(1, -(-length // strip))
    padded = np.pad(share, ((0, 0), (0, count * strip - length)), mode="edge")
    found = cv2.resize(padded, (count, height), interpolation=cv2.INTER_AREA)
    return found.reshape(height, count).astype(np.float32)


def _lines(share: NDArray[np.float32], scale: float, shortest: float) -> NDArray[np.int64]:
    """The heights of what is drawn for long enough."""
    near = (cv2.dilate(share, upwards(3)) > SURE).astype(np.uint8, copy=False)
    kept = opened(closed(near, sideways(BREAK * scale)), sideways(shortest * scale))
    weight = cv2.GaussianBlur((share * kept).sum(axis=1).reshape(-1, 1), (1, 5), 0.8).ravel()
    apart = round(APART * scale)
    highest = cv2.dilate(weight.reshape(-1, 1), upwards(2 * apart + 1)).ravel()
    peaks = np.flatnonzero((weight == highest) & (weight > shortest * scale / 4))
    found: NDArray[np.int64] = peaks[np.concatenate([[True], np.diff(peaks) > apart])[: len(peaks)]]
    return found


def _strays(strips: NDArray[np.float32], at: NDArray[np.int64], most: int) -> Floats:
    """(rules, strips): the offset of each rule's darkest pixels, smoothed; where it is not drawn, as nearby."""
    shifts = np.arange(-most, most + 1)
    near = strips[(at[:, None] + shifts).clip(0, len(strips) - 1)]  # (rules, shifts, strips)
    weight = (near - 0.3).clip(0) ** 2
    offset = np.einsum("rsc,s->rc", weight, shifts.astype(np.float64)) / np.maximum(weight.sum(axis=1), 1e-6)
    trust = (near.max(axis=1) > SURE).astype(np.float64)
    return _smoothed(offset, trust)


def _smoothed(offset: Floats, trust: Floats) -> Floats:
    """Offsets averaged along their rules: over a few strips where there are some, else over many."""
    found = np.zeros_like(offset)
    for reach in (40.0, 8.0, 1.0) if len(offset) else ():
        size = (4 * int(reach) + 1, 1)
        sums, weights = (
            cv2.GaussianBlur(part, size, reach, borderType=cv2.BORDER_CONSTANT) for part in (offset * trust, trust)
        )
        near = weights.reshape(found.shape) > 0.1
        found[near] = (sums / np.maximum(weights, 1e-6)).reshape(found.shape)[near]
    return found


def _along(ink: Grey, centre: NDArray[np.int64]) -> Floats:
    """(rules, length): the darkest of three pixels across each rule's run."""
    along = np.arange(ink.shape[1])
    near = [ink[(centre + shift).clip(0, len(ink) - 1), along] for shift in (-1, 0, 1)]
    found: Floats = np.maximum(np.maximum(near[0], near[1]), near[2]).astype(np.float64)
    return found


def _thickness(ink: Grey, centre: NDArray[np.int64], where: Bools, most: int, dark: int) -> Floats:
    """(rules,): pixels across each rule that are dark, up to ``most`` on either side, where no letters touch it."""
    some = slice(None, None, _EVERY)
    along = np.arange(ink.shape[1])[some]
    near = (ink[(centre[:, some] + shift).clip(0, len(ink) - 1), along] for shift in range(-most, most + 1))
    across = sum((np.minimum(one / dark, 1.0) for one in near), np.zeros(()))
    return _quarter(across, where[:, some])


def _quarter(values: Floats, where: Bools) -> Floats:
    """(rules,): what a quarter of the values along each rule is below, of those that count."""
    return np.array(
        [np.percentile(row[here], 25) if here.any() else 0.0 for row, here in zip(values, where, strict=True)]
    )
