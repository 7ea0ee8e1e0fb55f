"""The pictures of many cells as one: tiles of one size, row by row, so that a figure's place tells where it is."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from rangkiang.scans.leaf import Grey

TILE = (160, 40)
"""Width and height of a tile, pixels."""
ACROSS = 8
"""Tiles in a row."""
MEDIA_TYPE = "image/webp"
_QUALITY = 60  # of 100: digits stay crisp, and two hundred cells take some 60 kB
_EFFORT = 2  # of 6: half the time of 4, and 4 % more bytes


def atlas(crops: Sequence[Grey]) -> bytes:
    """A WebP picture of crops: the nth is tile ``n % ACROSS`` of row ``n // ACROSS``, in its upper left corner."""
    width, height = TILE
    rows = -(-max(len(crops), 1) // ACROSS)
    sheet = np.full((rows * height, ACROSS * width), 255, np.uint8)
    for n, crop in enumerate(crops):
        tile = _fitted(crop)
        top, left = n // ACROSS * height, n % ACROSS * width
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "WEBP", quality=_QUALITY, method=_EFFORT)
    return buffer.getvalue()


def place(n: int) -> tuple[int, int]:
    """Left and top of the nth tile, pixels."""
    return n % ACROSS * TILE[0], n // ACROSS * TILE[1]


def _fitted(crop: Grey) -> Grey:
    """Made smaller where it is larger than a tile, never larger: what is blurred should look so."""
    height, width = crop.shape
    scale = min(1.0, TILE[0] / width, TILE[1] / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8) if scale < 1 else crop
