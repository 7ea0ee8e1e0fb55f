"""Texts that look like one already read: labels stand on every page of a document, and need be read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

LOWEST = 12
"""Pixels: lower letters show too little to be told apart by it."""
OFF = 2
"""Pixels by which two pictures of one text may differ in size, and lie apart."""
AROUND = 0.8
"""Pictures are compared around each place, in a square of so many heights of a letter ..."""
INKED = 0.25
"""... wherever there is at least this share of the strongest contrast ..."""
ALIKE = 0.9
"""... and must correlate like this at the place where they do least. Pictures of one text mostly do; the nearest others,
TPS 1 and TPS 2, come to 0.75."""

Thing = TypeVar("Thing")
_Soft = NDArray[np.float32]


@dataclass(slots=True)
class Seen(Generic[Thing]):
    """Pictures of texts, and what they were found to be."""

    _known: defaultdict[tuple[int, int], list[tuple[_Soft, Thing]]] = field(default_factory=lambda: defaultdict(list))

    def find(self, text: Grey, tall: float) -> Thing | None:
        """What a text is that looks like this one, or None.

        ``text`` is cut close around its ink; ``tall`` is the height of its letters, pixels.
        """
        if tall < LOWEST:
            return None
        picture = _soft(text, 2 * OFF)
        return next((thing for other, thing in self._near(text) if _likeness(picture, other, tall) >= ALIKE), None)

    def keep(self, text: Grey, thing: Thing) -> None:
        height, width = text.shape
        self._known[height, width].append((_soft(text, OFF), thing))

    def _near(self, text: Grey) -> Iterator[tuple[_Soft, Thing]]:
        """What is known of about the same size."""
        height, width = text.shape
        for down, across in product(range(-OFF, OFF + 1), repeat=2):
            yield from self._known.get((height + down, width + across), ())


def _soft(text: Grey, edge: int) -> _Soft:
    """On paper, and a little blurred: the grain of a scan is no part of a text."""
    paper = float(text.max())
    framed = cv2.copyMakeBorder(text, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), 0.7), dtype=np.float32)


def _likeness(picture: _Soft, other: _Soft, tall: float) -> float:
    """The lowest local correlation of two pictures, the other laid on the first where it fits best."""
    height, width = other.shape
    if height > picture.shape[0] or width > picture.shape[1]:
        return 0.0
    _, _, (left, top), _ = cv2.minMaxLoc(cv2.matchTemplate(picture, other, cv2.TM_SQDIFF))
    here = picture[top : top + height, left : left + width]
    size = max(5, round(AROUND * tall)) | 1

    def around(values: _Soft) -> _Soft:
        return np.asarray(cv2.boxFilter(values, -1, (size, size), borderType=cv2.BORDER_REPLICATE), dtype=np.float32)

    one, two = here - around(here), other - around(other)
    power, others = around(one * one), around(two * two)
    contrast = np.maximum(power, others)
    found = around(one * two) / np.sqrt(np.maximum(power, 1) * np.maximum(others, 1))
    return float(found[contrast > INKED * contrast.max()].min(initial=1.0))
