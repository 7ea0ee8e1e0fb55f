"""Looks up votes in tables that nobody has explained: by the words that stand in their row and in their column.

A canvass may have its precincts down or across, and a table may go on sideways on the next page without its labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from rangkiang.model import Table

ALIKE = 88
"""Of 100: names that are spelt differently in the truth and on the page are still this much alike."""

_NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d+")
_SAME = {
    "TOTAL VOTES": ("CAST VOTES",),
    "UNDER VOTES": ("UNDERVOTES",),
    "OVER VOTES": ("OVERVOTES",),
    "REGISTERED VOTERS": ("REGISTERED VOTERS TOTAL", "REGISTERED VOTERS", "ACTIVE VOTERS"),
    "BALLOTS CAST": ("BALLOTS CAST TOTAL", "BALLOTS CAST", "VOTING"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: what it says, and its numbers by what stands across them."""

    says: str
    numbers: tuple[tuple[str, int], ...]  # what the line across says, the number; empty cells are left out


def lines(tables: Sequence[Table]) -> list[Line]:
    """All rows and columns of all tables, in order."""
    return [line for table in _beside(tables) for line in (*_rows(table), *_rows(_transposed(table)))]


def find(found: Sequence[Line], name: str, start: int = 0) -> int:
    """The first line from ``start`` on that names somebody; -1 where none does."""
    for wanted in _SAME.get(plain(name), (plain(name),)):
        for n in range(start, len(found)):
            if found[n].numbers and set(wanted.split()) <= set(found[n].says.split()):
                return n
    like = (n for n in range(start, len(found)) if fuzz.partial_ratio(plain(name), found[n].says) >= ALIKE)
    return next(like, -1) if len(plain(name)) > 8 else -1


def under(line: Line, heading: str) -> int:
    """The number of a line under a heading that may have more words; 0 where the cell is empty."""
    wanted = set(heading.split())
    return next((number for says, number in line.numbers if wanted <= set(says.split())), 0)


def written_in(found: Sequence[Line], start: int) -> list[Line]:
    """The lines of those who are written in, in the contest that ``start`` is in: up to its sum or the next heading."""
    sums = (n for n in range(start, len(found)) if {"CAST", "VOTES"} <= set(found[n].says.split()))
    headings = (n for n in range(start, len(found)) if not found[n].numbers)
    end = next(sums, next(headings, len(found)))
    return [line for line in found[start:end] if {"WRITE", "IN"} <= set(line.says.split()) or "W" in line.says.split()]


def across(line: Line, name: str, names: Sequence[str]) -> int | None:
    """The number of a line under a name; None where the name has no column or the cell is empty.

    Names of precincts may be cut short ('AN 1', Antimony 1) or numbered otherwise ('Monroe #8', Monroe 1): then those
    of the same first word stand in the same order. ``names`` are all of them.
    """
    options = [(says, number) for says, number in line.numbers if _alike(plain(name), says)]
    wanted = set(plain(name).split())
    exact = [n for says, n in options if wanted <= set(says.split()) or (" " in says and set(says.split()) <= wanted)]
    last = plain(name).split()[-1]
    cut = [number for says, number in options if last.isdecimal() and says.split()[-1] == last]
    if exact or cut:
        return (exact or cut)[0]
    same = [n for n in names if plain(n).split()[0] == plain(name).split()[0]]
    return options[same.index(name)][1] if len(options) == len(same) else None


def plain(text: str) -> str:
    return " ".join(re.findall(r"[A-Z0-9]+", text.upper()))


def _alike(name: str, says: str) -> bool:
    return bool(says) and any(
        (name.split()[0].startswith(word) and len(word) > 1) or word == name for word in says.split()
    )


Grid = list[list[str]]


def _beside(tables: Sequence[Table]) -> list[Grid]:
    """The texts of each table, a table without labels put beside the one before, whose rows it goes on with."""
    grids: list[Grid] = []
    for table in tables:
        own = [[cell.text if cell else "" for cell in row] for row in table.grid()]
        labelled = any(re.search("[A-Za-z]{3}", text) for row in own[len(own) // 2 :] for text in row)
        if grids and not labelled and len(own) == len(grids[-1]):
            grids[-1] = [[*left, *right] for left, right in zip(grids[-1], own, strict=True)]
        else:
            grids.append(own)
    return grids


def _transposed(grid: Grid) -> Grid:
    return [list(column) for column in zip(*grid, strict=True)]


def _rows(grid: Grid) -> Iterator[Line]:
    names = [n for n, row in enumerate(grid) if _numbers_precincts(row)]
    across = [
        plain(" ".join(dict.fromkeys(t for n, t in enumerate(column) if n in names or not _number(t))))
        for column in _transposed(grid)
    ]
    for row in (row for n, row in enumerate(grid) if n not in names):
        says = plain(" ".join(dict.fromkeys(t for t in row if not _number(t))))
        numbers = tuple((what, int(t.replace(",", ""))) for what, t in zip(across, row, strict=True) if _number(t))
        yield Line(says, numbers)


def _numbers_precincts(row: Sequence[str]) -> bool:
    """1, 2, 3, 4 …: names, not votes."""
    numbers = [int(t) for t in row if t.isdecimal()]
    return len(numbers) > 3 and numbers[0] == 1 and all(0 < b - a < 4 for a, b in pairwise(numbers))


def _number(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None
