"""What there is to say of a table that was read off a scan: how its figures stand, and which sums it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rangkiang.model import Cell, Check, Severity, Status, Table

DOUBTED = "?"
"""Stands behind a number that is in doubt, or where nothing can be made out."""

_SHOWN = (Status.PROVED, Status.READ, Status.FLAGGED)


def tally(table: Table) -> str:
    """'248 proved, 10 read, 33 flagged'; nothing for a table of a digital file."""
    count = Counter(cell.status for cell in table.cells if cell.status)
    return ", ".join(f"{count[status]} {status.value}" for status in _SHOWN) if count else ""


def marked(text: str, cell: Cell | None, column: int) -> str:
    """The text of a cell; a number in doubt with a question mark behind it."""
    doubtful = cell is not None and cell.status is Status.FLAGGED and cell.col == column
    return f"{text} {DOUBTED}".lstrip() if doubtful and text != DOUBTED else text


def found_sums(table: Table) -> Iterator[Check]:
    """Sums that the table itself shows, and the lines in which they do not hold."""
    for one in table.sums:
        lines, places = ("baris", "kolom") if one.down else ("kolom", "baris")
        count = f"berlaku pada {len(one.holds)} dari {len(one.holds) + len(one.fails)} {places}"
        off = f"; tidak pada {places} {_numbers(one.fails)}" if one.fails else ""
        name = f"{lines} {one.total + 1} = jumlah {lines} {_numbers(one.parts)}"
        yield Check(name, Severity.WARNING, not one.fails, count + off)


def _numbers(positions: Sequence[int]) -> str:
    """Counted from 1, runs as '2–5'."""
    runs: list[list[int]] = []
    for n in positions:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(f"{r[0] + 1}\N{EN DASH}{r[-1] + 1}" if len(r) > 1 else str(r[0] + 1) for r in runs)
