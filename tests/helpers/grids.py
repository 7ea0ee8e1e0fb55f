"""Recap sheets as tables of cells, as a reader of files gives them: what a line says is written as one string."""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang.model import Box, Cell, Table

LABELS = 3  # grid columns left of the figures: NO., URAIAN, L/P/JML


def table(
    columns: Sequence[str],
    lines: Sequence[str],
    *,
    page: int = 1,
    head: bool = True,
    numbered: bool = True,
    ruled: bool = False,
    unit: str = "KECAMATAN",
) -> Table:
    """One table. A line is ``NO|URAIAN|L/P/JML|figure|figure...``; ``=text`` spans it, ``^`` goes on from above.

    ``ruled`` gives every cell a box 20 points wide and 10 high.
    """
    width = LABELS + len(columns)
    texts: list[list[str]] = []
    if head:
        texts += [["NO.", "URAIAN", "", f"RINCIAN {unit}", *[">"] * (len(columns) - 1)], ["", "", "", *columns]]
        texts += [[str(n + 1) for n in range(width)]] if numbered else []
    texts += [[line[1:], *[">"] * (width - 1)] if line.startswith("=") else line.split("|") for line in lines]
    cells = [_cell(texts, r, c, ruled) for r, row in enumerate(texts) for c, text in enumerate(row) if text not in "^>"]
    cells += [_cell(texts, r, c, ruled) for r, row in enumerate(texts) for c, text in enumerate(row) if text == ""]
    return Table(page, "test", tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def _cell(texts: list[list[str]], row: int, col: int, ruled: bool) -> Cell:
    down = next((n for n, line in enumerate(texts[row + 1 :]) if line[col] != "^"), len(texts) - row - 1)
    right = next((n for n, text in enumerate(texts[row][col + 1 :]) if text != ">"), len(texts[row]) - col - 1)
    box = Box(20.0 * col, 10.0 * row, 20.0 * (col + right + 1), 10.0 * (row + down + 1)) if ruled else None
    return Cell(row, col, texts[row][col], box, down + 1, right + 1)
