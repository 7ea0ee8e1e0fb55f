"""The rules that are drawn on a page, and a layout laid on them. Lengths in pixels at about 150 dots an inch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.c1.layout import Lembar
from rangkiang.scans.leaf import Floats, Grey

DARK = 48
"""A rule is darker than its surroundings by this much at least; the watermark is not."""
LEVEL, UPRIGHT = 40, 24
"""The shortest piece of a level and of an upright rule."""
BROKEN, THICK = 5, 9
"""A gap up to the one is no gap; what is as thick as the other is no rule but a bar."""
COARSE = 3
"""Pixels for a step of a first guess."""
SIZES = np.linspace(0.55, 1.25, 118)
"""Heights of the rectangle of corner marks that are tried, to the leaf's: a page may lie on a table, or be cut."""
NARROW = np.linspace(0.92, 1.08, 41)
"""Its widths, to what the height and the aspect ask for."""
SLOPES = np.linspace(-0.03, 0.03, 61)
"""What may be left of a page's skew."""
WINDOWS = (16, 12, 8, 6, 5, 4)
"""How far from its expected place a rule is looked for, round by round."""
BENT = 3
"""From this round on the page may be in perspective; before, it is moved, stretched and turned only."""
STEP = 0.008
"""Rules are looked at in points this far apart, in the layout's lengths."""
NEAR = 2
"""A rule as near to its place as this is where it should be."""
BESIDE = 9
"""So broad is what the layout's rules may have blackened."""
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
"""Of a layout."""
LEANING = 0.06
"""No side of a page lies further from where it would if the page were straight, in heights of it: phones and bent paper
do less."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How dark the rules of a page are, each (height, width); 0 where there is none."""

    level: Grey
    upright: Grey

    def turned(self, quarters: int) -> Rules:
        """Of the page turned to the left by quarters."""
        level, upright = (np.ascontiguousarray(np.rot90(part, quarters)) for part in (self.level, self.upright))
        return Rules(upright, level) if quarters % 2 else Rules(level, upright)


def rules(grey: Grey) -> Rules:
    """The rules of a page, without its black bars."""
    ink = (255 - grey).astype(np.uint8)
    return Rules(_lines(ink, LEVEL), np.ascontiguousarray(_lines(np.ascontiguousarray(ink.T), UPRIGHT).T))


def guess(drawn: Rules, page: Lembar) -> tuple[Floats, float]:
    """Where the layout lies if the leaf is not bent, and how well: heights from the level rules, then widths from the
    upright ones."""
    slope = _slope(drawn.level)
    height, width = drawn.level.shape
    down = _profile(_inked(drawn.level[:, ::2]), 2 * slope, height)
    tall, top, well = _slide(down, page.level, height * SIZES)
    across = _profile(_inked(drawn.upright[::2].T), -2 * slope, width)
    wide, left, also = _slide(across, page.upright, tall * page.aspect * NARROW)
    straight = np.array([[wide, 0, left], [0, tall, top], [0, 0, 1]])
    return np.array([[1, -slope, 0], [slope, 1, 0], [0, 0, 1]]) @ straight, well + also


def settled(drawn: Rules, page: Lembar, onto: Floats) -> Floats | None:
    """The homography from the layout to the page: from a guess round by round to the rules that are drawn; None where
    they lead to what is no page: every rule of a layout may be found on one that is drawn, if they all are the same."""
    for turn, window in enumerate(WINDOWS):
        onto = _refined(drawn, page, onto, window, entries=8 if turn >= BENT else 6)
        if not _whole(onto, page, len(drawn.level)):
            return None
    return onto


def seen(drawn: Rules, page: Lembar, onto: Floats) -> float:
    """The share of the layout's rules that are drawn where ``onto`` puts them: the mean of level and upright ones."""
    shares = [shifts(part, through(onto, at), NEAR, across)[1].mean() for part, at, across in _points(drawn, page)]
    return float(np.mean(shares))


def known(drawn: Rules, page: Lembar, onto: Floats) -> float:
    """The share of the rules drawn within the page that are the layout's: the mean of level and upright ones."""
    outline = cv2.fillConvexPoly(np.zeros_like(drawn.level), _pixels(onto, CORNERS), 1)
    shares = []
    for part, straight, across in ((drawn.upright, page.upright, 0), (drawn.level, page.level, 1)):
        ends = straight[:, [1, 0, 2, 0] if across else [0, 1, 0, 2]].reshape(-1, 2)
        own = cv2.polylines(np.zeros_like(part), [*_pixels(onto, ends).reshape(-1, 2, 2)], False, 1, BESIDE)
        ink = (part > 0) & (outline > 0)
        shares.append(float(own[ink].mean()) if ink.any() else 0.0)
    return float(np.mean(shares))


def shifts(part: Grey, pixels: Floats, window: int, across: int) -> tuple[Floats, NDArray[np.bool_]]:
    """How far from each of pixels (n, 2) a rule is, at most ``window`` along x (``across`` 0) or y (1), and where there
    is one at all."""
    steps = np.arange(-window, window + 1)
    at = np.rint(pixels).astype(int)
    places = np.repeat(at[:, None, :], len(steps), axis=1)
    places[:, :, across] += steps
    x, y = places[..., 0], places[..., 1]
    height, width = part.shape
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    dark = np.where(inside, part[y.clip(0, height - 1), x.clip(0, width - 1)], 0).astype(float)
    peak = steps[(dark * (1 - np.abs(steps) / (window + 1))).argmax(axis=1)]
    dark *= np.abs(steps - peak[:, None]) <= NEAR
    total = dark.sum(axis=1)
    shift: Floats = (dark * steps).sum(axis=1) / np.maximum(total, 1) + (at - pixels)[:, across]
    return shift, total > 0


