"""Who stands in a contest, and how its equations are told: what several rooms say about every form in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rangkiang import catalogue
from rangkiang.forms.entries import Form, Row

TERMS = 5
"""Longer sums are told by their first two terms and their last."""

VOTED = "I.B.4.JML"
"""Code of the row with all who voted."""
VOTERS: Sequence[tuple[str, ...]] = (("I.A.4.JML",), ("I.A.1.JML",), ("I.A.1.L", "I.A.1.P"))
"""Codes of the rows that add up to the registered voters, the best first."""

_RELATION = re.compile(r"( (?:=|<=) )")


@dataclass(frozen=True, slots=True)
class Contestant:
    """A pair, a person or a party, in the order of the ballot."""

    row: str  # code of the row that holds all its votes
    number: str  # on the ballot
    name: str  # '' where only the sheets say it


@cache
def contestants(form: Form) -> tuple[Contestant, ...]:
    """Whom the votes of the form are for: pairs, persons, or parties with the votes of all their candidates."""
    parties = {str(party.number): party.name for party in catalogue.parties()}
    return tuple(Contestant(row.code, row.contestant, _name(row, parties)) for row in form.rows if row.contestant)


def _name(row: Row, parties: Mapping[str, str]) -> str:
    if row.optional:
        return ""
    return parties[row.party] if row.party else row.label.id.removeprefix(f"{row.contestant} ")


@cache
def has_parties(form: Form) -> bool:
    """Is it a form of a legislative election, with a block of rows for every party?"""
    return any(row.party for row in form.rows)


def brief(equation: str) -> str:
    """An equation as people read it, long sums cut short: 'V.A = IV.1.T + IV.2.T + … + IV.20.T'."""
    return "".join(part if n % 2 else _side(part) for n, part in enumerate(_RELATION.split(equation)))


def _side(text: str) -> str:
    terms = text.split(" + ")
    return text if len(terms) <= TERMS else " + ".join([*terms[:2], "\N{HORIZONTAL ELLIPSIS}", terms[-1]])
