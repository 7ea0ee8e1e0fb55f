"""Slips of the person who typed a sheet: one figure is not what it should be, and so the sheet does not add up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from samples.press.grid import Column
from samples.press.rows import SPLITS
from samples.press.sheet import Sheet

Kind = Literal["unit", "jml", "sum", "total", "carry"]
KINDS: tuple[Kind, ...] = ("unit", "jml", "sum", "total", "carry")
"""Where the slip is: a figure that nothing on the sheet is summed into, an L + P, another sum of a unit, the last
column, a running total."""

_RUNNING = {"total": ("total",), "carry": ("carried_in", "carried_out")}
_TRIES = 40  # tries to mistype a figure


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed instead of what is right, and what that breaks.

    ``equations`` are those of the figure's own column, as ``left = right + …`` in row codes; ``totals`` (kind, label)
    the running totals in the figure's row that are not the sum of the units before them.
    """

    kind: Kind
    block: int  # of columns, from 0
    row: str
    column_kind: str
    column_label: str
    right: int
    printed: int
    equations: tuple[str, ...]
    totals: tuple[tuple[str, str], ...]


def slipped(sheet: Sheet, rng: random.Random) -> tuple[Sheet, Slip]:
    """The sheet with one slip, of a kind that it has room for."""
    blocks = sheet.grid.blocks
    kind = rng.choice([kind for kind in KINDS if any(_places(sheet, kind))])
    block, n, row = rng.choice(list(_places(sheet, kind)))
    column = blocks[block][n]
    right = column.figures[row]
    printed = mistyped(right, rng)
    wrong = replace(column, figures={**column.figures, row: printed})
    columns = (*blocks[block][:n], wrong, *blocks[block][n + 1 :])
    grid = replace(sheet.grid, blocks=(*blocks[:block], columns, *blocks[block + 1 :]))
    equations = tuple(e for e in _equations(column, tuple(column.figures)) if row in e.split())
    slip = Slip(kind, block, row, column.kind, column.label, right, printed, equations, _totals(blocks, block, n))
    return replace(sheet, grid=grid), slip


def mistyped(figure: int, rng: random.Random) -> int:
    """Another figure of no more digits, and not zero: a digit wrong, left out, or two changed about."""
    digits = str(figure)
    for _ in range(_TRIES):
        n = rng.randrange(len(digits))
        changed = rng.choice(
            (
                digits[:n] + str(rng.randrange(10)) + digits[n + 1 :],
                digits[:n] + digits[n : n + 2][::-1] + digits[n + 2 :],
                digits[:n] + digits[n + 1 :],
            )
        )
        if changed.lstrip("0") == changed and changed not in ("", digits):
            return int(changed)
    raise ValueError(f"{figure} cannot be mistyped")


def _places(sheet: Sheet, kind: Kind) -> Iterator[tuple[int, int, str]]:
    """Block, column and row of every figure that may slip."""
    for b, block in enumerate(sheet.grid.blocks):
        for n, column in enumerate(block):
            if column.kind in _RUNNING.get(kind, ("unit",)):
                yield from ((b, n, row) for row in column.figures if kind in _RUNNING or _kind(row) == kind)


def _kind(row: str) -> Kind:
    if row.endswith(".JML"):
        return "jml"
    summed = row in ("III.1", "III.4", "V.A", "V.C") or row.endswith(".T") or row.startswith(("I.A.4", "I.B.4"))
    return "sum" if summed else "unit"


def _totals(blocks: Sequence[Sequence[Column]], block: int, n: int) -> tuple[tuple[str, str], ...]:
    """A running total is wrong by itself; a unit puts all later ones in the wrong."""
    column = blocks[block][n]
    if column.kind != "unit":
        return ((column.kind, column.label),)
    later = [*blocks[block][n:], *(c for others in blocks[block + 1 :] for c in others)]
    return tuple((c.kind, c.label) for c in later if c.kind != "unit")


def _equations(column: Column, rows: Sequence[str]) -> Iterator[str]:
    """Every identity of a unit or a total; there are none in a carry, which is but a note."""
    if column.kind not in ("unit", "total"):
        return
    for row in (*(f"I.{part}.{n}" for part in "AB" for n in range(1, 5)), "II.1", "II.2"):
        yield f"{row}.JML = {row}.L + {row}.P"
    for part in SPLITS:
        for who in ("I.A", "I.B"):
            yield f"{who}.4.{part} = {who}.1.{part} + {who}.2.{part} + {who}.3.{part}"
    yield "III.1 = III.2 + III.3 + III.4"
    votes = [row for row in rows if row.startswith("IV.")]
    sums = [row for row in votes if row.endswith(".T")]
    for row in sums:
        own = row.removesuffix("T")
        yield f"{row} = {' + '.join(vote for vote in votes if vote.startswith(own) and vote != row)}"
    yield f"V.A = {' + '.join(sums or votes)}"
    yield "V.C = V.A + V.B"
    yield "V.C = III.4"
    yield "V.C = I.B.4.JML"
