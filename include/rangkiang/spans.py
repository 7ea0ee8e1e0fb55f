"""Which positions of a grid are one cell: spans out of the rules that are drawn."""

from __future__ import annotations

from collections.abc import Sequence

Region = tuple[int, int, int, int]
"""First row, first column, end row, end column."""


def regions(above: Sequence[Sequence[bool]], before: Sequence[Sequence[bool]]) -> list[Region]:
    """The cells: positions that no rule divides, growing to the right and then down.

    ``above[r][c]`` says whether there is a rule over row r at column c (the last r is the lower border);
    ``before[r][c]`` whether there is one to the left of column c (the last c is the right border).
    """
    rows, columns = len(before), len(above[0])
    taken = [[False] * columns for _ in range(rows)]
    found: list[Region] = []
    for r0 in range(rows):
        row, bars = taken[r0], before[r0]
        for c0 in range(columns):
            if row[c0]:
                continue
            c1 = c0 + 1
            while c1 < columns and not bars[c1] and not row[c1]:
                c1 += 1
            r1 = r0 + 1
            while r1 < rows and not any(above[r1][c0:c1]) and not any(taken[r1][c0:c1]):
                r1 += 1
            for r in range(r0, r1):
                taken[r][c0:c1] = [True] * (c1 - c0)
            found.append((r0, c0, r1, c1))
    return found