def through(matrix: Floats, places: Floats) -> Floats:
    """Places (n, 2) seen through a homography (3, 3)."""
    on = np.column_stack([places, np.ones(len(places))]) @ matrix.T
    there: Floats = on[:, :2] / on[:, 2:]
    return there


def _pixels(onto: Floats, places: Floats) -> NDArray[np.int32]:
    return np.rint(through(onto, places)).astype(np.int32)


def _whole(onto: Floats, page: Lembar, height: int) -> bool:
    """Is it a page's outline, about as large as the leaf and upright?"""
    corners = through(onto, CORNERS)
    sides = np.roll(corners, -1, axis=0) - corners
    tall = float(sides[1, 1] - sides[3, 1]) / 2
    straight = tall * np.array([[page.aspect, 0], [0, 1], [-page.aspect, 0], [0, -1]])
    return bool(SIZES[0] <= tall / height <= SIZES[-1] and np.abs(sides - straight).max() <= LEANING * tall)


def _lines(ink: Grey, length: int) -> Grey:
    """Level lines of at least this length."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, BROKEN), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    thin = cv2.subtract(long, cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones((THICK, 1), np.uint8)))
    return np.where(thin < DARK, 0, thin).astype(np.uint8)


def _slope(level: Grey) -> float:
    """How much the level rules fall to the right: the slope along which their ink gathers best."""
    ink = _inked(level[:, ::4])
    sharpness = [(_profile(ink, 4 * slope, len(level)) ** 2).sum() for slope in SLOPES]
    return float(SLOPES[np.argmax(sharpness)])


def _inked(part: Grey) -> Floats:
    return np.column_stack(np.nonzero(part)).astype(float)


def _profile(ink: Floats, slope: float, height: int) -> Floats:
    """How many of the inked places (n, 2: y, x) are in each row, if rows fall by ``slope``."""
    row = np.rint(ink @ (1, -slope)).astype(int).clip(0, height - 1)
    return np.bincount(row, minlength=height).astype(float)


def _slide(profile: Floats, straight: Floats, lengths: Floats) -> tuple[float, float, float]:
    """Length and origin that put most of the rules (n, 3: place, from, to) on the profile's peaks, and which share."""
    places, which = np.unique(straight[:, 0], return_inverse=True)
    weight = np.bincount(which, straight[:, 2] - straight[:, 1])
    peaks = np.minimum(profile / (np.percentile(profile, 98) + 1e-6), 1.0)
    peaks = cv2.dilate(peaks.reshape(-1, 1), np.ones((2 * COARSE - 1, 1), np.uint8)).ravel()[::COARSE]
    far = len(peaks)
    padded = np.pad(peaks, far)
    origins = np.arange(-far // 3, far // 2)
    best = (-1.0, 0.0, 0.0)
    for length in lengths:
        at = np.rint(places[:, None] * (length / COARSE) + origins).astype(int) + far
        share = weight @ padded[at.clip(0, len(padded) - 1)] / weight.sum()
        best = max(best, (float(share.max()), float(length), float(origins[share.argmax()])))
    return best[1], best[2] * COARSE, best[0]


def _points(drawn: Rules, page: Lembar) -> Iterator[tuple[Grey, Floats, int]]:
    """Upright rules, then level ones: where they are drawn, points (n, 2) along the layout's, and the direction in
    which they are looked for: along x (0) or y (1)."""
    for part, straight, across in ((drawn.upright, page.upright, 0), (drawn.level, page.level, 1)):
        along = [np.arange(start + STEP / 2, end, STEP) for _, start, end in straight]
        where = np.repeat(straight[:, 0], [len(a) for a in along])
        points = np.column_stack([where, np.concatenate(along)])
        yield part, points[:, ::-1] if across else points, across


def _refined(drawn: Rules, page: Lembar, onto: Floats, window: int, entries: int) -> Floats:
    """The matrix that leads to the rules found near where ``onto`` leads: least squares, far ones weighing less."""
    equations, targets = [], []
    for part, places, across in _points(drawn, page):
        pixels = through(onto, places)
        shift, there = shifts(part, pixels, window, across)
        weight = there / (1 + (2 * shift / window) ** 2)
        target = pixels[:, across] + shift
        equations.append(_equations(places, target, across) * weight[:, None])
        targets.append(target * weight)
    solution = np.linalg.lstsq(np.vstack(equations)[:, :entries], np.concatenate(targets), rcond=None)[0]
    return np.append(solution, [0.0] * (8 - entries) + [1.0]).reshape(3, 3)


def _equations(places: Floats, target: Floats, across: int) -> Floats:
    """Rows (n, 8) for a homography's entries: each place comes to its target in x (``across`` 0) or y (1)."""
    rows = np.zeros((len(places), 8))
    rows[:, 3 * across : 3 * across + 3] = np.column_stack([places, np.ones(len(places))])
    rows[:, 6:] = -places * target[:, None]
    return rows
