"""Rules and text as PDF programs put them: the same cell can be drawn in many ways."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from samples.press.cells import Cell
from samples.press.fonts import CAP, font, width
from samples.press.grid import LEADING, PAD, tight
from samples.press.styles import Style

THICK = 0.5  # of a rule, points
STRAY = 0.7  # how far a ragged rule ends from where it should
_DOUBLED = 0.25  # between a rule and its double
_GREY = {"head": 0.85, "section": 0.93}

Rule = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is drawn at once. ``up`` reads from bottom to top; ``room`` is where x may lie in its cell."""

    x: float
    y: float
    text: str
    font: str
    size: float
    up: bool = False
    room: tuple[float, float] = (0.0, 0.0)


def fills(canvas: Any, cells: Iterable[Cell], style: Style) -> None:
    """Grey behind the header and the section rows."""
    shaded = {"none": (), "head": ("head",), "sections": ("head", "section")}[style.fill]
    for cell in cells:
        if cell.role in shaded:
            canvas.setFillGray(_GREY[cell.role])
            canvas.rect(cell.x0, cell.y0, cell.x1 - cell.x0, cell.y1 - cell.y0, stroke=0, fill=1)
    canvas.setFillGray(0)


def rules(canvas: Any, cells: Sequence[Cell], style: Style, rng: random.Random) -> None:
    """The borders of the cells."""
    canvas.setLineWidth(THICK)
    again = (0.0, _DOUBLED) if style.strokes == "doubled" else (0.0,)
    stray = STRAY if style.strokes == "ragged" else 0.0
    for shift in again:
        if style.rules == "rects":
            _rects(canvas, cells, shift, stray / 2, rng)
            continue
        drawn = _edges(cells) if style.rules == "segments" else _runs(_edges(cells))
        drawn = [_strayed(rule, shift, stray, rng) for rule in drawn]
        if style.rules == "fills":
            for x0, y0, x1, y1 in drawn:
                half = THICK / 2
                canvas.rect(x0 - half, y0 - half, x1 - x0 + THICK, y1 - y0 + THICK, stroke=0, fill=1)
        else:
            canvas.lines(drawn)


def _rects(canvas: Any, cells: Iterable[Cell], shift: float, inset: float, rng: random.Random) -> None:
    for cell in cells:
        left, low, right, high = (rng.uniform(0, inset) for _ in range(4))
        x0, y0 = cell.x0 + left + shift, cell.y0 + low + shift
        canvas.rect(x0, y0, cell.x1 - right - cell.x0 - left, cell.y1 - high - cell.y0 - low)


def _edges(cells: Iterable[Cell]) -> list[Rule]:
    """Every side of every cell once, from left to right or from bottom to top."""
    found: dict[Rule, None] = {}
    for cell in cells:
        x0, y0, x1, y1 = (round(v, 3) for v in (cell.x0, cell.y0, cell.x1, cell.y1))
        for rule in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            found[rule] = None
    return list(found)


def _runs(edges: Iterable[Rule]) -> list[Rule]:
    """Edges joined into the longest lines."""
    level: dict[float, list[tuple[float, float]]] = defaultdict(list)
    upright: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for x0, y0, x1, y1 in edges:
        if y0 == y1:
            level[round(y0, 2)].append((x0, x1))
        else:
            upright[round(x0, 2)].append((y0, y1))
    across = [(a, y, b, y) for y, spans in level.items() for a, b in _joined(spans)]
    return across + [(x, a, x, b) for x, spans in upright.items() for a, b in _joined(spans)]


def _joined(spans: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    start, end = min(spans)
    for a, b in sorted(spans):
        if a > end + 0.05:
            yield start, end
            start, end = a, b
        end = max(end, b)
    yield start, end


def _strayed(rule: Rule, shift: float, stray: float, rng: random.Random) -> Rule:
    x0, y0, x1, y1 = rule
    a, b = (rng.uniform(-stray, stray) for _ in range(2)) if stray else (0.0, 0.0)
    return (x0 + a, y0 + shift, x1 + b, y1 + shift) if y0 == y1 else (x0 + shift, y0 + a, x1 + shift, y1 + b)


def write(canvas: Any, cells: Iterable[Cell], style: Style) -> None:
    """The text of the cells, in pieces as the style says."""
    runs = [run for cell in cells for run in _placed(cell, style)]
    text = canvas.beginText()
    now = ("", 0.0)
    for run in _pieces(runs, style):
        if (run.font, run.size) != now:
            now = (run.font, run.size)
            text.setFont(*now)
        if run.up:
            text.setTextTransform(0, 1, -1, 0, run.x, run.y)
        else:
            text.setTextOrigin(run.x, run.y)
        text.textOut(run.text)
    canvas.drawText(text)


def _placed(cell: Cell, style: Style) -> Iterator[Run]:
    """One run for each line of the cell's text."""
    name = font(style.font, cell.bold)
    pad = tight(style) if cell.role == "value" else PAD
    across, up = (cell.y1 - cell.y0, cell.x1 - cell.x0) if cell.turned else (cell.x1 - cell.x0, cell.y1 - cell.y0)
    for n, line in enumerate(cell.text):
        free = across - width(line, name, cell.size)
        x = {"left": pad, "center": free / 2, "right": free - pad}[cell.align]
        y = up / 2 + cell.size * (LEADING * ((len(cell.text) - 1) / 2 - n) - CAP)
        at = (cell.x1 - y, cell.y0 + x) if cell.turned else (cell.x0 + x, cell.y0 + y)
        yield Run(*at, line, name, cell.size, cell.turned, (cell.x0 + pad, cell.x0 + free - pad))


def _pieces(runs: Sequence[Run], style: Style) -> Iterator[Run]:
    if style.pieces == "line":
        yield from _in_lines(runs)
        return
    for run in runs:
        if style.pieces == "twice":
            yield from (run, replace(run, x=run.x + 0.15))
        elif style.pieces == "word" and " " in run.text:
            yield from _apart(run, [word for word in run.text.split(" ") if word], " ")
        elif style.pieces == "char":
            yield from _apart(run, list(run.text), "")
        else:
            yield run


def _apart(run: Run, parts: Sequence[str], between: str) -> Iterator[Run]:
    """The run in parts, each set down for itself."""
    step = width(between, run.font, run.size) if between else 0.0
    along = 0.0
    for part in parts:
        x, y = (run.x, run.y + along) if run.up else (run.x + along, run.y)
        if part != " ":
            yield replace(run, text=part, x=x, y=y)
        along += width(part, run.font, run.size) + step


def _in_lines(runs: Sequence[Run]) -> Iterator[Run]:
    """Texts of cells side by side as one string, parted by as many spaces as lead from one to the next.

    Only where that leaves each text inside its cell.
    """
    open_run: Run | None = None
    for run in runs:
        joined = _join(open_run, run) if open_run else None
        if joined is None and open_run:
            yield open_run
        open_run = joined or run
    if open_run:
        yield open_run


def _join(before: Run, run: Run) -> Run | None:
    if (before.font, before.size, before.up, before.y) != (run.font, run.size, False, run.y):
        return None
    gap = run.x - before.x - width(before.text, run.font, run.size)
    space = width(" ", run.font, run.size)
    for count in (round(gap / space), round(gap / space) - 1, round(gap / space) + 1):
        if count > 0 and run.room[0] <= run.x - gap + count * space <= run.room[1]:
            return replace(before, text=before.text + " " * count + run.text)
    return None
