"""The typeface of what is printed: Noto Sans, its Latin letters, under the Open Font License (``fonts/OFL.txt``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

REGULAR, BOLD, ITALIC = "NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic"


@cache
def embedded() -> None:
    """Make the typeface known to what writes PDF."""
    for name in (REGULAR, BOLD, ITALIC):
        with as_file(files(__package__) / "fonts" / f"{name}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def width(text: str, size: float, face: str = REGULAR) -> float:
    """Of a text, in points."""
    embedded()
    return float(pdfmetrics.stringWidth(text, face, size))


@cache
def drawn(size: int) -> ImageFont.FreeTypeFont:
    """The regular face for pictures, by its size in pixels."""
    with as_file(files(__package__) / "fonts" / f"{REGULAR}.ttf") as path:
        return ImageFont.truetype(str(path), size)
