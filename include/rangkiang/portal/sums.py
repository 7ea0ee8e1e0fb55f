"""The sums that prove a figure: those of its form down its column, and its row against the column of totals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rangkiang.forms import Equation, Form
from rangkiang.forms.contest import brief
from rangkiang.forms.equations import Term
from rangkiang.portal.figures import Figure


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum with what its sides come to; None where a figure is not known."""

    text: str
    rows: frozenset[str]
    left: int | None
    right: int | None

    @property
    def off(self) -> int | None:
        """By how much it fails: 0 where it holds, None where that is not known."""
        return None if self.left is None or self.right is None else self.left - self.right


@dataclass(frozen=True, slots=True)
class RowTotal:
    """A row's units against its total."""

    count: int
    off: int | None


class Sheet:
    """One document's figures."""

    def __init__(self, figures: Sequence[Figure], form: Form | None) -> None:
        self._values = {(f.row, f.column): f.value for f in figures}
        self._rows = frozenset(f.row for f in figures)
        self._equations = _speaking(form, self._rows) if form else []
        self._totals = sorted({f.column for f in figures if f.is_total})
        self._units = sorted({f.column for f in figures} - set(self._totals))

    def down(self, column: int, rows: Collection[str]) -> list[Sum]:
        """The form's sums in one column that name one of these rows."""
        named = (e for e in self._equations if any(row in rows for row in e.rows))
        return [
            Sum(brief(str(e)), frozenset(e.rows), self._side(e.left, column), self._side(e.right, column))
            for e in named
        ]

    def across(self, figure: Figure) -> RowTotal | None:
        """The total that a figure is part of, or is; None where its sheet has none."""
        total = next((column for column in self._totals if column >= figure.column), None)
        units = [column for column in self._units if total is not None and column < total]
        if total is None or not units:
            return None
        parts = [self._values.get((figure.row, column)) for column in units]
        return RowTotal(len(units), _off(parts, self._values.get((figure.row, total))))

    def _side(self, terms: Iterable[Term], column: int) -> int | None:
        total = 0
        for term in terms:
            value = self._values.get((term.row, column))
            if value is None:
                return None
            total += term.coefficient * value
        return total


def _off(parts: Sequence[int | None], total: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return None if total is None or len(known) < len(parts) else sum(known) - total


def _speaking(form: Form, rows: Collection[str]) -> list[Equation]:
    """The form's identities over the rows of a sheet. A row that may be absent and is counts for nothing; where another
    is absent, what names it says nothing."""
    optional = {leaf.code for leaf in form.leaf_rows if leaf.parent.optional}
    asked = [e for e in form.identities if all(row in rows or row in optional for row in e.rows)]
    return [e.over(rows) for e in asked]
