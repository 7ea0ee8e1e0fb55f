"""From the rough crop of a cell to its lines of text, one by one. Pure image geometry; lengths in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

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
DASH = 1.5
"""A single piece so many times wider than high is a dash."""
MOST = 0.7
"""Share of the ink that lies in pieces no higher than a capital."""
EDGE = 0.15
"""Strokes go on beyond their ink in faint greys, by so many heights of a capital at most."""
SLIVER = 0.12
"""A piece at the crop's edge that is no thicker than this share of the shorter side is left of a rule."""
FLAT = 20
"""So is anywhere a piece that is so many times longer than thick ..."""
LONG = 12
"""... or longer than so many heights of a capital: letters that touch are not."""
SPECK = 3
"""Spots of fewer pixels are dirt."""
TWO_LINES = 1.9
"""A band of ink that is so many tall letters high holds more than one line: one has at most 1.4."""
PITCH = 1.6
"""From line to line, in tall letters."""
_LEANS = tuple(n / 1000 for n in (0, -4, 4, -8, 8, -12, 12))  # tangents that are tried, the smallest first

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
        return Inked(grey, ink, _tall(_parts(ink)[1][1:]))


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


def lines(text: Inked) -> Iterator[Grey]:
    """The lines of a crop whose text is level, from top to bottom, each cut close around its ink."""
    if not text.tall:
        return
    text = _straight(text)
    edge = max(1, round(text.tall * EDGE))
    for top, bottom in _bands(text.ink, text.tall):
        columns = np.flatnonzero(text.ink[top:bottom].any(axis=0))
        if not len(columns):
            continue
        left, right = int(columns[0]), int(columns[-1]) + 1
        room = max(edge, right - left) if _is_dash(text, left, right) else edge
        yield text.grey[max(0, top - room) : bottom + room, max(0, left - edge) : right + edge]


def _is_dash(text: Inked, left: int, right: int) -> bool:
    """One flat piece of ink: it is shown in the height of a line, or it would look like a block."""
    return right - left > DASH * text.tall and len(_parts(text.ink)[1]) == 2


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
    """Marks the rows at the top up to the last that a rule runs through, level or sloping; ``rules`` is changed."""
    rim = ink[: max(2, int(min(ink.shape) * RIM))]
    near = rim[:-1] | rim[1:]
    full = np.flatnonzero(near.mean(axis=1) > RULE)
    if len(full):
        rules[: full[-1] + 2] = ink[: full[-1] + 2]


def _letters(ink: Mask, rules: Mask) -> tuple[Mask, float]:
    """Ink without specks, rules, and slivers of rules at the edges, and the height of its capitals; ``rules`` is
    changed: what turns out to be one is marked."""
    labels, stats = _parts(ink)
    x, y, w, h, area = stats.T
    height, width = ink.shape
    thin = max(2.0, SLIVER * min(height, width))
    across = (w > FLAT * h) | (((y == 0) | (y + h == height)) & (h <= thin))
    down = (h > FLAT * w) | (((x == 0) | (x + w == width)) & (w <= thin))
    ruled = across | down
    large = area >= SPECK
    large[0] = ruled[0] = False
    ruled |= w > LONG * _tall(stats[large & ~ruled])
    ruled[0] = False
    rules |= ruled[labels]
    kept = large & ~ruled
    return kept[labels], _tall(stats[kept])


def _parts(ink: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Connected pieces of ink: their numbers by pixel, 0 for paper, and their boxes and areas as OpenCV gives them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return np.asarray(labels), np.asarray(stats)


def _tall(stats: NDArray[np.int32]) -> float:
    """The height that most ink reaches: specks are many, and little ink."""
    h, area = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    order = np.argsort(h)
    reached = np.searchsorted(np.cumsum(area[order]), MOST * area.sum())
    return float(h[order][reached]) if len(h) else 0.0


def _straight(text: Inked) -> Inked:
    """Sheared so that lines that slope a little stand apart. Short texts do not show a slope."""
    left, _, right, _ = text.extent
    if right - left < 8 * text.tall:
        return text
    lean = max(_LEANS, key=lambda tangent: _sharpness(_sheared(text.ink, tangent)))
    if not lean:
        return text
    return Inked(_sheared(text.grey, lean, 255), _sheared(text.ink, lean).astype(bool), text.tall)


def _sheared(picture: NDArray[np.uint8] | Mask, tangent: float, border: int = 0) -> Grey:
    height, width = picture.shape
    matrix = np.array([[1.0, 0.0, 0.0], [tangent, 1.0, -tangent * width / 2]])
    return np.asarray(
        cv2.warpAffine(picture.astype(np.uint8), matrix, (width, height), borderValue=border), dtype=np.uint8
    )


def _sharpness(ink: Grey) -> float:
    """Level text has rows full of ink and rows without."""
    return float(np.square(ink.sum(axis=1, dtype=np.float64)).sum())


def _bands(ink: Mask, tall: float) -> Iterator[tuple[int, int]]:
    """Top and bottom of each line: runs of inked rows; what is too high for one line is cut where ink is least."""
    profile = ink.sum(axis=1)
    for top, bottom in _runs(profile > 0, tall):
        count = round((bottom - top) / (PITCH * tall)) if bottom - top > TWO_LINES * tall else 1
        cuts = [top, *(_valley(profile, top, bottom, n / count) for n in range(1, count)), bottom]
        yield from pairwise(cuts)


def _runs(rows: Mask, tall: float) -> Iterator[tuple[int, int]]:
    """Runs of rows. A low one (dots, accents) belongs to the run it is close to; others are dirt, where there are
    higher ones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(np.int8)))
    found: list[list[int]] = []
    for top, bottom in edges.reshape(-1, 2).tolist():
        low = found and min(bottom - top, found[-1][1] - found[-1][0]) < tall / 2
        if low and top - found[-1][1] < tall / 3:
            found[-1][1] = bottom
        else:
            found.append([top, bottom])
    least = min(tall / 2, max((bottom - top for top, bottom in found), default=0))
    yield from ((top, bottom) for top, bottom in found if bottom - top >= least)


def _valley(profile: NDArray[np.int64], top: int, bottom: int, share: float) -> int:
    """The row with least ink around a share of the way down."""
    middle, reach = top + share * (bottom - top), (bottom - top) * min(share, 1 - share) / 2
    start = int(middle - reach)
    rows = profile[start : int(middle + reach) + 1]
    least = np.flatnonzero(rows == rows.min())
    return start + int(least[len(least) // 2])
