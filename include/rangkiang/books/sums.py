"""Sums recomputed: SUM over ranges and lists, plus and minus of cells and numbers, across the sheets of one book.

What a spreadsheet shows for a formula is what its program last computed, if it ever did. Other functions are not
recomputed: nothing is said of them. The rules of adding are the spreadsheet's: SUM passes over text in cells, an empty
cell is zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rangkiang.books.formulas import Area, Term, parsed
from rangkiang.books.notes import Formula
from rangkiang.books.places import Place
from rangkiang.books.values import Value

MAX_VISITS = 1_000_000
"""Cells looked at for all formulas of a book. Beyond, only formulas over up to SMALL cells are recomputed: a thousand
sums over a thousand rows each take longer than their file says.
"""

SMALL = 100

_ZERO = re.compile("[-\u2010-\u2015\u2212Xx]+")  # texts that a sheet prints for zero


@dataclass(frozen=True, slots=True)
class Sum:
    """What a formula adds up to. ``plain``: every part was a number, or blank, or a sign for zero."""

    value: float
    plain: bool = True


class Circular:
    """A formula that needs its own value."""


Outcome = Sum | Circular | None  # None: no sum, or one of parts that are no numbers


@dataclass(frozen=True)
class Grid:
    """The values of a sheet by row and column, its formulas, and places whose value is no plain number."""

    rows: Sequence[Sequence[Value]]
    formulas: Mapping[Place, Formula]
    odd: Mapping[Place, str]

    @cached_property
    def last(self) -> Place:
        """Row and column of the last cell that holds something; formulas without a value are no values."""
        rows, columns = zip(*self.formulas, (0, 0), strict=True)
        return max(len(self.rows) - 1, *rows), max([len(row) - 1 for row in self.rows] + list(columns))

    @cached_property
    def marked(self) -> Mapping[int, Sequence[int]]:
        """Per row, the columns whose value is not to be taken as it is."""
        found: dict[int, list[int]] = {}
        for row, col in {**self.formulas, **self.odd}:
            found.setdefault(row, []).append(col)
        return found

    def at(self, place: Place) -> Value:
        line = self.rows[place[0]] if place[0] < len(self.rows) else ()
        return line[place[1]] if place[1] < len(line) else ""


_Key = tuple[str, int, int]  # sheet, folded; row; column


class Sums:
    """The formulas of a book. ``load`` gives the grid of a sheet by its folded name, None where there is no such."""

    def __init__(self, load: Callable[[str], Grid | None]) -> None:
        self._load = load
        self._grids: dict[str, Grid | None] = {}
        self._known: dict[_Key, Outcome] = {}
        self._visits = 0

    def grid(self, folded: str) -> Grid | None:
        """Of the sheet with this name, loaded once."""
        if folded not in self._grids:
            self._grids[folded] = self._load(folded)
        return self._grids[folded]

    def put(self, name: str, grid: Grid) -> None:
        """A sheet that has been loaded already."""
        self._grids.setdefault(name.casefold(), grid)

    def outcome(self, sheet: str, at: Place) -> Outcome:
        """Of the formula at a place. Raises nothing for formulas that are wrong or endless."""
        asked = (sheet.casefold(), *at)
        path: dict[_Key, None] = {}  # formulas that each wait for the next
        waiting = [asked]
        while waiting:
            key = waiting[-1]
            if key in self._known:
                path.pop(key, None)
                waiting.pop()
                continue
            path[key] = None
            needed = self._try(key)
            if circle := next((k for k in needed if k in path), None):
                around = list(path)
                self._known.update((k, Circular()) for k in around[around.index(circle) :])
            waiting += needed
        return self._known[asked]

    def _try(self, key: _Key) -> list[_Key]:
        """Settle one formula, or name those that must be settled before."""
        grid = self.grid(key[0])
        terms = parsed(grid.formulas[key[1:]].text) if grid else None
        size = sum(self._size(term, key[0]) for term in terms or ())
        self._visits += size
        if terms is None or (self._visits > MAX_VISITS and size > SMALL):
            self._known[key] = None
            return []
        needed = [k for term in terms for k in self._formulas(term, key[0]) if k not in self._known]
        if not needed:
            self._known[key] = self._added(terms, key[0])
        return needed

    def _extent(self, area: Area, grid: Grid) -> tuple[range, range]:
        """Rows and columns of an area, down and right to where the sheet ends."""
        bottom, right = grid.last
        rows = range(area.top, (bottom if area.bottom < 0 else min(area.bottom, bottom)) + 1)
        return rows, range(area.left, min(area.right, right) + 1)

    def _grid_of(self, term: Term, own: str) -> Grid | None:
        return self.grid(term.what.sheet or own) if isinstance(term.what, Area) else None

    def _size(self, term: Term, own: str) -> int:
        grid = self._grid_of(term, own)
        if grid is None or not isinstance(term.what, Area):
            return 0
        rows, columns = self._extent(term.what, grid)
        return len(rows) * len(columns)

    def _formulas(self, term: Term, own: str) -> Iterator[_Key]:
        """The formulas among the cells of a term."""
        grid = self._grid_of(term, own)
        if grid is None or not isinstance(term.what, Area) or not grid.formulas:
            return
        rows, columns = self._extent(term.what, grid)
        for row in rows:
            for col in grid.marked.get(row, ()):
                if col in columns and (row, col) in grid.formulas:
                    yield term.what.sheet or own, row, col

    def _added(self, terms: Sequence[Term], own: str) -> Sum | None:
        total, plain = 0.0, True
        for term in terms:
            if not isinstance(term.what, Area):
                total += term.sign * term.what
                continue
            grid = self._grid_of(term, own)
            if grid is None:
                return None
            for part in self._parts(grid, term.what, term.what.sheet or own, term.summed):
                if part is None:
                    return None
                total, plain = total + term.sign * part.value, plain and part.plain
        return Sum(total, plain)

    def _parts(self, grid: Grid, area: Area, name: str, summed: bool) -> Iterator[Sum | None]:
        """What the cells of an area add, many cells at a time where they are nothing but numbers."""
        if not summed:
            yield self._part(grid, name, (area.top, area.left), summed)
            return
        rows, columns = self._extent(area, grid)
        for row in rows:
            line = grid.rows[row][area.left : columns.stop] if row < len(grid.rows) else ()
            if not any(col in columns for col in grid.marked.get(row, ())) and all(type(v) is float for v in line):
                yield Sum(sum(line))  # type: ignore[arg-type]
            else:
                yield from (self._part(grid, name, (row, col), summed) for col in columns)

    def _part(self, grid: Grid, name: str, at: Place, summed: bool) -> Sum | None:
        if at in grid.odd:
            return None
        if at in grid.formulas:
            outcome = self._known[name, *at]
            if isinstance(outcome, Sum):
                return outcome
            if isinstance(outcome, Circular) or not grid.formulas[at].computed:
                return None
        value = grid.at(at)
        if isinstance(value, str):
            text = value.strip()
            return Sum(0, not text or bool(_ZERO.fullmatch(text))) if summed or not value else None
        if isinstance(value, bool):
            return Sum(0, plain=False) if summed else None
        return Sum(value) if isinstance(value, int | float) else None
