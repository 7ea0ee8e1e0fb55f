"""Which reader a page's tables come from. The rule, and the figures behind it: docs/decisions/0005-which-reader.md.

1. Where rules make a grid, the grid is the table (``vector``). Sides that a ladder of rules leaves open are closed, and
   cells that hold several columns or rows are parted where the text parts (``half-ruled``).
2. Where lines of text just outside grids go on in their columns, rules are decoration: all of it is read by its text.
3. What stands in columns outside the grids is read by its text (``loose``).
4. Where columns of figures are left over after that, camelot is asked (``camelot-hybrid``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Box, Cell, Table
from rangkiang.reading.pdf import hybrid, lattice, loose
from rangkiang.reading.pdf.finer import finer
from rangkiang.reading.pdf.ladders import SAME_END, closed
from rangkiang.reading.pdf.page import Page
from rangkiang.reading.pdf.parts import Place
from rangkiang.reading.pdf.phrases import Line, lines, together, words
from rangkiang.reading.source import Decision

HALF_RULED, LOOSE = "half-ruled", "loose"

FILLED = 0.15
"""Share of a grid's cells with text below which it is a chart, unless its first row and column are headed."""
HEADED = 0.5
"""Share of the cells of the first row, and of the first column, that have text where they are headed."""
GOES_ON = 3
"""So many phrases in as many columns of a grid, on a line outside it, belong to the same table."""
LEFT_OVER = 3
"""So many lines of so many figures, outside all tables, are a table that was not seen."""

Extent = tuple[float, float, float, float]  # x0, y0, x1, y1 on the page as it is read


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tables of a page from top to bottom, and where they come from."""

    tables: tuple[Table, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Found:
    table: Table
    extent: Extent


def choose(page: Page, data: bytes) -> Chosen:
    """The tables of a page, each by the reader that explains it. ``data`` is the file, for camelot."""
    text = lines(words(page, page.solid))
    ruled = list(_ruled(page, text))
    zones = [zone for zone in loose.zones(text) if _explains_more(zone, ruled)]
    found = [r for r in ruled if not any(_overlap(r.extent, _around(zone)) for zone in zones)]
    found += [_loose(page, zone) for zone in zones]
    left = lines(words(page, _outside(page, found)))
    found += [_loose(page, zone) for zone in loose.zones(left)]
    unseen = [line for line in left if not any(_inside(line, f.extent) for f in found)]
    why = ""
    if sum(sum(p.is_number for p in line) >= LEFT_OVER for line in unseen) >= LEFT_OVER:
        try:
            found += _new(page, hybrid.tables(data, page.number), found)
        except hybrid.Stumbled as stumbled:
            why = f"; camelot could not read the page: {stumbled}"
    found.sort(key=lambda f: (f.extent[1], f.extent[0]))
    tables = tuple(_titled(f, text, found) for f in found)
    engines = "+".join(sorted({table.engine for table in tables})) or "none"
    return Chosen(tables, Decision(page.number, engines, _why(tables) + why))


def _ruled(page: Page, text: Sequence[Line]) -> Iterator[_Found]:
    """The tables that rules make, their open sides closed."""
    drawn = _grids(page)
    whole = closed(page, text)
    for grid in drawn if whole is page else _grids(whole):
        as_drawn = next((d for d in drawn if np.allclose(grid.extent, d.extent, atol=SAME_END)), None)
        table = as_drawn.table if as_drawn else replace(grid.table, engine=HALF_RULED)
        if not any(_frames(grid.extent, other.extent) for other in drawn):
            table = finer(page, table, HALF_RULED)
        if table.n_rows > 1 and table.n_cols > 1 and _is_filled(table):
            yield _Found(table, grid.extent)


def _grids(page: Page) -> list[_Found]:
    return [_Found(table, _extent(page, table)) for table in lattice.ruled(page).tables]


def _is_filled(table: Table) -> bool:
    filled = np.array([[bool(cell and cell.text) for cell in row] for row in table.grid()])
    return bool(filled.mean() >= FILLED or (filled[0].mean() >= HEADED and filled[:, 0].mean() >= HEADED))


def _explains_more(zone: Sequence[Line], ruled: Sequence[_Found]) -> bool:
    """Does a zone hold grids, and lines outside them that go on in their columns?"""
    held = [r for r in ruled if _overlap(r.extent, _around(zone))]
    outside = [line for line in zone if not any(_inside(line, r.extent) for r in held)]
    return any(_goes_on(line, r) for r in held for line in outside)


def _goes_on(line: Line, found: _Found) -> bool:
    boxes = {(c.col, c.box.x0, c.box.x1) for c in found.table.cells if c.box and c.col_span == 1}
    columns = {col for p in line for col, x0, x1 in boxes if x0 <= p.middle_x <= x1 and p.x1 - p.x0 <= x1 - x0}
    return len(columns) >= GOES_ON


def _loose(page: Page, zone: Sequence[Line]) -> _Found:
    cells = tuple(_cell(page, place) for place in loose.places(zone, page.across))
    return _Found(Table(page.number, LOOSE, cells), _around(zone))


def _cell(page: Page, place: Place) -> Cell:
    whole = together(place.phrases)
    (box,) = page.frame.back(np.array([[whole.x0, whole.y0, whole.x1, whole.y1]])).round(2).tolist()
    return Cell(place.row, place.first, whole.text, Box(*box), 1, place.last - place.first + 1)


def _new(page: Page, tables: Sequence[Table], found: Sequence[_Found]) -> list[_Found]:
    """Another reader's tables where there is none yet."""
    theirs = [_Found(table, _extent(page, table)) for table in tables]
    return [t for t in theirs if not any(_overlap(t.extent, f.extent) for f in found)]


