"""Texts that look like one already read: labels stand on every page of a document, and need be read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

LOWEST, LOW = 10, 14
"""Pixels: lower letters show too little to be told apart by it, and low ones little."""
OFF = 2
"""Pixels by which two pictures of one text may differ in height, and pieces of them lie apart."""
STRETCHED = 0.04
"""Share of its length by which paper that is drawn through a scanner may stretch a text."""
PIECE = 8
"""Heights of a letter: over so short a piece nothing is stretched."""
AROUND = 0.8
"""Pictures are compared around each place, in a square of so many heights of a letter ..."""
INKED = 0.25
"""... wherever there is at least this share of the strongest contrast ..."""
ALIKE, ALIKE_LOW = 0.82, 0.92
"""... and must correlate like this, and low letters like that, at the place where they do least. Pictures of one text
mostly do. Of 9,279 pairs of labels of a form that are about as long, drawn and scanned, none does; of names that differ
in a D for an O, some."""

AFAR, ROUGHLY = 4, 0.5
"""From so far away, times, pictures of one text correlate like this at least as a whole."""

Thing = TypeVar("Thing")
_Soft = NDArray[np.float32]


@dataclass(slots=True)
class Seen(Generic[Thing]):
    """Pictures of texts, and what they were found to be."""

    _known: list[tuple[_Soft, Thing]] = field(default_factory=list)
    _same: dict[tuple[int, bytes], Thing] = field(default_factory=dict)

    def find(self, text: Grey, tall: float) -> Thing | None:
        """What a text is that looks like this one, or None.

        ``text`` is cut close around its ink; ``tall`` is the height of its letters, pixels.
        """
        same = self._same.get(_key(text))
        if same is not None or tall < LOWEST:
            return same
        one = _soft(text)
        near = ((other, thing) for other, thing in self._known if _near(one, other))
        return next((thing for other, thing in near if _roughly(one, other) and _alike(one, other, tall)), None)

    def keep(self, text: Grey, thing: Thing) -> None:
        self._known.append((_soft(text), thing))
        self._same[_key(text)] = thing


def _key(text: Grey) -> tuple[int, bytes]:
    return len(text), text.tobytes()


def _soft(text: Grey) -> _Soft:
    """On paper, and a little blurred: the grain of a scan is no part of a text."""
    paper = float(text.max())
    framed = cv2.copyMakeBorder(text, OFF, OFF, OFF, OFF, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), 0.7), dtype=np.float32)


def _near(one: _Soft, other: _Soft) -> bool:
    """Of about the same size?"""
    (height, width), (h, w) = one.shape, other.shape
    return bool(abs(height - h) <= OFF and abs(width - w) <= max(OFF, STRETCHED * width))


def _roughly(one: _Soft, other: _Soft) -> bool:
    """Are they alike from afar? Most are not, and that is seen quickly."""
    height, width = one.shape
    size = max(1, width // AFAR), max(1, height // AFAR)
    a, b = (cv2.resize(text, size, interpolation=cv2.INTER_AREA).ravel() for text in (one, other))
    a, b = a - a.mean(), b - b.mean()
    return bool(a @ b >= ROUGHLY * np.sqrt((a @ a) * (b @ b)))


def _alike(one: _Soft, other: _Soft, tall: float) -> bool:
    """Does every piece of the one look like the piece of the other that lies about there?"""
    fitted = np.asarray(cv2.resize(other, one.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    around = np.pad(one, OFF, mode="edge")
    size = max(5, round(AROUND * tall)) | 1
    least = ALIKE if tall >= LOW else ALIKE_LOW
    return all(_correlation(around[:, a : b + 2 * OFF], fitted[:, a:b], size) >= least for a, b in _pieces(one, tall))


def _pieces(text: _Soft, tall: float) -> Iterator[tuple[int, int]]:
    """Left and right of pieces of about the same width."""
    width = text.shape[1]
    edges = np.linspace(0, width, max(1, round(width / (PIECE * tall))) + 1).round().astype(int).tolist()
    yield from pairwise(edges)


def _least(curve: _Soft, n: int) -> float:
    """Where between pixels a curve is least that is so at its nth."""
    if not 0 < n < len(curve) - 1:
        return n
    before, here, after = curve[n - 1 : n + 2].tolist()
    bend = before + after - 2 * here
    return n + (before - after) / (2 * bend) if bend > 0 else n


def _correlation(around: _Soft, piece: _Soft, size: int) -> float:
    """The lowest local correlation of a piece with what it fits best within the picture around it."""
    height, width = piece.shape
    off = np.asarray(cv2.matchTemplate(around, piece, cv2.TM_SQDIFF), dtype=np.float32)
    top, left = np.unravel_index(off.argmin(), off.shape)
    middle = _least(off[top], int(left)) + (width - 1) / 2, _least(off[:, left], int(top)) + (height - 1) / 2
    here = np.asarray(cv2.getRectSubPix(around, (width, height), middle), dtype=np.float32)

    def mean(values: _Soft) -> _Soft:
        return np.asarray(cv2.boxFilter(values, -1, (size, size), borderType=cv2.BORDER_REPLICATE), dtype=np.float32)

    one, two = here - mean(here), piece - mean(piece)
    power, others = mean(one * one), mean(two * two)
    contrast = np.maximum(power, others)
    found = mean(one * two) / np.sqrt(np.maximum(power, 1) * np.maximum(others, 1))
    return float(found[contrast > INKED * contrast.max()].min(initial=1.0))
