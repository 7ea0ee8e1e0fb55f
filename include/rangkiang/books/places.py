"""Cells by their names: 'B7' is row 6, column 1."""

from __future__ import annotations

import re

Place = tuple[int, int]
"""Row and column, from 0."""

MAX_COLUMNS = 16384
"""Of a sheet, in the largest kind of book."""

_NAME = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def place(name: str) -> Place:
    """Raises ValueError."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name[:20]!r} names no cell")
    return int(found[2]) - 1, column(found[1])


def column(letters: str) -> int:
    """'A' is 0, 'AA' is 26."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def letters(column: int) -> str:
    """0 is 'A', 26 is 'AA'."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
