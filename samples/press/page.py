"""Draws a page: titles, table, signatures, frame; turned as the style says."""

from __future__ import annotations

import random
from typing import Any

from samples.press import ink
from samples.press.cells import Cell
from samples.press.fonts import font, width
from samples.press.sheet import FOOT, MARGIN, TITLE, Page, Sheet, measure
from samples.press.styles import Turn

Matrix = tuple[float, float, float, float, float, float]
_SIGNERS = ("KETUA", "ANGGOTA", "ANGGOTA", "ANGGOTA", "ANGGOTA", "SAKSI")
_LEADING = TITLE * 1.4


def draw(canvas: Any, sheet: Sheet, page: Page, number: int, count: int, rng: random.Random) -> None:
    """One page of the sheet; ``number`` and ``count`` are printed."""
    w, h = measure(sheet.style)
    # reportlab itself swaps width and height for /Rotate 90 and 270
    canvas.setPageSize((h, w) if sheet.style.turn.startswith("sideways") else (w, h))
    canvas.setPageRotation(int(sheet.style.turn.split()[1]) if sheet.style.turn.startswith("rotate") else 0)
    canvas.transform(*matrix(sheet.style.turn, w, h))
    if sheet.style.frame:
        canvas.setLineWidth(0.8)
        canvas.rect(MARGIN / 2, MARGIN / 2, w - MARGIN, h - MARGIN)
    signed = _signatures(sheet)
    ink.fills(canvas, page.cells, sheet.style)
    for cells in (page.cells, signed):
        if cells:
            ink.rules(canvas, cells, sheet.style, rng)
    _titles(canvas, sheet, f"Halaman {number} dari {count}")
    ink.write(canvas, [*page.cells, *signed], sheet.style)
    canvas.showPage()


def matrix(turn: Turn, w: float, h: float) -> Matrix:
    """From the page as it is looked at, w wide and h high, to the page as it is drawn."""
    return {
        "upright": (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
        "rotate 90": (0.0, 1.0, -1.0, 0.0, h, 0.0),
        "rotate 180": (-1.0, 0.0, 0.0, -1.0, w, h),
        "rotate 270": (0.0, -1.0, 1.0, 0.0, 0.0, w),
        "sideways left": (0.0, 1.0, -1.0, 0.0, h, 0.0),
        "sideways right": (0.0, -1.0, 1.0, 0.0, 0.0, w),
    }[turn]


def box(sheet: Sheet, cell: Cell) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a cell on the page as it is drawn, before /Rotate."""
    a, b, c, d, e, f = matrix(sheet.style.turn, *measure(sheet.style))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in ((cell.x0, cell.y0), (cell.x1, cell.y1))]
    (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
    return x0, y0, x1, y1


def _titles(canvas: Any, sheet: Sheet, numbering: str) -> None:
    w, h = measure(sheet.style)
    plain, bold = font(sheet.style.font, False), font(sheet.style.font, True)
    y = h - MARGIN - TITLE
    canvas.setFont(bold, TITLE)
    canvas.drawRightString(w - MARGIN, y, f"MODEL {sheet.printed_model}")
    canvas.setFont(plain, TITLE - 1)
    canvas.drawString(MARGIN, y, numbering)
    canvas.setFont(bold, TITLE)
    for line in sheet.title_lines():
        y -= _LEADING
        canvas.drawCentredString(w / 2, y, line)
    canvas.setFont(plain, TITLE)
    indent = max(width(label, plain, TITLE) for label, _ in sheet.places) + 10
    for label, name in sheet.places:
        y -= _LEADING
        canvas.drawString(MARGIN, y, label)
        canvas.drawString(MARGIN + indent, y, f": {name}")


def _signatures(sheet: Sheet) -> list[Cell]:
    """Ruled boxes without a name, or a ruled list; cells from the bottom margin upwards."""
    room = measure(sheet.style)[0] - 2 * MARGIN
    kind, top = sheet.style.signatures, MARGIN + FOOT[sheet.style.signatures] - 10
    cells: list[Cell] = []
    if kind == "boxes":
        each = room / len(_SIGNERS)
        for n, signer in enumerate(_SIGNERS):
            x0 = MARGIN + n * each
            cells.append(Cell(x0, top - 11, x0 + each, top, (signer,), size=5.5, bold=True))
            cells.append(Cell(x0, MARGIN, x0 + each, top - 11, ("(....................)",), size=5.5))
    if kind == "list":
        edges = [MARGIN, MARGIN + 24, MARGIN + 0.45 * room, MARGIN + 0.6 * room, MARGIN + 0.8 * room]
        each = (top - MARGIN) / (len(_SIGNERS) + 1)
        rows = [("NO.", "NAMA", "JABATAN", "TANDA TANGAN")]
        rows += [(str(n), "....................", signer, "") for n, signer in enumerate(_SIGNERS, 1)]
        for r, row in enumerate(rows):
            y1 = top - r * each
            for c, text in enumerate(row):
                cells.append(Cell(edges[c], y1 - each, edges[c + 1], y1, (text,), size=5.5, bold=r == 0))
    return cells
