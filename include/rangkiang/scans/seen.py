"""Texts that look like one already read: labels stand on every page of a document, and need be read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

LOWEST = 12
"""Pixels: lower letters show too little to be told apart by it."""
OFF = 2
"""Pixels by which two pictures of one text may differ in size."""
STRAY = 0.01
"""Share of the ink that may lie where the other picture has none, not even beside it ..."""
SPOT = 0.15
"""... in spots no longer than this share of a letter's height: a stroke of a letter is longer."""

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Seen(Generic[Thing]):
    """Pictures of texts, and what they were found to be."""

    _known: dict[tuple[int, int], list[tuple[NDArray[np.uint8], Thing]]] = field(default_factory=dict)

    def find(self, text: Grey, tall: float) -> Thing | None:
        """What a text is that looks like this one, or None.

        ``text`` is cut close around its ink; ``tall`` is the height of its letters, pixels.
        """
        height, width = text.shape
        if tall < LOWEST:
            return None
        ink = _ink(text)
        for h in range(height - OFF, height + OFF + 1):
            for w in range(width - OFF, width + OFF + 1):
                for other, thing in self._known.get((h, w), ()):
                    if _same(ink, other, tall):
                        return thing
        return None

    def keep(self, text: Grey, thing: Thing) -> None:
        height, width = text.shape
        self._known.setdefault((height, width), []).append((_ink(text), thing))


def _ink(text: Grey) -> NDArray[np.uint8]:
    return cv2.threshold(text, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1].astype(np.uint8)


def _same(one: NDArray[np.uint8], other: NDArray[np.uint8], tall: float) -> bool:
    if other.shape != one.shape:
        other = cv2.resize(other, one.shape[::-1], interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    around = np.ones((3, 3), np.uint8)
    stray = (one & ~cv2.dilate(other, around)) | (other & ~cv2.dilate(one, around))
    if stray.sum() > STRAY * one.sum():
        return False
    boxes = cv2.connectedComponentsWithStats(stray.astype(np.uint8))[2][1:]
    longest = boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(longest <= max(1, round(SPOT * tall)))
