"""Camelot's hybrid reader: the last one asked. Its tables have no spans; a cell's text may be of several lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rangkiang.model import Box, Cell, Table

ENGINE = "camelot-hybrid"


class Stumbled(Exception):
    """Camelot could not read the page; the text says how."""


def tables(data: bytes, page: int) -> list[Table]:
    """What camelot makes of one page of a PDF (1-based). Raises Stumbled."""
    # Only who asks it pays for loading it: a hundred megabytes and a second.
    from camelot.io import read_pdf

    try:
        found = list(read_pdf(io.BytesIO(data), pages=str(page), flavor="hybrid", suppress_stdout=True))
    except Exception as error:  # a parser of foreign files may raise anything
        raise Stumbled(f"{type(error).__name__}: {error}"[:200]) from error
    return [Table(page, ENGINE, cells) for table in found if (cells := tuple(_cells(table)))]


def _cells(table: Any) -> Iterator[Cell]:
    height = float(table.pdf_size[1])
    for r, row in enumerate(table.cells):
        for c, cell in enumerate(row):
            text = "\n".join(" ".join(line.split()) for line in str(cell.text).splitlines() if line.strip())
            box = Box(*(round(float(v), 2) for v in (cell.x1, height - cell.y2, cell.x2, height - cell.y1)))
            if text:
                yield Cell(r, c, text, box)
