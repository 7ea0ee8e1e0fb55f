"""The cells of a table's rows and header, with their heights, before they are put on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from samples.press.fonts import font, width, wrap
from samples.press.grid import LEADING, PAD, Column, Grid, turned
from samples.press.rows import SPLITS, Heading, Line, Row
from samples.press.styles import Style

Role = Literal["head", "section", "label", "value"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A ruled cell in points; y counts upwards from the bottom of its strip, later of the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: tuple[str, ...] = ()  # its lines
    role: Role = "label"
    align: str = "center"
    size: float = 7.0
    bold: bool = False
    turned: bool = False
    code: str = ""  # of the row a figure belongs to
    column: int = -1  # of the block

    def moved(self, x: float, y: float) -> Cell:
        return replace(self, x0=self.x0 + x, y0=self.y0 + y, x1=self.x1 + x, y1=self.y1 + y)


@dataclass(frozen=True, slots=True)
class Strip:
    """Cells that no page break parts, from the table's left edge and upwards from 0."""

    height: float
    cells: tuple[Cell, ...]
    binds: bool = False  # stays with the strip below it


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the strips of one block."""

    style: Style
    grid: Grid
    columns: tuple[Column, ...]
    unit: str  # as the header prints it; '' where it prints none

    @property
    def right(self) -> float:
        return self.x(len(self.columns))

    def x(self, n: int) -> float:
        return self.grid.first + n * self.grid.value

    def strips(self, line: Line) -> Iterator[Strip]:
        """A row is one strip, or one for each of L, P, JML where nothing is merged and labels are repeated."""
        if isinstance(line, Heading):
            yield self._heading(line)
        elif not line.split:
            yield self._single(line)
        elif self.style.stub == "repeated":
            for code, part in zip(line.codes, SPLITS, strict=True):
                yield self._part(code, part, line.number, line.label)
        else:
            yield self._triple(line)

    def header(self, start: int) -> Strip:
        """The header; ``start`` is the number that the numbering row gives the first column of figures."""
        over, names, numbering = self._over_height(), self._name_height(), self._numbering_height()
        top = over + names + numbering
        cells = [
            self._head(0, numbering, self.grid.number, top, "NO."),
            self._head(self.grid.number, numbering, self.grid.first, top, "URAIAN"),
        ]
        below = [n for n, c in enumerate(self.columns) if over and (c.kind == "unit" or self.style.over == "all")]
        if below:
            cells.append(self._head(self.x(below[0]), top - over, self.x(below[-1] + 1), top, f"RINCIAN {self.unit}"))
        for n, column in enumerate(self.columns):
            high = top - over if n in below else top
            cells.append(self._name(self.x(n), numbering, self.x(n + 1), high, column.label))
        return Strip(top, (*cells, *self._numbers(start, numbering)), binds=True)

    def _numbers(self, start: int, height: float) -> list[Cell]:
        if not height:
            return []
        edges = [0.0, self.grid.number, *(self.x(n) for n in range(len(self.columns) + 1))]
        counts = [1, 2, *range(start, start + len(self.columns))]
        size = min(self.style.size, 6.0)
        return [
            Cell(left, 0, right, height, (self.style.numbering.format(n),), "head", size=size)
            for n, (left, right) in zip(counts, pairwise(edges), strict=True)
        ]

    def _over_height(self) -> float:
        return 0.0 if self.style.over == "none" or not self.unit else self._lines_height(1)

    def _numbering_height(self) -> float:
        return min(self.style.size, 6.0) * 1.4 if self.style.numbering else 0.0

    def _name_height(self) -> float:
        size, bold = self.grid.head, font(self.style.font, True)
        labels = [column.label for column in self.columns]
        if self.style.head == "turned":
            longest = max(width(line, bold, size) for label in labels for line in turned(label, bold, size))
            return max(longest + 2 * PAD + 2, self._lines_height(2))
        return max(self._lines_height(len(self._wrapped(label))) for label in (*labels, ""))

    def _wrapped(self, label: str) -> tuple[str, ...]:
        return wrap(label, font(self.style.font, True), self.grid.head, self.grid.value - 2 * PAD + 0.01)

    def _lines_height(self, count: int) -> float:
        return max(count, 1) * self.style.size * LEADING + 2 * PAD

    def _name(self, x0: float, y0: float, x1: float, y1: float, label: str) -> Cell:
        up = self.style.head == "turned"
        text = turned(label, font(self.style.font, True), self.grid.head) if up else self._wrapped(label)
        return Cell(x0, y0, x1, y1, text, "head", size=self.grid.head, bold=True, turned=up)

    def _head(self, x0: float, y0: float, x1: float, y1: float, text: str) -> Cell:
        """One line, smaller where it would not fit."""
        wide = width(text, font(self.style.font, True), 1.0)
        size = min(self.style.size, (x1 - x0 - 2 * PAD) / wide)
        return Cell(x0, y0, x1, y1, (text,), "head", size=size, bold=True)

    def _heading(self, line: Heading) -> Strip:
        apart = line.number.isdigit() or (line.number != "" and self.style.sections == "number")
        between = {"": "", "A.2": " "}.get(line.number, ". ")
        text = line.text if apart else f"{line.number}{between}{line.text}"
        left = self.grid.number if apart else 0.0
        lines = wrap(text, font(self.style.font, True), self.style.size, self.right - left - 2 * PAD)
        height = self._height(lines)
        cells = [Cell(left, 0, self.right, height, lines, "section", "left", self.style.size, True)]
        if apart:
            cells.append(Cell(0, 0, left, height, (line.number,), "section", "center", self.style.size, True))
        return Strip(height, tuple(cells), binds=True)

    def _height(self, *texts: tuple[str, ...]) -> float:
        size = self.style.size
        return max(size * self.style.air, max(map(len, texts)) * size * LEADING + 2.0)

    def _label(self, text: str, room: float) -> tuple[str, ...]:
        return wrap(text, font(self.style.font, False), self.style.size, room - 2 * PAD + 0.01)

    def _stub(self, x0: float, y0: float, x1: float, y1: float, text: Sequence[str], align: str = "center") -> Cell:
        return Cell(x0, y0, x1, y1, tuple(text), "label", align, self.style.size)

    def _single(self, line: Row) -> Strip:
        merged = self.style.stub == "merged"
        end = self.grid.first if merged else self.grid.number + self.grid.label
        text = self._label(line.label, end - self.grid.number)
        height = self._height(text)
        cells = [self._stub(0, 0, self.grid.number, height, (line.number,))]
        cells.append(self._stub(self.grid.number, 0, end, height, text, "left"))
        if not merged:
            cells.append(self._stub(end, 0, self.grid.first, height, ()))
        return Strip(height, (*cells, *self._figures(line.code, 0, height)))

    def _part(self, code: str, part: str, number: str, label: str) -> Strip:
        text = self._label(label, self.grid.label)
        height = self._height(text)
        end = self.grid.number + self.grid.label
        cells = (
            self._stub(0, 0, self.grid.number, height, (number,)),
            self._stub(self.grid.number, 0, end, height, text, "left"),
            self._stub(end, 0, self.grid.first, height, (part,)),
        )
        return Strip(height, (*cells, *self._figures(code, 0, height)))

    def _triple(self, line: Row) -> Strip:
        """NO. and URAIAN over three lines of figures: as merged cells, or in the first line only."""
        merged = self.style.stub == "merged"
        if not merged:
            parts = [self._part(c, p, line.number * (p == "L"), line.label * (p == "L")) for c, p in _parts(line)]
            return _stack(parts)
        text = self._label(line.label, self.grid.label)
        each = max(self._height(()), self._height(text) / len(SPLITS))
        end = self.grid.number + self.grid.label
        cells = [self._stub(0, 0, self.grid.number, 3 * each, (line.number,))]
        cells.append(self._stub(self.grid.number, 0, end, 3 * each, text, "left"))
        for n, (code, part) in enumerate(_parts(line), 1):
            y0 = (len(SPLITS) - n) * each
            cells.append(self._stub(end, y0, self.grid.first, y0 + each, (part,)))
            cells += self._figures(code, y0, y0 + each)
        return Strip(3 * each, tuple(cells))

    def _figures(self, code: str, y0: float, y1: float) -> list[Cell]:
        cells = []
        for n, column in enumerate(self.columns):
            text = self.style.number(column.figures[code])
            box = (self.x(n), y0, self.x(n + 1), y1)
            lines = (text,) if text else ()
            bold = column.kind != "unit"
            cells.append(Cell(*box, lines, "value", self.style.align, self.style.size, bold, code=code, column=n))
        return cells


def _parts(line: Row) -> list[tuple[str, str]]:
    return list(zip(line.codes, SPLITS, strict=True))


def _stack(strips: Sequence[Strip]) -> Strip:
    """Several strips as one that no page break parts."""
    height = sum(strip.height for strip in strips)
    cells: list[Cell] = []
    y = height
    for strip in strips:
        y -= strip.height
        cells += [cell.moved(0, y) for cell in strip.cells]
    return Strip(height, tuple(cells))
