"""What is beside the values of a sheet: formulas, texts that only the file's own markup tells, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rangkiang.books.errors import Unusable
from rangkiang.books.places import Place

MAX_CELLS = 10_000_000
"""Rows times columns of one sheet: a stray value in the last corner of a sheet must not fill the memory."""

ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")

_PERCENT_FORMATS = (9, 10)  # of the formats that need no description
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Formula:
    """``text`` without the leading sign, in the words of XLSX; ``computed``: does the file hold its value?"""

    text: str
    computed: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """``texts`` take the place of values that a reader of values loses or does not see as people do."""

    texts: Mapping[Place, str] = field(default_factory=dict)
    formulas: Mapping[Place, Formula] = field(default_factory=dict)
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)


def check_extent(rows: int, columns: int) -> None:
    """Raises Unusable('too_large') where a sheet's values span more than MAX_CELLS."""
    if rows * columns > MAX_CELLS:
        raise Unusable("too_large", actual=f"{rows} x {columns} sel", limit=f"{MAX_CELLS} sel")


def is_percent(number: int, description: str) -> bool:
    """Does this number format show 0.5 as 50 %?"""
    return number in _PERCENT_FORMATS or "%" in _QUOTED.sub("", description)


def percent(value: float) -> str:
    """0.855 as '85.5%'."""
    return f"{100 * value:.15g}%"
