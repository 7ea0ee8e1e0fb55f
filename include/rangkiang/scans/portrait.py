"""A page as people look at it: made small, with places on it outlined, and each of these places by itself."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from rangkiang.model import Box
from rangkiang.scans.leaf import Grey, Picture
from rangkiang.scans.pictures import picture

MEDIA_TYPE = "image/jpeg"
"""Shown by every browser and every program for mail."""
LONGER = 1100
"""Pixels of the page's longer side: print can be made out, and a page takes some 150 kB."""
WIDEST = 800
"""Pixels of a place by itself, at most."""
AROUND = (60.0, 14.0)
"""Points to the sides of a place, and above and below it, that are shown with it: a number alone says little."""
_LINE = (34, 34, 160)  # blue, green, red
_QUALITY = 65  # of 100


def portrait(data: bytes, media_type: str, page: int, places: Sequence[Box]) -> tuple[bytes, list[bytes]]:
    """The page (1-based) with the places (points) outlined, and pictures of them, in JPEG.

    Raises Unusable: too_large, broken_file.
    """
    whole = picture(data, media_type, page)
    small = min(1.0, LONGER / max(whole.grey.shape))
    crops = [_around(whole, place) for place in places]
    return _jpeg(_outlined(_smaller(whole.grey, small), places, whole.scale * small)), [_jpeg(crop) for crop in crops]


def _around(page: Picture, place: Box) -> Grey:
    across, along = AROUND
    height, width = page.grey.shape
    x0, x1 = ((at * page.scale) for at in (place.x0 - across, place.x1 + across))
    y0, y1 = ((at * page.scale) for at in (place.y0 - along, place.y1 + along))
    left, top = max(0, min(int(x0), width - 1)), max(0, min(int(y0), height - 1))
    cut = page.grey[top : max(top + 1, int(y1)), left : max(left + 1, int(x1))]
    there = Box(*(at - from_ for at, from_ in zip(_corners(place, page.scale), (left, top) * 2, strict=True)))
    small = min(1.0, WIDEST / cut.shape[1])
    return _outlined(_smaller(cut, small), [there], small)


def _corners(place: Box, scale: float) -> tuple[float, ...]:
    return tuple(at * scale for at in (place.x0, place.y0, place.x1, place.y1))


def _outlined(grey: Grey, places: Sequence[Box], scale: float) -> Grey:
    shown = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for place in places:
        x0, y0, x1, y1 = (round(at) for at in _corners(place, scale))
        cv2.rectangle(shown, (x0 - 2, y0 - 2), (x1 + 2, y1 + 2), _LINE, 2)
    return np.asarray(shown, dtype=np.uint8)


def _smaller(grey: Grey, share: float) -> Grey:
    if share >= 1:
        return np.ascontiguousarray(grey)
    return np.asarray(cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _jpeg(pixels: Grey) -> bytes:
    _, coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return coded.tobytes()
