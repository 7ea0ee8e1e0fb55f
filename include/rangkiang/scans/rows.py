"""From the ink of a crop to its lines of text, one by one. Lengths in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.crops import Inked, Mask, parts
from rangkiang.scans.leaf import Grey

DASH = 1.5
"""A single piece so many times wider than high is a dash ..."""
SOLID = 0.85
"""... where its ink fills its box so far: letters that touch do not."""
EDGE = 0.15
"""Strokes go on beyond their ink in faint greys, by so many heights of a capital at most."""
TWO_LINES = 1.9
"""A band of ink that is so many tall letters high holds more than one line: one has at most 1.4."""
GAP = 3.0
"""Tall letters: between two words is no wider gap, as far as a reader goes."""
PITCH = 1.6
"""From line to line, in tall letters."""
_SQUEEZED = 8  # times narrower is a text on which a slope is looked for
_LEANS = tuple(n / 1000 for n in (0, -4, 4, -8, 8, -12, 12))  # tangents that are tried, the smallest first


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
        room = max(edge, right - left) if _is_dash(text) else edge
        line = text.grey[max(0, top - room) : bottom + room, max(0, left - edge) : right + edge]
        yield _closer(line, columns - max(0, left - edge), round(GAP * text.tall))


def _closer(line: Grey, inked: NDArray[np.int64], most: int) -> Grey:
    """A line, of which these columns have ink, without what is more in its gaps: specks stand far beside a text."""
    wide = np.flatnonzero(np.diff(inked) > most)
    if not len(wide):
        return line
    kept = np.ones(line.shape[1], dtype=bool)
    for before, after in zip(inked[wide].tolist(), inked[wide + 1].tolist(), strict=True):
        kept[before + most // 2 : after - (most - most // 2)] = False
    return line[:, kept]


def _is_dash(text: Inked) -> bool:
    """One flat piece of ink: it is shown in the height of a line, or it would look like a block."""
    _, (_, *pieces) = parts(text.ink)
    if len(pieces) != 1:
        return False
    _, _, wide, high, area = pieces[0].tolist()
    return bool(wide > DASH * high and area >= SOLID * wide * high)


def _straight(text: Inked) -> Inked:
    """Sheared so that lines that slope a little stand apart. Short texts do not show a slope."""
    left, _, right, _ = text.extent
    if right - left < 8 * text.tall:
        return text
    height, width = text.ink.shape
    size = max(1, width // _SQUEEZED), height
    squeezed = cv2.resize(text.ink.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    lean = max(_LEANS, key=lambda tangent: _sharpness(_sheared(squeezed, tangent * width / size[0])))
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
