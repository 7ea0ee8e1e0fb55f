"""Whole-number arithmetic of the samples: dividing totals without losing a vote, and filling a form's derived rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from rangkiang.forms import Equation, form

Figures = Mapping[str, int | None]
"""Value by row code; None where the sheet leaves the cell empty."""


def noise(key: str) -> int:
    """A number from 0 to 999 that depends on nothing but the key: the samples' only source of variety."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 1000


def divide(total: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to the weights that add up to the total exactly (largest remainders)."""
    whole = sum(weights)
    parts = [total * w // whole for w in weights]
    remainders = [total * w % whole for w in weights]
    order = sorted(range(len(weights)), key=lambda n: (-remainders[n], n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def complete(model: str, base: Mapping[str, int]) -> dict[str, int]:
    """The figures of ``base`` and every row that the form's identities derive from them."""
    found = dict(base)
    for row, sides in _plan(model, frozenset(base)):
        found[row] = sum(coefficient * found[other] for other, coefficient in sides)
    return found


def total(columns: Iterable[Figures], rows: Iterable[str]) -> dict[str, int | None]:
    """The sum over the columns, row by row; None for a row that no column fills."""
    columns = list(columns)
    sums: dict[str, int | None] = {}
    for row in rows:
        values = [v for c in columns if (v := c.get(row)) is not None]
        sums[row] = sum(values) if values else None
    return sums


@cache
def _plan(model: str, known: frozenset[str]) -> list[tuple[str, list[tuple[str, int]]]]:
    """In which order rows can be derived, each as a sum of rows known by then."""
    have, plan = set(known), []
    waiting = list(form(model).identities)
    while step := next(((e, u) for e in waiting if len(u := _unknown(e, have)) == 1), None):
        equation, (row,) = step
        waiting.remove(equation)
        own = equation.residual[row]
        plan.append((row, [(other, -c // own) for other, c in equation.residual.items() if other != row]))
        have.add(row)
    return plan


def _unknown(equation: Equation, have: set[str]) -> list[str]:
    return [row for row in equation.residual if row not in have]