def _titled(found: _Found, text: Sequence[Line], others: Sequence[_Found]) -> Table:
    """With the line of text right above the table as its title, where it has none yet."""
    if found.table.title:
        return found.table
    x0, y0, x1, _ = found.extent
    above = [line for line in text if y0 - 4 * (line[0].y1 - line[0].y0) < line[0].middle < y0]
    above = [line for line in above if not any(_inside(line, other.extent) for other in others)]
    title = " ".join(p.text for line in above[-1:] for p in line if p.x1 > x0 and p.x0 < x1)
    return replace(found.table, title=title)


def _why(tables: Sequence[Table]) -> str:
    said = {
        lattice.ENGINE: "rules make the grid",
        HALF_RULED: "rules make part of the grid, text the rest",
        LOOSE: "text stands in columns without rules",
        hybrid.ENGINE: "columns of figures that neither rules nor text explained",
    }
    return "; ".join(why for engine, why in said.items() if any(t.engine == engine for t in tables)) or "no table"


def _outside(page: Page, found: Sequence[_Found]) -> NDArray[np.bool_]:
    free = page.solid.copy()
    x, y = page.middle.T
    for x0, y0, x1, y1 in (f.extent for f in found):
        free &= ~((x > x0) & (x < x1) & (y > y0) & (y < y1))
    return free


def _extent(page: Page, table: Table) -> Extent:
    boxes = page.frame.there(np.array([[c.box.x0, c.box.y0, c.box.x1, c.box.y1] for c in table.cells if c.box]))
    return (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def _around(zone: Sequence[Line]) -> Extent:
    whole = together([p for line in zone for p in line])
    return whole.x0, whole.y0, whole.x1, whole.y1


def _inside(line: Line, extent: Extent) -> bool:
    x0, y0, x1, y1 = extent
    return any(x0 <= p.middle_x <= x1 and y0 <= p.middle <= y1 for p in line)


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _frames(one: Extent, other: Extent) -> bool:
    """Does the one stand around the other?"""
    return one[0] < other[0] and one[1] < other[1] and one[2] > other[2] and one[3] > other[3]
