"""Tables whose rules leave sides open: where the rungs of a ladder end together, what is missing is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rangkiang.reading.pdf.page import Page
from rangkiang.reading.pdf.phrases import Line
from rangkiang.reading.pdf.rules import Floats, lines

SAME_END = 3.0
"""Points: rungs whose ends differ by less than this end together."""
SHORTEST = 60.0
"""Points: what is shorter is no rung of a table."""
BESIDE = 24.0
"""Points beyond a rung's end in which no text of its lines may stand: it would be part of the table."""
TABULAR = 0.5
"""Share of the lines between two rungs that must have several phrases."""
BEYOND = 6.0
"""Points that an upright rule must run past the last rung for the table to go on there."""

Rung = tuple[float, float, float]  # y, x0, x1


def closed(page: Page, text: Sequence[Line]) -> Page:
    """The page with the missing sides of its ladders drawn. ``text`` are its lines."""
    rungs: list[Rung] = []
    sides: list[tuple[float, float, float]] = []
    for (top, x0, x1), (bottom, _, _) in _bands(page, text):
        rungs += [(top, x0, x1), (bottom, x0, x1)]
        sides += [(x0, top, bottom), (x1, top, bottom)]
    return replace(page, across=_with(page.across, rungs), down=_with(page.down, sides)) if sides else page


def _with(strokes: Floats, more: Sequence[tuple[float, float, float]]) -> Floats:
    return np.concatenate([strokes, np.array(more).reshape(-1, 3)])


def _bands(page: Page, text: Sequence[Line]) -> Iterator[tuple[Rung, Rung]]:
    """Two rungs, one below the other, and what stands between them is part of a table."""
    for ladder in _ladders(page.across):
        for upper, lower in pairwise(_ends(ladder, page.down)):
            between = [line for line in text if any(upper[0] < p.middle < lower[0] for p in line)]
            if between and _is_table(between, upper, lower, page.down):
                yield upper, lower


def _ladders(across: Floats) -> list[list[Rung]]:
    """Level lines that begin and end together, from top to bottom."""
    level = lines(across)
    ladders: list[list[Rung]] = []
    for line, x0, x1 in level.pieces.tolist():
        if x1 - x0 < SHORTEST:
            continue
        rung = (float(level.at[int(line)]), x0, x1)
        same = (r for r in ladders if abs(r[0][1] - x0) < SAME_END and abs(r[0][2] - x1) < SAME_END)
        if (ladder := next(same, None)) is None:
            ladders.append([rung])
        else:
            ladder.append(rung)
    return ladders


def _ends(ladder: list[Rung], down: Floats) -> list[Rung]:
    """The rungs, and one more where upright rules between the sides run on past the first or the last."""
    (first, x0, x1), last = ladder[0], ladder[-1][0]
    inside = down[(down[:, 0] > x0 + SAME_END) & (down[:, 0] < x1 - SAME_END)]
    above = inside[(inside[:, 2] > first - SAME_END) & (inside[:, 2] < first + SAME_END)]
    below = inside[(inside[:, 1] > last - SAME_END) & (inside[:, 1] < last + SAME_END)]
    top = above[:, 1].min(initial=first)
    bottom = below[:, 2].max(initial=last)
    before = [(float(top), x0, x1)] if top < first - BEYOND else []
    after = [(float(bottom), x0, x1)] if bottom > last + BEYOND else []
    return [*before, *ladder, *after]


def _is_table(between: Sequence[Line], upper: Rung, lower: Rung, down: Floats) -> bool:
    _, x0, x1 = upper
    if any(
        x0 - BESIDE < p.x1 <= x0 + SAME_END or x1 - SAME_END <= p.x0 < x1 + BESIDE for line in between for p in line
    ):
        return False
    inside = [row for line in between if (row := [p for p in line if p.x1 > x0 and p.x0 < x1])]
    several = sum(len(line) > 1 for line in inside)
    return bool(inside) and (_divided(down, upper, lower) or several >= TABULAR * len(inside))


def _divided(down: Floats, upper: Rung, lower: Rung) -> bool:
    """Does an upright rule part what stands between two rungs?"""
    (top, x0, x1), (bottom, _, _) = upper, lower
    middle = (top + bottom) / 2
    inside = (down[:, 0] > x0 + SAME_END) & (down[:, 0] < x1 - SAME_END)
    return bool((inside & (down[:, 1] < middle) & (down[:, 2] > middle)).any())
