"""Draws a recap sheet as vector PDF: F4 landscape, ruled, headed and signed on every page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from rangkiang.model import ColumnKind
from samples.pdf_frame import BOTTOM, HEIGHT, MARGIN, PLACE, TOP, WIDTH, frame
from samples.pdf_text import PADDING, Box, Pen
from samples.sheet import Column, Group, Sheet, Style, blocks, groups, printed_split

NUMBER, SPLIT = 22.0, 24.0  # widths of NO. and of the L/P/JML column, points
LABEL, LABEL_MAX = 205.0, 330.0
VALUE_MAX = 110.0
ROTATED = 64.0  # height of the header where unit names are turned
HEAD_ROW, NUMBERING = 12.0, 9.5
GREY = 0.9


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of one block: their left edges and the right end of the table."""

    columns: tuple[Column, ...]
    label: float  # width of URAIAN
    value: float  # width of a figure's column
    turned: bool  # the units' names read upwards

    @property
    def first(self) -> float:
        return MARGIN + NUMBER + self.label + SPLIT

    def x(self, n: int) -> float:
        return self.first + n * self.value


def draw(entire: Sheet, style: Style, password: str = "") -> bytes:
    """The sheet as PDF bytes, the same on every run. With a password it opens for nobody else."""
    out = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword=f"{password}-owner", strength=128) if password else None
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, encrypt=lock)
    canvas.setTitle(f"{entire.form.model} {entire.places[0][1]}")
    pen = Pen(canvas, style.font_size)
    grids = [_grid(pen, columns, style) for columns in blocks(entire, style)]
    pages = [(grid, page) for grid in grids for page in _pages(pen, grid, entire, style)]
    for number, (grid, page) in enumerate(pages, 1):
        frame(canvas, entire, number, len(pages))
        y = _head(pen, grid, entire)
        for group in page:
            y = _group(pen, grid, group, y, entire, style)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _grid(pen: Pen, columns: tuple[Column, ...], style: Style) -> Grid:
    """Figures share what the label leaves. Names are turned where a word does not fit its column."""
    room = WIDTH - 2 * MARGIN - NUMBER - SPLIT
    value = min(VALUE_MAX, (room - LABEL) / len(columns))
    label = min(LABEL_MAX, room - value * len(columns))
    value = (room - label) / len(columns)
    words = [word for column in columns for word in column.label.split()]
    wide = any(pen.width(word, bold=True) > value - 2 * PADDING for word in words)
    return Grid(columns, label, value, style.turned or wide)


def _pages(pen: Pen, grid: Grid, entire: Sheet, style: Style) -> list[list[Group]]:
    """The groups of each page."""
    room = HEIGHT - TOP - BOTTOM - PLACE * len(entire.places) - sum(_head_heights(pen, grid))
    pages: list[list[Group]] = [[]]
    left = room
    for bundle in _bundles(entire):
        height = sum(_height(pen, grid, group, style) for group in bundle)
        if height > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1] += bundle
        left -= height
    return pages


def _bundles(entire: Sheet) -> Iterator[list[Group]]:
    """A heading never stands last on a page: it comes with the row below it."""
    bundle: list[Group] = []
    for group in groups(entire.form):
        bundle.append(group)
        if not group.heading:
            yield bundle
            bundle = []


def _height(pen: Pen, grid: Grid, group: Group, style: Style) -> float:
    width = WIDTH - 2 * MARGIN if group.heading else grid.label + (0 if len(group.leaves) > 1 else SPLIT)
    return max(style.row_height * max(1, len(group.leaves)), pen.height(group.label, width))


def _head_heights(pen: Pen, grid: Grid) -> tuple[float, float, float]:
    """Heights of the header's rows: RINCIAN, the units' names, the columns' numbers."""
    names = ROTATED if grid.turned else max(pen.height(c.label, grid.value, bold=True) for c in grid.columns)
    return HEAD_ROW, names, NUMBERING


def _head(pen: Pen, grid: Grid, entire: Sheet) -> float:
    """The header of the table; returns where it ends. Carries and the total stand beside RINCIAN, not under it."""
    top = HEIGHT - TOP - PLACE * len(entire.places)
    upper, lower, numbers = _head_heights(pen, grid)
    end = top - upper - lower
    pen.cell(Box(MARGIN, end, NUMBER, upper + lower), "NO.", bold=True, fill=GREY)
    pen.cell(Box(MARGIN + NUMBER, end, grid.label + SPLIT, upper + lower), "URAIAN", bold=True, fill=GREY)
    units = [n for n, c in enumerate(grid.columns) if c.kind is ColumnKind.UNIT]
    over = Box(grid.x(units[0]), top - upper, grid.value * len(units), upper)
    pen.cell(over, f"RINCIAN {entire.form.printed_unit}", bold=True, fill=GREY)
    for n, column in enumerate(grid.columns):
        height = lower if n in units else upper + lower
        pen.cell(Box(grid.x(n), end, grid.value, height), column.label, bold=True, fill=GREY, turned=grid.turned)
    _numbering(pen, grid, end - numbers)
    return end - numbers


def _numbering(pen: Pen, grid: Grid, y: float) -> None:
    edges = [MARGIN, MARGIN + NUMBER, *(grid.x(n) for n in range(len(grid.columns) + 1))]
    for n, (left, right) in enumerate(pairwise(edges), 1):
        pen.cell(Box(left, y, right - left, NUMBERING), str(n), fill=GREY, size=5.5)


def _group(pen: Pen, grid: Grid, group: Group, top: float, entire: Sheet, style: Style) -> float:
    height = _height(pen, grid, group, style)
    if group.heading:
        box = Box(MARGIN, top - height, grid.x(len(grid.columns)) - MARGIN, height)
        pen.cell(box, group.label, bold=True, align="left", fill=0.96)
        return top - height
    split = len(group.leaves) > 1
    pen.cell(Box(MARGIN, top - height, NUMBER, height), group.number)
    width = grid.label if split else grid.label + SPLIT
    pen.cell(Box(MARGIN + NUMBER, top - height, width, height), group.label, align="left")
    each = height / len(group.leaves)
    for n, leaf in enumerate(group.leaves):
        y = top - (n + 1) * each
        if split:
            pen.cell(Box(grid.first - SPLIT, y, SPLIT, each), printed_split(entire.form, leaf))
        _figures(pen, grid, [style.print(c.figures.get(leaf.code)) for c in grid.columns], y, each)
    return top - height


def _figures(pen: Pen, grid: Grid, texts: Sequence[str], y: float, height: float) -> None:
    for n, (column, text) in enumerate(zip(grid.columns, texts, strict=True)):
        bold = column.kind is not ColumnKind.UNIT
        pen.cell(Box(grid.x(n), y, grid.value, height), text, align="right", bold=bold)
