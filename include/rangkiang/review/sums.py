"""The sums that bind a figure, as a person checks them: which cells on which side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rangkiang.forms import Equation
from rangkiang.model import ColumnKind
from rangkiang.review.sheet import Sheet

Values = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures, each times its coefficient, that must come to nothing; or, of a bound, to no more than nothing."""

    name: str
    terms: Mapping[int, int]  # by line or whatever else they are numbered by: coefficient
    bound: bool = False

    def off(self, values: Values, line: int | None = None, value: int | None = None) -> int | None:
        """What they come to, with another value at one line; None where one of them is not known."""
        total = 0
        for at, coefficient in self.terms.items():
            here = value if at == line else values[at]
            if here is None:
                return None
            total += coefficient * here
        return total

    def holds(self, values: Values, line: int | None = None, value: int | None = None) -> bool | None:
        """Whether it is so; None where a figure is not known."""
        off = self.off(values, line, value)
        return None if off is None else off <= 0 if self.bound else off == 0

    def wanted(self, values: Values, line: int) -> int | None:
        """The value of one line with which it would hold, all others as they are; None where no count does."""
        off = self.off(values, line, 0)
        coefficient = self.terms.get(line, 0)
        if off is None or not coefficient or off % coefficient:
            return None
        value = -off // coefficient
        return value if value >= 0 else None


def of_line(sheet: Sheet, line: int) -> Iterator[Sum]:
    """Every sum of its sheet that binds a figure: down its column, and along its row."""
    row = sheet.at(line, "row")
    if sheet.kinds[line] in (ColumnKind.UNIT.value, ColumnKind.TOTAL.value):
        column = sheet.column(line)
        for equation in sheet.binding.get(row, ()):
            yield down(sheet, equation, column)
    yield from (one for one in along(sheet, row) if line in one.terms)


def down(sheet: Sheet, equation: Equation, column: int) -> Sum:
    """An equation of the form in one column; rows that the sheet has not count for nothing."""
    terms = {sheet.rows[row][column]: count for row, count in equation.residual.items() if row in sheet.rows}
    return Sum(equation.id, terms)


def along(sheet: Sheet, row: str) -> Iterator[Sum]:
    """A row's carries and total, each the sum of the units before it, by way of the carry before that."""
    parts: list[int] = []
    for line in sheet.rows[row]:
        if sheet.kinds[line] == ColumnKind.UNIT.value:
            parts.append(line)
        else:
            yield Sum(RUNNING, {**dict.fromkeys(parts, 1), line: -1})
            parts = [line]


RUNNING = "jumlah"
"""Name of the sum of a row's units."""
