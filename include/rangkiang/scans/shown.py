"""A page as a person reads it beside its figures: of one scale, so that points of the page tell where a cell is."""

from __future__ import annotations

import io

import cv2
from PIL import Image

from rangkiang.scans.errors import Unusable
from rangkiang.scans.pictures import POINTS, picture

SCALE = 150 / POINTS
"""Pixels for a point: small print can be read, and a page takes some 200 kB."""
MOST = 40_000_000
"""Pixels of a page so large: four times an A2 sheet's."""
_QUALITY, _EFFORT = 60, 2


def shown(data: bytes, media_type: str, number: int) -> bytes:
    """A page (from 1) of a PDF or a picture, in WebP. Raises Unusable: too_large, broken_file."""
    page = picture(data, media_type, number)
    share = SCALE / page.scale
    if page.grey.size * share * share > MOST:
        raise Unusable("too_large", actual="halaman raksasa", limit=f"{MOST // 1_000_000} MP")
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    buffer = io.BytesIO()
    Image.fromarray(cv2.resize(page.grey, None, fx=share, fy=share, interpolation=how)).save(
        buffer, "WEBP", quality=_QUALITY, method=_EFFORT
    )
    return buffer.getvalue()
