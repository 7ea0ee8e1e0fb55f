"""Pictures of number cells, drawn with the font that comes with reportlab."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import reportlab  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from rangkiang.scans.leaf import Grey

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def cell(text: str, size: int = 24, room: tuple[int, int] = (150, 36), rules: int = 0, align: str = "m") -> Grey:
    """A cell (width, height) with its text in the middle, at the left or at the right, and rules around it."""
    width, height = room
    picture = Image.new("L", room, 255)
    pen = ImageDraw.Draw(picture)
    x = {"l": 4, "m": width / 2, "r": width - 4}[align]
    pen.text((x, height / 2), text, 0, ImageFont.truetype(VERA, size), f"{align}m")
    if rules:
        pen.rectangle((0, 0, width - 1, height - 1), outline=0, width=rules)
    return np.array(picture)


def crossed(picture: Grey, level: float, thick: int = 3) -> Grey:
    """The cell with a line through it at a share of its height."""
    struck = picture.copy()
    at = round(picture.shape[0] * level)
    struck[at : at + thick, 4:-4] = 0
    return struck
