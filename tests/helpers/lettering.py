"""Pictures of cells with text, as a scan shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import reportlab  # type: ignore[import-untyped]  # brings a free font
from PIL import Image, ImageDraw, ImageFont

from rangkiang.scans.leaf import Grey

_FONTS = Path(reportlab.__file__).parent / "fonts"


def cell(lines: str | Sequence[str], size: int = 26, turned: int = 0, ruled: bool = True, paper: int = 255) -> Grey:
    """Lines in a ruled cell, turned by quarters with the clock; ``size`` of the letters in pixels."""
    texts = [lines] if isinstance(lines, str) else list(lines)
    wide = max((int(_font(size).getlength(text)) for text in texts), default=0) + 24
    picture = Image.new("L", (wide, int(len(texts) * size * 1.2) + 20), paper)
    draw = ImageDraw.Draw(picture)
    for n, text in enumerate(texts):
        draw.text((12, 8 + n * size * 1.2), text, fill=30, font=_font(size))
    grey = np.rot90(np.asarray(picture), -turned).copy()
    if ruled:
        cv2.rectangle(grey, (0, 0), (grey.shape[1] - 1, grey.shape[0] - 1), 20, 2)
    return scanned(grey)


def written(grey: Grey, text: str, at: tuple[int, int], size: int) -> None:
    """Print a text on a page, its upper left corner at (x, y)."""
    wide, high = int(_font(size).getlength(text)) + 4, int(1.4 * size)
    picture = Image.new("L", (wide, high), 255)
    ImageDraw.Draw(picture).text((0, 0), text, fill=30, font=_font(size))
    x, y = at
    grey[y : y + high, x : x + wide] = np.asarray(picture)[:, : grey.shape[1] - x]


def scanned(grey: Grey, seed: int = 1, blur: float = 0.8, noise: float = 5.0) -> Grey:
    """Softened, with the grain of a sensor."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(grey, (0, 0), blur) + rng.normal(0, noise, grey.shape)
    return np.clip(soft, 0, 255).astype(np.uint8)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / "Vera.ttf"), size)
