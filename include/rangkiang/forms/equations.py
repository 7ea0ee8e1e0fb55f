"""Linear equations over row codes, as the registry writes them: ``V.C = V.A + V.B``, ``II.2.L <= II.1.L``.

``sum(IV.#.T)`` is the sum of all rows of the form whose code fits, ``#`` standing for a number from 1 up: IV.1.T,
IV.2.T, but not IV.T.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Relation = Literal["=", "<="]

_CODE = r"[IVX]+(?:\.[A-Za-z0-9]+)*"
_TERM = re.compile(rf"\s*(?P<sign>[+-])?\s*(?:(?P<coefficient>\d+)\s*\*\s*)?(?P<row>{_CODE})\s*")
_SUM = re.compile(r"sum\(([IVX]+(?:\.(?:[A-Za-z0-9]+|#))*)\)")


@dataclass(frozen=True, slots=True)
class Term:
    """``coefficient`` times the figure in ``row``."""

    row: str
    coefficient: int = 1


@dataclass(frozen=True, slots=True)
class Equation:
    """``left relation right``, in whole numbers."""

    id: str  # unique within the form, e.g. 'lp:I.A.1'
    family: str  # the registry entry it comes from, e.g. 'lp'
    left: tuple[Term, ...]
    relation: Relation
    right: tuple[Term, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(term.row for term in (*self.left, *self.right))

    @property
    def residual(self) -> Mapping[str, int]:
        """Coefficients of left minus right: zero where '=' holds, at most zero where '<=' holds."""
        total: dict[str, int] = {}
        for term in self.left:
            total[term.row] = total.get(term.row, 0) + term.coefficient
        for term in self.right:
            total[term.row] = total.get(term.row, 0) - term.coefficient
        return total

    def over(self, rows: Container[str]) -> Equation:
        """The same without the terms of other rows: what a sheet that lacks rows says."""
        left, right = (tuple(term for term in side if term.row in rows) for side in (self.left, self.right))
        return replace(self, left=left, right=right)

    def __str__(self) -> str:
        return f"{_write(self.left)} {self.relation} {_write(self.right)}"


def parse(identity: Mapping[str, Any], rows: Sequence[str] = (), parties: Sequence[str] = ()) -> Iterator[Equation]:
    """Expand one registry entry (``id``, ``equation``, maybe ``each``) into its equations.

    ``{it}`` takes each value of ``each``: a list, or the word 'parties' for the numbers of ``parties``. ``rows`` are
    the codes that a ``sum(...)`` chooses from. Raises ValueError where the equation is not ``sum = sum`` or
    ``sum <= sum`` of row codes, or a ``sum(...)`` fits no row.
    """
    each = identity.get("each", [None])
    for it in parties if each == "parties" else each:
        text = str(identity["equation"]) if it is None else str(identity["equation"]).replace("{it}", str(it))
        text = _SUM.sub(lambda found: _sum(found[1], rows), text)
        relation: Relation = "<=" if "<=" in text else "="
        left, found, right = text.partition(relation)
        if not found:
            raise ValueError(f"identity {identity['id']}: no '=' or '<=' in {text!r}")
        family = str(identity["id"])
        yield Equation(family if it is None else f"{family}:{it}", family, _terms(left), relation, _terms(right))


def _sum(pattern: str, rows: Sequence[str]) -> str:
    fits = re.compile(re.escape(pattern).replace(r"\#", "0*[1-9][0-9]*"))
    found = [code for code in rows if fits.fullmatch(code)]
    if not found:
        raise ValueError(f"sum({pattern}) fits no row of the form")
    return " + ".join(found)


def _terms(text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or (terms and not match["sign"]):
            raise ValueError(f"not a sum of row codes: {text!r}")
        sign = -1 if match["sign"] == "-" else 1
        terms.append(Term(match["row"], sign * int(match["coefficient"] or 1)))
        position = match.end()
    if not terms:
        raise ValueError("an equation needs a row code on both sides")
    return tuple(terms)


def _write(terms: tuple[Term, ...]) -> str:
    out = ""
    for term in terms:
        sign = "-" if term.coefficient < 0 else "+"
        size = "" if abs(term.coefficient) == 1 else f"{abs(term.coefficient)} * "
        out += f" {sign} {size}{term.row}" if out or sign == "-" else f"{size}{term.row}"
    return out.strip() or "0"
