"""A second opinion: camelot reads the same pages, and where the two readers differ the cell is in doubt.

Camelot finds the rules and gathers the text in its own way, so that both rarely err alike. It takes fifty times as
long: it is asked about pages that give reason to doubt, not about all.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Cell, Table
from rangkiang.reading.numbers import parse
from rangkiang.reading.source import Decision

ENGINE = "camelot-lattice"
DIFFERS = "readers_differ"
SEES_THE_PAGE = 0.5
"""A second reader that confirms less than this share of a page's numbers has not understood the page."""

# No text boxes: their clustering takes nine tenths of camelot's time and nobody looks at them. No vertical lines: a
# column of single digits must not be taken for one, nor a sheet full of rotated headers for a rotated page.
LAYOUT = {"boxes_flow": None, "detect_vertical": False}


def compare(
    tables: Sequence[Table], data: bytes, pages: Collection[int]
) -> tuple[tuple[Table, ...], tuple[Decision, ...]]:
    """The same tables, numbers on ``pages`` marked where camelot reads another one; and what came of each page."""
    compared = list(tables)
    decisions = []
    for number in sorted(pages):
        at = [n for n, table in enumerate(tables) if table.page == number]
        theirs = _Theirs(data, number)
        marked = [_marked(tables[n], theirs) for n in at]
        numbers = [
            (c, m) for n, t in zip(at, marked, strict=True) for c, m in zip(tables[n].cells, t.cells, strict=True)
        ]
        seen = [m for c, m in numbers if _number(c.text) is not None and c.box]
        agreed = sum(m.doubt != DIFFERS for m in seen if m.other)
        if not seen or agreed < SEES_THE_PAGE * len(seen):
            decisions.append(Decision(number, ENGINE, "second reader does not see the tables of this page"))
            continue
        differ = sum(m.doubt == DIFFERS for m in seen)
        decisions.append(Decision(number, ENGINE, f"second reader: {agreed} numbers agree, {differ} differ"))
        for n, table in zip(at, marked, strict=True):
            compared[n] = table
    return tuple(compared), tuple(decisions)


class _Theirs:
    """Camelot's cells of one page: where they lie and what they say."""

    def __init__(self, data: bytes, page: int) -> None:
        # Only who asks for a second opinion pays for loading camelot: a hundred megabytes and a second.
        from camelot.io import read_pdf

        options = {"engine": "vector", "backend": "pdfium", "use_fallback": False, "layout_kwargs": LAYOUT}
        found = list(read_pdf(io.BytesIO(data), pages=str(page), flavor="lattice", suppress_stdout=True, **options))
        cells = [(cell, float(t.pdf_size[1])) for t in found for row in t.cells for cell in row]
        self.texts = [str(cell.text) for cell, _ in cells]
        self.middles: NDArray[np.float64] = np.array(
            [((c.x1 + c.x2) / 2, height - (c.y1 + c.y2) / 2) for c, height in cells]
        ).reshape(-1, 2)

    def inside(self, cell: Cell) -> Iterator[str]:
        """What stands in their cells whose middle lies in ours."""
        if cell.box is None:
            return
        x, y = self.middles.T
        box = cell.box
        for n in np.flatnonzero((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)).tolist():
            if text := " ".join(self.texts[n].split()):
                yield text


def _marked(table: Table, theirs: _Theirs) -> Table:
    return replace(table, cells=tuple(_judged(cell, theirs) for cell in table.cells))


def _judged(cell: Cell, theirs: _Theirs) -> Cell:
    """A number with what the other reader says of it. Labels are matched against the form anyway."""
    ours = _number(cell.text)
    other = " ".join(theirs.inside(cell))
    if ours is None or not other:
        return cell
    if _number(other) == ours:
        return replace(cell, other=other)
    return replace(cell, other=other, doubt=DIFFERS, confidence=0.5)


def _number(text: str) -> int | None:
    return parse(text)[0]
