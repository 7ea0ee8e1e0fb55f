"""Heads come again on every page of a block of columns: what is blurred on one page is clear on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rangkiang.model import Cell, Table
from rangkiang.reading.scan.eyes import Said

DOUBT = "column_unsure"
"""What a number carries whose column nobody can name for sure."""
SAME = 0.5
"""Share of the names that two heads have in common, from which they are one: blocks side by side share none."""
TWICE = 2
"""Pages on which a name is read alike, from which it is believed: two pictures are seldom blurred into one word."""
_UNSURE = 0.3  # of a vote


@dataclass(frozen=True, slots=True)
class Name:
    """What stands over a column of figures, and in which cell: its row, its first and its end column."""

    row: int
    first: int
    end: int
    said: Said


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one head from left to right, and the rows of figures under it: the first, and the end."""

    table: int  # number of the table among those of the document
    names: tuple[Name, ...]
    rows: tuple[int, int]

    def alike(self, other: Names) -> bool:
        """Are they the same head?"""
        if len(self.names) != len(other.names):
            return False
        same = sum(a.said.text == b.said.text for a, b in zip(self.names, other.names, strict=True))
        return same >= SAME * len(self.names)


def agreed(tables: Sequence[Table], heads: Sequence[Names]) -> list[Table]:
    """The tables with one name for each column of a block, the one that was read most surely and most often."""
    groups: list[list[Names]] = []
    for head in heads:
        group = next((g for g in groups if g[0].alike(head)), None)
        if group is None:
            groups.append(group := [])
        group.append(head)
    found = list(tables)
    for group in groups:
        voted = [_voted([name.said for name in column]) for column in zip(*(g.names for g in group), strict=True)]
        for head in group:
            found[head.table] = _named(found[head.table], head, voted)
    return found


def _voted(said: Sequence[Said]) -> Said:
    votes: dict[str, float] = defaultdict(float)
    for one in said:
        votes[one.text] += 1.0 if one.sure else _UNSURE
    best = max(votes, key=lambda text: votes[text])
    alike = [one.sure for one in said if one.text == best]
    return Said(best, any(alike) or len(alike) >= TWICE)


def _named(table: Table, head: Names, voted: Sequence[Said]) -> Table:
    texts = {(name.row, name.first): said.text for name, said in zip(head.names, voted, strict=True)}
    sure = {n for name, said in zip(head.names, voted, strict=True) if said.sure for n in range(name.first, name.end)}
    return replace(table, cells=tuple(_cell(cell, head.rows, texts, sure) for cell in table.cells))


def _cell(cell: Cell, rows: tuple[int, int], texts: dict[tuple[int, int], str], sure: set[int]) -> Cell:
    if (cell.row, cell.col) in texts:
        return replace(cell, text=texts[cell.row, cell.col])
    if cell.doubt == DOUBT and rows[0] <= cell.row < rows[1] and cell.col in sure:
        return replace(cell, doubt="")
    return cell
