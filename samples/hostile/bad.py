"""What a hostile file is, and the good ones that they are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from samples import papers, tables
from samples.region import RegencyTally, province

OFFICE = "13.74"
FILED = "filed"
"""The end of a file that is read all the same."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A file as somebody might send it, by mistake or on purpose, and what must become of it."""

    name: str  # in the inbox
    end: str  # FILED, or the code of the reason why it is refused or waits
    make: Callable[[], bytes]


@cache
def tally() -> RegencyTally:
    return next(t for t in province() if t.office.code == OFFICE)


@cache
def sheet() -> bytes:
    """A good recap sheet as PDF."""
    return papers.db1(tally())


@cache
def rows() -> tuple[tuple[str, ...], ...]:
    """A good table of polling places, with a last column that nobody reads."""
    header, *lines = papers.tps_rows(tally())
    return (*header, "catatan"), *((*line, "-") for line in lines)


@cache
def book() -> bytes:
    """The table as XLSX."""
    return tables.to_xlsx(rows(), "Tabel")


@cache
def table() -> bytes:
    """The table as CSV."""
    return b"\r\n".join(";".join(row).encode() for row in rows()) + b"\r\n"


def noted(note: str) -> list[list[str]]:
    """The table with something else in its last column."""
    return [[*row[:-1], row[-1] if n == 0 else note] for n, row in enumerate(rows())]
