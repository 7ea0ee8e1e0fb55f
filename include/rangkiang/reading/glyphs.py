"""The text of a cell from its characters.

A line of text, as layout analysis makes it, may run over two cells or come out backwards where it is rotated.
Characters know better: each carries the matrix it was drawn with, hence its direction and its baseline.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rangkiang.model import Box

JOINED = 0.15
"""Characters closer than this share of their size were written in one go."""
SAME_LINE = 0.5
SPACE = 0.18
SAME_PLACE = 0.7


@dataclass(slots=True)
class Run:
    """Characters written in one go, in one direction. Lengths in points, box in page space (origin bottom left)."""

    text: str
    direction: tuple[int, int]  # (1, 0) upright, (0, 1) from bottom to top, (0, -1) from top to bottom
    start: float  # along the direction
    end: float
    line: float  # of the baseline, across the direction, growing from line to line
    size: float
    box: Box  # y grows upwards here

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box.x0 + self.box.x1) / 2, (self.box.y0 + self.box.y1) / 2


def runs(textlines: Iterable[Any]) -> list[Run]:
    """Cut the text lines of a page (as camelot hands them on) into runs."""
    found: list[Run] = []
    for textline in textlines:
        last: Run | None = None
        for glyph in _glyphs(textline):
            if last is not None and _joined(last, glyph):
                last.text += glyph.text
                last.end = glyph.end
                last.box = _union(last.box, glyph.box)
            elif glyph.text.strip():
                last = glyph
                found.append(last)
            else:
                last = None
    return found


def text_of(cell: Iterable[Run]) -> str:
    """The runs of one cell as text: lines from top to bottom, joined by line breaks."""
    lines = _lines(_without_copies(cell))
    texts = [_line_text(line) for line in lines]
    stacked = len(texts) > 2 and all(len(t) == 1 for t in texts)  # letters set one below the other
    return ("" if stacked else "\n").join(texts)


def main_direction(found: Iterable[Run]) -> tuple[int, int]:
    """The direction most characters are written in."""
    counts: dict[tuple[int, int], int] = {(1, 0): 0}
    for run in found:
        counts[run.direction] = counts.get(run.direction, 0) + len(run.text)
    return max(counts, key=lambda d: counts[d])


def _glyphs(textline: Any) -> Iterator[Run]:
    for item in textline:
        matrix = getattr(item, "matrix", None)  # what layout analysis adds (spaces, line ends) has none
        if matrix is None:
            continue
        a, b, _, _, x, y = matrix
        length = math.hypot(a, b) or 1.0
        dx, dy = round(a / length), round(b / length)
        along = (item.x0 * dx + item.y0 * dy, item.x1 * dx + item.y1 * dy)
        box = Box(item.x0, item.y0, item.x1, item.y1)
        size = float(item.size) if dx else box.x1 - box.x0
        yield Run(item.get_text(), (dx, dy), min(along), max(along), x * dy - y * dx, size, box)


def _joined(run: Run, glyph: Run) -> bool:
    return (
        run.direction == glyph.direction
        and abs(run.line - glyph.line) < SAME_LINE * run.size
        and abs(glyph.start - run.end) <= JOINED * run.size
    )


def _without_copies(cell: Iterable[Run]) -> list[Run]:
    """Bold is sometimes drawn as the same text twice, a hair apart."""
    kept: list[Run] = []
    for run in cell:
        if not any(run.text == k.text and _overlap(run, k) > SAME_PLACE for k in kept):
            kept.append(run)
    return kept


def _lines(cell: list[Run]) -> list[list[Run]]:
    ordered = sorted(cell, key=lambda r: (r.direction, r.line))
    lines: list[list[Run]] = []
    for run in ordered:
        last = lines[-1][-1] if lines else None
        if last and last.direction == run.direction and run.line - last.line < SAME_LINE * last.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.start) for line in lines]


def _line_text(line: list[Run]) -> str:
    text = line[0].text
    for before, run in pairwise(line):
        text += (" " if run.start - before.end > SPACE * run.size else "") + run.text
    return " ".join(text.split())


def _overlap(a: Run, b: Run) -> float:
    """The share of a's box that lies in b's."""
    width = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    height = min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0)
    area = (a.box.x1 - a.box.x0) * (a.box.y1 - a.box.y0)
    return max(0.0, width) * max(0.0, height) / area if area else 0.0


def _union(a: Box, b: Box) -> Box:
    return Box(min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))
