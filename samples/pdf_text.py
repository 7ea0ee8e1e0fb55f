"""Ruled cells with text in them, on a PDF page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from reportlab.lib.utils import simpleSplit  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]

FONT, BOLD, ITALIC = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"
PADDING = 3.0
_LEADING = 1.15
_RULE = 0.4
_CAP = 0.36  # half the height of a capital, as a share of the font's size

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in page space, origin bottom left, points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Pen:
    canvas: Any
    size: float

    def width(self, text: str, bold: bool = False) -> float:
        return float(stringWidth(text, BOLD if bold else FONT, self.size))

    def height(self, text: str, width: float, bold: bool = False) -> float:
        """How high a cell of that width must be for its text."""
        lines = self._lines(text, width, BOLD if bold else FONT, self.size)
        return len(lines) * self.size * _LEADING + PADDING

    def cell(
        self,
        box: Box,
        text: str,
        *,
        bold: bool = False,
        align: Align = "center",
        fill: float = 1.0,
        turned: bool = False,
        size: float = 0.0,
    ) -> None:
        """A ruled cell; ``fill`` is its grey, 1 for none. ``turned`` text reads from bottom to top."""
        self.canvas.setLineWidth(_RULE)
        self.canvas.setFillGray(fill)
        self.canvas.rect(box.x, box.y, box.width, box.height, fill=int(fill < 1), stroke=1)
        self.canvas.setFillGray(0)
        if not text:
            return
        font, size = BOLD if bold else FONT, size or self.size
        self.canvas.saveState()
        self.canvas.setFont(font, size)
        self.canvas.translate(box.x, box.y)
        width, height = box.width, box.height
        if turned:
            self.canvas.translate(box.width, 0)
            self.canvas.rotate(90)
            width, height = height, width
        self._write(self._lines(text, width, font, size), width, height, align, size)
        self.canvas.restoreState()

    def _write(self, lines: list[str], width: float, height: float, align: Align, size: float) -> None:
        leading = size * _LEADING
        y = height / 2 + leading * (len(lines) - 1) / 2 - _CAP * size
        for line in lines:
            if align == "left":
                self.canvas.drawString(PADDING, y, line)
            elif align == "right":
                self.canvas.drawRightString(width - PADDING, y, line)
            else:
                self.canvas.drawCentredString(width / 2, y, line)
            y -= leading

    def _lines(self, text: str, width: float, font: str, size: float) -> list[str]:
        return list(simpleSplit(text, font, size, width - 2 * PADDING)) or [""]
