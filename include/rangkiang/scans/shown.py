"""A page as a person reads it beside its figures: of one scale, so that points of the page tell where a cell is."""

from __future__ import annotations

import io

import cv2
from PIL import Image

from rangkiang.scans.pictures import POINTS, picture

SCALE = 150 / POINTS
"""Pixels for a point: small print can be read, and a page takes some 200 kB."""
_QUALITY, _EFFORT = 60, 2


def shown(data: bytes, media_type: str, number: int) -> bytes:
    """A page (from 1) of a PDF or a picture, in WebP. Raises Unusable: too_large, broken_file."""
    page = picture(data, media_type, number)
    share = SCALE / page.scale
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    buffer = io.BytesIO()
    Image.fromarray(cv2.resize(page.grey, None, fx=share, fy=share, interpolation=how)).save(
        buffer, "WEBP", quality=_QUALITY, method=_EFFORT
    )
    return buffer.getvalue()
