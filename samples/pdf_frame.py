"""What stands around the table on every page of a sheet: titles, the area's lines, signatures, the note."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm  # type: ignore[import-untyped]

from samples.pdf_text import BOLD, FONT, ITALIC, Box, Pen
from samples.sheet import ELECTION, Sheet

WIDTH: float = 330 * mm  # F4, landscape
HEIGHT: float = 215 * mm
MARGIN = 26.0
TOP = 54.0  # height of the titles
PLACE = 11.0  # height of each line that names an area, below the titles
BOTTOM = 66.0  # signatures and note

_SIGNERS = ("KETUA", "ANGGOTA", "ANGGOTA", "ANGGOTA", "ANGGOTA", "SAKSI PASLON 01", "SAKSI PASLON 02")


def frame(canvas: Any, entire: Sheet, number: int, count: int) -> None:
    """Everything but the table."""
    _titles(canvas, entire, f"Halaman {number} dari {count}")
    _signatures(canvas, entire)
    canvas.setFont(ITALIC, 6)
    canvas.drawString(MARGIN, 14, entire.note)


def _titles(canvas: Any, entire: Sheet, pages: str) -> None:
    canvas.setFont(BOLD, 9.5)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 20, f"MODEL {entire.form.model}")
    canvas.setFont(BOLD, 9)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 33, entire.form.title)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 44, ELECTION)
    canvas.setFont(FONT, 7.5)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 44, pages)
    y = HEIGHT - 57
    for label, name in entire.places:
        canvas.setFont(FONT, 8)
        canvas.drawString(MARGIN, y, label)
        canvas.setFont(BOLD, 8)
        canvas.drawString(MARGIN + 90, y, f": {name}")
        y -= PLACE


def _signatures(canvas: Any, entire: Sheet) -> None:
    """Ruled boxes with a placeholder: the samples know no names."""
    pen = Pen(canvas, 5.5)
    canvas.setFont(BOLD, 6.5)
    canvas.drawString(MARGIN, BOTTOM - 11, entire.signed_by)
    width = (WIDTH - 2 * MARGIN) / len(_SIGNERS)
    for n, signer in enumerate(_SIGNERS):
        left = MARGIN + n * width
        pen.cell(Box(left, BOTTOM - 24, width, 9), signer, bold=True)
        pen.cell(Box(left, BOTTOM - 44, width, 20), "(tanda tangan)")
