"""Camelot's hybrid reader: the last one asked. Its tables have no spans; a cell's text may be of several lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rangkiang.model import Box, Cell, Table

ENGINE = "camelot-hybrid"


def tables(data: bytes, page: int) -> list[Table]:
    """What camelot makes of one page of a PDF (1-based)."""
    # Only who asks it pays for loading it: a hundred megabytes and a second.
    from camelot.io import read_pdf

    found = read_pdf(io.BytesIO(data), pages=str(page), flavor="hybrid", suppress_stdout=True)
    return [Table(page, ENGINE, cells) for table in found if (cells := tuple(_cells(table)))]


def _cells(table: Any) -> Iterator[Cell]:
    height = float(table.pdf_size[1])
    for r, row in enumerate(table.cells):
        for c, cell in enumerate(row):
            if text := "\n".join(" ".join(line.split()) for line in str(cell.text).splitlines() if line.strip()):
                left, right, top, bottom = (
                    round(float(v), 2) for v in (cell.x1, cell.x2, height - cell.y2, height - cell.y1)
                )
                yield Cell(r, c, text, Box(left, top, right, bottom))
